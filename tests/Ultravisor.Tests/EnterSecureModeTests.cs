using NUnit.Framework;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>UV_ESM from call to secure guest, and its failures.</summary>
public unsafe class EnterSecureModeTests
{
    private const ulong Frame = Bench.Frame;

    [Test]
    public void CallsComeInTheOrderOfTheFirmware()
    {
        using Bench bench = new Bench().GoSecure();
        List<string> calls = bench.Log.Calls;
        Assert.Multiple(() =>
        {
            Assert.That(calls[0], Is.EqualTo("uv calls H_SVM_INIT_START()"));
            Assert.That(calls[1], Is.EqualTo("UV_REGISTER_MEM_SLOT(gpa=0x0, size=0x400000, flags=0, slot=0) -> 0"));
            Assert.That(calls[2], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x20000, flags=0, order=16)"), "frame of the device tree");
            Assert.That(calls[3], Is.EqualTo("UV_PAGE_IN(ra=0x120000, gpa=0x20000, flags=0, order=16) -> 0"));
            Assert.That(calls[4], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x3f0000, flags=1, order=16)"), "RTAS pages from the top down");
            Assert.That(calls[14], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x3a0000, flags=1, order=16)"));
            Assert.That(calls[16], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x0, flags=0, order=16)"), "then all other frames");
            Assert.That(calls[^14], Is.EqualTo("uv calls H_SVM_INIT_DONE()"));
            Assert.That(calls[^13], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x3f0000, flags=1, order=16)"), "not the firmware's order: RTAS pages once more");
            Assert.That(calls[^3], Is.EqualTo("uv calls H_SVM_PAGE_IN(gpa=0x3a0000, flags=1, order=16)"));
            Assert.That(calls[^1], Is.EqualTo("UV_ESM(kbase=0x40000, fdt=0x21000) -> 0"));
            Assert.That(calls.Count(call => call.StartsWith("uv calls H_SVM_PAGE_IN", StringComparison.Ordinal)), Is.EqualTo(70), "each frame once, RTAS pages twice");
        });
    }

    [Test]
    public void GuestGoesOnAtTheKernelBase()
    {
        using var bench = new Bench();
        bench.StartGuest();
        bench.S->Gpr[14] = 0x1414;
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.Serve();
        Assert.Multiple(() =>
        {
            Assert.That(bench.S->Nia, Is.EqualTo(Bench.KernelBase));
            Assert.That(bench.S->Msr, Is.EqualTo(Msr.SF | Msr.S | Msr.ME | Msr.LE));
            Assert.That(bench.S->Gpr[3], Is.EqualTo(Bench.TreeAddress));
            Assert.That(bench.S->Gpr[4], Is.EqualTo(Bench.KernelBase));
            Assert.That(bench.S->Gpr[5], Is.Zero);
            Assert.That(bench.S->Gpr[14], Is.EqualTo(0x1414));
            Assert.That(bench.Svm.State, Is.EqualTo(SvmState.Secure));
        });
    }

    [Test]
    public void ContentMovesToSecureMemoryAndTheWalkerFindsIt()
    {
        using var bench = new Bench();
        for (ulong gpa = 0; gpa < Bench.GuestSize; gpa += Frame)
            bench.Bytes(Bench.PageOf(gpa), Frame).Fill((byte)(1 + (gpa / Frame)));
        bench.GoSecure();
        for (ulong gpa = 0; gpa < Bench.GuestSize - (6 * Frame); gpa += Frame)
        {
            if (gpa == (Bench.TreeAddress & ~(Frame - 1)))
                continue;
            Assert.That(bench.GuestBytes(gpa + 0x8000, 16).ToArray(), Is.All.EqualTo((byte)(1 + (gpa / Frame))), $"0x{gpa:x}");
            Assert.That(bench.FrameAt(gpa).Secure >> 48, Is.EqualTo(1));
        }
    }

