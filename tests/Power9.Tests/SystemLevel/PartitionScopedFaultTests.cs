using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>
/// Hypervisor data and instruction storage interrupts (ISA 3.0B Book III 6.5.16, 6.5.17). KVM reads the guest real address from ASDR and,
/// unless HDSISR[46] says that a table was at fault, the page offset from HDAR (Linux book3s_64_mmu_radix.c, kvmppc_book3s_radix_page_fault).
/// </summary>
public sealed class PartitionScopedFaultTests
{
    private const ulong Window = BareMachine.KernelBase;
    private const ulong GuestReal = 0x400000;
    private const ulong NoTranslation = 0x40000000;
    private const ulong NoExecuteOrGuarded = 0x10000000;
    private const ulong Protection = 0x08000000;
    private const ulong IsStore = 0x02000000;
    private const ulong Unsupported = 0x00080000;
    private const ulong ProcessTable = 0x00020000;

    [Test]
    public void AGuestRealPageThatIsNotMapped([Values] AccessKind kind, [Values] bool real)
    {
        using var m = new BareMachine();
        Unmap(m, GuestReal);
        Context context = real ? Context.GuestReal : Context.GuestKernel;
        ulong ea = (real ? 0 : Window) + GuestReal + 0x1238;
        m.Access(context, kind, ea).RunToInterrupt();
        Expect(m, context, kind, ea, NoTranslation, GuestReal + 0x1000);
    }

    [TestCase(RadixTree.Write | RadixTree.Read, AccessKind.Fetch, NoExecuteOrGuarded, TestName = "Partition: no execute authority")]
    [TestCase(RadixTree.Read | RadixTree.Execute, AccessKind.Store, Protection, TestName = "Partition: no write authority")]
    [TestCase(RadixTree.Execute, AccessKind.Load, Protection, TestName = "Partition: no read authority")]
    [TestCase(RadixTree.OpenPage | RadixTree.NonIdempotent, AccessKind.Fetch, NoExecuteOrGuarded, TestName = "Partition: guarded storage")]
    public void APageThatForbidsTheAccess(ulong bits, AccessKind kind, ulong cause)
    {
        using var m = new BareMachine();
        m.GuestPartition.Map(GuestReal, BareMachine.GuestBase + GuestReal, RadixTree.Size64K, bits | RadixTree.Referenced | RadixTree.Changed);
        m.Access(Context.GuestKernel, kind, Window + GuestReal + 0x10).RunToInterrupt();
        Expect(m, Context.GuestKernel, kind, Window + GuestReal + 0x10, cause, GuestReal);
    }

    // LPCR[HR]=1 over a hashed page table (QEMU validate_pate).
    [Test]
    public void ATableOfTheOtherKindIsAnUnsupportedConfiguration([Values] AccessKind kind, [Values] bool real, [Values] bool secure)
    {
        using var m = new BareMachine();
        Context context = (real, secure) switch
        {
            (true, false) => Context.GuestReal,
            (false, false) => Context.GuestKernel,
            (true, true) => Context.SvmReal,
            _ => Context.SvmKernel,
        };
        if (secure)
            m.WithSecureGuest();
        m.SetPate(secure ? BareMachine.SecureLpid : BareMachine.Lpid, 0, 0);

        // The instruction itself is not reached: its fetch is translated, too.
        m.Access(context, kind, Window + 0x8).RunToInterrupt();
        ulong ea = kind == AccessKind.Fetch ? Window + 0x8 : context.CodeAddress;
        m.ExpectHsrr(Vector.HypervisorInstructionStorage, ea, Unsupported, context.Msr);
        Assert.That(m.Cpu.StopReason, Is.Null);
    }

    [Test]
    public void ThePrivilegeBitMeansNothingHere()
    {
        using var m = new BareMachine();
        m.GuestPartition.Map(BareMachine.Data, BareMachine.GuestBase + BareMachine.Data, RadixTree.Size64K, RadixTree.KernelPage);
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 9;
        m.Access(Context.GuestUser, AccessKind.Load, BareMachine.UserBase + BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(9));
    }

