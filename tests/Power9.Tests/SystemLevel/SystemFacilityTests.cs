using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Who may use a facility: MSR, FSCR, HFSCR (ISA 3.0B Book III 6.2.11, 6.2.12, 6.5.20).</summary>
public sealed class SystemFacilityTests
{
    // Facility numbers: Linux reg.h, FSCR_*_LG.
    private const int Fp = 0;
    private const int VecVsx = 1;
    private const int Dscr = 2;
    private const int Pm = 3;
    private const int Bhrb = 4;
    private const int Ebb = 7;
    private const int Tar = 8;
    private const int Msgp = 10;
    private const int Scv = 12;

    [TestCase("fmr", new long[] { 1, 2 }, Msr.FP, Vector.FpUnavailable, Fp)]
    [TestCase("vxor", new long[] { 1, 2, 3 }, Msr.VEC, Vector.VectorUnavailable, VecVsx)]
    [TestCase("xxlxor", new long[] { 1, 2, 3 }, Msr.VSX, Vector.VsxUnavailable, VecVsx)]
    public void FloatingPointAndVectors(string mnemonic, long[] operands, ulong bit, Vector unavailable, int facility)
    {
        using var m = new BareMachine();
        Context c = Context.GuestUser;
        uint word = Word(mnemonic, operands);
        m.Enter(c, word).RunToInterrupt();
        m.ExpectSrr(unavailable, c.CodeAddress, 0, c.Msr);

        m.Enter(c, word).At(c.CodeAddress, c.Msr | bit).Run(1);

        // HFSCR overrules MSR below the hypervisor, whether MSR or HFSCR changed last.
        m.Enter(c, word).At(c.CodeAddress, c.Msr | bit);
        m[SprNumber.HFSCR] &= ~(1UL << facility);
        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorFacilityUnavailable, c.CodeAddress, 0, c.Msr | bit);
        Assert.That(m[SprNumber.HFSCR] >> 56, Is.EqualTo((ulong)facility));
        m.Enter(c, word).At(c.CodeAddress, c.Msr | bit).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo((ulong)Vector.HypervisorFacilityUnavailable));

        // The hypervisor itself is not bound by it.
        m.Enter(Context.HostKernel, word).At(Context.HostKernel.CodeAddress, Context.HostKernel.Msr | bit).Run(1);
    }

    [TestCase("mfspr", new long[] { 3, SprNumber.TAR }, Tar)]
    [TestCase("mtspr", new long[] { SprNumber.TAR, 3 }, Tar)]
    [TestCase("bctar", new long[] { 20, 0, 0 }, Tar)]
    [TestCase("mfspr", new long[] { 3, SprNumber.UDSCR }, Dscr)]
    [TestCase("mfspr", new long[] { 3, SprNumber.EBBHR }, Ebb)]
    public void FscrBindsProblemStateAndHfscrTheGuest(string mnemonic, long[] operands, int facility)
    {
        using var m = new BareMachine();
        uint word = Word(mnemonic, operands);
        m[SprNumber.FSCR] = 0;
        m.Enter(Context.GuestUser, word).RunToInterrupt();
        m.ExpectSrr(Vector.FacilityUnavailable, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
        Assert.That(m[SprNumber.FSCR] >> 56, Is.EqualTo((ulong)facility), "FSCR[IC]");

        m[SprNumber.FSCR] = ulong.MaxValue >> 8;
        m.Enter(Context.GuestUser, word).Run(1);

        m[SprNumber.HFSCR] = 0;
        foreach (Context context in new[] { Context.GuestUser, Context.GuestKernel })
        {
            m.Enter(context, word).RunToInterrupt();
            m.ExpectHsrr(Vector.HypervisorFacilityUnavailable, context.CodeAddress, 0, context.Msr);
            Assert.That(m[SprNumber.HFSCR] >> 56, Is.EqualTo((ulong)facility), "HFSCR[IC]");
        }

        m.Enter(Context.HostKernel, word).Run(1);
    }

    [Test]
    public void FscrDoesNotBindPrivilegedState()
    {
        using var m = new BareMachine();
        m[SprNumber.FSCR] = 0;
        m.Enter(Context.GuestKernel, Word("mfspr", 3, SprNumber.TAR)).Run(1);
        Assert.That(m.Nia, Is.EqualTo(Context.GuestKernel.CodeAddress + 4));
    }

    [TestCase("mfspr", new long[] { 3, SprNumber.MMCR0 }, Pm)]
    [TestCase("msgsndp", new long[] { 3 }, Msgp)]
    [TestCase("msgclrp", new long[] { 3 }, Msgp)]
    [TestCase("clrbhrb", new long[0], Bhrb)]
    public void PrivilegedFacilitiesOfTheGuest(string mnemonic, long[] operands, int facility)
    {
        using var m = new BareMachine();
        m[SprNumber.HFSCR] &= ~(1UL << facility);
        m.Enter(Context.GuestKernel, Word(mnemonic, operands)).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorFacilityUnavailable, Context.GuestKernel.CodeAddress, 0, Context.GuestKernel.Msr);
        Assert.That(m[SprNumber.HFSCR] >> 56, Is.EqualTo((ulong)facility));
    }

    [Test]
    public void ScvNeedsFscr()
    {
        using var m = new BareMachine();
        m[SprNumber.FSCR] = 0;
        m.Enter(Context.GuestUser, Word("scv", 0)).RunToInterrupt();
        m.ExpectSrr(Vector.FacilityUnavailable, Context.GuestUser.CodeAddress, 0, Context.GuestUser.Msr);
        Assert.That(m[SprNumber.FSCR] >> 56, Is.EqualTo((ulong)Scv));
    }

    /// <summary>System call vectored saves to LR and CTR, keeps EE and RI, and has AIL rules of its own (ISA 3.0B Book III 6.5.23; QEMU ppc_excp_apply_ail).</summary>
    [TestCase(0UL, 0x17000UL, false)]
    [TestCase(2UL, 0x17000UL, true)]
    [TestCase(3UL, 0xC000000000003000UL, true)]
    public void ScvEntry(ulong ail, ulong vectors, bool relocated)
    {
        using var m = new BareMachine();
        m[SprNumber.FSCR] = 1UL << Scv;
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.ILE | (ail << 23);
        Context c = Context.GuestUser;
        m.Enter(c, Word("scv", 3)).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo(vectors + 0x60));
            Assert.That(m[SprNumber.LR], Is.EqualTo(c.CodeAddress + 4));
            Assert.That(m[SprNumber.CTR], Is.EqualTo(c.Msr));
            Assert.That(m.CurrentMsr, Is.EqualTo(Msr.SF | Msr.ME | Msr.LE | Msr.EE | Msr.RI | (relocated ? BareMachine.Relocated : 0)));
        });
    }

    [Test]
    public void RfscvReturnsThroughLrAndCtr()
    {
        using var m = new BareMachine();
        m[SprNumber.LR] = 0x1233;
        m[SprNumber.CTR] = Context.GuestUser.Msr;
        m.Enter(Context.GuestKernel, Word("rfscv")).Run(1);
        Assert.That((m.Nia, m.CurrentMsr), Is.EqualTo((0x1230UL, Context.GuestUser.Msr)));
    }

    /// <summary>Transactional memory is off: MSR[TM] can't be set, and its use is a facility unavailable interrupt.</summary>
    [Test]
    public void TransactionalMemoryIsNotOffered()
    {
        using var m = new BareMachine();
        m[SprNumber.SRR1] = Context.GuestKernel.Msr | Msr.TM | Msr.TS;
        m[SprNumber.SRR0] = Context.GuestKernel.CodeAddress + 4;
        m.Enter(Context.GuestKernel, Word("rfid"), Word("treclaim.", 0)).Run(1);
        Assert.That(m.CurrentMsr, Is.EqualTo(Context.GuestKernel.Msr));
        m.RunToInterrupt();
        Assert.That((m.Nia, m[SprNumber.FSCR] >> 56), Is.EqualTo(((ulong)Vector.FacilityUnavailable, 5UL)));
    }
}