    [Test]
    public void PartitionTableEntryBecomesTheUltravisors()
    {
        using var bench = new Bench();
        bench.HvCall(UltraCall.UV_WRITE_PATE, Bench.Lpid, 0x8000000000123000, 0x456000);
        Assert.That(bench.Uv.PartitionTable[Bench.Lpid], Is.EqualTo((0x8000000000123000, 0x456000)));
        bench.GoSecure();
        (ulong dw0, ulong dw1) = bench.Uv.PartitionTable[Bench.Lpid];

        // HR, RTS of 52 bits: 0x2 << 61 | 0x5 << 5, root in secure memory, 13 bits.
        Assert.That(dw0 & ~0x000FFFFFFFFFFF00UL, Is.EqualTo(0xC0000000000000ADUL));
        Assert.That(bench.Memory.FindRam(dw0 & RadixFormat.RootBase)?.Secure, Is.True);
        Assert.That(dw1, Is.EqualTo(0x456000));

        bench.HvCall(UltraCall.UV_WRITE_PATE, Bench.Lpid, 0x8000000000999000, 0x789000);
        Assert.That(bench.Uv.PartitionTable[Bench.Lpid], Is.EqualTo((dw0, 0x789000)), "doubleword 0 of an SVM is kept");
    }

    [Test]
    public void TreeReservesTheRtasPages()
    {
        using var bench = new Bench();
        FdtTree before = bench.WriteTree();
        bench.GoSecure();
        FdtTree after = FdtReader.Read(bench.GuestBytes(Bench.TreeAddress, 0x2000));
        Assert.That(after.Reservations.Take(before.Reservations.Count), Is.EqualTo(before.Reservations));
        Assert.That(after.Reservations.Skip(before.Reservations.Count).Select(r => r.Address), Is.EqualTo(new ulong[] { 0x3F0000, 0x3E0000, 0x3D0000, 0x3C0000, 0x3B0000, 0x3A0000 }));
        Assert.That(after.Root.FindNode("chosen")?.Get("bootargs").AsText(), Is.EqualTo("svm=on"));
        Assert.That(bench.Svm.CountByState()[(int)PageState.SHARED_IMPLICIT], Is.EqualTo(6));
    }

    /// <summary>Linux, arch/powerpc/kexec/ranges.c, add_reserved_mem_ranges: where a kernel started by kexec may lie, only this property says.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void TreeKeepsKexecOffTheRtasPages(bool hadSome)
    {
        ulong[] old = hadSome ? [0x10000, 0x20000] : [];
        using var bench = new Bench();
        bench.StartGuest();
        bench.WriteTree(tree => _ = hadSome ? tree.Root.SetTwoCells("reserved-ranges", old) : tree.Root);
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.Serve();
        FdtTree after = FdtReader.Read(bench.GuestBytes(Bench.TreeAddress, 0x2000));
        ulong[] pages = [0x3F0000, 0x3E0000, 0x3D0000, 0x3C0000, 0x3B0000, 0x3A0000];
        byte[] expected = new FdtNode("").SetTwoCells("x", [.. old, .. pages.SelectMany(page => new[] { page, Frame })]).Get("x").Value;
        Assert.That(after.Root.Get("reserved-ranges").Value, Is.EqualTo(expected));
    }

    [Test]
    public void ReservedPagesAreAvoided()
    {
        using var bench = new Bench();
        bench.StartGuest();
        bench.WriteTree(tree => tree.Reservations.Add(new FdtReservation(0x3E1000, 0x100)));
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.Serve();
        Assert.That(bench.FrameAt(0x3E0000).State, Is.EqualTo(PageState.SECURE));
        Assert.That(bench.FrameAt(0x390000).State, Is.EqualTo(PageState.SHARED_IMPLICIT));
    }

    [Test]
    public void HolesAreZero()
    {
        using var bench = new Bench();
        bench.Bytes(Bench.PageOf(9 * Frame), Frame).Fill(0xEE);
        bench.Holes.Add(9 * Frame);
        bench.GoSecure();

        // The frame is allocated at the first touch: an HDSI that the hypervisor never sees.
        Assert.That(bench.GuestBytes(9 * Frame, 16).IsEmpty, Is.True);
        bench.EnterGuest();
        bench.S->Spr[SprNumber.ASDR] = 9 * Frame;
        bench.Cpu.Deliver(RenodeUvmem.Power9.Interrupts.Vector.HypervisorDataStorage, 0x4000, 0);
        Assert.That(bench.S->Nia, Is.EqualTo(0x4000), "the access is repeated");
        Assert.That(bench.GuestBytes(9 * Frame, (int)Frame).ToArray(), Is.All.Zero);
    }

