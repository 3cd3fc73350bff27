using NUnit.Framework;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Ultravisor;

namespace RenodeUvmem.Platform.Tests.Probes;

/// <summary>Gates and overrides on a machine of two processors that call small functions.</summary>
internal sealed unsafe class ProbeTests
{
    private const long Limit = 600_003;

    // GPR 30 counts what "add" returns, GPR 29 the rounds; one round is 9 instructions.
    private static readonly uint[] Calling =
    [
        0x38000029, // li r0,41 (OPAL_START_CPU)
        0x38600004, // li r3,4
        0x38800040, // li r4,0x40
        0x7D2903A6, // mtctr r9
        0x4E800421, // bctrl
        0x4800002C, // b 0x40
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x38600001, // 0x40 (main): li r3,1
        0x3BBD0001, // addi r29,r29,1
        0x7FA4EB78, // mr r4,r29
        0x48000035, // bl 0x80
        0x7FDE1A14, // add r30,r30,r3
        0x4BFFFFEC, // b 0x40
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x38630001, // 0x80 (add): addi r3,r3,1
        0x60000000, // nop
        0x4E800020, // blr
        0,
        0x4E800020, // 0x90 (never): blr
    ];

    private readonly TemporaryFiles files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => files.Dispose();

    [Test]
    public void OverrideReturnsItsValueWithoutTheFunction()
    {
        using Machine machine = Boot();
        Add(machine, "add return=100 nth=3 count=2 cpu=4 from=main");
        RunToLimit(machine);
        Assert.That((Sum(machine, 1) - (2 * Rounds(machine, 1))), Is.EqualTo(2 * (100 - 2)).Within(2), "two of the calls gave 100, the others 2; the last may not be over");
        Assert.That(Sum(machine, 0), Is.EqualTo(2 * Rounds(machine, 0)).Within(2));
        Assert.That(machine.Probes!.All[0].Acted, Is.EqualTo(2));
    }

    [Test]
    public void OverrideAtReturnReplacesTheResult()
    {
        using Machine machine = Boot();
        Add(machine, "add at=return return=U_PARAMETER r4=7 cpu=0");
        RunToLimit(machine);
        Assert.That(Sum(machine, 0), Is.EqualTo((2 * Rounds(machine, 0)) - 6).Within(2));
    }

    [Test]
    public void GateHoldsOneCpuWhileTheOtherRunsOn()
    {
        using Machine machine = Boot();
        List<ProbeHit> hits = Add(machine, "add cpu=0 r4=1000 until add cpu=4 nth=20000");
        RunToLimit(machine);
        Assert.That(hits.Select(hit => hit.Act), Is.EqualTo(new[] { ProbeAct.Held, ProbeAct.Released }));
        Assert.That(hits.Select(hit => hit.Cpu.Pir), Is.All.EqualTo(0));
        Assert.That(hits[0].Text, Is.EqualTo("cpu0 held at add until add cpu=4 nth=20000"));
        Assert.That(hits[1].Text, Is.EqualTo("cpu0 released at add after add cpu=4 nth=20000"));
        Assert.That(Rounds(machine, 1) - Rounds(machine, 0), Is.GreaterThan(12_000), "the other one was ahead when it was released");
        Assert.That(Sum(machine, 0), Is.EqualTo(2 * Rounds(machine, 0)).Within(2), "nothing was left out");
    }

    [Test]
    public void GateMayWaitForTime()
    {
        using Machine machine = Boot();
        ulong held = 0, released = 0;
        List<ProbeHit> hits = Add(machine, "main+0x10 nth=10 until ticks=300000");
        machine.Probes!.Acted += hit => _ = hit.Act == ProbeAct.Held ? held = hit.Cpu.Ticks : released = hit.Cpu.Ticks;
        RunToLimit(machine);
        Assert.That(hits, Has.Count.EqualTo(2));
        Assert.That(released - held, Is.GreaterThanOrEqualTo(300_000).And.LessThan(600_000), "it is looked at once a round");
    }

    /// <summary>Nobody comes: the run ends with a reason, whether the other processor is still in firmware or held, too.</summary>
    [TestCase("start+0x4 until never")]
    [TestCase("add count=every until never")]
    public void GateThatIsNeverOpenedEndsTheRun(string text)
    {
        using Machine machine = Boot();
        Add(machine, text);
        RunResult result = machine.Run(new RunLimits { Instructions = Limit });
        Assert.That(result.End, Is.EqualTo(RunEnd.Gate));
        Assert.That(result.Message, Does.Contain($"cpu0 has been held at {text.Split(' ')[0]} for 5 s of the machine's time, waiting for never"));
    }

