using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Which asynchronous interrupts MSR and LPCR let through, and where they go (ISA 3.0B Book III 6.5; QEMU excp_helper.c, p9_next_unmasked_interrupt).</summary>
public sealed class AsynchronousInterruptTests
{
    private static readonly uint Nop = Word("ori", 0, 0, 0);

    // ---- External interrupts.

    [TestCase("guest kernel", true, false, false, true, TestName = "LPES=0: a guest with EE=0 is interrupted")]
    [TestCase("guest kernel", true, false, true, false, TestName = "LPES=1: a guest with EE=0 is not")]
    [TestCase("guest kernel", true, true, true, true, TestName = "LPES=1: a guest with EE=1 is")]
    [TestCase("host kernel", true, false, false, false, TestName = "The hypervisor with EE=0 is not")]
    [TestCase("host kernel", true, true, false, true, TestName = "The hypervisor with EE=1 is")]
    public void ExternalInterrupt(string name, bool pending, bool ee, bool lpes, bool taken)
    {
        using var m = new BareMachine();
        Context context = name == Context.GuestKernel.Name ? Context.GuestKernel : Context.HostKernel;
        ulong msr = context.Msr | (ee ? Msr.EE : 0);
        m[SprNumber.LPCR] = Lpcr.HR | (lpes ? Lpcr.LPES : 0);
        m.Enter(context, Nop, Nop).At(context.CodeAddress, msr);
        m.Cpu.SetPending(PendingInterrupt.External, pending);
        if (!taken)
        {
            m.Run(2);
            return;
        }

        m.RunToInterrupt();
        if (lpes)
            m.ExpectSrr(Vector.External, context.CodeAddress, 0, msr);
        else
            m.ExpectHsrr(Vector.External, context.CodeAddress, 0, msr);
        Assert.That((m.CurrentMsr & Msr.HV) != 0, Is.EqualTo(!lpes), "HV");
    }

    [TestCase("host kernel", false)]
    [TestCase("host user", true)]
    [TestCase("guest kernel", true)]
    public void HeicKeepsExternalInterruptsFromTheHypervisorOnly(string name, bool taken)
    {
        using var m = new BareMachine();
        Context context = new[] { Context.HostKernel, Context.HostUser, Context.GuestKernel }.Single(c => c.Name == name);
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HEIC;
        m.Enter(context, Nop).At(context.CodeAddress, context.Msr | Msr.EE);
        m.Cpu.SetPending(PendingInterrupt.External, true);
        m.Cpu.Execute(0);
        Assert.That(m.Cpu.Deliveries, Is.EqualTo(taken ? 1 : 0));
    }

    [TestCase(true, true, 0UL, true)]
    [TestCase(true, false, 0UL, false)]
    [TestCase(false, true, 0UL, false)]
    [TestCase(true, true, Msr.HV, false)]
    public void MediatedExternalInterruptIsForAGuestWithEe(bool mer, bool ee, ulong hv, bool taken)
    {
        using var m = new BareMachine();
        Context context = hv != 0 ? Context.HostKernel : Context.GuestKernel;
        m[SprNumber.LPCR] = Lpcr.HR | (mer ? Lpcr.MER : 0);
        m.Enter(context, Nop).At(context.CodeAddress, context.Msr | (ee ? Msr.EE : 0));
        m.Cpu.Execute(0);
        Assert.That(m.Cpu.Deliveries, Is.EqualTo(taken ? 1 : 0));
    }

