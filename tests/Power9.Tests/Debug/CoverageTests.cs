using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.SystemLevel;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.Debug;

/// <summary>What a recorder notes of programs whose course is plain from their text.</summary>
public sealed unsafe class CoverageTests
{
    private const ulong Code = BareMachine.Code;
    private const ulong Recorded = BareMachine.KernelBase + Code;
    private const int Pages = 2;

    // BO of bc (ISA 3.0B Book I 2.4, figure 40).
    private const int IfTrue = 12;
    private const int CountDown = 16;
    private const int Cr0Eq = 2;

    // Bit 2 of a CR field.
    private const byte Equal = 2;

    private static readonly uint Nop = Word("ori", 0, 0, 0);

    private static uint Increment(int register) => Word("addi", register, register, 1);

    private static uint BranchIfEqual(int distance) => Word("bc", IfTrue, Cr0Eq, distance);

    // A recorder of two pages from Code on; the file's image is what memory there holds now.
    private static CoverageRecorder Record(BareMachine m, ulong real = Code)
    {
        var recorder = new CoverageRecorder(Recorded, new Span<byte>(m.Host(real), Pages * 4096).ToArray());
        m.Cpu.Coverage = recorder;
        return recorder;
    }

    // N: next, E: elsewhere, B: both, dot: never.
    private static string Notes(CoverageRecorder recorder, DebugContext world, int first, int count) =>
        string.Concat(recorder.Of(world).Slice(first, count).ToArray().Select(bits => ".NEB"[bits]));

