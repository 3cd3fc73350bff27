using NUnit.Framework;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>Callers that lie: refused with the right code, and nothing changes.</summary>
public unsafe class HostileCallerTests
{
    private const ulong Frame = Bench.Frame;
    private const ulong Gpa = 8 * Frame;

    [TestCase(2UL, Bench.SparePage, Gpa, 16UL, UReturn.U_PARAMETER, TestName = "Page in: no such partition")]
    [TestCase(ulong.MaxValue, Bench.SparePage, Gpa, 16UL, UReturn.U_PARAMETER, TestName = "Page in: absurd partition")]
    [TestCase(1UL, 0UL, Gpa, 16UL, UReturn.U_P2, TestName = "Page in: from address 0")]
    [TestCase(1UL, Bench.SecureBase, Gpa, 16UL, UReturn.U_P2, TestName = "Page in: from secure memory")]
    [TestCase(1UL, Bench.SparePage + 8, Gpa, 16UL, UReturn.U_P2, TestName = "Page in: unaligned source")]
    [TestCase(1UL, 16UL << 20, Gpa, 16UL, UReturn.U_P2, TestName = "Page in: behind RAM")]
    [TestCase(1UL, ulong.MaxValue & ~0xFFFFUL, Gpa, 16UL, UReturn.U_P2, TestName = "Page in: end of the address space")]
    [TestCase(1UL, Bench.SparePage, Bench.GuestSize, 16UL, UReturn.U_P3, TestName = "Page in: outside of the slots")]
    [TestCase(1UL, Bench.SparePage, Gpa + 8, 16UL, UReturn.U_P3, TestName = "Page in: unaligned guest address")]
    [TestCase(1UL, Bench.SparePage, ulong.MaxValue & ~0xFFFFUL, 16UL, UReturn.U_P3, TestName = "Page in: last guest address")]
    [TestCase(1UL, Bench.SparePage, Gpa, 12UL, UReturn.U_P5, TestName = "Page in: order 12")]
    [TestCase(1UL, Bench.SparePage, Gpa, 80UL, UReturn.U_P5, TestName = "Page in: order 80")]
    public void PageInAndOut(ulong lpid, ulong real, ulong gpa, ulong order, long code)
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, lpid, real, gpa, 0, order), Is.EqualTo(code));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_OUT, lpid, real, gpa, 0, order), Is.EqualTo(code));
        Assert.That(bench.Svm.CountByState()[(int)PageState.SECURE], Is.EqualTo(64));
    }

    [TestCase(2UL, Gpa, 16UL, UReturn.U_PARAMETER)]
    [TestCase(1UL, Bench.GuestSize, 16UL, UReturn.U_P3)]
    [TestCase(1UL, Gpa + 1, 16UL, UReturn.U_P3)]
    [TestCase(1UL, Gpa, 21UL, UReturn.U_P3)]
    public void PageInval(ulong lpid, ulong gpa, ulong order, long code)
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_INVAL, lpid, gpa, order), Is.EqualTo(code));
    }

    [Test]
    public void PageCallsOfAnAbortedSvm()
    {
        using Bench bench = new Bench().Starting();
        bench.Svm.State = SvmState.Aborting;
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.EqualTo(UReturn.U_STATE));
        Assert.That(bench.HvCall(UltraCall.UV_PAGE_INVAL, Bench.Lpid, Gpa, 16), Is.EqualTo(UReturn.U_STATE));
    }

    [TestCase(2UL, Bench.GuestSize, Frame, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: no such partition")]
    [TestCase(1UL, Bench.GuestSize + 8, Frame, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: unaligned start")]
    [TestCase(1UL, Bench.GuestSize, Frame + 4096, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: unaligned size")]
    [TestCase(1UL, Bench.GuestSize, 0UL, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: empty")]
    [TestCase(1UL, Gpa, Frame, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: overlap")]
    [TestCase(1UL, Bench.GuestSize - Frame, 4 * Frame, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: overlap at the end")]
    [TestCase(1UL, Bench.GuestSize, Frame, 0UL, 0UL, UReturn.U_PARAMETER, TestName = "Slot: id in use")]
    [TestCase(1UL, Bench.GuestSize, Frame, 0UL, 0x10000UL, UReturn.U_PARAMETER, TestName = "Slot: id too large")]
    [TestCase(1UL, Bench.GuestSize, Frame, 1UL, 1UL, UReturn.U_P4, TestName = "Slot: unknown flags")]
    [TestCase(1UL, ulong.MaxValue & ~0xFFFFUL, 2 * Frame, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: wraps")]
    [TestCase(1UL, Bench.GuestSize, ulong.MaxValue & ~0xFFFFUL, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: absurd size")]
    [TestCase(1UL, Bench.GuestSize, 1UL << 50, 0UL, 1UL, UReturn.U_PARAMETER, TestName = "Slot: larger than secure memory")]
    public void RegisterMemSlot(ulong lpid, ulong gpa, ulong size, ulong flags, ulong id, long code)
    {
        foreach (bool overcommit in new[] { false, true })
        {
            using Bench bench = new Bench(new UltravisorOptions { Overcommit = overcommit }).Running();
            Assert.That(bench.HvCall(UltraCall.UV_REGISTER_MEM_SLOT, lpid, gpa, size, flags, id), Is.EqualTo(code));
            Assert.That(bench.Svm.Slots, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void UnregisterFreesAndUnknownSlotsAreRefused()
    {
        using Bench bench = new Bench().Running();
        ulong free = bench.Uv.Heap.Unallocated;
        bench.Uv.Pages.EnsureSecure(bench.Svm, Gpa, ref bench.FrameAt(Gpa));
        Assert.That(bench.HvCall(UltraCall.UV_UNREGISTER_MEM_SLOT, Bench.Lpid, 7), Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(bench.HvCall(UltraCall.UV_UNREGISTER_MEM_SLOT, 9, 0), Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(bench.HvCall(UltraCall.UV_UNREGISTER_MEM_SLOT, Bench.Lpid, 0), Is.Zero);
        Assert.That(bench.GuestBytes(Gpa, 1).IsEmpty, Is.True);
        Assert.That(bench.Uv.Heap.Promised, Is.Zero);
        bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid);
        Assert.That(bench.Uv.Heap.Unallocated, Is.GreaterThan(free));
    }

    [Test]
    public void TerminateOfUnknownPartitionSucceeds()
    {
        using var bench = new Bench();
        Assert.That(bench.HvCall(UltraCall.UV_SVM_TERMINATE, 77), Is.Zero);
        Assert.That(bench.HvCall(UltraCall.UV_SVM_TERMINATE, ulong.MaxValue), Is.Zero);
    }

    [TestCase(4096UL)]
    [TestCase(ulong.MaxValue)]
    public void PartitionsOutsideOfTheTableAreRefused(ulong lpid)
    {
        using var bench = new Bench();
        Assert.That(bench.HvCall(UltraCall.UV_WRITE_PATE, lpid, 1, 2), Is.EqualTo(UReturn.U_PARAMETER));
    }

    [TestCase(0UL)]
    [TestCase(0xF144UL)]
    [TestCase(0xF14CUL)]
    [TestCase(0xF100UL)]
    [TestCase(ulong.MaxValue)]
    public void UnknownUltracallsAreUFunction(ulong number)
    {
        using var bench = new Bench();
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        Assert.That(bench.Call(number, Bench.HypervisorCode), Is.EqualTo(UReturn.U_FUNCTION));
        Assert.That(bench.S->Nia, Is.EqualTo(Bench.HypervisorCode));
    }

    [Test]
    public void EveryHypervisorCallNeedsTheHypervisor()
    {
        foreach (UltraCall call in Enum.GetValues<UltraCall>())
        {
            if (call is UltraCall.UV_ESM or UltraCall.UV_SHARE_PAGE or UltraCall.UV_UNSHARE_PAGE or UltraCall.UV_UNSHARE_ALL_PAGES)
                continue;
            foreach (ulong msr in new[] { Msr.SF | Msr.ME, Msr.SF | Msr.ME | Msr.S, Msr.SF | Msr.ME | Msr.PR, Msr.SF | Msr.HV | Msr.ME | Msr.PR, Msr.SF | Msr.ME | Msr.S | Msr.PR })
            {
                using Bench bench = new Bench().Running();
                bench.Cpu.SetMsr(msr);
                Assert.That(bench.Call((ulong)call, 0x4004, Bench.Lpid, Bench.SparePage, Gpa, 0, 16), Is.EqualTo(UReturn.U_PERMISSION), $"{call} with MSR 0x{msr:x}");
                Assert.That(bench.S->Msr, Is.EqualTo(msr));
            }
        }
    }

    [Test]
    public void ActiveTransactionIsBadMode()
    {
        using Bench bench = new Bench().Running();
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);

        // This CPU has no transactions and SetMsr drops the bits, so the state of a CPU that has them is written past it.
        bench.S->Msr |= 1UL << 33;
        Assert.That(bench.Call((ulong)UltraCall.UV_PAGE_INVAL, Bench.HypervisorCode, Bench.Lpid, Gpa, 16), Is.EqualTo(UReturn.U_BAD_MODE));
    }

    [Test]
    public void RestrictedSprs()
    {
        using var bench = new Bench();
        foreach (int spr in new[] { SprNumber.DAWR0, SprNumber.DAWRX0, SprNumber.CIABR })
        {
            Assert.That(bench.HvCall(UltraCall.UV_RESTRICTED_SPR_WRITE, (ulong)spr, 0x1234), Is.Zero);
            Assert.That(bench.HvCall(UltraCall.UV_RESTRICTED_SPR_READ, (ulong)spr), Is.Zero);
            Assert.That(bench.S->Gpr[5], Is.EqualTo(0x1234));
        }

        Assert.That(bench.HvCall(UltraCall.UV_RESTRICTED_SPR_WRITE, (ulong)SprNumber.LDBAR, 1), Is.Zero);
        Assert.That(bench.HvCall(UltraCall.UV_RESTRICTED_SPR_READ, (ulong)SprNumber.LDBAR), Is.EqualTo(UReturn.U_PARAMETER));
        foreach (ulong spr in new ulong[] { SprNumber.PTCR, SprNumber.SMFCTRL, SprNumber.URMOR, 0x100000000 | SprNumber.CIABR, ulong.MaxValue })
            Assert.That(bench.HvCall(UltraCall.UV_RESTRICTED_SPR_WRITE, spr, 0), Is.EqualTo(UReturn.U_PARAMETER), $"SPR 0x{spr:x}");
    }

    // Calls with random arguments, from hypervisor and guest in turn: no crash, and no page of normal memory ever shows the secret.
    [Test]
    public void RandomCallsNeverCrashNorLeak([Range(1, 8)] int seed)
    {
        using Bench bench = new Bench().Running();
        byte[] secret = "RenodeUvmem secret marker 0123456789"u8.ToArray();
        for (ulong gpa = 0; gpa < Bench.GuestSize; gpa += Frame)
        {
            bench.Uv.Pages.EnsureSecure(bench.Svm, gpa, ref bench.FrameAt(gpa));
            secret.CopyTo(bench.Bytes(bench.FrameAt(gpa).Secure + 0x100, 64));
        }

        var random = new Random(seed);
        UltraCall[] calls = Enum.GetValues<UltraCall>();
        for (int round = 0; round < 1500; round++)
        {
            // The hypervisor may end the SVM; a new one has no secret.
            if (bench.Uv.FindSvm(Bench.Lpid) is null)
                return;
            UltraCall call = calls[random.Next(calls.Length)];
            if (call == UltraCall.UV_SVM_TERMINATE && random.Next(100) != 0)
                continue;
            bench.S->Spr[SprNumber.LPIDR] = Bench.Lpid;
            bool guest = random.Next(2) == 0;
            bench.Cpu.SetMsr(guest ? Msr.SF | Msr.S | Msr.ME : Msr.SF | Msr.HV | Msr.ME);
            ulong[] arguments = [.. Enumerable.Range(0, 5).Select(_ => Argument(random))];
            bench.Call((ulong)call, 0x4004, arguments);
            for (int step = 0; bench.InHypervisor && bench.S->Nia == 0xC00 && step < 50; step++)
            {
                if (bench.Uv.FindSvm(Bench.Lpid) is null)
                    return;
                if (random.Next(8) == 0)
                {
                    bench.TakeExit();
                    bench.ReturnSecure(random.Next(-80, 2));
                }
                else
                {
                    bench.ServeOne();
                }
            }

            if (round % 100 == 0)
                Assert.That(bench.NormalMemoryContains(secret), Is.False, $"round {round}");
        }

        Assert.That(bench.NormalMemoryContains(secret), Is.False);
    }

    private static ulong Argument(Random random) => random.Next(10) switch
    {
        0 => 0,
        1 => 1,
        2 => 16,
        3 => (ulong)random.NextInt64(),
        4 => ulong.MaxValue - (ulong)random.Next(0x20000),
        5 => Bench.SecureBase + ((ulong)random.Next(128) * Frame),
        6 => (ulong)random.Next(64),
        7 => Bench.GuestPages + ((ulong)random.Next(64) * Frame),
        _ => (ulong)random.Next(64) * Frame,
    };
}