    [Test]
    public void MerIsSeenWhenTheGuestSetsEe()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.MER;
        m.Enter(Context.GuestKernel, Nop, Word("mtmsrd", 3, 1), Nop, Nop).WithGpr(3, Msr.EE | Msr.RI);
        m.RunToInterrupt();
        Assert.That(m[SprNumber.HSRR0], Is.EqualTo(Context.GuestKernel.CodeAddress + 8), "right after mtmsrd");
    }

    // ---- Hypervisor class: taken if EE=1, HV=0 or PR=1.

    [TestCase(PendingInterrupt.HypervisorVirtualization, Lpcr.HVICE, Vector.HypervisorVirtualization)]
    [TestCase(PendingInterrupt.HypervisorDecrementer, Lpcr.HDICE, Vector.HypervisorDecrementer)]
    public void HypervisorInterruptsNeedTheirEnable(PendingInterrupt which, ulong enable, Vector vector)
    {
        foreach ((Context context, ulong ee, bool taken) in new[]
        {
            (Context.GuestKernel, 0UL, true),
            (Context.GuestUser, 0UL, true),
            (Context.HostUser, 0UL, true),
            (Context.HostKernel, 0UL, false),
            (Context.HostKernel, Msr.EE, true),
        })
        {
            foreach (bool enabled in new[] { false, true })
            {
                using var m = new BareMachine();
                m[SprNumber.LPCR] = Lpcr.HR | (enabled ? enable : 0);
                m.Enter(context, Nop).At(context.CodeAddress, context.Msr | ee);
                m.Cpu.SetPending(which, true);
                m.Cpu.Execute(0);
                Assert.That(m.Cpu.Deliveries, Is.EqualTo(taken && enabled ? 1 : 0), $"{context}, EE {ee != 0}, enabled {enabled}");
                if (taken && enabled)
                    m.ExpectHsrr(vector, context.CodeAddress, 0, context.Msr | ee);
            }
        }
    }

    [Test]
    public void MsgsndReachesTheThreadOfItsPir()
    {
        using var m = new BareMachine();
        using var other = new Cpu(m.Memory, 4, m.Cpu.Group);
        m.Enter(Context.HostReal, Word("msgsnd", 3), Word("msgclr", 3), Nop).WithGpr(3, (5UL << 27) | 4).Run(3);
        Assert.That((m.Cpu.Pending, other.Pending), Is.EqualTo((PendingInterrupt.None, PendingInterrupt.HypervisorDoorbell)));
    }

    [Test]
    public void AHypervisorDoorbellIsConsumed()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("msgsnd", 3), Nop).At(BareMachine.Code, Context.HostReal.Msr | Msr.EE).WithGpr(3, 5UL << 27);
        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorDoorbell, BareMachine.Code + 4, 0, Context.HostReal.Msr | Msr.EE);
        Assert.That(m.Cpu.Pending, Is.EqualTo(PendingInterrupt.None));
    }

    [Test]
    public void MsgclrTakesTheDoorbellBack()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("msgsnd", 3), Word("msgclr", 3)).WithGpr(3, 5UL << 27).Run(2);
        Assert.That(m.Cpu.Pending, Is.EqualTo(PendingInterrupt.None));
    }

    [Test]
    public void OtherMessageTypesAreNone()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("msgsnd", 3), Nop).WithGpr(3, 4UL << 27).Run(2);
        Assert.That(m.Cpu.Pending, Is.EqualTo(PendingInterrupt.None));
    }

    [Test]
    public void APrivilegedDoorbellStaysInTheGuestAndShowsInDpdes()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, Word("msgsndp", 3), Word("mfspr", 4, SprNumber.DPDES), Word("mtmsrd", 5, 1), Nop).WithGpr(3, 5UL << 27).WithGpr(5, Msr.EE | Msr.RI);
        m.RunToInterrupt();
        m.ExpectSrr(Vector.PrivilegedDoorbell, Context.GuestKernel.CodeAddress + 12, 0, Context.GuestKernel.Msr | Msr.EE);
        Assert.That((m.Gpr(4), m[SprNumber.DPDES], m.CurrentMsr & Msr.HV), Is.EqualTo((1UL, 0UL, 0UL)));
    }

    // ---- Decrementers.

    /// <summary>The interrupt comes between the same two instructions however many the host asks for at once.</summary>
    [Test]
    public void TheDecrementerIsExact([Values(1, 3, 7, 1000)] int batch)
    {
        using var m = new BareMachine();
        Context c = Context.HostReal;
        uint[] words = Enumerable.Repeat(Nop, 64).Prepend(Word("mtspr", SprNumber.DEC, 3)).ToArray();
        m.Enter(c, words).At(c.CodeAddress, c.Msr | Msr.EE).WithGpr(3, 10);
        m.Put((ulong)Vector.Decrementer, Word("b", 0));
        while (m.Cpu.Deliveries == 0)
            m.Cpu.Execute(batch);

        // DEC is 10 while mtspr executes, one less with each instruction, and negative after 11 of them.
        Assert.That(m[SprNumber.SRR0], Is.EqualTo(c.CodeAddress + (4 * 11)));
    }

    [Test]
    public void TheDecrementerWaitsForEe()
    {
        using var m = new BareMachine();
        m[SprNumber.DEC] = 0xFFFFFFFF;
        m.Enter(Context.HostReal, Nop, Nop, Word("mtmsrd", 3, 1), Nop).WithGpr(3, Msr.EE | Msr.RI);
        m.RunToInterrupt();
        m.ExpectSrr(Vector.Decrementer, BareMachine.Code + 12, 0, Context.HostReal.Msr | Msr.EE);
    }

    /// <summary>The decrementer's exception lasts as long as its sign bit (ISA 3.0B Book III 7.4): a positive value ends it.</summary>
    [Test]
    public void WritingDecPositiveEndsItsException()
    {
        using var m = new BareMachine();
        m[SprNumber.DEC] = 0xFFFFFFFF;
        m.Enter(Context.HostReal, Nop, Word("mtspr", SprNumber.DEC, 4), Word("mtmsrd", 3, 1), Nop, Nop).WithGpr(3, Msr.EE | Msr.RI).WithGpr(4, 1000).Run(5);
        Assert.That(m.Cpu.Deliveries, Is.Zero);
    }

    [TestCase(false, 0xFFFFFFFFUL, 0xFFFFFFFFUL, true)]
    [TestCase(false, 0x1_00000000UL, 0UL, false)]
    [TestCase(true, 0xFFFFFFFFUL, 0xFFFFFFFFUL, false)]
    [TestCase(true, 1UL << 55, 0xFF80000000000000UL, true)]
    [TestCase(true, 1UL << 54, 1UL << 54, false)]
    public void DecHas32Or56Bits(bool large, ulong written, ulong read, bool negative)
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | (large ? Lpcr.LD : 0);
        m[SprNumber.DEC] = written;
        ulong value = m[SprNumber.DEC];
        m.Enter(Context.HostReal, Nop).Cpu.Execute(0);
        Assert.That((value, (m.Cpu.Pending & PendingInterrupt.Decrementer) != 0), Is.EqualTo((read, negative)));
    }

    /// <summary>HDEC's exception is an edge: taken once, it is gone (Linux exceptions-64s.S, hdecrementer_common).</summary>
    [Test]
    public void HdecInterruptsOnce()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HDICE;
        m.Enter(Context.GuestKernel, Nop, Nop, Nop, Nop);
        m[SprNumber.HDEC] = 1;
        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorDecrementer, Context.GuestKernel.CodeAddress + 8, 0, Context.GuestKernel.Msr);
        m.Enter(Context.GuestKernel, Nop, Nop, Nop).Run(3);
    }

    [Test]
    public void HdecWithoutHdiceLeavesNothingPending()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR;
        m.Enter(Context.GuestKernel, Nop, Nop, Nop, Nop);
        m[SprNumber.HDEC] = 0;
        m.Run(2);
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HDICE;
        m.Run(2);
    }

    [Test]
    public void WritingHdecPositiveEndsItsException()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.HDICE;
        m[SprNumber.HDEC] = ulong.MaxValue;
        m.Enter(Context.HostReal, Nop, Word("mtspr", SprNumber.HDEC, 3), Nop).WithGpr(3, 1000).Run(3);
        Assert.That(m.Cpu.Pending, Is.EqualTo(PendingInterrupt.None));
    }

    [Test]
    public void TheTimerThatIsDueNextIsKnown()
    {
        using var m = new BareMachine();
        m[SprNumber.DEC] = 500;
        m[SprNumber.HDEC] = 900;
        long both = m.Cpu.TicksToTimer;
        m[SprNumber.DEC] = 0xFFFFFFFF;
        long one = m.Cpu.TicksToTimer;
        m[SprNumber.HDEC] = ulong.MaxValue;
        Assert.That((both, one, m.Cpu.TicksToTimer), Is.EqualTo((501L, 901L, long.MaxValue)));
    }

    // ---- Trace.

    [Test]
    public void SingleStepInterruptsAfterEachInstruction()
    {
        using var m = new BareMachine();
        Context c = Context.GuestKernel;
        m.Enter(c, Word("addi", 3, 3, 1), Word("addi", 3, 3, 1)).At(c.CodeAddress, c.Msr | Msr.SE).WithGpr(3, 0).RunToInterrupt();
        m.ExpectSrr(Vector.Trace, c.CodeAddress + 4, 0x40000000, c.Msr | Msr.SE);
        Assert.That((m.Gpr(3), m.CurrentMsr & Msr.SE), Is.EqualTo((1UL, 0UL)));
    }

    [Test]
    public void BranchTraceInterruptsAfterBranchesTakenOrNot()
    {
        using var m = new BareMachine();
        Context c = Context.GuestKernel;
        m.Enter(c, Nop, Nop, Word("bc", 12, 2, 8), Nop).At(c.CodeAddress, c.Msr | Msr.BE).RunToInterrupt();
        m.ExpectSrr(Vector.Trace, c.CodeAddress + 12, 0x40000000, c.Msr | Msr.BE);
    }

    [Test]
    public void AnInstructionThatInterruptsIsNotTraced()
    {
        using var m = new BareMachine();
        Context c = Context.GuestKernel;
        m.Enter(c, Word("tw", 31, 0, 0)).At(c.CodeAddress, c.Msr | Msr.SE).RunToInterrupt();
        Assert.That((m.Nia, m.Cpu.Deliveries), Is.EqualTo(((ulong)Vector.Program, 1L)));
    }

    [Test]
    public void TheReturnThatSetsSingleStepIsNotTracedItself()
    {
        using var m = new BareMachine();
        m[SprNumber.SRR0] = Context.GuestKernel.CodeAddress + 4;
        m[SprNumber.SRR1] = Context.GuestKernel.Msr | Msr.SE;
        m.Enter(Context.GuestKernel, Word("rfid"), Word("addi", 3, 3, 1)).RunToInterrupt();
        Assert.That((m.Nia, m[SprNumber.SRR0]), Is.EqualTo(((ulong)Vector.Trace, Context.GuestKernel.CodeAddress + 8)));
    }
}
