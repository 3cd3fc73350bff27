using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>What the hypervisor sees of an SVM, and UV_RETURN.</summary>
public unsafe class ReflectionTests
{
    private const ulong GuestMsr = Msr.SF | Msr.S | Msr.ME | Msr.EE | Msr.LE | Msr.IR | Msr.DR | Msr.FP | Msr.VSX | Msr.RI;

    [Test]
    public void HypercallShowsItsArgumentsAndNothingElse()
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_PUT_TERM_CHAR, 0x4404, 0, 5, 0x6162636465000000, 0x42);
        CpuState* s = bench.S;
        Assert.Multiple(() =>
        {
            Assert.That(s->Nia, Is.EqualTo(0xC00));
            Assert.That(s->Msr, Is.EqualTo(Msr.SF | Msr.HV | Msr.ME | Msr.LE | Msr.FP | Msr.VSX));
            Assert.That(s->Gpr[3], Is.EqualTo((ulong)HCall.H_PUT_TERM_CHAR));
            Assert.That(s->Gpr[4], Is.Zero);
            Assert.That(s->Gpr[5], Is.EqualTo(5));
            Assert.That(s->Gpr[6], Is.EqualTo(0x6162636465000000));
            Assert.That(s->Gpr[7], Is.EqualTo(0x42));
            for (int n = 0; n < 31; n++)
            {
                if (n is < 3 or > 7)
                    Assert.That(s->Gpr[n], Is.Zero, $"r{n}");
            }

            ulong cookie = s->Gpr[31];
            Assert.That(cookie & 3, Is.Zero);
            Assert.That(cookie, Is.GreaterThanOrEqualTo(0x2000).And.LessThan(1UL << 52));
            Assert.That(s->Spr[SprNumber.SRR0], Is.EqualTo(cookie));
            Assert.That(s->Spr[SprNumber.HSRR0], Is.EqualTo(cookie));
            Assert.That(s->Spr[SprNumber.SRR1], Is.EqualTo(GuestMsr | (1UL << 20)), "LEV 1, S set, HV clear");
            Assert.That(s->Spr[SprNumber.HSRR1], Is.EqualTo(s->Spr[SprNumber.SRR1]));
            Assert.That(s->Spr[SprNumber.LPIDR], Is.EqualTo(Bench.Lpid));
            Assert.That(s->Spr[SprNumber.PIDR], Is.EqualTo(5));
            foreach (int spr in new[] { SprNumber.LR, SprNumber.CTR, SprNumber.SPRG0, SprNumber.SPRG3, SprNumber.TAR, SprNumber.DSCR, SprNumber.IAMR, SprNumber.DAR, SprNumber.HDAR, SprNumber.ASDR, SprNumber.CFAR, SprNumber.PMC1, SprNumber.VRSAVE })
                Assert.That(s->Spr[spr], Is.Zero, $"SPR {spr}");
            Assert.That(s->Spr[SprNumber.PPR], Is.EqualTo(0x0010000000000000));
            Assert.That(s->CrWord, Is.Zero);
            Assert.That(s->Xer, Is.Zero);
            for (int n = 0; n < 128; n++)
                Assert.That(s->Vsr[n], Is.Zero, $"VSR doubleword {n}");
            Assert.That(bench.Cpu.ReadSpecialSpr(SprNumber.DEC), Is.EqualTo(0x7FFFFFFF));
        });
    }

    [Test]
    public void ReturnRestoresEverythingAndPassesOutputs()
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_GET_TERM_CHAR, 0x4404, 0x30000000);
        bench.TakeExit();
        (bench.SeenGpr[4], bench.SeenGpr[5], bench.SeenGpr[6], bench.SeenGpr[7]) = (3, 0x41, 0x42, 0xBAD);
        bench.ReturnSecure(-5);
        CpuState* s = bench.S;
        Assert.Multiple(() =>
        {
            Assert.That(s->Nia, Is.EqualTo(0x4404));
            Assert.That(s->Msr, Is.EqualTo(GuestMsr));
            Assert.That((long)s->Gpr[3], Is.EqualTo(-5));
            Assert.That(s->Gpr[4], Is.EqualTo(3));
            Assert.That(s->Gpr[5], Is.EqualTo(0x41));
            Assert.That(s->Gpr[6], Is.EqualTo(0x42));
            Assert.That(s->Gpr[7], Is.EqualTo(0x1007), "H_GET_TERM_CHAR has three outputs");
            Assert.That(s->Gpr[0], Is.EqualTo(0x1000));
            Assert.That(s->Gpr[1], Is.EqualTo(0x1001));
            Assert.That(s->Gpr[31], Is.EqualTo(0x101F));
            Assert.That(s->Spr[SprNumber.LR], Is.EqualTo(0x2000 + SprNumber.LR));
            Assert.That(s->Spr[SprNumber.SPRG3], Is.EqualTo(0x2000 + SprNumber.SPRG3));
            Assert.That(s->CrWord, Is.EqualTo(0x87654321));
            Assert.That(s->Vsr[127], Is.EqualTo(0x3000 + 127));
        });
    }

    [Test]
    public void DecrementerKeepsItsExpiry()
    {
        using Bench bench = Loaded();
        bench.Cpu.WriteSpecialSpr(SprNumber.DEC, 100_000);
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.Cpu.Skip(30_000);
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(bench.Cpu.ReadSpecialSpr(SprNumber.DEC), Is.EqualTo(70_000));
    }

    [Test]
    public void ExpiredDecrementerIsNegativeForTheGuest()
    {
        using Bench bench = Loaded();
        bench.Cpu.WriteSpecialSpr(SprNumber.DEC, 1000);
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.Cpu.Skip(1500);
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That((int)bench.Cpu.ReadSpecialSpr(SprNumber.DEC), Is.EqualTo(-500));
    }

    [Test]
    public void CedeShowsTheDecrementerAndEnablesInterrupts()
    {
        using Bench bench = Loaded(GuestMsr & ~Msr.EE);
        bench.Cpu.WriteSpecialSpr(SprNumber.DEC, 123_456);
        bench.Hypercall(HCall.H_CEDE, 0x4404);
        Assert.That(bench.Cpu.ReadSpecialSpr(SprNumber.DEC), Is.EqualTo(123_456));
        Assert.That(bench.S->Spr[SprNumber.SRR1] & Msr.EE, Is.Not.Zero);
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(bench.S->Msr & Msr.EE, Is.Not.Zero);
    }

    [TestCase(Vector.HypervisorDecrementer)]
    [TestCase(Vector.HypervisorVirtualization)]
    [TestCase(Vector.HypervisorDoorbell)]
    [TestCase(Vector.HypervisorMaintenance)]
    [TestCase(Vector.HypervisorFacilityUnavailable)]
    [TestCase(Vector.SystemReset)]
    [TestCase(Vector.MachineCheck)]
    public void OtherInterruptsShowNoRegisterButTheCookie(Vector vector)
    {
        using Bench bench = Loaded();
        (bench.S->Spr[SprNumber.DAR], bench.S->Spr[SprNumber.DSISR], bench.S->Spr[SprNumber.ASDR]) = (0xDA, 0xD5, 0xA5);
        bench.Cpu.Deliver(vector, 0x4500, 0);
        CpuState* s = bench.S;
        bool machineCheck = vector == Vector.MachineCheck;
        bool hypervisorClass = vector is not (Vector.MachineCheck or Vector.SystemReset);
        Assert.Multiple(() =>
        {
            Assert.That(s->Nia, Is.EqualTo((ulong)vector));
            for (int n = 0; n < 31; n++)
                Assert.That(s->Gpr[n], Is.Zero, $"r{n}");
            Assert.That(s->Spr[SprNumber.HSRR0], Is.EqualTo(s->Gpr[31]));
            Assert.That(s->Spr[SprNumber.HSRR1], Is.EqualTo(GuestMsr));
            Assert.That(s->Msr & Msr.ME, Is.EqualTo(machineCheck ? 0 : Msr.ME));
            Assert.That(s->Msr & Msr.RI, Is.EqualTo(hypervisorClass ? Msr.RI : 0));
            Assert.That(s->Spr[SprNumber.DAR], Is.EqualTo(machineCheck ? 0xDAUL : 0));
            Assert.That(s->Spr[SprNumber.DSISR], Is.EqualTo(machineCheck ? 0xD5UL : 0));
            Assert.That(s->Spr[SprNumber.ASDR], Is.EqualTo(machineCheck ? 0xA5UL : 0));
        });
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(s->Nia, Is.EqualTo(0x4500));
        Assert.That(s->Gpr[3], Is.EqualTo(0x1003), "no result: it was no hypercall");
    }

    [Test]
    public void BigEndianHypervisorIsEnteredBigEndian()
    {
        using Bench bench = Loaded();
        bench.S->Spr[SprNumber.HID] &= ~Hid0.HILE;
        bench.Cpu.Deliver(Vector.HypervisorDecrementer, 0x4500, 0);
        Assert.That(bench.S->Msr & Msr.LE, Is.Zero);
    }

    // Linux' inject_interrupt with and without AIL=3.
    [TestCase(0x500UL, 0UL)]
    [TestCase(0xC000000000004500UL, Msr.IR | Msr.DR)]
    [TestCase(0xC000000000004900UL, Msr.IR | Msr.DR)]
    public void AddressOtherThanTheCookieIsAnInterrupt(ulong address, ulong relocation)
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_CEDE, 0x4404);
        bench.TakeExit();
        bench.GuestAddress = address;
        bench.GuestMsr = Msr.SF | Msr.ME | Msr.LE | Msr.S | relocation;
        bench.ReturnSecure(0, guestSrr1: GuestMsr | 0x00080000);
        CpuState* s = bench.S;
        Assert.Multiple(() =>
        {
            Assert.That(s->Nia, Is.EqualTo(address));
            Assert.That(s->Msr, Is.EqualTo(Msr.SF | Msr.S | Msr.ME | Msr.LE | relocation));
            Assert.That(s->Spr[SprNumber.SRR0], Is.EqualTo(0x4404));
            Assert.That(s->Spr[SprNumber.SRR1], Is.EqualTo(GuestMsr | 0x00080000), "cause bits from R2, the rest is the guest's own");
            Assert.That(s->Gpr[3], Is.Zero, "H_CEDE is answered");
        });
    }

    [Test]
    public void ForgedAndUsedCookiesAreRefused()
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.TakeExit();
        ulong cookie = bench.SeenGpr[31];
        bench.SeenGpr[31] = cookie ^ 8;
        bench.ReturnSecure(0);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(bench.S->Nia, Is.EqualTo(Bench.HypervisorCode));
        Assert.That(bench.S->Msr & Msr.S, Is.Zero);

        bench.SeenGpr[31] = cookie;
        bench.ReturnSecure(0);
        Assert.That(bench.S->Msr & Msr.S, Is.Not.Zero);
        bench.ReturnSecure(0);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER), "a cookie is good once");
    }

    [Test]
    public void CookiesOfATerminatedSvmAreRefused()
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.TakeExit();
        bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid);
        bench.ReturnSecure(0);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
    }

    [TestCase(SprNumber.PIDR, 6UL)]
    public void ChangedProcessKillsTheSvm(int spr, ulong value)
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.TakeExit();
        bench.S->Spr[spr] = value;
        bench.ReturnSecure(0);
        Assert.That(bench.Svm.State, Is.EqualTo(SvmState.Dead));
        for (int round = 0; round < 5; round++)
        {
            Assert.That(bench.InHypervisor, Is.True, "the guest never runs again");
            Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)HCall.H_CEDE));
            bench.TakeExit();
            bench.ReturnSecure(0);
        }
    }

    [Test]
    public void UserHypercallIsAPrivilegeError()
    {
        using Bench bench = Loaded(GuestMsr | Msr.PR);
        bench.S->Spr[SprNumber.LPCR] |= Lpcr.AIL | Lpcr.ILE;
        bench.Hypercall(HCall.H_PUT_TERM_CHAR, 0x4404);
        Assert.That(bench.S->Nia, Is.EqualTo(0xC000000000004700));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(0x4400));
        Assert.That(bench.S->Spr[SprNumber.SRR1], Is.EqualTo(GuestMsr | Msr.PR | 0x00040000));
        Assert.That(bench.S->Msr, Is.EqualTo(Msr.SF | Msr.S | Msr.ME | Msr.LE | Msr.IR | Msr.DR));
    }

    [Test]
    public void IllegalInstructionStaysInTheSvm()
    {
        using Bench bench = Loaded();
        bench.Cpu.Deliver(Vector.HypervisorEmulationAssistance, 0x4500, 0);
        Assert.That(bench.S->Nia, Is.EqualTo(0x700));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(0x4500));
        Assert.That(bench.S->Spr[SprNumber.SRR1] & 0x00080000, Is.Not.Zero);
        Assert.That(bench.S->Msr & Msr.S, Is.Not.Zero);
    }

    [Test]
    public void MediatedExternalInterruptIsTheGuests()
    {
        using Bench bench = Loaded();
        bench.S->Spr[SprNumber.LPCR] = (bench.S->Spr[SprNumber.LPCR] | Lpcr.MER | Lpcr.AIL | Lpcr.ILE) & ~Lpcr.LPES;
        bench.Cpu.Deliver(Vector.External, 0x4500, 0);
        Assert.That(bench.S->Nia, Is.EqualTo(0xC000000000004500));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(0x4500));
        Assert.That(bench.S->Gpr[9], Is.EqualTo(0x1009));
    }

    [Test]
    public void RandomNumbersComeFromTheUltravisor()
    {
        using Bench bench = Loaded();
        bench.Hypercall(HCall.H_RANDOM, 0x4404);
        Assert.That(bench.InHypervisor, Is.False);
        Assert.That(bench.S->Gpr[3], Is.Zero);
        ulong first = bench.S->Gpr[4];
        bench.Hypercall(HCall.H_RANDOM, 0x4404);
        Assert.That(bench.S->Gpr[4], Is.Not.EqualTo(first));
    }

    [TestCase(0xEF00UL)]
    [TestCase(0xEF14UL)]
    [TestCase(0xFFFFUL)]
    [TestCase(0xF005UL)]
    public void ReverseAndUnknownHypercallsAreNotPassedOn(ulong number)
    {
        using Bench bench = Loaded();
        bench.Hypercall((HCall)number, 0x4404, 1, 2, 3);
        Assert.That(bench.InHypervisor, Is.False);
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_FUNCTION));
        Assert.That(bench.S->Nia, Is.EqualTo(0x4404));
    }

    [Test]
    public void FacilitiesOfTheSvm()
    {
        using Bench bench = Loaded();
        bench.S->Spr[SprNumber.HFSCR] = 1UL << FacilityNumber.TransactionalMemory;
        bench.Hypercall(HCall.H_PROD, 0x4404, 1);
        bench.TakeExit();
        bench.ReturnSecure(0);
        Assert.That(bench.S->Spr[SprNumber.HFSCR], Is.EqualTo(1UL << FacilityNumber.MessagePrivileged));
    }

    // Linux would treat a hypercall with PR=1 as one of a user program.
    [Test]
    public void OperationForAUserProgramIsPresentedAsKernel()
    {
        using Bench bench = Loaded(GuestMsr | Msr.PR);
        bench.FrameAt(0).State = Pages.PageState.PAGEDOUT;
        bench.S->Spr[SprNumber.ASDR] = 0;
        bench.Cpu.Deliver(Vector.HypervisorInstructionStorage, 0x4500, 0);
        Assert.That(bench.S->Gpr[3], Is.EqualTo((ulong)HCall.H_SVM_PAGE_IN));
        Assert.That(bench.S->Spr[SprNumber.SRR1] & (Msr.PR | Msr.EE), Is.Zero);
        Assert.That(bench.S->Spr[SprNumber.SRR1] & Msr.S, Is.Not.Zero);
        bench.TakeExit();
        bench.ReturnSecure(UReturn.U_PARAMETER);
        Assert.That(bench.S->Nia, Is.EqualTo(0x4500), "refused: the guest tries again");
        Assert.That(bench.S->Msr, Is.EqualTo(GuestMsr | Msr.PR));
    }

    [Test]
    public void InterruptDuringAnOperationComesBeforeItsInstruction()
    {
        using Bench bench = Loaded();
        bench.Call((ulong)UltraCall.UV_SHARE_PAGE, 0x4404, 8, 1);
        bench.TakeExit();
        bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(0x80000), 0x80000, 0, 16);
        bench.GuestAddress = 0x100;
        bench.ReturnSecure(0);
        Assert.That(bench.S->Nia, Is.EqualTo(0x100));
        Assert.That(bench.S->Spr[SprNumber.SRR0], Is.EqualTo(0x4404));
        Assert.That(bench.S->Gpr[3], Is.Zero, "the call is answered all the same");
    }

    // A running SVM with a value in every register that it owns.
    private static Bench Loaded(ulong msr = GuestMsr)
    {
        Bench bench = new Bench().Running();
        CpuState* s = bench.S;
        for (int n = 0; n < 32; n++)
            s->Gpr[n] = (ulong)(0x1000 + n);
        foreach ((int spr, _) in HiddenSprs.All)
            s->Spr[spr] = (ulong)(0x2000 + spr);
        for (int n = 0; n < 128; n++)
            s->Vsr[n] = (ulong)(0x3000 + n);
        s->CrWord = 0x87654321;
        s->So = 1;
        s->Spr[SprNumber.PIDR] = 5;
        s->Spr[SprNumber.LPIDR] = Bench.Lpid;
        bench.Cpu.SetMsr(msr);
        return bench;
    }
}
