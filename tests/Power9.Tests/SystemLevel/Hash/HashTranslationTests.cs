using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.SystemLevel.Hash.HashMachine;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>From an effective address by segment and hashed page table to a real one (ISA 3.0B Book III 5.7.8, 5.7.9).</summary>
public sealed class HashTranslationTests
{
    [TestCase(12, 12)]
    [TestCase(12, 16)]
    [TestCase(12, 24)]
    [TestCase(16, 16)]
    [TestCase(16, 24)]
    [TestCase(24, 24)]
    public void PageSizes(int baseShift, int actualShift)
    {
        foreach (bool large in (bool[])[false, true])
        {
            foreach (bool secondary in (bool[])[false, true])
            {
                foreach (Context context in (Context[])[Context.HostKernel, Context.GuestKernel, Context.HostUser, Context.GuestUser])
                    OnePage(baseShift, actualShift, large, secondary, context);
            }
        }
    }

    /// <summary>In a segment of 4 KiB pages each base page of a larger page has an entry of its own, which gives the whole page's address.</summary>
    [Test]
    public void EachBasePageOfALargerPageNeedsItsEntry()
    {
        using var h = new HashMachine();
        var segment = new Segment(Small, 0x777, 12, IsLarge: false);
        h.Load(2, segment);
        h.HostTable.Map(segment, Small + 0x3000, 0x50000, 16, HashTable.OpenPage);
        h.Machine.Word(0x53010) = 4;
        Assert.That(h.Read(Context.HostKernel, Small + 0x3010), Is.EqualTo(4));
        h.Access(Context.HostKernel, AccessKind.Load, Small + 0x4010).RunToInterrupt();
        Assert.That(h.Machine.Nia, Is.EqualTo((ulong)Vector.DataStorage));
    }

    [Test]
    public void AllEightPlacesOfAGroupCount([Range(0, 7)] int slot, [Values] bool secondary)
    {
        using var h = new HashMachine();
        var segment = new Segment(Small, 0x777, 12, IsLarge: false);
        h.Load(2, segment);
        h.HostTable.Map(segment, Small, 0x50000, 12, HashTable.OpenPage, secondary, slot);
        h.Machine.Word(0x50008) = 77;
        Assert.That(h.Read(Context.HostKernel, Small + 8), Is.EqualTo(77));
    }

    /// <summary>HTABSIZE says how many bits of the hash count.</summary>
    [Test]
    public void TableSizes([Values(0, 1, 3, 5)] int size)
    {
        using var h = new HashMachine();
        var table = new HashTable(h.Machine.HostTables, size);
        var segment = new Segment(Small, 0xFEDCBA9876, 12, IsLarge: false);
        table.Map(HashMachine.Kernel, HashMachine.Kernel.Esid, 0, 24, HashTable.OpenPage);
        table.Map(segment, Small + 0xABC000, 0x50000, 12, HashTable.OpenPage);
        h.Machine.SetPate(0, table.Pate, 0);
        h.Load(2, segment);
        h.Machine.Word(0x50008) = 78;
        Assert.That(h.Read(Context.HostKernel, Small + 0xABC008), Is.EqualTo(78));
    }

    /// <summary>What is not the page's entry: another segment size, V=0, another base page size, the other group.</summary>
    [TestCase(0UL, 1UL << 58, TestName = "B differs")]
    [TestCase(1UL, 0UL, TestName = "V=0")]
    [TestCase(2UL, 0UL, TestName = "H=1 in the primary group")]
    [TestCase(4UL, 0UL, TestName = "L=1, LP reserved")]
    [TestCase(0x80UL, 0UL, TestName = "AVA differs")]
    [TestCase(1UL << 51, 0UL, TestName = "first bit of AVA differs")]
    public void EntriesThatDoNotMatch(ulong flipFirst, ulong flipSecond)
    {
        using var h = new HashMachine();
        var segment = new Segment(Small, 0x777, 12, IsLarge: false);
        h.Load(2, segment);
        ulong entry = h.HostTable.Map(segment, Small, 0x50000, 12, HashTable.OpenPage);
        h.Machine.HostTables.Write(entry, h.Machine.HostTables.Read(entry) ^ flipFirst);
        h.Machine.HostTables.Write(entry + 8, h.Machine.HostTables.Read(entry + 8) ^ flipSecond);
        h.Access(Context.HostKernel, AccessKind.Load, Small).RunToInterrupt();
        Assert.That(h.Machine.Nia, Is.EqualTo((ulong)Vector.DataStorage));
        Assert.That(h.Machine[SprNumber.DSISR], Is.EqualTo(0x40000000));
    }

    /// <summary>Software's bits 57:60 of doubleword 0, Linux's lock and bolted bits among them, mean nothing to the hardware.</summary>
    [Test]
    public void SoftwaresBitsMeanNothing()
    {
        using var h = new HashMachine();
        var segment = new Segment(Small, 0x777, 12, IsLarge: false);
        h.Load(2, segment);
        ulong entry = h.HostTable.Map(segment, Small, 0x50000, 12, HashTable.OpenPage);
        h.Machine.HostTables.Write(entry, h.Machine.HostTables.Read(entry) | 0x78);
        h.Machine.Word(0x50000) = 5;
        Assert.That(h.Read(Context.HostKernel, Small), Is.EqualTo(5));
    }