    [TestCase(0UL, Bench.TreeAddress, UReturn.U_P2)]
    [TestCase(Bench.KernelBase, 0UL, UReturn.U_P3)]
    public void MissingArgumentsAreRefused(ulong kernelBase, ulong tree, long code)
    {
        using var bench = new Bench();
        bench.StartGuest();
        Assert.That(bench.Call((ulong)UltraCall.UV_ESM, 0x5000, kernelBase, tree), Is.EqualTo(code));
        Assert.That(bench.S->Nia, Is.EqualTo(0x5000));
        Assert.That(bench.S->Msr & Msr.S, Is.Zero);
    }

    [Test]
    public void HypervisorAndUserProgramsMayNot()
    {
        using var bench = new Bench();
        Assert.That(bench.HvCall(UltraCall.UV_ESM, 1, 1), Is.EqualTo(UReturn.U_PERMISSION));
        bench.StartGuest();
        bench.Cpu.SetMsr(Msr.SF | Msr.ME | Msr.PR);
        Assert.That(bench.Call((ulong)UltraCall.UV_ESM, 0x5000, 1, 1), Is.EqualTo(UReturn.U_PERMISSION));
        bench.Cpu.SetMsr(Msr.SF | Msr.ME);
        bench.S->Spr[SprNumber.LPIDR] = 0;
        Assert.That(bench.Call((ulong)UltraCall.UV_ESM, 0x5000, 1, 1), Is.EqualTo(UReturn.U_PERMISSION), "partition 0 is the hypervisor's");
    }

