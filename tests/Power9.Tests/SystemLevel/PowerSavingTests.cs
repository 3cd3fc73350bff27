using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>stop and what ends it (ISA 3.0B Book III 3.3.2, 3.3.3; wake reasons in SRR1 as Linux reg.h, SRR1_WAKE*, has them).</summary>
public sealed class PowerSavingTests
{
    private const ulong ExitCriterion = 1UL << 20;
    private static readonly uint Nop = Word("ori", 0, 0, 0);

    [Test]
    public void NothingExecutesWhileStopped()
    {
        using BareMachine m = Stopped(ExitCriterion, 0);
        Assert.That((m.Cpu.Execute(100), m.Cpu.Stopped), Is.EqualTo((0L, true)));
    }

    // SRR1_WAKEHVI, SRR1_WAKEHDBELL, SRR1_WAKEEE, SRR1_WAKEDEC, SRR1_WAKEDBELL; 0x10000 is SRR1_WS_NOLOSS.
    [TestCase(PendingInterrupt.HypervisorVirtualization, Lpcr.PECE_HypervisorVirtualization, 0x240000UL)]
    [TestCase(PendingInterrupt.HypervisorDoorbell, Lpcr.PECE_HypervisorDoorbell, 0x0C0000UL)]
    [TestCase(PendingInterrupt.External, Lpcr.PECE_External, 0x200000UL)]
    [TestCase(PendingInterrupt.Decrementer, Lpcr.PECE_Decrementer, 0x180000UL)]
    [TestCase(PendingInterrupt.PrivilegedDoorbell, Lpcr.PECE_PrivilegedDoorbell, 0x140000UL)]
    public void WithExitCriterionPeceDecidesAndTheThreadResumesAtReset(PendingInterrupt which, ulong pece, ulong reason)
    {
        using (BareMachine m = Stopped(ExitCriterion, 0))
        {
            Raise(m, which);
            m.Cpu.Execute(0);
            Assert.That(m.Cpu.Stopped, "not enabled in PECE");
        }

        using (BareMachine m = Stopped(ExitCriterion, pece))
        {
            Raise(m, which);
            m.RunToInterrupt();
            m.ExpectSrr(Vector.SystemReset, BareMachine.Code + 4, reason | 0x10000, BareMachine.HypervisorMsr);
        }
    }

    [Test]
    public void SystemResetAlwaysWakesAndIsTakenOnce()
    {
        using BareMachine m = Stopped(ExitCriterion, 0);
        m.Cpu.SetPending(PendingInterrupt.SystemReset, true);
        m.Cpu.Execute(0);
        m.ExpectSrr(Vector.SystemReset, BareMachine.Code + 4, 0x110000, BareMachine.HypervisorMsr);
        Assert.That(m.Cpu.Deliveries, Is.EqualTo(1));
    }

    /// <summary>With PSSCR[EC]=0 any exception ends power-saving, whatever LPCR[PECE] says; with EE=0 execution goes on behind stop.</summary>
    [TestCase(PendingInterrupt.HypervisorVirtualization)]
    [TestCase(PendingInterrupt.HypervisorDoorbell)]
    [TestCase(PendingInterrupt.External)]
    [TestCase(PendingInterrupt.Decrementer)]
    [TestCase(PendingInterrupt.PrivilegedDoorbell)]
    public void WithoutExitCriterionExecutionGoesOn(PendingInterrupt which)
    {
        using BareMachine m = Stopped(0, 0);
        Raise(m, which);
        m.Run(1);
        Assert.That((m.Nia, m.Cpu.Stopped), Is.EqualTo((BareMachine.Code + 8, false)));
    }

    [Test]
    public void WithoutExitCriterionAndEeTheInterruptIsTaken()
    {
        using BareMachine m = Stopped(0, 0, Msr.EE);
        m.Cpu.SetPending(PendingInterrupt.HypervisorVirtualization, true);
        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorVirtualization, BareMachine.Code + 4, 0, BareMachine.HypervisorMsr | Msr.EE);
    }

    private static void Raise(BareMachine m, PendingInterrupt which)
    {
        if (which == PendingInterrupt.Decrementer)
            m[SprNumber.DEC] = 0xFFFFFFFF;
        else
            m.Cpu.SetPending(which, true);
    }

    private static BareMachine Stopped(ulong psscr, ulong pece, ulong ee = 0)
    {
        var m = new BareMachine();
        m[SprNumber.PSSCR] = psscr;
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HVICE | pece;
        m.Enter(Context.HostReal, Word("stop"), Nop, Nop).At(BareMachine.Code, BareMachine.HypervisorMsr | ee);
        m.Cpu.Execute(10);
        Assert.That(m.Cpu.Stopped);
        return m;
    }
}
