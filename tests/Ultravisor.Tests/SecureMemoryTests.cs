using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Tests.Support;

namespace RenodeUvmem.Ultravisor.Tests;

/// <summary>Secure memory: who may see it, how it is handed out, and its page tables.</summary>
public unsafe class SecureMemoryTests
{
    // ld r3,0(r4) and std r3,0(r4) of the hypervisor; a branch to a secure address.
    [TestCase(0xE8640000u, AccessKind.Load)]
    [TestCase(0xF8640000u, AccessKind.Store)]
    [TestCase(0x4E800020u, AccessKind.Fetch)]
    public void HypervisorGetsAMachineCheckAndTheViolationIsCounted(uint word, AccessKind kind)
    {
        const ulong Target = Bench.SecureBase + 0x20000;
        using Bench bench = new Bench().Running();
        bench.Bytes(Target, 8).Fill(0x5A);
        BinaryPrimitives.WriteUInt32LittleEndian(bench.Bytes(Bench.HypervisorCode, 4), word);
        bench.S->Gpr[3] = 0;
        bench.S->Gpr[4] = Target;
        bench.S->Spr[SprNumber.LR] = Target;
        bench.S->Nia = Bench.HypervisorCode;
        bench.Cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME | Msr.LE);
        bench.Log.Clear();
        bench.Cpu.Execute(kind == AccessKind.Fetch ? 2 : 1);
        Assert.Multiple(() =>
        {
            Assert.That(bench.S->Nia & ~0xFFUL, Is.EqualTo(0x200));
            Assert.That(bench.S->Msr & (Msr.HV | Msr.S), Is.EqualTo(Msr.HV));
            Assert.That(bench.S->Gpr[3], Is.Zero);
            Assert.That(bench.Bytes(Target, 8).ToArray(), Is.All.EqualTo(0x5A));
            Assert.That(bench.Uv.Controller.CpuViolations, Is.GreaterThanOrEqualTo(1));
            UvEvent happened = bench.Log.Events.First(e => e.Kind == UvEventKind.Violation);
            Assert.That(happened.Args[0], Is.EqualTo(Target));
            Assert.That(happened.Text, Is.EqualTo(kind.ToString()));
        });
    }

    // A hypervisor that points a normal guest's tree at secure memory gets nothing out of it.
    [Test]
    public void WalkOfANormalGuestIsRefused()
    {
        using Bench bench = new Bench().Running();
        bench.HvCall(UltraCall.UV_WRITE_PATE, 2, bench.Svm.Tree.Pate0, 0);
        bench.S->Spr[SprNumber.LPIDR] = 2;
        bench.Cpu.SetMsr(Msr.SF | Msr.ME);
        bench.Cpu.Translate(0x1000, AccessKind.Load, out Translation translation);
        Assert.That(translation.Fault, Is.EqualTo(TranslationFault.MachineCheckInWalk));
        Assert.That(bench.Uv.Controller.WalkViolations, Is.EqualTo(1));
    }

    // The other way: the hypervisor runs a normal guest with the SVM's LPID.
    [Test]
    public void NormalStateWithTheSvmsPartitionIsRefused()
    {
        using Bench bench = new Bench().Running();
        bench.Uv.Pages.EnsureSecure(bench.Svm, 0, ref bench.FrameAt(0));
        bench.S->Spr[SprNumber.LPIDR] = Bench.Lpid;
        bench.Cpu.SetMsr(Msr.SF | Msr.ME);
        bench.Cpu.Translate(0x1000, AccessKind.Load, out Translation translation);
        Assert.That(translation.Fault, Is.Not.EqualTo(TranslationFault.None));
    }

    [TestCase(Bench.SecureBase, 1UL, false)]
    [TestCase(Bench.SecureBase - 4, 8UL, false)]
    [TestCase(Bench.SecureBase + (8 << 20), 8UL, true)]
    [TestCase(0x1000UL, 0x1000UL, true)]
    [TestCase(0x1000UL, ulong.MaxValue, false, TestName = "DMA: wraps around secure memory")]
    [TestCase(ulong.MaxValue, 0x10000UL, false, TestName = "DMA: wraps from the last byte")]
    [TestCase(ulong.MaxValue, 1UL, true, TestName = "DMA: the last byte")]
    [TestCase(Bench.SecureBase, 0UL, true, TestName = "DMA: nothing")]
    public void Dma(ulong real, ulong length, bool allowed)
    {
        using var bench = new Bench();
        Assert.That(bench.Uv.Controller.AllowDma(real, length, write: true), Is.EqualTo(allowed));
        Assert.That(bench.Uv.Controller.DmaViolations, Is.EqualTo(allowed ? 0 : 1));
    }

    [Test]
    public void StopPolicy()
    {
        using var bench = new Bench(new UltravisorOptions { Policy = ViolationPolicy.Stop });
        Assert.That(bench.Uv.Controller.Violation(new SecureViolation(0, Bench.SecureBase, 0, 0, AccessKind.Load, false)), Is.False);
        bench.Uv.Controller.Policy = ViolationPolicy.MachineCheck;
        Assert.That(bench.Uv.Controller.Violation(new SecureViolation(0, Bench.SecureBase, 0, 0, AccessKind.Load, false)), Is.True);
    }

    [Test]
    public void FreedMemoryIsHandedOutZeroed()
    {
        using Heap heap = NewHeap(1 << 20);
        ulong frame = heap.Value.Allocate(SecureHeap.FrameSize);
        new Span<byte>(heap.Value.Pointer(frame, SecureHeap.FrameSize), (int)SecureHeap.FrameSize).Fill(0x77);
        heap.Value.Free(frame, SecureHeap.FrameSize);
        ulong again = heap.Value.Allocate(SecureHeap.FrameSize);
        Assert.That(again, Is.EqualTo(frame));
        Assert.That(new Span<byte>(heap.Value.Pointer(again, SecureHeap.FrameSize), (int)SecureHeap.FrameSize).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void BlocksAreAlignedAndDisjoint()
    {
        using Heap heap = NewHeap(1 << 20);
        var seen = new HashSet<ulong>();
        foreach (ulong size in new ulong[] { 32, 256, 4096, 32, 0x10000, 256, 32, 4096 })
        {
            ulong real = heap.Value.Allocate(size);
            Assert.That(real % size, Is.Zero);
            for (ulong at = real; at < real + size; at += 32)
                Assert.That(seen.Add(at), Is.True, $"0x{at:x} is handed out twice");
        }

        Assert.That(heap.Value.Unallocated, Is.EqualTo((1UL << 20) - (ulong)seen.Count * 32));
    }

    [Test]
    public void FullHeapAnswersZero()
    {
        using Heap heap = NewHeap(0x20000);
        Assert.That(heap.Value.Allocate(SecureHeap.FrameSize), Is.Not.Zero);
        Assert.That(heap.Value.Allocate(SecureHeap.FrameSize), Is.Not.Zero);
        Assert.That(heap.Value.Allocate(SecureHeap.FrameSize), Is.Zero);
        Assert.That(heap.Value.Allocate(32), Is.Zero);
        Assert.That(heap.Value.Unallocated, Is.Zero);
    }

    [Test]
    public void PromisesAreKept()
    {
        using Heap heap = NewHeap(4 << 20);
        Assert.That(heap.Value.Charge(5 << 20), Is.False);
        Assert.That(heap.Value.Charge(2 << 20), Is.True);
        Assert.That(heap.Value.Charge(3 << 20), Is.False);
        Assert.That(heap.Value.Charge(ulong.MaxValue), Is.False);
    }

    // Page tables and seals must not eat what was promised to guests.
    [Test]
    public void APromisedSlotCanBeFilledAndPagedOut()
    {
        using var bench = new Bench(secureSize: (4 << 20) + (4 * 0x10000));
        bench.GoSecure();
        Assert.That(bench.Svm.State, Is.EqualTo(Svms.SvmState.Secure));
        for (ulong gpa = 0; gpa < Bench.GuestSize - (6 * Bench.Frame); gpa += Bench.Frame)
        {
            bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.PageOf(gpa), gpa, 0, 16);
            Assert.That(bench.HvCall(UltraCall.UV_PAGE_IN, Bench.Lpid, Bench.PageOf(gpa), gpa, 0, 16), Is.Zero, $"0x{gpa:x}");
        }
    }

    [Test]
    public void TwoSecureRangesAreOnePool()
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(1UL << 48, 0x20000, secure: true);
        memory.AddRam((1UL << 48) + (1UL << 44), 0x20000, secure: true);
        memory.AddRam(0, 0x20000, secure: false);
        var controller = new SecureMemoryController(memory);
        var heap = new SecureHeap(controller);
        ulong[] frames = [.. Enumerable.Range(0, 5).Select(_ => heap.Allocate(SecureHeap.FrameSize))];
        Assert.That(frames, Is.EqualTo(new[] { 1UL << 48, (1UL << 48) + 0x10000, (1UL << 48) + (1UL << 44), (1UL << 48) + (1UL << 44) + 0x10000, 0UL }));
    }

    // Guest real addresses over all index levels, found by the CPU's own walker.
    [TestCase(0UL)]
    [TestCase(0x1F0000UL)]
    [TestCase(0x200000UL)]
    [TestCase(0x3FFF0000UL)]
    [TestCase(0x40000000UL)]
    [TestCase(0x7FFFFF0000UL)]
    [TestCase(0x8000000000UL)]
    [TestCase(0xFFFFFFFFF0000UL)]
    public void TreeMapsAndUnmaps(ulong gpa)
    {
        using Bench bench = new Bench().Running();
        ulong page = bench.Uv.Heap.Allocate(SecureHeap.FrameSize);
        bench.Bytes(page, 4)[0] = 0x5A;
        Assert.That(bench.GuestBytes(gpa, 1).IsEmpty, Is.True);
        Assert.That(bench.Svm.Tree.Map(gpa, page), Is.True);
        Assert.That(bench.Svm.Tree.Mapped(gpa), Is.EqualTo(page));
        Assert.That(bench.GuestBytes(gpa, 1)[0], Is.EqualTo(0x5A));
        Assert.That(bench.Svm.Tree.Unmap(gpa), Is.True);
        Assert.That(bench.Svm.Tree.Unmap(gpa), Is.False);
        bench.Uv.FlushTranslations(Bench.Lpid);
        Assert.That(bench.GuestBytes(gpa, 1).IsEmpty, Is.True);
    }

    [Test]
    public void TreeRefusesAddressesBeyondItsReach()
    {
        using Bench bench = new Bench().Running();
        Assert.That(bench.Svm.Tree.Map(1UL << 52, Bench.SecureBase), Is.False);
        Assert.That(bench.Svm.Tree.Map(ulong.MaxValue, Bench.SecureBase), Is.False);
    }

    [Test]
    public void PartitionTableRegister()
    {
        using var bench = new Bench();
        Assert.That(bench.S->Spr[SprNumber.PTCR], Is.EqualTo(bench.Uv.PartitionTable.Base | 4));
        Assert.That(bench.S->Spr[SprNumber.SMFCTRL], Is.EqualTo(0x8000000000000002));
        bench.HvCall(UltraCall.UV_WRITE_PATE, 3, 0x1122334455667788, 0x99);
        Assert.That(bench.Bytes(bench.Uv.PartitionTable.Base + 48, 16).ToArray(), Is.EqualTo(Convert.FromHexString("11223344556677880000000000000099")));
    }

    [Test]
    public void TwoRunsAreEqual()
    {
        static string Run()
        {
            using Bench bench = new Bench().GoSecure();
            bench.GuestCall(UltraCall.UV_SHARE_PAGE, 8, 4);
            bench.HvCall(UltraCall.UV_PAGE_OUT, Bench.Lpid, Bench.SparePage, 20 * Bench.Frame, 0, 16);
            return string.Join('\n', bench.Log.Events.Select(e => EventText.Format(e)))
                + Convert.ToHexString(bench.Bytes(Bench.SparePage, 64));
        }

        Assert.That(Run(), Is.EqualTo(Run()));
    }

    private static Heap NewHeap(ulong size)
    {
        var memory = new PhysicalMemory();
        memory.AddRam(1UL << 48, size, secure: true);
        return new Heap(memory, new SecureHeap(new SecureMemoryController(memory)));
    }

    private sealed record Heap(PhysicalMemory Memory, SecureHeap Value) : IDisposable
    {
        public void Dispose() => Memory.Dispose();
    }
}
