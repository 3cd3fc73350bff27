using NUnit.Framework;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Counters of the performance monitor: bits of ISA 3.0B Book III 9.4, event codes of Linux's power9-events-list.h.</summary>
public sealed unsafe class PerformanceMonitorTests
{
    // MMCR1: instructions in PMC1, cycles in PMC2, cycles with the run latch in PMC2, instructions with it in PMC4.
    private const ulong Instructions1 = 0x02UL << 24;
    private const ulong Branches4 = (0xDUL << 48) | 0x5E;
    private const ulong Cycles2 = 0x1EUL << 16;
    private const ulong RunCycles2 = 0xF4UL << 16;
    private const ulong RunInstructions4 = 0xFAUL;
    private const ulong Freeze = 0x80000000;
    private const ulong FreezeSupervisor = 0x40000000;
    private const ulong FreezeHypervisor = 1;
    private const ulong AlertEnable = 0x04000000;
    private const ulong FreezeOnCondition = 0x02000000;
    private const ulong EventBased = 0x00100000;
    private const ulong Condition1 = 0x8000;
    private const ulong ConditionJ = 0x4000;
    private const ulong Trigger = 0x2000;
    private const ulong Count56 = 0x100;
    private const ulong Alert = 0x80;
    private const ulong Freeze56 = 0x10;
    private const int Long = 40;

    private static readonly uint Nop = Word("ori", 0, 0, 0);

    private static IEnumerable<TestCaseData> FreezeCases()
    {
        (string Name, ulong Mmcr0, ulong Mmcr2, Context[] In)[] bits =
        [
            ("FC", Freeze, 0, [Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser]),
            ("FCS", 0x40000000, 0, [Context.GuestKernel]),
            ("FCP", 0x20000000, 0, [Context.HostUser, Context.GuestUser]),
            ("FCH", 1, 0, [Context.HostKernel]),
            ("FCM0", 0x08000000, 0, [Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser]),
            ("FCM1", 0x10000000, 0, []),
            ("FC1S", 0, 1UL << 63, [Context.GuestKernel]),
            ("FC1P", 0, 1UL << 62, [Context.HostUser, Context.GuestUser]),
            ("FC1H", 0, 1UL << 57, [Context.HostKernel]),
            ("FC2P", 0, 1UL << 53, []),
        ];
        foreach ((string name, ulong mmcr0, ulong mmcr2, Context[] frozen) in bits)
        {
            foreach (Context context in new[] { Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser })
                yield return new TestCaseData(mmcr0, mmcr2, context, frozen.Contains(context) ? 0 : Long).SetName($"{{m}}({name}, {context})");
        }
    }

    [TestCaseSource(nameof(FreezeCases))]
    public void StateDecidesWhatCounts(ulong mmcr0, ulong mmcr2, Context context, int counted)
    {
        using BareMachine m = Counting(context, mmcr0, Instructions1);
        m[SprNumber.MMCR2] = mmcr2;
        m.Run(Long);
        Assert.That(m[SprNumber.PMC1], Is.EqualTo((ulong)counted));
    }

    [Test]
    public void InstructionsAndCyclesAreCountedAndOtherEventsAreNot()
    {
        using BareMachine m = Counting(Context.HostKernel, 0, Instructions1 | Cycles2 | (0x4EUL << 8) | 0x5E);
        m.Run(Long);
        Assert.That(Counters(m), Is.EqualTo(new ulong[] { Long, Long, 0, 0, 0, 0 }));
    }

    [TestCase(0UL, 0UL, 0UL)]
    [TestCase(1UL, 0UL, (ulong)Long)]
    [TestCase(0UL, Count56, 0UL)]
    [TestCase(1UL, Freeze56, (ulong)Long)]
    public void RunLatchEvents(ulong runLatch, ulong mmcr0, ulong counted)
    {
        using BareMachine m = Counting(Context.HostKernel, mmcr0, RunCycles2 | RunInstructions4);
        m[SprNumber.CTRL] = runLatch;
        m.Run(Long);
        ulong last = mmcr0 == Freeze56 ? 0 : mmcr0 == Count56 ? Long : counted;
        Assert.That(Counters(m), Is.EqualTo(new ulong[] { 0, counted, 0, counted, last, last }));
    }

