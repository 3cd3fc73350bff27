using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Which MSR bits the return and move instructions may change (ISA 3.0B Book III 3.3.1, 5.4.4; ultravisor state as Linux ultravisor.rst has it).</summary>
public sealed class ReturnTests
{
    private const ulong All = ulong.MaxValue;

    // All MSR bits of POWER9 but TM and TS (ISA 3.0B Book III 3.2.1), and S.
    private const ulong Existing = 0x9000000002C0FF37 | (1UL << 22);

    [Test]
    public void RfidFromTheHypervisorMayGiveUpHvButNotTakeS()
    {
        Assert.That(After(Context.HostReal, "rfid", SprNumber.SRR1, All & ~Msr.PR), Is.EqualTo(Existing & ~(Msr.S | Msr.PR)));
    }

    [Test]
    public void RfidFromAGuestCanNeitherTakeHvNorChangeMe([Values] bool me)
    {
        ulong image = me ? All & ~Msr.ME : All;
        ulong result = After(Context.GuestReal, "rfid", SprNumber.SRR1, image & ~Msr.PR, me ? Msr.ME : 0);
        Assert.That(result & (Msr.HV | Msr.S | Msr.ME), Is.EqualTo(me ? Msr.ME : 0));
    }

    [Test]
    public void ReturningToProblemStateImpliesEeIrDr([Values("rfid", "hrfid")] string mnemonic)
    {
        ulong result = After(Context.HostReal, mnemonic, mnemonic == "rfid" ? SprNumber.SRR1 : SprNumber.HSRR1, Msr.SF | Msr.PR | Msr.HV);
        Assert.That(result, Is.EqualTo(Msr.SF | Msr.HV | Msr.PR | Msr.EE | Msr.IR | Msr.DR));
    }

    [Test]
    public void HrfidCannotSetS()
    {
        Assert.That(After(Context.HostReal, "hrfid", SprNumber.HSRR1, All & ~Msr.PR), Is.EqualTo(Existing & ~(Msr.S | Msr.PR)));
    }

    [Test]
    public void UrfidTakesHvAndS([Values(0UL, Msr.S, Msr.HV, Msr.S | Msr.HV)] ulong state)
    {
        Assert.That(After(Context.Ultravisor, "urfid", SprNumber.USRR1, (All & ~(Msr.PR | Msr.S | Msr.HV)) | state), Is.EqualTo((Existing & ~(Msr.S | Msr.HV | Msr.PR)) | state));
    }

    [Test]
    public void UrfidIsTheUltravisorsAlone()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        foreach (Context context in new[] { Context.HostReal, Context.HostKernel })
        {
            m.Enter(context, Word("urfid")).RunToInterrupt();
            m.ExpectHsrr(Vector.HypervisorEmulationAssistance, context.CodeAddress, 0, context.Msr);
        }