    [Test]
    public void GateThatWaitsForEverEndsTheRun()
    {
        using Machine machine = Boot();
        Add(machine, $"start+0x4 until ticks={ulong.MaxValue}");
        RunResult result = machine.Run(new RunLimits { Instructions = Limit });
        Assert.That(result.End, Is.EqualTo(RunEnd.CheckStop));
        Assert.That(result.Message, Does.Contain("nothing is due"));
    }

    [Test]
    public void ProbesThatDoNotActDoNotChangeARun([Values("add r4=77777777 until never", "add return=0 after never", "main+4 nth=999999999 until never")] string text)
    {
        using Machine plain = Boot();
        RunToLimit(plain);
        using Machine watched = Boot();
        if (text.Contains("return", StringComparison.Ordinal))
            Prepare(watched).Add(ProbeParser.ParseOverride(text));
        else
            Prepare(watched).Add(ProbeParser.ParseGate(text));
        RunToLimit(watched);
        Assert.That(States(watched), Is.EqualTo(States(plain)));
    }

    [Test]
    public void RemovedGateReleases()
    {
        using Machine machine = Boot();
        List<ProbeHit> hits = Add(machine, "add cpu=0 until never");
        machine.Run(new RunLimits { Instructions = 200_000 });
        Assert.That(machine.Probes!.IsHeld(machine.All[0].Cpu), Is.True);
        machine.Probes.Clear();
        Assert.That(machine.Probes.IsHeld(machine.All[0].Cpu), Is.False);
        RunToLimit(machine);
        Assert.That(hits[^1].Text, Does.EndWith("the gate was removed"));
        Assert.That(machine.All.Select(processor => processor.Cpu.Breakpoints.Count), Is.All.Zero);
        Assert.That(Rounds(machine, 0), Is.GreaterThan(10_000));
    }

    [TestCase("ad until never", "the hypervisor's kernel has no function ad, did you mean add or main?")]
    [TestCase("add from=mean until never", "did you mean main?")]
    [TestCase("add until UV_PAGE_IN", "the machine has no ultravisor")]
    public void WhatIsNotThereIsRefused(string text, string part)
    {
        using Machine machine = Boot();
        Assert.That(() => Prepare(machine).Add(ProbeParser.ParseGate(text)), Throws.TypeOf<RequestException>().With.Message.Contains(part));
    }

    private static ProbeSet Prepare(Machine machine) => machine.UseProbes(SymbolTable.Of([(0, "start"), (0x40, "main"), (0x80, "add.isra.0"), (0x90, "never")]));

    private static List<ProbeHit> Add(Machine machine, string text)
    {
        ProbeSet probes = Prepare(machine);
        var hits = new List<ProbeHit>();
        probes.Acted += hits.Add;
        probes.Add(text.Contains("return=", StringComparison.Ordinal) ? ProbeParser.ParseOverride(text) : ProbeParser.ParseGate(text));
        return hits;
    }

    private static void RunToLimit(Machine machine) => Assert.That(machine.Run(new RunLimits { Instructions = Limit }).End, Is.EqualTo(RunEnd.InstructionLimit));

    private static long Sum(Machine machine, int processor) => (long)machine.All[processor].Cpu.State->Gpr[30];

    private static long Rounds(Machine machine, int processor) => (long)machine.All[processor].Cpu.State->Gpr[29];

    private static string States(Machine machine) =>
        string.Join('\n', machine.All.Select(processor => $"{Snapshot(processor)}")) + $"\ninstructions {machine.Instructions}";

    private static string Snapshot(Processor processor) =>
        $"{string.Join(' ', Enumerable.Range(0, 32).Select(n => $"{processor.Cpu.State->Gpr[n]:x}"))} nia {processor.Cpu.State->Nia:x} ticks {processor.Cpu.Ticks}";

    private Machine Boot() => new(
        new MachineOptions { Kernel = files.Write("kernel", ElfBuilder.OfWords(Calling).Build()), Memory = 256 * ByteSize.MiB, Processors = 2 },
        new FakeConsole(),
        new FakeLog());
}