    [Test]
    public void OverflowInterruptsExactly([Values(1, 7, 1000)] int slice)
    {
        using BareMachine m = Counting(Context.GuestUser, AlertEnable | Condition1, Instructions1);
        m[SprNumber.PMC1] = 0x80000000 - 5;
        while (m.Cpu.Deliveries == 0)
            m.Cpu.Execute(Math.Min(slice, m.Cpu.Deliveries == 0 ? slice : 0));
        Assert.Multiple(() =>
        {
            Assert.That(m.Cpu.InterruptCounts[(int)Vector.PerformanceMonitor >> 5], Is.GreaterThan(0), "an interrupt to 0xF00");
            Assert.That(m[SprNumber.SRR0], Is.EqualTo(Context.GuestUser.CodeAddress + 20), "behind the fifth instruction");
            Assert.That(m[SprNumber.SIAR], Is.EqualTo(Context.GuestUser.CodeAddress + 20));
            Assert.That(m[SprNumber.SIER], Is.EqualTo(0x2400000), "SIAR valid, problem state");
            Assert.That(m[SprNumber.MMCR0] & (AlertEnable | Alert), Is.EqualTo(Alert));
        });
    }

    [Test]
    public void NoInterruptWithoutEnable([Values(0UL, Condition1, AlertEnable, AlertEnable | ConditionJ)] ulong mmcr0)
    {
        using BareMachine m = Counting(Context.GuestUser, mmcr0, Instructions1);
        m[SprNumber.PMC1] = 0x80000000 - 5;
        m.Run(Long);
        Assert.That((m[SprNumber.PMC1], m[SprNumber.MMCR0]), Is.EqualTo((0x80000000 + Long - 5, mmcr0)));
    }

    [Test]
    public void AlertWaitsForExternalInterruptsToBeEnabled()
    {
        using BareMachine m = Counting(Context.GuestKernel, AlertEnable | Condition1, Instructions1);
        m[SprNumber.PMC1] = 0x80000000 - 5;
        m.Run(10);
        Assert.That(m[SprNumber.MMCR0] & Alert, Is.EqualTo(Alert));
        m.At(m.Nia, m.CurrentMsr | Msr.EE).RunToInterrupt();
        m.ExpectSrr(Vector.PerformanceMonitor, Context.GuestKernel.CodeAddress + 40, 0, Context.GuestKernel.Msr | Msr.EE);
    }

    [Test]
    public void SoftwareThatClearsTheAlertTakesTheInterruptBack()
    {
        using BareMachine m = Counting(Context.GuestKernel, Alert, 0);
        m[SprNumber.MMCR0] = 0;
        m.At(m.Nia, m.CurrentMsr | Msr.EE).Run(2);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
    }