    [Test]
    public void SecondCallIsToRetry()
    {
        using Bench bench = new Bench().GoSecure();
        bench.EnterGuest();
        Assert.That(bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress), Is.EqualTo(UReturn.U_RETRY));
    }

    // Rows A3 and the like: whatever the hypervisor refuses, the guest comes back as a normal one with H_PARAMETER in R3.
    [TestCase(HCall.H_SVM_INIT_START, UReturn.U_AUTHORITY, 1)]
    [TestCase(HCall.H_SVM_PAGE_IN, UReturn.U_PARAMETER, 1)]
    [TestCase(HCall.H_SVM_PAGE_IN, UReturn.U_PARAMETER, 3)]
    [TestCase(HCall.H_SVM_PAGE_IN, UReturn.U_PARAMETER, 40)]
    [TestCase(HCall.H_SVM_INIT_DONE, UReturn.U_STATE, 1)]
    public void RefusalAborts(HCall refused, long code, int nth)
    {
        using var bench = new Bench();
        for (ulong gpa = 0; gpa < Bench.GuestSize; gpa += Frame)
            bench.Bytes(Bench.PageOf(gpa), Frame).Fill((byte)(1 + (gpa / Frame)));
        int seen = 0;
        bench.Hook = (call, _) => call == refused && ++seen == nth ? code : null;
        bench.StartGuest();
        bench.S->Gpr[20] = 0x2020;
        bench.S->Gpr[31] = 0x3131;
        bench.S->CrWord = 0x12345678;
        bench.S->Spr[SprNumber.SPRG3] = 0x9999;
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
        bench.Serve();
        Assert.Multiple(() =>
        {
            Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
            Assert.That(bench.S->Nia, Is.EqualTo(0x5000), "after sc 2");
            Assert.That(bench.S->Msr, Is.EqualTo(Msr.SF | Msr.ME | Msr.LE), "normal guest");
            Assert.That(bench.S->Gpr[20], Is.EqualTo(0x2020));
            Assert.That(bench.S->Gpr[31], Is.EqualTo(0x3131));
            Assert.That(bench.S->CrWord, Is.EqualTo(0x12345678));
            Assert.That(bench.S->Spr[SprNumber.SPRG3], Is.EqualTo(0x9999));
            Assert.That(bench.Uv.FindSvm(Bench.Lpid), Is.Null);
            Assert.That(bench.Log.Calls[^1], Is.EqualTo("UV_SVM_TERMINATE() -> 0"));
            Assert.That(bench.Log.Calls.Any(call => call.StartsWith("UV_ESM", StringComparison.Ordinal) && call.EndsWith("-4 (U_PARAMETER)", StringComparison.Ordinal)), Is.True);
        });
    }

    // The firmware answers UV_PAGE_OUT in this state without writing the page; the model gives the content back.
    [Test]
    public void AbortGivesContentBack()
    {
        using var bench = new Bench();
        for (ulong gpa = 0; gpa < Bench.GuestSize; gpa += Frame)
            bench.Bytes(Bench.PageOf(gpa), Frame).Fill((byte)(1 + (gpa / Frame)));
        bench.Hook = (call, _) =>
        {
            if (call == HCall.H_SVM_INIT_ABORT)
            {
                // The hypervisor takes fresh pages with whatever was in them.
                foreach (ulong gpa in bench.Device)
                    bench.Bytes(Bench.PageOf(gpa), Frame).Fill(0xDD);
            }

            return call == HCall.H_SVM_INIT_DONE ? UReturn.U_STATE : null;
        };
        bench.GoSecure();
        for (ulong gpa = 0x100000; gpa < 0x3A0000; gpa += Frame)
            Assert.That(bench.Bytes(Bench.PageOf(gpa), Frame).ToArray(), Is.All.EqualTo((byte)(1 + (gpa / Frame))), $"0x{gpa:x}");
    }

    [Test]
    public void AfterAbortSecureMemoryIsFreeAndAnotherTrySucceeds()
    {
        using var bench = new Bench();
        ulong before = bench.Uv.Heap.Unallocated;
        bench.Hook = (call, _) => call == HCall.H_SVM_INIT_DONE ? UReturn.U_STATE : null;
        bench.GoSecure();
        Assert.That(bench.Uv.Heap.Unallocated, Is.EqualTo(before));
        Assert.That(bench.Uv.Heap.Promised, Is.Zero);
        bench.Hook = null;
        bench.GoSecure();
        Assert.That(bench.Svm.State, Is.EqualTo(SvmState.Secure));
    }

    [TestCase(0x3FFFF0UL, TestName = "Tree at the end of memory")]
    [TestCase(0x9000000UL, TestName = "Tree outside of memory")]
    [TestCase(0x10000UL, TestName = "No tree")]
    [TestCase(ulong.MaxValue - 3, TestName = "Tree at the end of the address space")]
    public void HostileTreeAddressAborts(ulong address)
    {
        using var bench = new Bench();
        bench.StartGuest();
        bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, address);
        bench.Serve();
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
        Assert.That(bench.S->Msr & Msr.S, Is.Zero);
    }

    [Test]
    public void DamagedTreesAbortOrPass([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 30; round++)
        {
            using var bench = new Bench();
            bench.StartGuest();
            Span<byte> tree = bench.Bytes(Bench.PageOf(Bench.TreeAddress), 0x400);
            for (int n = 0; n < 4; n++)
                tree[random.Next(0x300)] = (byte)random.Next(256);
            bench.Call((ulong)UltraCall.UV_ESM, 0x5000, Bench.KernelBase, Bench.TreeAddress);
            bench.Serve();
            bool secure = (bench.S->Msr & Msr.S) != 0;
            Assert.That(secure ? bench.S->Nia : bench.S->Gpr[3], Is.EqualTo(secure ? Bench.KernelBase : unchecked((ulong)UReturn.U_PARAMETER)));
        }
    }

    [Test]
    public void SmallSecureMemoryRefusesTheSlot()
    {
        using var bench = new Bench(secureSize: 2 << 20);
        bench.GoSecure();
        Assert.That(bench.Log.Calls, Has.Some.EqualTo("UV_REGISTER_MEM_SLOT(gpa=0x0, size=0x400000, flags=0, slot=0) -> -4 (U_PARAMETER)"));
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER));
    }

    // Row P13 as seen from the ultravisor.
    [Test]
    public void OvercommittedSecureMemoryFailsAtPageIn()
    {
        using var bench = new Bench(new UltravisorOptions { Overcommit = true }, secureSize: 2 << 20);
        bench.GoSecure();
        Assert.That(bench.Log.Calls, Has.Some.Contains("UV_PAGE_IN").And.Some.EndsWith("-> -5 (U_RETRY)"));
        Assert.That((long)bench.S->Gpr[3], Is.EqualTo(UReturn.U_PARAMETER), "aborted");
    }

    [Test]
    public void LifeCycleIsTold()
    {
        using Bench bench = new Bench().GoSecure();
        bench.HvCall(UltraCall.UV_SVM_TERMINATE, Bench.Lpid);
        Assert.That(
            bench.Log.Events.Where(e => e.Kind == UvEventKind.LifeCycle).Select(e => e.Text),
            Is.EqualTo("SVM starting,SVM secure,SVM terminated".Split(',')));
        Assert.That(bench.Uv.PartitionTable[Bench.Lpid], Is.EqualTo((0UL, 0UL)));
    }
}