        m.Enter(Context.GuestUser, Word("urfid")).RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestUser.CodeAddress, 1UL << (63 - 45), Context.GuestUser.Msr);
    }

    [Test]
    public void TheReservedStateStopsTheThread()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[SprNumber.USRR1] = Msr.SF | Msr.S | Msr.HV | Msr.PR;
        m.Enter(Context.Ultravisor, Word("urfid"));
        m.Cpu.Execute(5);
        Assert.That(m.Cpu.StopReason, Does.Contain("reserved state"));
    }

    /// <summary>mtmsrd L=0 leaves HV, S, ME and LE alone.</summary>
    [TestCase(Msr.SF | Msr.HV | Msr.ME | Msr.LE, 0UL)]
    [TestCase(Msr.SF, All & ~Msr.PR)]
    public void MtmsrdKeepsHvSMeLe(ulong before, ulong written)
    {
        using var m = new BareMachine();
        bool hypervisor = (before & Msr.HV) != 0;
        m.PutIn(hypervisor ? BareMachine.Code : BareMachine.GuestBase + BareMachine.Code, (before & Msr.LE) != 0, Word("mtmsrd", 3, 0));
        m.At(BareMachine.Code, before).WithGpr(3, written).Run(1);
        const ulong Kept = Msr.HV | Msr.S | Msr.ME | Msr.LE;
        Assert.That(m.CurrentMsr, Is.EqualTo((before & Kept) | (written & Existing & ~Kept)));
    }

    [Test]
    public void MtmsrdWithL1ChangesEeAndRiOnly()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("mtmsrd", 3, 1)).WithGpr(3, All & ~Msr.RI).Run(1);
        Assert.That(m.CurrentMsr, Is.EqualTo((Context.HostReal.Msr | Msr.EE) & ~Msr.RI));
    }

    [Test]
    public void MtmsrLeavesTheUpperHalfAlone()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("mtmsr", 3, 0)).WithGpr(3, Msr.FP).Run(1);
        Assert.That(m.CurrentMsr, Is.EqualTo(Msr.SF | Msr.HV | Msr.ME | Msr.LE | Msr.FP));
    }

    /// <summary>
    /// CFAR is set by rfid, rfscv and rfebb as by taken branches (ISA 3.0B Book III, Come-From Address Register), and hrfid keeps the one that the hypervisor loaded for
    /// its guest. Found by lock-step with QEMU: Linux's first instructions of an interrupt save it.
    /// </summary>
    [TestCase("rfid", true)]
    [TestCase("rfscv", true)]
    [TestCase("rfebb", true)]
    [TestCase("hrfid", false)]
    public void CfarIsWhereAReturnWas(string mnemonic, bool noted)
    {
        const ulong Before = 0x5550;
        using var m = new BareMachine();
        m[SprNumber.SRR1] = m[SprNumber.HSRR1] = m[SprNumber.CTR] = BareMachine.HypervisorMsr;
        m[SprNumber.SRR0] = m[SprNumber.HSRR0] = m[SprNumber.LR] = m[SprNumber.EBBRR] = 0x2000;
        m[SprNumber.CFAR] = Before;
        m.Enter(Context.HostReal, mnemonic == "rfebb" ? Word(mnemonic, 0) : Word(mnemonic)).Run(1);
        Assert.That((m.Nia, m[SprNumber.CFAR]), Is.EqualTo((0x2000UL, noted ? Context.HostReal.CodeAddress : Before)));
    }

    [Test]
    public void TheNextAddressIsAWordAndShortIn32BitMode()
    {
        using var m = new BareMachine();
        m[SprNumber.SRR0] = 0x1_0000_2003;
        m[SprNumber.SRR1] = BareMachine.HypervisorMsr & ~Msr.SF;
        m.Put(0x2000, Word("addi", 1, 0, 5)).Enter(Context.HostReal, Word("rfid")).Run(2);
        Assert.That(m.Gpr(1), Is.EqualTo(5));
    }

    [Test]
    public void UltravisorSprsAreRefusedBelow(
        [Values(SprNumber.USPRG0, SprNumber.USPRG1, SprNumber.URMOR, SprNumber.USRR0, SprNumber.USRR1, SprNumber.SMFCTRL)] int spr,
        [Values] bool write)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        uint word = write ? Word("mtspr", spr, 3) : Word("mfspr", 3, spr);
        ulong before = m[spr];
        m.Enter(Context.HostReal, word).WithGpr(3, 0x1234).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorEmulationAssistance, BareMachine.Code, 0, Context.HostReal.Msr);
        Assert.That((m[SprNumber.HEIR], m.Gpr(3), m[spr]), Is.EqualTo(((ulong)word, 0x1234UL, before)));
        m.Enter(Context.Ultravisor, word).Run(1);
    }

    private static ulong After(Context context, string mnemonic, int image, ulong value, ulong? me = null)
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m[image] = value;
        m.Enter(context, Word(mnemonic)).At(context.CodeAddress, me is { } bit ? (context.Msr & ~Msr.ME) | bit : context.Msr).Run(1);
        return m.CurrentMsr;
    }
}
