using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>
/// Debian's qemu-ppc64le (package qemu-user) as oracle: runs replay.c, cross-compiled by gcc-powerpc64le-linux-gnu, on a
/// batch of records.
/// </summary>
internal static class QemuUser
{
    private const string Compiler = "powerpc64le-linux-gnu-gcc";
    private const string Emulator = "qemu-ppc64le";

    /// <summary>Executes the records and returns them as the oracle left them.</summary>
    public static InstructionRecord[] Run(InstructionRecord[] records)
    {
        var program = Build();
        using var process = Start(Emulator, ["-cpu", "power9", program], redirect: true);
        var writer = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(MemoryMarshal.AsBytes<InstructionRecord>(records));
            process.StandardInput.Close();
        });
        var answers = new InstructionRecord[records.Length];
        process.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes<InstructionRecord>(answers));
        writer.Wait();
        process.WaitForExit();
        return answers;
    }

    private static string Build([CallerFilePath] string here = "")
    {
        var source = Path.Combine(Path.GetDirectoryName(here)!, "replay.c");
        var program = Path.Combine(TestContext.CurrentContext.WorkDirectory, "replay.ppc64le");
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(source))
        {
            using var compiler = Start(Compiler, ["-O1", "-static", "-mcpu=power9", "-o", program, source], redirect: false);
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero, "cross compiler failed");
        }

        return program;
    }

    private static Process Start(string name, string[] arguments, bool redirect)
    {
        var program = Oracles.Program(name);
        if (program is null)
        {
            Oracles.Missing($"{name} is not installed (Debian packages qemu-user, gcc-powerpc64le-linux-gnu, libc6-dev-ppc64el-cross)");
        }

        return Process.Start(new ProcessStartInfo(program!, arguments) { RedirectStandardInput = redirect, RedirectStandardOutput = redirect })!;
    }
}
