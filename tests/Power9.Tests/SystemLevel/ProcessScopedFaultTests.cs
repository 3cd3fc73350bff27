using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Data and instruction storage interrupts of process-scoped translation (ISA 3.0B Book III 6.5.3, 6.5.5; causes as Linux reg.h names them; QEMU mmu-radix64.c).</summary>
public sealed class ProcessScopedFaultTests
{
    private const ulong Page = 0x10000000;

    // DSISR, and SRR1 for fetches.
    private const ulong NoTranslation = 0x40000000;
    private const ulong NoExecuteOrGuarded = 0x10000000;
    private const ulong Protection = 0x08000000;
    private const ulong IsStore = 0x02000000;
    private const ulong Unsupported = 0x00080000;

    private static readonly Context[] Contexts = [Context.HostKernel, Context.HostUser, Context.GuestKernel, Context.GuestUser];

    [Test]
    public void APageThatIsNotMapped([ValueSource(nameof(Contexts))] Context context, [Values] AccessKind kind)
    {
        using var m = new BareMachine();
        m.Access(context, kind, Page + 0x128).RunToInterrupt();
        ExpectStorage(m, context, kind, Page + 0x128, NoTranslation);
    }

    [TestCase(RadixTree.Write | RadixTree.Read, AccessKind.Fetch, NoExecuteOrGuarded, TestName = "No execute authority")]
    [TestCase(RadixTree.Read | RadixTree.Execute, AccessKind.Store, Protection, TestName = "No write authority")]
    [TestCase(RadixTree.Execute, AccessKind.Load, Protection, TestName = "No read authority")]
    [TestCase(RadixTree.OpenPage | RadixTree.NonIdempotent, AccessKind.Fetch, NoExecuteOrGuarded, TestName = "Guarded storage")]
    public void APageThatForbidsTheAccess(ulong bits, AccessKind kind, ulong cause)
    {
        foreach (Context context in Contexts)
        {
            using var m = new BareMachine();
            RadixTree tree = context.CodeReal == BareMachine.Code ? m.HostProcess : m.GuestProcess;
            tree.Map(Page, 0, RadixTree.Size4K, bits | RadixTree.Referenced | RadixTree.Changed);
            m.Access(context, kind, Page + 0x20).RunToInterrupt();
            ExpectStorage(m, context, kind, Page + 0x20, cause);
        }
    }