    [Test]
    public void NegativeCounterAlertsAsSoonAsAlertsAreEnabled()
    {
        using BareMachine m = Counting(Context.GuestUser, 0, 0);
        m[SprNumber.PMC1 + 3] = 0x80000000;
        m[SprNumber.MMCR0] = AlertEnable | ConditionJ;
        m.RunToInterrupt();
        m.ExpectSrr(Vector.PerformanceMonitor, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
    }

    [Test]
    public void ConditionFreezesCounters()
    {
        using BareMachine m = Counting(Context.GuestKernel, AlertEnable | Condition1 | FreezeOnCondition, Instructions1 | Cycles2);
        m[SprNumber.PMC1] = 0x80000000 - 5;
        m.Run(Long);
        Assert.That((m[SprNumber.PMC1], m[SprNumber.PMC1 + 1], m[SprNumber.MMCR0] & Freeze), Is.EqualTo((0x80000000UL, 5UL, Freeze)));
    }

    [Test]
    public void TriggerHoldsOtherCountersUntilTheFirstIsNegative()
    {
        using BareMachine m = Counting(Context.GuestKernel, Trigger, Instructions1 | Cycles2);
        m[SprNumber.PMC1] = 0x80000000 - 5;
        m.Run(Long);
        Assert.That((m[SprNumber.PMC1 + 1], m[SprNumber.MMCR0] & Trigger), Is.EqualTo((Long - 5UL, 0UL)));
    }

    [Test]
    public void AlertBecomesAnEventIfSoftwareAsksForIt()
    {
        using BareMachine m = Counting(Context.GuestUser, AlertEnable | Condition1 | EventBased, Instructions1);
        m[SprNumber.PMC1] = 0x80000000 - 5;
        m.Run(Long);
        Assert.That(m[SprNumber.BESCR] & 1, Is.EqualTo(1), "PMEO");
    }

    [Test]
    public void ProblemStateSeesAndChangesThreeBitsOfMmcr0()
    {
        using BareMachine m = Counting(Context.GuestUser, AlertEnable | Condition1 | Freeze56, 0);
        Assert.That(m[SprNumber.MMCR0_User], Is.EqualTo(AlertEnable));
        m[SprNumber.MMCR0_User] = Freeze | ConditionJ;
        Assert.That(m[SprNumber.MMCR0], Is.EqualTo(Freeze | Condition1 | Freeze56));
    }

    // MMCR0[PMCC]: 0 read only, 1 nothing, 2 all, 3 all but PMC5 and PMC6. Linux's self-tests ebb/close_clears_pmcc and ebb/fork_cleanup count on the first.
    [TestCase(0UL, SprNumber.PMC1_User, 0, Vector.HypervisorEmulationAssistance)]
    [TestCase(1UL, SprNumber.PMC1_User, Vector.FacilityUnavailable, Vector.FacilityUnavailable)]
    [TestCase(2UL, SprNumber.PMC1_User, 0, 0)]
    [TestCase(3UL, SprNumber.PMC1_User, 0, 0)]
    [TestCase(2UL, SprNumber.PMC6_User, 0, 0)]
    [TestCase(3UL, SprNumber.PMC6_User, Vector.FacilityUnavailable, Vector.FacilityUnavailable)]
    [TestCase(0UL, SprNumber.MMCR0_User, 0, Vector.HypervisorEmulationAssistance)]
    [TestCase(1UL, SprNumber.MMCR0_User, Vector.FacilityUnavailable, Vector.FacilityUnavailable)]
    [TestCase(2UL, SprNumber.MMCR2_User, 0, 0)]
    [TestCase(0UL, SprNumber.SIAR_User, 0, Vector.HypervisorEmulationAssistance)]
    [TestCase(1UL, SprNumber.SIAR_User, Vector.FacilityUnavailable, Vector.HypervisorEmulationAssistance)]
    [TestCase(2UL, SprNumber.SIER_User, 0, Vector.HypervisorEmulationAssistance)]
    public void ProblemStateMayDoWhatPmccSays(ulong pmcc, int spr, Vector read, Vector write)
    {
        Assert.That((After("mfspr", 3, spr), After("mtspr", spr, 3)), Is.EqualTo((read, write)));

        Vector After(string name, params long[] operands)
        {
            using var m = new BareMachine();
            m[SprNumber.MMCR0] = Freeze | (pmcc << 18);
            m[SprNumber.FSCR] = ulong.MaxValue;
            m.Enter(Context.GuestUser, Word(name, operands), Word("ori", 0, 0, 0));
            m.Cpu.Execute(1);
            return m.Cpu.Deliveries == 0 ? 0 : (Vector)(m.Nia & 0xFFF);
        }
    }

    // PM_BR_CMPL of PMC4: unit 0xD, 0x5E. Taken or not.
    [Test]
    public void BranchesAreCounted([Values] bool covered)
    {
        using BareMachine m = Counting(Context.HostKernel, 0, Branches4);
        if (covered)
            m.Cpu.Coverage = new CoverageRecorder(Context.HostKernel.CodeAddress, new byte[0x1000]);
        m.Enter(Context.HostKernel, Word("b", 8), Nop, Word("bc", 20, 0, 8), Nop, Word("bc", 4, 2, 8), Word("bc", 12, 2, 8), Nop, Nop);
        m.S->Cr[0] = 0;
        m.Run(5);
        Assert.That((m[SprNumber.PMC4], m.Nia), Is.EqualTo((3UL, Context.HostKernel.CodeAddress + 32)));
    }

    [Test]
    public void BranchThatOverflowsInterruptsAfterIt()
    {
        using BareMachine m = Counting(Context.GuestUser, AlertEnable | ConditionJ, Branches4);
        m[SprNumber.PMC4] = 0x80000000 - 10;
        m.Enter(Context.GuestUser, Nop, Nop, Nop, Word("b", -12));
        while (m.Cpu.Deliveries == 0)
            m.Cpu.Execute(1000);
        Assert.That((m[SprNumber.SRR0], m.Cpu.InterruptCounts[(int)Vector.PerformanceMonitor >> 5] > 0), Is.EqualTo((Context.GuestUser.CodeAddress, true)));
        Assert.That(m.S->Executed, Is.GreaterThanOrEqualTo(40));
    }

    // PM_STCX_FAIL of PMC1: unit 0xE, 0x58.
    [Test]
    public void StoreConditionalsThatFailAreCounted()
    {
        using BareMachine m = Counting(Context.HostKernel, 0, (0xEUL << 60) | (0x58UL << 24));
        m.Enter(Context.HostKernel, Word("ldarx", 4, 0, 3), Word("stdcx.", 4, 0, 3), Word("stdcx.", 4, 0, 3), Word("stdcx.", 4, 0, 3), Nop);
        m.WithGpr(3, BareMachine.KernelBase + BareMachine.Data).Run(5);
        Assert.That(m[SprNumber.PMC1], Is.EqualTo(2));
    }

    /// <summary>
    /// Counters of problem state see what it executes, not what interrupts it: Linux's self-test ebb/instruction_count. sc is the caller's, the return the kernel's.
    /// </summary>
    [Test]
    public void InstructionsCountWhereTheyBegin()
    {
        using BareMachine m = Counting(Context.HostKernel, FreezeSupervisor | FreezeHypervisor, Instructions1);
        m[SprNumber.SRR0] = Context.HostUser.CodeAddress + 4;
        m[SprNumber.SRR1] = Context.HostUser.Msr;
        m.Enter(Context.HostKernel, Word("rfid"), Nop, Nop, Word("sc", 0));
        m.Cpu.Execute(5);
        Assert.That((m[SprNumber.PMC1], m.Cpu.InterruptCounts[(int)Vector.SystemCall >> 5]), Is.EqualTo((3UL, 1L)));
    }

    [Test]
    public void CountersHave32Bits()
    {
        using BareMachine m = Counting(Context.HostKernel, 0, Instructions1);
        m[SprNumber.PMC1] = 0x1_FFFF_FFFF;
        m.Run(3);
        Assert.That(m[SprNumber.PMC1], Is.EqualTo(2));
    }

    private static BareMachine Counting(Context context, ulong mmcr0, ulong mmcr1)
    {
        var m = new BareMachine();
        m[SprNumber.CTRL] = 0;
        m.Enter(context, [.. Enumerable.Repeat(Word("ori", 0, 0, 0), Long)]);
        m[SprNumber.MMCR1] = mmcr1;
        m[SprNumber.MMCR0] = mmcr0;
        for (int counter = 0; counter < 6; counter++)
            m[SprNumber.PMC1 + counter] = 0;
        return m;
    }

    private static ulong[] Counters(BareMachine m) => [.. Enumerable.Range(SprNumber.PMC1, 6).Select(number => m[number])];
}
