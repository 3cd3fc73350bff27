using System.Diagnostics;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash.Oracle;

/// <summary>Runs a probe on both machines; the answer is its image afterwards.</summary>
internal static unsafe class ProbeMachines
{
    private const ulong Memory = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static byte[] OnThisCpu(byte[] image)
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(0, Memory, secure: false);
        image.CopyTo(new Span<byte>(memory.Pointer(0, (ulong)image.Length), image.Length));
        using var cpu = new Cpu(memory, 0);
        cpu.State->Nia = ProbeLayout.Entry;
        cpu.SetMsr(Msr.SF | Msr.HV);
        for (int k = 0; k < 100 && *memory.Pointer(ProbeLayout.Done + 7, 1) == 0 && cpu.StopReason is null; k++)
            cpu.Execute(1_000_000);
        if (*memory.Pointer(ProbeLayout.Done + 7, 1) == 0)
            throw new InvalidOperationException($"the probe did not end: at 0x{cpu.State->Nia:x}, MSR 0x{cpu.State->Msr:x}, {cpu.StopReason}");
        return new Span<byte>(memory.Pointer(0, (ulong)image.Length), image.Length).ToArray();
    }

    /// <summary>QEMU's powernv9 executes the image in place of its firmware; its monitor writes memory to a file.</summary>
    public static byte[] OnQemu(string program, byte[] image)
    {
        string directory = Directory.CreateTempSubdirectory("probe").FullName;
        try
        {
            string before = Path.Combine(directory, "before");
            string after = Path.Combine(directory, "after");
            File.WriteAllBytes(before, image);
            var start = new ProcessStartInfo(program, ["-M", "powernv9", "-m", "1G", "-smp", "1", "-display", "none", "-serial", "null", "-monitor", "stdio", "-bios", before])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process qemu = Process.Start(start)!;
            try
            {
                Task<string> errors = qemu.StandardError.ReadToEndAsync();
                WaitForTheEnd(qemu);
                qemu.StandardInput.WriteLine($"pmemsave 0 0x{image.Length:x} \"{after}\"");
                qemu.StandardInput.WriteLine("quit");
                if (!qemu.WaitForExit(Patience))
                    throw new InvalidOperationException("QEMU did not quit");
                return File.Exists(after) ? File.ReadAllBytes(after) : throw new InvalidOperationException($"QEMU wrote nothing: {errors.Result}");
            }
            finally
            {
                if (!qemu.HasExited)
                    qemu.Kill();
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // The monitor prints a doubleword of the program's big-endian memory as a number.
    private static void WaitForTheEnd(Process qemu)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            qemu.StandardInput.WriteLine($"xp /1gx 0x{ProbeLayout.Done:x}");
            string? line;
            do
            {
                line = qemu.StandardOutput.ReadLine();
            }
            while (line is not null && !line.Contains($"{ProbeLayout.Done:x16}: ", StringComparison.Ordinal));
            if (line is null)
                throw new InvalidOperationException("QEMU ended");
            if (line.EndsWith('1'))
                return;
            Thread.Sleep(50);
        }

        throw new InvalidOperationException("the probe did not end in QEMU");
    }
}
