using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Which interrupts enter ultravisor state (Linux ultravisor.rst; the ultravisor's own tables in core/exceptions.c), and what the hypervisor may no longer write.</summary>
public sealed class UltravisorRoutingTests
{
    private const ulong UltravisorMsr = Msr.SF | Msr.HV | Msr.S | Msr.ME;

    // SRR1 42:43 (ultravisor include/processor.h).
    private const int LevelShift = 20;

    private static readonly Context[] Normal = [Context.HostReal, Context.HostKernel, Context.HostUser, Context.GuestReal, Context.GuestKernel, Context.GuestUser];
    private static readonly Context[] Secure = [Context.SvmReal, Context.SvmKernel, Context.SvmUser];

    [Test]
    public void UltracallsEnterTheUltravisorFromEverywhere()
    {
        foreach (Context context in Normal.Concat(Secure))
        {
            using BareMachine m = Call(context, 2, on: true);
            m.ExpectSrr(Vector.SystemCall, context.CodeAddress + 4, 2UL << LevelShift, context.Msr);
            Assert.That(m.CurrentMsr, Is.EqualTo(UltravisorMsr), context.Name);
        }
    }

    [Test]
    public void WithoutTheFacilityUltracallsEnterTheHypervisor()
    {
        foreach (Context context in Normal)
        {
            using BareMachine m = Call(context, 2, on: false);
            m.ExpectSrr(Vector.SystemCall, context.CodeAddress + 4, 0, context.Msr);
            Assert.That(m.CurrentMsr & (Msr.HV | Msr.S), Is.EqualTo(Msr.HV), context.Name);
        }
    }

    [Test]
    public void HypercallsEnterTheHypervisorFromNormalStateAndTheUltravisorFromASvm()
    {
        foreach (Context context in Normal)
        {
            using BareMachine m = Call(context, 1, on: true);
            Assert.That(m.CurrentMsr & (Msr.HV | Msr.S), Is.EqualTo(Msr.HV), context.Name);
        }

        foreach (Context context in Secure)
        {
            using BareMachine m = Call(context, 1, on: true);
            m.ExpectSrr(Vector.SystemCall, context.CodeAddress + 4, 1UL << LevelShift, context.Msr);
            Assert.That(m.CurrentMsr, Is.EqualTo(UltravisorMsr), context.Name);
        }
    }

    [Test]
    public void SystemCallsStayWithTheOperatingSystem()
    {
        foreach (Context context in Normal.Concat(Secure))
        {
            using BareMachine m = Call(context, 0, on: true);
            m.ExpectSrr(Vector.SystemCall, context.CodeAddress + 4, 0, context.Msr);
            Assert.That(m.CurrentMsr & (Msr.HV | Msr.S), Is.EqualTo(context.Msr & (Msr.HV | Msr.S)), context.Name);
        }
    }

    [TestCase("tw", new long[] { 31, 0, 0 }, Vector.Program)]
    [TestCase("fmr", new long[] { 1, 2 }, Vector.FpUnavailable)]
    [TestCase("vxor", new long[] { 1, 2, 3 }, Vector.VectorUnavailable)]
    [TestCase("xxlxor", new long[] { 1, 2, 3 }, Vector.VsxUnavailable)]
    [TestCase("mfmsr", new long[] { 3 }, Vector.Program)]
    public void InterruptsOfTheOperatingSystemStayInTheSvm(string mnemonic, long[] operands, Vector vector)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.AIL | Lpcr.ILE;
        m.Enter(Context.SvmUser, Word(mnemonic, operands)).RunToInterrupt();
        Assert.That((m.Nia, m.CurrentMsr), Is.EqualTo((0xC000000000004000 + (ulong)vector, Msr.SF | Msr.S | Msr.ME | Msr.LE | Msr.IR | Msr.DR)));
    }

    [Test]
    public void StorageInterruptsOfTheProcessStayInTheSvm([Values] AccessKind kind)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Access(Context.SvmKernel, kind, 0x10000000).RunToInterrupt();
        Assert.That((m.Nia, m.CurrentMsr & (Msr.HV | Msr.S)), Is.EqualTo((kind == AccessKind.Fetch ? 0x400UL : 0x300UL, Msr.S)));
    }

    [TestCase(PendingInterrupt.Decrementer, Vector.Decrementer)]
    [TestCase(PendingInterrupt.PrivilegedDoorbell, Vector.PrivilegedDoorbell)]
    public void TimerAndDoorbellOfTheOperatingSystemStayInTheSvm(PendingInterrupt which, Vector vector)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Enter(Context.SvmUser);
        if (which == PendingInterrupt.Decrementer)
            m[SprNumber.DEC] = 0xFFFFFFFF;
        else
            m.Cpu.SetPending(which, true);
        m.RunToInterrupt();
        Assert.That((m.Nia, m.CurrentMsr & (Msr.HV | Msr.S)), Is.EqualTo(((ulong)vector, Msr.S)));
    }

    [TestCase(PendingInterrupt.HypervisorVirtualization, Vector.HypervisorVirtualization)]
    [TestCase(PendingInterrupt.HypervisorDoorbell, Vector.HypervisorDoorbell)]
    [TestCase(PendingInterrupt.HypervisorDecrementer, Vector.HypervisorDecrementer)]
    [TestCase(PendingInterrupt.External, Vector.External)]
    public void InterruptsOfTheHypervisorGoFromASvmToTheUltravisor(PendingInterrupt which, Vector vector)
    {
        foreach (Context context in Secure)
        {
            using BareMachine m = new BareMachine().WithSecureGuest();
            m[SprNumber.LPCR] = Lpcr.HR | Lpcr.AIL | Lpcr.HVICE | Lpcr.HDICE;
            m.Enter(context).Cpu.SetPending(which, true);
            m.RunToInterrupt();
            m.ExpectHsrr(vector, context.CodeAddress, 0, context.Msr);
            Assert.That((m.Nia, m.CurrentMsr), Is.EqualTo(((ulong)vector, UltravisorMsr | Msr.RI)), context.Name);
        }
    }

    [Test]
    public void AnExternalInterruptWithLpesStaysInTheSvm()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.LPES;
        m.Enter(Context.SvmUser).Cpu.SetPending(PendingInterrupt.External, true);
        m.RunToInterrupt();
        m.ExpectSrr(Vector.External, Context.SvmUser.CodeAddress, 0, Context.SvmUser.Msr);
        Assert.That(m.CurrentMsr & (Msr.HV | Msr.S), Is.EqualTo(Msr.S));
    }

    [Test]
    public void SystemResetAndMachineCheckOfASvmGoToTheUltravisorThroughSrr()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Enter(Context.SvmKernel).Cpu.SetPending(PendingInterrupt.SystemReset, true);
        m.RunToInterrupt();
        m.ExpectSrr(Vector.SystemReset, Context.SvmKernel.CodeAddress, 0, Context.SvmKernel.Msr);
        Assert.That(m.CurrentMsr, Is.EqualTo(UltravisorMsr));
    }

    [Test]
    public void PartitionFaultsOfASvmGoToTheUltravisor([Values] AccessKind kind)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Access(Context.SvmReal, kind, BareMachine.GuestSize + 0x2010).RunToInterrupt();
        Vector vector = kind == AccessKind.Fetch ? Vector.HypervisorInstructionStorage : Vector.HypervisorDataStorage;
        Assert.Multiple(() =>
        {
            Assert.That((m.Nia, m.CurrentMsr), Is.EqualTo(((ulong)vector, UltravisorMsr | Msr.RI)));
            Assert.That(m[SprNumber.ASDR], Is.EqualTo(BareMachine.GuestSize + 0x2000));
        });
    }

    [Test]
    public void IllegalInstructionsAndForbiddenFacilitiesOfASvmGoToTheUltravisor()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Enter(Context.SvmUser, 0).RunToInterrupt();
        Assert.That((m.Nia, m.CurrentMsr), Is.EqualTo(((ulong)Vector.HypervisorEmulationAssistance, UltravisorMsr | Msr.RI)));
        m[SprNumber.HFSCR] = 0;
        m.Enter(Context.SvmUser, Word("mfspr", 3, SprNumber.TAR)).RunToInterrupt();
        Assert.That((m.Nia, m.CurrentMsr), Is.EqualTo(((ulong)Vector.HypervisorFacilityUnavailable, UltravisorMsr | Msr.RI)));
    }

    [Test]
    public void TheUltravisorIsEnteredAtUrmorBigEndian()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.PutIn(BareMachine.SecureBase + (ulong)Vector.SystemCall, littleEndian: false, Word("addi", 5, 0, 99));
        m.Enter(Context.SvmUser, Word("sc", 2)).RunToInterrupt();
        m.Run(1);
        Assert.That(m.Gpr(5), Is.EqualTo(99));
    }

    [Test]
    public void ASvmSeesItsStateInMfmsr()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Enter(Context.SvmKernel, Word("mfmsr", 3)).Run(1);
        Assert.That(m.Gpr(3), Is.EqualTo(Context.SvmKernel.Msr));
    }

    /// <summary>PTCR, LDBAR, IMC are the ultravisor's to write, the debug registers too with SMFCTRL[D]: the hypervisor gets emulation assistance (Linux asm/ultravisor.h).</summary>
    [TestCase(SprNumber.PTCR, 0UL, true)]
    [TestCase(SprNumber.LDBAR, 0UL, true)]
    [TestCase(SprNumber.IMC, 0UL, true)]
    [TestCase(SprNumber.CIABR, 0UL, false)]
    [TestCase(SprNumber.CIABR, SmfCtrl.D, true)]
    [TestCase(SprNumber.DAWR0, SmfCtrl.D, true)]
    [TestCase(SprNumber.DAWRX0, SmfCtrl.D, true)]
    [TestCase(SprNumber.HSPRG0, SmfCtrl.D, false)]
    public void SprsThatTheHypervisorMayNotWrite(int spr, ulong more, bool refused)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.SMFCTRL] |= more;
        ulong before = m[spr];
        uint word = Word("mtspr", spr, 3);
        m.Enter(Context.HostReal, word).WithGpr(3, 0x1000);
        if (!refused)
        {
            m.Run(1);
            Assert.That(m[spr], Is.EqualTo(0x1000));
            return;
        }

        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorEmulationAssistance, BareMachine.Code, 0, Context.HostReal.Msr);
        Assert.That((m[spr], m[SprNumber.HEIR]), Is.EqualTo((before, (ulong)word)));
        m.Enter(Context.HostReal, Word("mfspr", 4, spr)).Run(1);
        m.Enter(Context.Ultravisor, word).Run(1);
        Assert.That(m[spr], Is.EqualTo(0x1000), "the ultravisor may");
    }

    [Test]
    public void WithoutTheFacilityTheHypervisorWritesPtcr()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("mtspr", SprNumber.PTCR, 3)).WithGpr(3, 0x200004).Run(1);
        Assert.That(m[SprNumber.PTCR], Is.EqualTo(0x200004));
    }

    [Test]
    public void InterruptsWaitWhileTheUltravisorRunsWithEeOff()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HVICE | Lpcr.HDICE;
        uint nop = Word("ori", 0, 0, 0);
        m.Enter(Context.Ultravisor, nop, nop);
        m.Cpu.SetPending(PendingInterrupt.HypervisorVirtualization | PendingInterrupt.HypervisorDoorbell | PendingInterrupt.HypervisorDecrementer | PendingInterrupt.External, true);
        m.Run(2);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
    }

    /// <summary>The ultravisor takes no interrupt of its own; the thread stops with a message that names the place.</summary>
    [Test]
    public void AnInterruptInUltravisorStateStopsTheThread()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Enter(Context.Ultravisor, 0).Cpu.Execute(10);
        Assert.That(m.Cpu.StopReason, Does.Contain("ultravisor state").And.Contain("0x20000"));
    }

    private static BareMachine Call(Context context, int level, bool on)
    {
        BareMachine m = on ? new BareMachine().WithSecureGuest() : new BareMachine();
        return m.Enter(context, Word("sc", level)).RunToInterrupt();
    }
}
