using NUnit.Framework;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Tests.Shared;

namespace RenodeUvmem.Platform.Tests;

/// <summary>The search for a secret in normal memory must find it wherever ranges of RAM end.</summary>
internal sealed class MemoryScanTests
{
    private const ulong SecureBase = 1UL << 48;
    private static readonly byte[] Pattern = [.. "a secret"u8];

    [TestCase(0UL)]
    [TestCase(0xFFFCUL)]
    [TestCase(0xFFFFCUL)]
    [TestCase(0x100000UL)]
    [TestCase(0x1FFFF8UL)]
    public void FoundWhereverItStands(ulong address)
    {
        using var memory = new PhysicalMemory();
        using var pieces = new SegmentedRam();
        pieces.Add(memory, 0, 0x200000, secure: false);
        memory.CopyIn(address, Pattern);
        Assert.That(MemoryScan.Find(memory, Pattern), Is.EqualTo(new[] { address }));
    }

    /// <summary>Most of the memory has never been used, and is not looked at; the pattern may begin or end in it.</summary>
    [TestCase(0UL)]
    [TestCase(0xFFFCUL)]
    [TestCase(0x7FFFFFFUL)]
    [TestCase(0xFFFFFF8UL)]
    public void FoundInMemoryThatIsHardlyUsed(ulong address)
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(0, 0x10000000, secure: false);
        byte[] pattern = [0, 0, 0, .. "see"u8, 0, 0];
        memory.CopyIn(address, pattern);
        Assert.That(MemoryScan.Find(memory, pattern), Is.EqualTo(new[] { address }));
        Assert.That(MemoryScan.Find(memory, pattern), Is.EqualTo(new[] { address }), "having been looked at");
    }

    [Test]
    public void ZerosAreFoundEverywhere()
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(0, 0x400000, secure: false);
        Assert.That(MemoryScan.Find(memory, new byte[8], limit: 3), Is.EqualTo(new[] { 0UL, 1UL, 2UL }));
    }

    [Test]
    public void NotWhereTheAddressesHaveAGap()
    {
        using var memory = new PhysicalMemory();
        using var pieces = new SegmentedRam();
        pieces.Add(memory, 0, 0x10000, secure: false).Add(memory, 0x20000, 0x10000, secure: false);
        memory.CopyIn(0xFFFC, Pattern.AsSpan(0, 4));
        memory.CopyIn(0x20000, Pattern.AsSpan(4));
        Assert.That(MemoryScan.Find(memory, Pattern), Is.Empty);
    }

    [Test]
    public void NotInSecureMemory()
    {
        using var memory = new PhysicalMemory();
        using var pieces = new SegmentedRam();
        pieces.Add(memory, 0, 0x20000, secure: false).Add(memory, SecureBase, 0x20000, secure: true);
        memory.CopyIn(SecureBase + 0xFFFC, Pattern);
        Assert.That(MemoryScan.Find(memory, Pattern), Is.Empty);
    }

    [Test]
    public void AtMostSoMany()
    {
        using var memory = new PhysicalMemory();
        memory.AddRam(0, 0x400000, secure: false);
        for (ulong address = 0; address < 0x400000; address += 0x40000)
            memory.CopyIn(address, Pattern);
        Assert.That(MemoryScan.Find(memory, Pattern, limit: 5), Is.EqualTo(new[] { 0UL, 0x40000UL, 0x80000UL, 0xC0000UL, 0x100000UL }));
    }
}