    /// <summary>LPCR[TC]=1: only the primary group is searched.</summary>
    [Test]
    public void WithoutTheSecondaryGroup()
    {
        using var h = new HashMachine();
        h.Machine[SprNumber.LPCR] = 1UL << 9;
        h.HostTable.Map(HashMachine.Kernel, HashMachine.Kernel.Esid + (16 << 20), 16 << 20, 24, HashTable.OpenPage, secondary: true);
        h.Access(Context.HostKernel, AccessKind.Load, HashMachine.Kernel.Esid + (16 << 20)).RunToInterrupt();
        Assert.That(h.Machine.Nia, Is.EqualTo((ulong)Vector.DataStorage));
    }

    /// <summary>LPCR[ISL]=1: a segment's pages are looked up as 4 KiB ones.</summary>
    [Test]
    public void SegmentsPageSizeIgnored()
    {
        using var h = new HashMachine();
        var small = new Segment(Small, 0x777, 12, IsLarge: false);
        h.Load(2, small with { BaseShift = 16 });
        h.HostTable.Map(small, Small + 0x1000, 0x50000, 12, HashTable.OpenPage);
        h.HostTable.Map(HashMachine.Kernel with { BaseShift = 12 }, Context.HostKernel.CodeAddress, BareMachine.Code, 12, HashTable.OpenPage);
        h.Machine[SprNumber.LPCR] = 1UL << 59;
        h.Machine.Word(0x50008) = 79;
        Assert.That(h.Read(Context.HostKernel, Small + 0x1008), Is.EqualTo(79));
    }

    /// <summary>Hypervisor and guest use their own tables with the same segments.</summary>
    [Test]
    public void PartitionsHaveTheirOwnTables()
    {
        using var h = new HashMachine();
        h.Machine.Word(0x50000) = 1;
        h.Machine.Word(BareMachine.GuestBase + 0x50000) = 2;
        ulong ea = BareMachine.KernelBase + 0x50000;
        ulong[] seen = [h.Read(Context.HostKernel, ea), h.Read(Context.GuestKernel, ea), h.Read(Context.HostKernel, ea), h.Read(Context.GuestKernel, ea)];
        Assert.That(seen, Is.EqualTo(new ulong[] { 1, 2, 1, 2 }));
    }

    /// <summary>A guest's real address is an offset in its virtual real mode area; PATE[PS] says of which base page size it is.</summary>
    [TestCase(12, 0UL)]
    [TestCase(16, 0xA0UL)]
    [TestCase(24, 0x80UL)]
    public void GuestRealMode(int baseShift, ulong ps)
    {
        using var h = new HashMachine();
        h.Machine.SetPate(BareMachine.Lpid, h.GuestTable.Pate | ps, 0);
        Segment area = HashMachine.Vrma with { BaseShift = baseShift };
        h.GuestTable.Map(area, BareMachine.Code, BareMachine.GuestBase + BareMachine.Code, baseShift, HashTable.OpenPage, slot: 3);
        h.GuestTable.Map(area, 0x3000000, 0x2000000 + BareMachine.GuestBase - (32 << 20), baseShift, HashTable.OpenPage, slot: 4);
        h.Machine.Word(0x2000008) = 80;
        Assert.That(h.Read(Context.GuestReal, 0x3000008), Is.EqualTo(80));
    }

    /// <summary>Linux switches LPCR between guests of both kinds: what is cached under LPCR[HR]=0 does not serve under 1, where this table is an unsupported configuration.</summary>
    [Test]
    public void TheKindChangesWithLpcr()
    {
        using var h = new HashMachine();
        h.Machine.Word(0x50000) = 1;
        ulong ea = BareMachine.KernelBase + 0x50000;
        Assert.That(h.Read(Context.HostKernel, ea), Is.EqualTo(1));
        h.Machine[SprNumber.LPCR] = Lpcr.HR;
        h.Access(Context.HostKernel, AccessKind.Load, ea).RunToInterrupt();
        h.Machine.ExpectHsrr(Vector.HypervisorInstructionStorage, Context.HostKernel.CodeAddress, 0x00080000, Context.HostKernel.Msr);
        h.Machine[SprNumber.LPCR] = 0;
        Assert.That(h.Read(Context.HostKernel, ea), Is.EqualTo(1));
    }

    private static void OnePage(int baseShift, int actualShift, bool large, bool secondary, Context context)
    {
        using var h = new HashMachine();
        var segment = new Segment(large ? Large : Small, 0x3A5A5, baseShift, large, Flags: 0);
        h.Load(2, segment);

        // The third base page of the page, if it has so many.
        ulong offset = (2UL << baseShift) & ((1UL << actualShift) - 1);
        ulong ea = segment.Esid + (3UL << 24) + offset;
        ulong real = actualShift == 24 ? 16UL << 20 : 0x1230000;
        h.TableOf(context).Map(segment, ea, real, actualShift, HashTable.OpenPage, secondary, slot: 5);
        h.Machine.Word(real + offset + 0xFF8) = 0x1122334455667788;
        Assert.That(h.Read(context, ea + 0xFF8), Is.EqualTo(0x1122334455667788), $"{context}, {segment}, secondary {secondary}");
    }
}
