using NUnit.Framework;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Tests.Xive;

/// <summary>Identifiers and blocks of virtual processors, as skiboot's xive_decode_vp and xive_alloc_vps define them for one chip.</summary>
internal sealed class VirtualProcessorsTests
{
    private readonly VirtualProcessors all = new();

    [SetUp]
    public void MakeThreads()
    {
        all.Reset();
        if (!all.All.Any())
        {
            all.AddThread(0);
            all.AddThread(4);
        }
    }

    [TestCase(0UL, 0x80u)]
    [TestCase(4UL, 0x84u)]
    public void ThreadIsItsPir(ulong identifier, uint index)
    {
        Assert.That(all.TryDecode(identifier, out VirtualProcessor? found), Is.True);
        Assert.That(found!.Index, Is.EqualTo(index));
        Assert.That(all.Encode(index), Is.EqualTo(identifier));
    }

    [TestCase(1UL, TestName = "no such thread")]
    [TestCase(0x80000000UL, TestName = "group")]
    [TestCase(0x40000080UL, TestName = "order 0")]
    [TestCase(0x45000080UL, TestName = "a thread's number")]
    [TestCase(0x45FFFFFFUL, TestName = "beyond all")]
    [TestCase(0xFFFFFFFFUL, TestName = "XIVE_INVALID_VP")]
    public void OthersAreUnknown(ulong identifier) => Assert.That(all.TryDecode(identifier, out _), Is.False);

    [Test]
    public void BlockLiesAtMultipleOfItsSizeAndIsMarkedVirtual([Values(1, 3, 5, 11)] int order)
    {
        Assert.That(all.TryAllocate((uint)order, out uint first), Is.True);
        Assert.That(first >> 24, Is.EqualTo(0x40u | (uint)order));
        Assert.That(first & 0xFFFFFF & ((1u << order) - 1), Is.Zero);
        Assert.That(all.TryDecode(first + (1u << order) - 1, out VirtualProcessor? last), Is.True);
        Assert.That(last!.IsEnabled, Is.False);
        Assert.That(all.Encode(last.Index), Is.EqualTo(first + (1u << order) - 1));
    }

    [Test]
    public void BlocksDoNotOverlapEachOtherOrTheThreads()
    {
        var taken = new HashSet<uint>(Enumerable.Range(0x80, 0x80).Select(n => (uint)n));
        for (uint order = 1; order < 9; order++)
        {
            Assert.That(all.TryAllocate(order, out uint first), Is.True);
            foreach (VirtualProcessor one in all.Block(first)!)
                Assert.That(taken.Add(one.Index), Is.True, $"0x{one.Index:x}");
        }
    }

    [Test]
    public void AllIsTakenAndFreed()
    {
        var blocks = new List<uint>();
        while (all.TryAllocate(13, out uint first))
            blocks.Add(first);
        Assert.That(blocks, Has.Count.EqualTo((1 << (17 - 13)) - 1), "all but the one with number 0 and the threads");
        all.Free(blocks[3]);
        Assert.That(all.TryDecode(blocks[3], out _), Is.False);
        Assert.That(all.TryAllocate(13, out uint again), Is.True);
        Assert.That(again, Is.EqualTo(blocks[3]));
    }

    [TestCase(17u)]
    [TestCase(31u)]
    [TestCase(uint.MaxValue)]
    public void TooManyAreRefused(uint order) => Assert.That(all.TryAllocate(order, out _), Is.False);
}
