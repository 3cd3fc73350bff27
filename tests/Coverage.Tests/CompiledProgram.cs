using NUnit.Framework;
using RenodeUvmem.Coverage.Lines;
using RenodeUvmem.Coverage.Recording;
using RenodeUvmem.Coverage.Report;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests;

namespace RenodeUvmem.Coverage.Tests;

/// <summary>Programs/program.c, compiled as the kernel is (GCC, -O2, -g), run on a CPU without any software, and what was recorded.</summary>
internal sealed unsafe class CompiledProgram : IDisposable
{
    /// <summary>What stands before the names of the cross tools.</summary>
    public const string Tools = "powerpc64le-linux-gnu-";

    private const string Name = "program.c";
    private const ulong StackTop = 0x80000;
    private const long Enough = 2000;
    private const string DeadLine = Name + " | refuse | line | n is 2 | out = 8;\t\t/* dead */";

    private CompiledProgram(string folder)
    {
        Folder = folder;
        Executable = Path.Combine(folder, "program");
        Oracles.Run(
            Oracles.Program(Tools + "gcc")!,
            "-mcpu=power9", "-O2", "-g", "-nostdlib", "-static", "-ffreestanding", "-Wl,-Ttext=0x20000,-e,_start", "-Wl,--build-id=none", "-o", Executable, Path.Combine(folder, Name));
        Code = KernelCode.Read("", Executable);
        Data = Run();
    }

    /// <summary>Where sources and executable are.</summary>
    public string Folder { get; }

    /// <summary>The executable.</summary>
    public string Executable { get; }

    /// <summary>Its code.</summary>
    public KernelCode Code { get; }

    /// <summary>What ran.</summary>
    public CoverageData Data { get; }

    /// <summary>The tools on the executable.</summary>
    public DebugTools DebugTools => new(Tools, Executable);

    /// <summary>Compiles and runs; without the cross tools the test that asks is skipped.</summary>
    public static CompiledProgram Make()
    {
        if (Oracles.Program(Tools + "gcc") is null)
            Oracles.Missing($"no {Tools}gcc: run ./scripts/setup.sh");
        string folder = Directory.CreateTempSubdirectory("uvmem-coverage-").FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Programs")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new CompiledProgram(folder);
    }

    /// <summary>The report of program.c.</summary>
    public CoverageReport Report(params string[] unreachable) => CoverageReport.Make(
        Data, Code, DebugTools, [Name], new SourceTree(Folder), UnreachableLines.Parse("list", "list.txt", unreachable));

    /// <summary>The same with its one unreachable line listed.</summary>
    public CoverageReport ReportWithList() => Report("# comment", "", DeadLine);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private CoverageData Run()
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(0, 1 << 20, secure: false);
        using InputFile file = InputFile.Open("", Executable);
        var image = ElfImage.Read(file);
        foreach (ElfSegment segment in image.Segments)
            file.Read(segment.FileOffset, new Span<byte>(memory.Pointer(segment.Physical, 1), (int)segment.FileSize));
        using var cpu = new Cpu(memory, 0);
        using var recorder = new CoverageRecorder(Code.Start, Code.Bytes);
        cpu.Coverage = recorder;
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
        cpu.State->Nia = cpu.State->Gpr[12] = image.Entry;
        cpu.State->Gpr[1] = StackTop;
        Assert.That(cpu.Execute(Enough), Is.EqualTo(Enough), cpu.StopReason);
        Assert.That(cpu.Deliveries, Is.Zero, "interrupts");
        return CoverageData.Of(Code, recorder);
    }
}
