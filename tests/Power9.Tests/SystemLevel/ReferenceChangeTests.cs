using NUnit.Framework;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Reference and change bits, set by the CPU in both trees (ISA 3.0B Book III 5.7.12).</summary>
public sealed class ReferenceChangeTests
{
    private const ulong Page = 0x10000000;
    private const ulong Rights = RadixTree.Read | RadixTree.Write | RadixTree.Execute;

    [TestCase(AccessKind.Load, RadixTree.Referenced)]
    [TestCase(AccessKind.Fetch, RadixTree.Referenced)]
    [TestCase(AccessKind.Store, RadixTree.Referenced | RadixTree.Changed)]
    public void InBothTrees(AccessKind kind, ulong expected)
    {
        using var m = new BareMachine();
        ulong process = m.GuestProcess.Map(Page, BareMachine.Data, RadixTree.Size4K, Rights);
        ulong partition = m.GuestPartition.Map(BareMachine.Data, BareMachine.GuestBase + BareMachine.Data, RadixTree.Size64K, Rights);
        m.Put(BareMachine.GuestBase + BareMachine.Data, Assembler.Word("addi", 1, 1, 0));
        m.Access(Context.GuestKernel, kind, Page).Run(1);
        const ulong Both = RadixTree.Referenced | RadixTree.Changed;
        Assert.Multiple(() =>
        {
            Assert.That(m.GuestTables.Read(process) & Both, Is.EqualTo(expected), "process-scoped");
            Assert.That(m.HostTables.Read(partition) & Both, Is.EqualTo(expected), "partition-scoped");
        });
    }

    [Test]
    public void AStoreAfterALoadStillSetsChanged()
    {
        using var m = new BareMachine();
        ulong entry = m.HostProcess.Map(Page, BareMachine.Data, RadixTree.Size4K, Rights);
        m.Access(Context.HostKernel, AccessKind.Load, Page).Run(1);
        m.Access(Context.HostKernel, AccessKind.Store, Page).Run(1);
        Assert.That(m.HostTables.Read(entry) & RadixTree.Changed, Is.Not.Zero);
    }

    [Test]
    public void ARefusedAccessSetsNothing()
    {
        using var m = new BareMachine();
        ulong entry = m.HostProcess.Map(Page, BareMachine.Data, RadixTree.Size4K, RadixTree.Read);
        m.Access(Context.HostKernel, AccessKind.Store, Page).RunToInterrupt();
        Assert.That(m.HostTables.Read(entry) & (RadixTree.Referenced | RadixTree.Changed), Is.Zero);
    }

    /// <summary>A guest's entry can only be updated where its table may be written: the hypervisor gets the fault, at the entry's address.</summary>
    [Test]
    public void AGuestTableThatIsReadOnly()
    {
        using var m = new BareMachine();
        ulong entry = m.GuestProcess.Map(Page, BareMachine.Data, RadixTree.Size4K, Rights);
        ulong table = entry & ~0xFFFFUL;
        m.GuestPartition.Map(table, BareMachine.GuestBase + table, RadixTree.Size64K, RadixTree.Read | RadixTree.Referenced);
        m.Access(Context.GuestKernel, AccessKind.Load, Page).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo(0xE00));
            Assert.That(m[SprNumber.ASDR], Is.EqualTo(entry & ~0xFFFUL));
            Assert.That(m[SprNumber.HDSISR], Is.EqualTo(0x08000000u | 0x02000000 | 0x00020000), "protection, store, table");
            Assert.That(m.GuestTables.Read(entry) & RadixTree.Referenced, Is.Zero);
        });
    }
}
