using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Page sizes and accesses that cross pages (ISA 3.0B Book III 5.7.10; Book II 1.6).</summary>
public sealed class PageTests
{
    private const ulong Page = 0x40000000;

    [Test]
    public void EachSizeKeepsItsOffset([Values(RadixTree.Size4K, RadixTree.Size64K, RadixTree.Size2M, RadixTree.Size1G)] ulong size)
    {
        using var m = new BareMachine();
        ulong target = size == RadixTree.Size1G ? 0 : size * 2;
        ulong offset = Math.Min(size, BareMachine.MemorySize) - 8;
        m.HostProcess.Map(Page, target, size, RadixTree.OpenPage);
        m.Word(target + offset) = size;
        m.Access(Context.HostKernel, AccessKind.Load, Page + offset).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(size));
    }

    /// <summary>Bits of a large page's entry below its size are not part of the address.</summary>
    [Test]
    public void LowBitsOfALargePagesAddressAreIgnored()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, RadixTree.Size2M + 0x5000, RadixTree.Size2M, RadixTree.OpenPage);
        m.Word(RadixTree.Size2M + 0x100) = 3;
        m.Access(Context.HostKernel, AccessKind.Load, Page + 0x100).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(3));
    }

    [Test]
    public void ALoadAcrossPagesTakesItsHalvesFromBoth()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(Page + 0x1000, 0x60000, RadixTree.Size4K, RadixTree.OpenPage);
        m.Word(0x50FF8) = 0x1111111122222222;
        m.Word(0x60000) = 0x3333333344444444;
        m.Access(Context.HostKernel, AccessKind.Load, Page + 0xFFC).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(0x4444444411111111));
    }

    [Test]
    public void AStoreAcrossPagesDoesAllOrNothing()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(Page + 0x1000, 0x60000, RadixTree.Size4K, RadixTree.Read | RadixTree.Referenced);
        m.Access(Context.HostKernel, AccessKind.Store, Page + 0xFFC).WithGpr(4, ulong.MaxValue).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m[SprNumber.DAR], Is.EqualTo(Page + 0x1000), "DAR is in the page that refused");
            Assert.That(m.Word(0x50FF8), Is.Zero);
        });
    }

    /// <summary>Effective addresses wrap; the byte behind the last one is that at 0, whose quadrant is another.</summary>
    [Test]
    public void AnAccessAcrossTheEndOfTheAddressSpace()
    {
        using var m = new BareMachine();
        m.Access(Context.HostReal, AccessKind.Load, 0xFFFFFFFFFFFFFFFC).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck), "no memory at the top");
    }

    [Test]
    public void ThirtyTwoBitAddressesWrapAtFourGiB()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(0xFFFFF000, 0x50000, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(0, 0x60000, RadixTree.Size4K, RadixTree.OpenPage);
        m.Word(0x50FF8) = 0x1111111122222222;
        m.Word(0x60000) = 0x3333333344444444;
        Context user = Context.HostUser;
        m.Access(user, AccessKind.Load, 0xFFFFFFFC).At(user.CodeAddress, user.Msr & ~Msr.SF).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(0x4444444411111111));
    }
}
