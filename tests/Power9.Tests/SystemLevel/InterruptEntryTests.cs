using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>What an interrupt leaves in MSR, save registers and NIA (ISA 3.0B Book III 6.4.3, 6.5).</summary>
public sealed class InterruptEntryTests
{
    private const ulong Alternate2 = 0x18000;
    private const ulong Alternate3 = 0xC000000000004000;

    [Test]
    public void AGuestsSystemCallStaysInTheGuest()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, Word("sc", 0)).RunToInterrupt();
        m.ExpectSrr(Vector.SystemCall, Context.GuestUser.CodeAddress + 4, 0, Context.GuestUser.Msr);
        Assert.That(m.CurrentMsr, Is.EqualTo(Msr.SF | Msr.ME));
    }

    [Test]
    public void AHostProcesssSystemCallStaysInTheHypervisor()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostUser, Word("sc", 0)).RunToInterrupt();
        m.ExpectSrr(Vector.SystemCall, Context.HostUser.CodeAddress + 4, 0, Context.HostUser.Msr);
        Assert.That(m.CurrentMsr, Is.EqualTo(Msr.SF | Msr.HV | Msr.ME | Msr.LE));
    }

    [Test]
    public void AHypercallGoesToTheHypervisorThroughSrr()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, Word("sc", 1)).RunToInterrupt();
        m.ExpectSrr(Vector.SystemCall, Context.GuestKernel.CodeAddress + 4, 0, Context.GuestKernel.Msr);
        Assert.That(m.CurrentMsr & Msr.HV, Is.Not.Zero);
    }

    /// <summary>Interrupts through HSRR keep MSR[RI]; those through SRR clear it.</summary>
    [Test]
    public void RecoverabilityFollowsTheSaveRegisters()
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, 0).RunToInterrupt();
        ulong throughHsrr = m.CurrentMsr & Msr.RI;
        m.Enter(Context.GuestKernel, Word("tw", 31, 0, 0)).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(throughHsrr, Is.Not.Zero);
            Assert.That(m.CurrentMsr & Msr.RI, Is.Zero);
        });
    }

    [Test]
    public void InterruptLittleEndianComesFromIleOrHile([Values] bool ile, [Values] bool hile)
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | (ile ? Lpcr.ILE : 0);
        m[SprNumber.HID] = hile ? Hid0.HILE : 0;
        m.Enter(Context.GuestKernel, Word("sc", 0)).RunToInterrupt();
        bool guest = (m.CurrentMsr & Msr.LE) != 0;
        m.Enter(Context.GuestKernel, Word("sc", 1)).RunToInterrupt();
        bool hypervisor = (m.CurrentMsr & Msr.LE) != 0;
        Assert.That((guest, hypervisor), Is.EqualTo((ile, hile)));
    }

    [Test]
    public void EveryInterruptSelects64BitMode()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostUser, Word("sc", 0)).At(Context.HostUser.CodeAddress, Context.HostUser.Msr & ~Msr.SF).RunToInterrupt();
        Assert.That(m.CurrentMsr & Msr.SF, Is.Not.Zero);
    }

    [Test]
    public void AnInterruptEndsAReservation()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("ldarx", 4, 0, 3), Word("sc", 0)).WithGpr(3, BareMachine.Data).Run(1).RunToInterrupt();
        m.Enter(Context.HostReal, Word("stdcx.", 4, 0, 3)).Run(1);
        unsafe
        {
            Assert.That(m.S->CrWord >> 28 & 2, Is.Zero);
        }
    }

    /// <summary>LPCR[AIL] moves vectors and keeps relocation on if IR and DR were both on (ISA 3.0B Book III 2.2).</summary>
    [TestCase(0UL, 0UL)]
    [TestCase(1UL, 0UL)]
    [TestCase(2UL, Alternate2)]
    [TestCase(3UL, Alternate3)]
    public void AlternateInterruptLocation(ulong ail, ulong offset)
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | (ail << 23);
        m.Enter(Context.GuestKernel, Word("sc", 0)).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo(offset + (ulong)Vector.SystemCall));
            Assert.That(m.CurrentMsr & BareMachine.Relocated, Is.EqualTo(offset == 0 ? 0 : BareMachine.Relocated));
        });
    }

    /// <summary>POWER9 uses AIL for interrupts that raise HV if the partition is radix (QEMU excp_helper.c, table above ppc_excp_apply_ail).</summary>
    [TestCase(Lpcr.HR, Alternate3)]
    [TestCase(0UL, 0UL)]
    public void AlternateInterruptLocationForInterruptsThatRaiseHv(ulong hostRadix, ulong offset)
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = hostRadix | Lpcr.AIL;
        m.Enter(Context.GuestKernel, Word("sc", 1)).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo(offset + (ulong)Vector.SystemCall));
    }

    [TestCase(0UL)]
    [TestCase(Msr.IR)]
    [TestCase(Msr.DR)]
    public void NoAlternateLocationUnlessBothRelocationsAreOn(ulong relocation)
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.AIL;
        Context context = (relocation & Msr.IR) != 0 ? Context.GuestKernel : Context.GuestReal;
        m.Enter(context, Word("sc", 0)).At(context.CodeAddress, BareMachine.GuestMsr | relocation).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo((ulong)Vector.SystemCall));
    }

    [Test]
    public void SystemResetAndMachineCheckHaveNoAlternateLocation()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.AIL;
        m.Enter(Context.GuestKernel, Word("addi", 1, 1, 0)).Cpu.SetPending(PendingInterrupt.SystemReset, true);
        m.RunToInterrupt();
        ulong reset = m.Nia;
        m.GuestPartition.Map(0x800000, 0x0000_4000_0000_0000, RadixTree.Size64K, RadixTree.OpenPage);
        m.Access(Context.GuestKernel, AccessKind.Load, BareMachine.KernelBase + 0x800000).RunToInterrupt();
        Assert.That((reset, m.Nia), Is.EqualTo(((ulong)Vector.SystemReset, (ulong)Vector.MachineCheck)));
    }

    // ---- Program, emulation assistance, alignment.

    // SRR1 43..46 (ISA 3.0B Book III 6.5.9).
    [TestCase("tw", new long[] { 31, 0, 0 }, 1UL << (63 - 46), TestName = "Trap")]
    [TestCase("mfmsr", new long[] { 3 }, 1UL << (63 - 45), TestName = "Privileged instruction")]
    [TestCase("rfid", new long[0], 1UL << (63 - 45), TestName = "Privileged return")]
    [TestCase("hrfid", new long[0], 1UL << (63 - 45), TestName = "Hypervisor instruction in problem state")]
    [TestCase("mfspr", new long[] { 3, SprNumber.SRR0 }, 1UL << (63 - 45), TestName = "Privileged SPR")]
    [TestCase("mfspr", new long[] { 3, SprNumber.HSRR0 }, 1UL << (63 - 45), TestName = "Hypervisor SPR in problem state")]
    [TestCase("mfspr", new long[] { 3, SprNumber.USRR0 }, 1UL << (63 - 45), TestName = "Ultravisor SPR in problem state")]
    [TestCase("mfspr", new long[] { 3, 0x3D0 | 0x10 }, 1UL << (63 - 45), TestName = "Undefined SPR with spr[0]=1 in problem state")]
    public void ProgramInterruptInProblemState(string mnemonic, long[] operands, ulong cause)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, Word(mnemonic, operands)).RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestUser.CodeAddress, cause, Context.GuestUser.Msr);
    }

    [TestCase("hrfid")]
    [TestCase("stop")]
    [TestCase("msgsync")]
    public void HypervisorInstructionsInAGuestsKernelArePrivileged(string mnemonic)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestKernel, Word(mnemonic)).RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestKernel.CodeAddress, 1UL << (63 - 45), Context.GuestKernel.Msr);
    }

    /// <summary>Illegal instructions go to the hypervisor with the instruction in HEIR (ISA 3.0B Book III 6.5.18).</summary>
    [TestCase(0u)]
    [TestCase(0x04000000u)]
    [TestCase(0x7C0007FEu)]
    public void AnIllegalInstruction(uint word)
    {
        using var m = new BareMachine();
        m.Enter(Context.GuestUser, word).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorEmulationAssistance, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
        Assert.That(m[SprNumber.HEIR], Is.EqualTo(word));
    }

    /// <summary>ISA 3.0B Book III 5.4.4: undefined SPR 0, 4, 5, 6 are emulation assistance in every state, others do nothing in privileged state.</summary>
    [Test]
    public void UndefinedSprsInPrivilegedState()
    {
        using var m = new BareMachine();
        foreach (int number in new[] { 0, 4, 5, 6 })
        {
            m.Enter(Context.GuestKernel, Word("mfspr", 3, number)).RunToInterrupt();
            Assert.That(m.Nia, Is.EqualTo((ulong)Vector.HypervisorEmulationAssistance));
        }

        m.Enter(Context.GuestKernel, Word("mfspr", 3, 1000)).WithGpr(3, 77).Run(1);
        Assert.That(m.Gpr(3), Is.EqualTo(77));
    }

    [TestCase("lwarx", 2UL)]
    [TestCase("ldarx", 4UL)]
    [TestCase("lharx", 1UL)]
    [TestCase("stwcx.", 2UL)]
    [TestCase("stdcx.", 4UL)]
    public void ReservationsOnUnalignedAddressesAreAnAlignmentInterrupt(string mnemonic, ulong offset)
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word(mnemonic, 4, 0, 3)).WithGpr(3, BareMachine.Data + offset).RunToInterrupt();
        m.ExpectSrr(Vector.Alignment, BareMachine.Code, 0, Context.HostReal.Msr);
        Assert.That(m[SprNumber.DAR], Is.EqualTo(BareMachine.Data + offset));
    }
}
