using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>A boot with a kernel of build/kernels instead of the usual one. Tests of a kernel that was not made are skipped: not all belong to the usual set-up.</summary>
internal sealed class OtherKernel
{
    private const ulong GiB = 1 << 30;

    private readonly Lazy<(RunResult End, IReadOnlyList<string> Lines)> boot;
    private readonly string name;

    /// <param name="name">Which kernel: a folder of build/kernels.</param>
    /// <param name="run">The word uvmem.run= of firmware/README.md, and words behind it.</param>
    /// <param name="ultravisor">Whether the machine has one.</param>
    public OtherKernel(string name, string run, bool ultravisor)
    {
        this.name = name;
        boot = new(() => Run(run, ultravisor));
    }

    /// <summary>How the machine ended.</summary>
    public RunResult End => Required().End;

    /// <summary>Lines on the console.</summary>
    public IReadOnlyList<string> Lines => Required().Lines;

    /// <summary>Fails unless a line contains a text.</summary>
    public void HasLine(string text) =>
        Assert.That(Lines, Has.Some.Contains(text), $"the last lines are\n{string.Join('\n', Lines.TakeLast(20))}");

    private string FileOf(string file) => Path.Combine(Images.Repository, "build", "kernels", name, file);

    private (RunResult End, IReadOnlyList<string> Lines) Required()
    {
        if (!File.Exists(FileOf("vmlinux")))
            Assert.Ignore($"build/kernels/{name} is missing: ./scripts/setup.sh --images-only --kernel {name} makes it");
        return boot.Value;
    }

    private (RunResult End, IReadOnlyList<string> Lines) Run(string run, bool ultravisor)
    {
        MachineOptions options = BootRecord.Options(run, ultravisor ? GiB : null) with { Kernel = FileOf("vmlinux"), Initrd = FileOf("host-initrd.cpio") };
        using var machine = new Machine(options, new SilentConsole(), new MachineWarnings());
        var lines = new List<string>();
        machine.ConsoleLines.Completed += lines.Add;
        RunResult end = machine.Run(new RunLimits { Instructions = 60_000_000_000 });
        return (end, lines);
    }
}