    /// <summary>QEMU ppc_radix64_raise_hsi: a table's address is translated as for a load, also when a fetch or a store began the walk.</summary>
    [Test]
    public void AProcessTableEntryThatIsNotMapped([Values] AccessKind kind)
    {
        using var m = new BareMachine();
        Unmap(m, BareMachine.ProcessTable);
        ulong ea = Window + 0x500010;
        ulong cia = ea;
        ulong msr = Context.GuestKernel.Msr;
        m.Access(Context.GuestReal, kind, ea);
        if (kind == AccessKind.Fetch)
            m.At(ea, msr);
        else
            m.At(cia = BareMachine.Code, msr &= ~Msr.IR);
        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorDataStorage, cia, 0, msr);
        Assert.Multiple(() =>
        {
            Assert.That(m[SprNumber.HDSISR], Is.EqualTo(NoTranslation | ProcessTable), "HDSISR");
            Assert.That(m[SprNumber.ASDR], Is.EqualTo(BareMachine.ProcessTable), "ASDR");
        });
    }

    [Test]
    public void AGuestDirectoryThatIsNotMapped()
    {
        using var m = new BareMachine();
        ulong directory = 0xA00000;
        ulong root = m.GuestTables.Read(BareMachine.ProcessTable + (BareMachine.Pid << 4)) & 0x0FFFFFFFFFFFFF00;
        m.GuestTables.Write(root + (2 << 3), RadixTree.Valid | directory | 9);
        Unmap(m, directory);
        ulong ea = (2UL << 39) | (3UL << 30);
        m.Access(Context.GuestKernel, AccessKind.Store, ea).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorDataStorage, Context.GuestKernel.CodeAddress, 0, Context.GuestKernel.Msr);
        Assert.Multiple(() =>
        {
            Assert.That(m[SprNumber.HDSISR] & ~IsStore, Is.EqualTo(NoTranslation | ProcessTable), "HDSISR");
            Assert.That(m[SprNumber.HDAR], Is.EqualTo(ea), "HDAR");
            Assert.That(m[SprNumber.ASDR], Is.EqualTo(directory), "ASDR");
        });
    }

    [Test]
    public void AGuestRealAddressBeyondItsTree([Values(1UL << 52, 0x0FFFFFFFFFFFF000u)] ulong address)
    {
        using var m = new BareMachine();
        m.Access(Context.GuestReal, AccessKind.Load, address).RunToInterrupt();
        Expect(m, Context.GuestReal, AccessKind.Load, address, NoTranslation, address);
    }

    /// <summary>QEMU ppc64_v3_get_pate, validate_pate: the hypervisor is told that the configuration is none.</summary>
    [TestCase(256u, TestName = "LPID beyond the partition table")]
    [TestCase(0u, TestName = "A guest as LPID 0")]
    public void APartitionThatIsNone(ulong lpid)
    {
        using var m = new BareMachine();

        // PATS=0: 256 entries.
        m[SprNumber.PTCR] = BareMachine.PartitionTable;
        m.At(BareMachine.Code, BareMachine.GuestMsr);
        m[SprNumber.LPIDR] = lpid;
        m.RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorInstructionStorage, BareMachine.Code, Unsupported, BareMachine.GuestMsr);
    }

    [Test]
    public void APartitionTableWhereNothingIsIsAMachineCheck()
    {
        using var m = new BareMachine();
        m[SprNumber.PTCR] = 0x0000_8000_0000_0000;
        m.Access(Context.HostReal, AccessKind.Load, 0x10000000).At(BareMachine.Code, BareMachine.HypervisorMsr | Msr.DR).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck));

            // Linux mce_p9_derror_table: real address error in a table walk.
            Assert.That(m[SprNumber.DSISR], Is.EqualTo(0x20));
            Assert.That(m[SprNumber.SRR1] & 0x200000, Is.Not.Zero, "SRR1[42]: a load or store");
        });
    }

    [Test]
    public void ChangingAPateNeedsNoMoreThanTlbie()
    {
        using var m = new BareMachine();
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 1;
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).Run(1);
        var other = new RadixTree(m.HostTables);
        other.MapRange(0, BareMachine.GuestBase, BareMachine.GuestSize, RadixTree.Size64K, RadixTree.OpenPage);
        other.Map(BareMachine.Data, 0, RadixTree.Size64K, RadixTree.OpenPage);
        m.Word(0) = 2;
        m.SetPate(BareMachine.Lpid, (1UL << 63) | other.Root, BareMachine.ProcessTable);

        // tlbie RIC=2, PRS=0, R=1, IS=2: all of a partition.
        m.Enter(Context.HostReal, Assembler.Word("tlbie", 6, 7, 2, 0, 1)).WithGpr(6, 2UL << 10).WithGpr(7, BareMachine.Lpid).Run(1);
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    private static void Unmap(BareMachine m, ulong guestReal)
    {
        ulong entry = m.GuestPartition.Map(guestReal & ~0xFFFFUL, 0, RadixTree.Size64K, 0);
        m.HostTables.Write(entry, 0);
    }

    private static void Expect(BareMachine m, Context context, AccessKind kind, ulong ea, ulong cause, ulong guestReal)
    {
        if (kind == AccessKind.Fetch)
        {
            m.ExpectHsrr(Vector.HypervisorInstructionStorage, ea, cause, context.Msr);
        }
        else
        {
            m.ExpectHsrr(Vector.HypervisorDataStorage, context.CodeAddress, 0, context.Msr);
            Assert.That(m[SprNumber.HDAR], Is.EqualTo(ea), "HDAR");
            Assert.That(m[SprNumber.HDSISR], Is.EqualTo(cause | (kind == AccessKind.Store ? IsStore : 0)), "HDSISR");
        }

        Assert.That(m[SprNumber.ASDR], Is.EqualTo(guestReal), "ASDR");
    }
}
