using System.Buffers.Binary;
using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Tests.Shared;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.Memory;

/// <summary>RAM of many ranges, as hosts with segmented memory give it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed unsafe class PhysicalMemoryTests : IDisposable
{
    private const ulong Unit = PhysicalMemory.Unit;
    private const ulong SecureBase = 1UL << 48;

    private readonly PhysicalMemory memory = new();
    private readonly SegmentedRam ram = new();

    [TearDown]
    public void NothingWroteBeyondARange() => Assert.That(ram.GapsAreWhole(), Is.True);

    public void Dispose()
    {
        memory.Dispose();
        ram.Dispose();
    }

    [Test]
    public void EveryAddressFindsItsRange()
    {
        // Far more ranges than are remembered, so that they displace each other.
        const ulong Count = 3000;
        ram.Add(memory, 4 * Unit, Count * Unit, secure: false).Add(memory, SecureBase, Count * Unit, secure: true);
        for (int round = 0; round < 2; round++)
        {
            for (ulong n = 0; n < Count; n++)
            {
                ulong normal = (4 + n) * Unit;
                Assert.That(memory.FindRam(normal)!.Base, Is.EqualTo(normal));
                Assert.That(memory.FindRam(normal + Unit - 1)!.Base, Is.EqualTo(normal));
                Assert.That(memory.FindRam(SecureBase + (n * Unit) + 5)!.Base, Is.EqualTo(SecureBase + (n * Unit)));
            }
        }

        Assert.That(memory.FindRam((4 * Unit) - 1), Is.Null);
        Assert.That(memory.FindRam((4 + Count) * Unit), Is.Null);
        Assert.That(memory.FindRam(SecureBase - 1), Is.Null);
        Assert.That(memory.FindRam(SecureBase + (Count * Unit)), Is.Null);
        Assert.That(memory.FindRam(ulong.MaxValue), Is.Null);
    }

    [Test]
    public void RangesOfAnySizeInAnyOrder()
    {
        memory.AddRam(0x500000, 0x20000, secure: false);
        memory.AddRam(0x100000, 0x100000, secure: false);
        memory.AddRam(0x200000, 0x10000, secure: false);
        Assert.That((memory.Ranges[0].Base, memory.Ranges[1].Base, memory.Ranges[2].Base), Is.EqualTo((0x100000UL, 0x200000UL, 0x500000UL)));
        Assert.That(memory.FindRam(0x1FFFFF)!.Base, Is.EqualTo(0x100000));
        Assert.That(memory.FindRam(0x20FFFF)!.Base, Is.EqualTo(0x200000));
        Assert.That(memory.FindRam(0x210000), Is.Null);
    }

    [TestCase(0x100000UL, 0x10000UL)]
    [TestCase(0xF0000UL, 0x20000UL)]
    [TestCase(0x1F0000UL, 0x20000UL)]
    [TestCase(0x0UL, 0x1000000UL)]
    [TestCase(0x180000UL, 0x10000UL)]
    public void OverlapIsRefused(ulong address, ulong size)
    {
        memory.AddRam(0x100000, 0x100000, secure: false);
        Assert.That(() => memory.AddRam(address, size, secure: false), Throws.ArgumentException);
        Assert.That(memory.Ranges, Has.Count.EqualTo(1));
    }

    [TestCase(0x8000UL, 0x10000UL)]
    [TestCase(0x10000UL, 0x8000UL)]
    [TestCase(0x10000UL, 0UL)]
    [TestCase(0xFFFFFFFFFFFF0000UL, 0x20000UL)]
    public void SizesThatAreNoneAreRefused(ulong address, ulong size) =>
        Assert.That(() => memory.AddHostRam(address, size, secure: false, (byte*)null), Throws.ArgumentException);

    [Test]
    public void CopiesGoOverBorders()
    {
        ram.Add(memory, 0, 4 * Unit, secure: false);
        byte[] bytes = [.. Enumerable.Range(0, (2 * (int)Unit) + 20).Select(n => (byte)(n * 7))];
        Assert.That(memory.CopyIn(Unit - 10, bytes), Is.True);
        byte[] back = new byte[bytes.Length];
        Assert.That(memory.CopyOut(Unit - 10, back), Is.True);
        Assert.That(back, Is.EqualTo(bytes));
        Assert.That((*memory.Pointer(Unit - 1, 1), *memory.Pointer(Unit, 1)), Is.EqualTo((bytes[9], bytes[10])));
    }

    [TestCase(-8, 16)]
    [TestCase(-8, 3 * 0x10000)]
    [TestCase(-0x10000 - 8, 0x10000 + 9)]
    public void AHoleRefusesTheWholeCopy(int fromHole, int length)
    {
        ram.Add(memory, 0, 2 * Unit, secure: false).Add(memory, 3 * Unit, Unit, secure: false);
        ulong real = (ulong)((2 * (int)Unit) + fromHole);
        byte[] ones = new byte[length];
        Array.Fill(ones, (byte)1);
        Assert.That(memory.CopyIn(real, ones), Is.False);
        Assert.That(memory.CopyOut(real, ones), Is.False);
        Assert.That(*memory.Pointer(real, 1), Is.Zero, "nothing was written");
        Assert.That(ones, Is.All.EqualTo(1), "nothing was read");
    }

    [Test]
    public void IsRamTellsSecureMemory()
    {
        ram.Add(memory, 0, Unit, secure: false).Add(memory, Unit, Unit, secure: true);
        Assert.That(memory.IsRam(Unit - 8, 16), Is.True);
        Assert.That(memory.IsRam(Unit - 8, 16, normal: true), Is.False);
        Assert.That(memory.IsRam(Unit - 8, 8, normal: true), Is.True);
        Assert.That(memory.IsRam((2 * Unit) - 8, 9), Is.False);
        Assert.That(memory.IsRam(5 * Unit, 0), Is.True, "no byte is not RAM");
    }

    [Test]
    public void CodeRunsOverABorderAndChangesAtBothSides()
    {
        ram.Add(memory, 0, 4 * Unit, secure: false);
        using var cpu = new Cpu(memory, 0);
        Write(Unit - 8, Word("addi", 4, 0, 1), Word("addi", 5, 0, 1), Word("addi", 6, 0, 1), Word("addi", 7, 0, 1));
        Run(cpu, Unit - 8, 4);
        Assert.That((cpu.State->Gpr[4], cpu.State->Gpr[5], cpu.State->Gpr[6], cpu.State->Gpr[7]), Is.EqualTo((1UL, 1UL, 1UL, 1UL)));
        Write(Unit - 4, Word("addi", 5, 0, 2), Word("addi", 6, 0, 2));
        Run(cpu, Unit - 8, 4);
        Assert.That((cpu.State->Gpr[4], cpu.State->Gpr[5], cpu.State->Gpr[6], cpu.State->Gpr[7]), Is.EqualTo((1UL, 2UL, 2UL, 1UL)));
    }

    /// <summary>A host whose memory moved: code, loads and stores must follow.</summary>
    [Test]
    public void ARangeThatMoved()
    {
        ram.Add(memory, 0, 3 * Unit, secure: false);
        byte[] elsewhere = GC.AllocateArray<byte>((int)Unit, pinned: true);
        using var cpu = new Cpu(memory, 0);
        cpu.State->Gpr[3] = Unit + 0x100;
        Write(Unit, Word("addi", 4, 0, 1), Word("ld", 5, 0, 3), Word("std", 4, 8, 3));
        Run(cpu, Unit, 3);
        RamRange range = memory.FindRam(Unit)!;
        new Span<byte>(range.Host, (int)Unit).CopyTo(elsewhere);
        new Span<byte>(range.Host, (int)Unit).Fill(SegmentedRam.GapByte);
        fixed (byte* host = elsewhere)
        {
            memory.Rebase(range, host);
            host[0x107] = 9;
            Write(Unit, Word("addi", 4, 0, 2));
            Run(cpu, Unit, 3);
            Assert.That((cpu.State->Gpr[4], cpu.State->Gpr[5], host[0x10F]), Is.EqualTo((2UL, 9UL, (byte)2)));
        }
    }

    /// <summary>Contents that the host replaced in place: <see cref="PhysicalMemory.Rebase"/> with the same address makes the CPUs look again.</summary>
    [Test]
    public void ContentsThatWereReplaced()
    {
        RamRange range = memory.AddRam(0, Unit, secure: false);
        using var cpu = new Cpu(memory, 0);
        Write(0x100, Word("addi", 4, 0, 1));
        Run(cpu, 0x100, 1);
        uint word = BinaryPrimitives.ReverseEndianness(Word("addi", 4, 0, 2));
        *(uint*)(range.Host + 0x100) = word;
        memory.Rebase(range, range.Host);
        Run(cpu, 0x100, 1);
        Assert.That(cpu.State->Gpr[4], Is.EqualTo(2));
        Assert.That(() => memory.Rebase(range, range.Host + 16), Throws.InvalidOperationException, "memory of its own can't move");
    }

    private static void Run(Cpu cpu, ulong nia, int count)
    {
        cpu.SetMsr(Msr.SF | Msr.HV | Msr.ME);
        cpu.State->Nia = nia;
        Assert.That(cpu.Execute(count), Is.EqualTo(count));
        Assert.That(cpu.State->Nia, Is.EqualTo(nia + (4 * (ulong)count)));
    }

    // Big-endian, the reset state's order.
    private void Write(ulong real, params uint[] words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int n = 0; n < words.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * n), words[n]);
        Assert.That(memory.CopyIn(real, bytes), Is.True);
    }
}
