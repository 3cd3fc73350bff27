using System.Diagnostics;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Runs cases in a process of qemu-ppc64le or qemu-ppc64. The guest program is built from Runner/ with the cross compiler, which makes code of both byte orders.</summary>
internal sealed class QemuRunner : IDisposable
{
    private const string Compiler = "powerpc64le-linux-gnu-gcc";
    private readonly string directory;
    private readonly GuestOrder order;

    private QemuRunner(string directory, GuestOrder order)
    {
        this.directory = directory;
        this.order = order;
    }

    private string Qemu => NameOf(order);

    /// <summary>Why it cannot run here, or null.</summary>
    public static string? Missing(GuestOrder order = GuestOrder.Little) =>
        new[] { Compiler, NameOf(order) }.Where(program => Oracles.Program(program) is null).Select(program => $"{program} is not installed").FirstOrDefault();

    /// <summary>Builds the guest program in a new temporary directory.</summary>
    public static QemuRunner Build(GuestOrder order = GuestOrder.Little)
    {
        string directory = Directory.CreateTempSubdirectory("uvmem-differential").FullName;
        string source = Path.Combine(AppContext.BaseDirectory, "Differential", "Runner");
        Oracles.Run(
            Compiler,
            "-O1", "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-stack-protector", "-mcpu=power9", "-mno-vsx",
            order == GuestOrder.Big ? "-mbig" : "-mlittle", "-mabi=elfv2", "-Wl,--build-id=none", "-Wl,-Ttext=0x10000000",
            "-o", Path.Combine(directory, "runner"), Path.Combine(source, "enter.S"), Path.Combine(source, "runner.c"));
        return new QemuRunner(directory, order);
    }

    /// <summary>States after the cases, in order.</summary>
    public List<Case> Run(IReadOnlyList<Case> cases)
    {
        var start = new ProcessStartInfo(Qemu, ["-cpu", "power9", Path.Combine(directory, "runner")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{Qemu} did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task feeder = Task.Run(() =>
        {
            try
            {
                using Stream input = process.StandardInput.BaseStream;
                foreach (Case one in cases)
                    input.Write(InGuestOrder(one).Bytes);
            }
            catch (IOException)
            {
                // The process ended early; the reader reports after which case.
            }
        });
        var results = new List<Case>(cases.Count);
        Stream output = process.StandardOutput.BaseStream;
        while (results.Count < cases.Count)
        {
            byte[] bytes = new byte[CaseLayout.Size];
            if (output.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                break;
            results.Add(InGuestOrder(new Case(bytes)));
        }

        process.WaitForExit();
        feeder.Wait();
        if (results.Count < cases.Count)
            throw new InvalidOperationException($"{Qemu} ended with code {process.ExitCode} in case {results.Count}, first word {cases[results.Count].Word(0):x8}: {errors.Result}");
        return results;
    }

    private static string NameOf(GuestOrder order) => order == GuestOrder.Big ? "qemu-ppc64" : "qemu-ppc64le";

    private Case InGuestOrder(Case one) => order == GuestOrder.Big ? one.Swapped() : one;

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