    [Test]
    public void TakenBranchSkips()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, BranchIfEqual(8), Nop, Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.S->Cr[0] = Equal;
        m.Cpu.Execute(3);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 5), Is.EqualTo("NE.N."));
    }

    [Test]
    public void BranchNotTakenGoesOn()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, BranchIfEqual(8), Nop, Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.S->Cr[0] = 0;
        m.Cpu.Execute(4);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 5), Is.EqualTo("NNNN."));
    }

    // Three rounds: the branch back is taken twice.
    [Test]
    public void LoopGoesBothWays()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, Increment(4), Word("bc", CountDown, 0, -4), Nop, Nop);
        m[SprNumber.CTR] = 3;
        using CoverageRecorder recorder = Record(m);
        m.WithGpr(4, 0).Cpu.Execute(1 + 6 + 1);
        Assert.That(m.Gpr(4), Is.EqualTo(3));
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 5), Is.EqualTo("NNBN."));
    }

    // Each run of the loop ends behind one instruction: a branch is then the last that a run sees.
    [Test]
    public void SingleStepsNoteTheSame()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, Increment(4), Word("bc", CountDown, 0, -4), Nop, Nop);
        m[SprNumber.CTR] = 3;
        using CoverageRecorder recorder = Record(m);
        m.Run(1 + 6 + 1);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 5), Is.EqualTo("NNBN."));
    }

    [Test]
    public void PageEndIsCrossed()
    {
        using var m = new BareMachine();
        const int Last = 1023;
        m.Put(Code + (4 * (Last - 1)), Nop, Nop, Nop, Word("b", 8), Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.At(Recorded + (4 * (Last - 1)), Context.HostKernel.Msr).Cpu.Execute(5);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, Last - 2, 8), Is.EqualTo(".NNNE.N."));

        // Again, now that the next page is at hand.
        m.At(Recorded + (4 * (Last - 1)), Context.HostKernel.Msr).Cpu.Execute(5);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, Last - 2, 8), Is.EqualTo(".NNNE.N."));
    }

    [Test]
    public void ConditionalBranchOverAPageEnd()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, BranchIfEqual(0x1000), Nop);
        m.Put(Code + 0x1004, Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.S->Cr[0] = Equal;
        m.Cpu.Execute(3);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 3), Is.EqualTo("NE."));
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 1024, 3), Is.EqualTo(".N."));
    }

    // The second instruction replaces the fourth by a branch over the fifth.
    [Test]
    public void ModifiedPage()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, Word("stw", 5, 12, 3), Nop, Nop, Nop, Nop);
        m.Cpu.Execute(6);
        m.At(Recorded, Context.HostKernel.Msr).WithGpr(3, Recorded).WithGpr(5, Word("b", 8));
        using CoverageRecorder recorder = Record(m);
        m.Cpu.Execute(5);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 7), Is.EqualTo("NNNE.N."));
    }

    [Test]
    public void InterruptIsElsewhere()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, Word("tw", 31, 0, 0), Nop);
        using CoverageRecorder recorder = Record(m);
        m.Cpu.Execute(2);
        Assert.That(m.Nia & 0x3FFF, Is.EqualTo((ulong)Vector.Program));
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 3), Is.EqualTo("NE."));
    }

    /// <summary>What stands at a breakpoint did not run.</summary>
    [Test]
    public void BreakpointIsNotNoted()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostKernel, Nop, Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.Cpu.Breakpoints.Add(Recorded + 4, DebugContext.Any);
        m.Cpu.Execute(10);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 3), Is.EqualTo("N.."));
        m.Cpu.PassBreakpoint();
        m.Cpu.Execute(1);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 3), Is.EqualTo("NN."));
    }

    [Test]
    public void WorldsAreApart()
    {
        using var m = new BareMachine();
        m.WithSecureGuest();
        m.Enter(Context.HostKernel, Nop, Nop, Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.Cpu.Execute(1);
        m.Enter(Context.GuestKernel, Nop, Nop, Nop, Nop).Cpu.Execute(2);
        m.Enter(Context.SvmKernel, Nop, Nop, Nop, Nop).Cpu.Execute(3);
        Assert.That(string.Join(", ", recorder.Worlds.Select(world => $"{world} {Notes(recorder, world, 0, 4)}")), Is.EqualTo("hypervisor N..., guest 1 NN.., guest 2 NNN."));
    }

    [Test]
    public void ProblemStateIsNotNoted()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostUser, Nop, Nop);
        using var recorder = new CoverageRecorder(Context.HostUser.CodeAddress, new byte[4096]);
        m.Cpu.Coverage = recorder;
        m.Cpu.Execute(1);
        Assert.That(recorder.Worlds, Is.Empty);
    }

    [Test]
    public void RealModeCountsWhereTheKernelIs()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Nop, Nop, Nop, Nop);
        using CoverageRecorder recorder = Record(m);
        m.Cpu.Execute(1);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 4), Is.EqualTo("N..."));

        // The first four bits of the address do not count.
        m.At(Recorded, Context.HostReal.Msr).Cpu.Execute(2);
        Assert.That(Notes(recorder, DebugContext.Hypervisor, 0, 4), Is.EqualTo("NN.."));
    }

    [Test]
    public void RealModeElsewhereDoesNotCount()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestReal, Nop, Nop, Nop, Nop);
        using CoverageRecorder recorder = Record(m, BareMachine.GuestBase + Code);
        m.Enter(Context.GuestReal, Increment(4), Increment(4), Increment(4), Increment(4));
        m.Cpu.Execute(2);
        Assert.That(Notes(recorder, DebugContext.Guest(BareMachine.Lpid), 0, 4), Is.EqualTo("...."));
    }

    /// <summary>Instructions, registers and where a run ends are the same, in runs of all lengths.</summary>
    [Test]
    public void RunIsTheSame([Values(1, 2, 3, 7, 1000)] int budget)
    {
        Assert.That(Course(budget, record: true), Is.EqualTo(Course(budget, record: false)));
    }

    private static List<(long, long, ulong, ulong)> Course(int budget, bool record)
    {
        using var m = new BareMachine();

        // Loops that interrupt themselves, leave the page and come back.
        m.Enter(Context.HostKernel, Increment(4), Word("bc", CountDown, 0, -4), Word("sc", 0), Increment(5), Word("b", 0x1000 - 16));
        m.Put(Code + 0x1000, Increment(6), Word("b", -0x1004));
        m.Put(0xC00, Increment(7), Word("rfid"));
        m[SprNumber.CTR] = 5;
        using CoverageRecorder? recorder = record ? Record(m) : null;
        var course = new List<(long, long, ulong, ulong)>();
        for (int n = 0; n < 50; n++)
            course.Add((m.Cpu.Execute(budget), m.S->Executed, m.Nia, m.Gpr(4) ^ (m.Gpr(5) << 16) ^ (m.Gpr(6) << 32) ^ (m.Gpr(7) << 48)));
        Assert.That(m.Gpr(7), Is.Positive, "interrupts");
        return course;
    }
}