    [Test]
    public void WriteAuthorityImpliesRead()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(Page, BareMachine.Data, RadixTree.Size4K, RadixTree.Write | RadixTree.Referenced);
        m.Word(BareMachine.Data) = 77;
        m.Access(Context.HostKernel, AccessKind.Load, Page).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(77));
    }

    [Test]
    public void APrivilegedPageFromProblemState([Values] AccessKind kind)
    {
        using var m = new BareMachine();
        m.GuestProcess.Map(Page, 0, RadixTree.Size4K, RadixTree.KernelPage);
        m.Access(Context.GuestUser, kind, Page).RunToInterrupt();
        ExpectStorage(m, Context.GuestUser, kind, Page, kind == AccessKind.Fetch ? NoExecuteOrGuarded : Protection);
    }

    /// <summary>Key 0 of AMR and IAMR stands between the kernel and its processes' pages (ISA 3.0B Book III 5.7.13): bit 0 denies writes, bit 1 reads, IAMR bit 1 execution.</summary>
    [TestCase(AccessKind.Store, 0x8000000000000000u, 0u, Protection)]
    [TestCase(AccessKind.Load, 0x4000000000000000u, 0u, Protection)]
    [TestCase(AccessKind.Fetch, 0u, 0x4000000000000000u, NoExecuteOrGuarded)]
    public void KeyZeroKeepsTheKernelOut(AccessKind kind, ulong amr, ulong iamr, ulong cause)
    {
        using var m = new BareMachine();
        m.GuestProcess.Map(Page, 0, RadixTree.Size4K, RadixTree.OpenPage);
        m.Access(Context.GuestKernel, kind, Page).Run(kind == AccessKind.Fetch ? 0 : 1);
        m[SprNumber.AMR] = amr;
        m[SprNumber.IAMR] = iamr;
        m.Access(Context.GuestKernel, kind, Page).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, kind, Page, cause);
    }

    [Test]
    public void KeyZeroIsNothingToProblemStateAndPrivilegedPages()
    {
        using var m = new BareMachine();
        m[SprNumber.AMR] = 0xC000000000000000;
        m[SprNumber.IAMR] = 0x4000000000000000;
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 5;
        m.Access(Context.GuestUser, AccessKind.Load, BareMachine.UserBase + BareMachine.Data).Run(1);
        m.Access(Context.GuestKernel, AccessKind.Store, BareMachine.KernelBase + BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(5));
    }

    /// <summary>The tag of the upper half holds no key; a decision that key 0 made there must not outlive it.</summary>
    [Test]
    public void KeyZeroInTheUpperHalfIsNotCached()
    {
        using var m = new BareMachine();
        const ulong High = BareMachine.KernelBase + (1UL << 40);
        m.GuestKernel.Map(High, 0, RadixTree.Size4K, RadixTree.OpenPage);
        m[SprNumber.AMR] = 0x8000000000000000;
        m.Access(Context.GuestKernel, AccessKind.Load, High).Run(1);
        m[SprNumber.AMR] = 0x4000000000000000;
        m.Access(Context.GuestKernel, AccessKind.Load, High).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, AccessKind.Load, High, Protection);
    }

    [Test]
    public void AProcessBeyondItsTable([Values] AccessKind kind)
    {
        using var m = new BareMachine();
        m[SprNumber.PIDR] = 256;
        m.Access(Context.GuestKernel, kind, Page).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, kind, Page, NoTranslation);
    }

    [Test]
    public void AProcessTableThatIsNotAligned()
    {
        using var m = new BareMachine();
        m.SetPate(0, (1UL << 63) | m.HostProcess.Root, BareMachine.ProcessTable | 12);
        m.Enter(Context.HostReal);
        m.At(BareMachine.Code, BareMachine.HypervisorMsr | Msr.DR).Put(BareMachine.Code, Assembler.Word("ld", 4, 0, 3)).WithGpr(3, Page).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, BareMachine.Code, 0, BareMachine.HypervisorMsr | Msr.DR);
        Assert.That(m[SprNumber.DSISR], Is.EqualTo(Unsupported));
    }

    /// <summary>POWER9 has one tree: 52 bits in 13, 9, 9 and 9 or 5 (POWER9 User's Manual 4.10.4.1). An empty process table entry is none.</summary>
    [TestCase(0u, TestName = "Empty entry")]
    [TestCase((2UL << 61) | (5UL << 5) | 0x400000 | 12, TestName = "Root of 12 bits")]
    [TestCase((2UL << 61) | (5UL << 5) | 0x400000 | 31, TestName = "Root of 31 bits")]
    [TestCase((2UL << 61) | (5UL << 5) | 0x400000, TestName = "Root of 0 bits")]
    [TestCase((1UL << 61) | (5UL << 5) | 0x400000 | 13, TestName = "44 bits")]
    [TestCase((3UL << 61) | (7UL << 5) | 0x400000 | 13, TestName = "62 bits")]
    [TestCase(0x400000u | 13, TestName = "31 bits")]
    public void ARootThatPower9DoesNotSupport(ulong entry)
    {
        using var m = new BareMachine();
        m.GuestTables.Write(BareMachine.ProcessTable + (BareMachine.Pid << 4), entry);
        m.Access(Context.GuestKernel, AccessKind.Load, Page).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, AccessKind.Load, Page, Unsupported);
    }

    [Test]
    public void ADirectoryThatPower9DoesNotSupport([Values(0, 4, 5, 8, 10, 31)] int indexBits)
    {
        using var m = new BareMachine();
        ulong root = m.GuestTables.Read(BareMachine.ProcessTable + (BareMachine.Pid << 4)) & 0x0FFFFFFFFFFFFF00;
        m.GuestTables.Write(root + (1 << 3), RadixTree.Valid | 0x800000 | (uint)indexBits);
        m.Access(Context.GuestKernel, AccessKind.Load, 1UL << 39).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, AccessKind.Load, 1UL << 39, Unsupported);
    }

    [Test]
    public void ALeafInTheRoot()
    {
        using var m = new BareMachine();
        ulong root = m.GuestTables.Read(BareMachine.ProcessTable + (BareMachine.Pid << 4)) & 0x0FFFFFFFFFFFFF00;
        m.GuestTables.Write(root, RadixTree.Valid | RadixTree.Leaf | RadixTree.OpenPage);
        m.Access(Context.GuestKernel, AccessKind.Load, Page).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, AccessKind.Load, Page, Unsupported);
    }

    [Test]
    public void ATreeThatNamesItselfEnds()
    {
        using var m = new BareMachine();
        ulong table = m.GuestTables.Allocate(0x1000);
        ulong root = m.GuestTables.Read(BareMachine.ProcessTable + (BareMachine.Pid << 4)) & 0x0FFFFFFFFFFFFF00;
        m.GuestTables.Write(root, RadixTree.Valid | table | 9);
        for (ulong k = 0; k < 512; k++)
            m.GuestTables.Write(table + (8 * k), RadixTree.Valid | table | 9);
        m.Access(Context.GuestKernel, AccessKind.Load, Page).RunToInterrupt();
        ExpectStorage(m, Context.GuestKernel, AccessKind.Load, Page, Unsupported);
    }

    private static void ExpectStorage(BareMachine m, Context context, AccessKind kind, ulong ea, ulong cause)
    {
        if (kind == AccessKind.Fetch)
        {
            m.ExpectSrr(Vector.InstructionStorage, ea, cause, context.Msr);
            return;
        }

        m.ExpectSrr(Vector.DataStorage, context.CodeAddress, 0, context.Msr);
        Assert.Multiple(() =>
        {
            Assert.That(m[SprNumber.DAR], Is.EqualTo(ea), "DAR");
            Assert.That(m[SprNumber.DSISR], Is.EqualTo(cause | (kind == AccessKind.Store ? IsStore : 0)), "DSISR");
        });
    }
}
