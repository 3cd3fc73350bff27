using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Secure memory and S=0 (Linux Documentation/powerpc/ultravisor.rst): refused, told to the monitor, never any data.</summary>
public sealed class SecureMemoryTests
{
    private const ulong Secret = 0x5EC2E75EC2E75EC2;
    private const ulong Place = BareMachine.SecureBase + BareMachine.Data;
    private const ulong Page = 0x10000000;

    [Test]
    public void TheHypervisorInRealMode([Values] AccessKind kind)
    {
        using BareMachine m = Machine();
        m.Access(Context.HostReal, kind, Place).WithGpr(4, 1).RunToInterrupt();
        ExpectRefusal(m, Context.HostReal, kind, Place, Place);
    }

    [Test]
    public void TheHypervisorThroughItsTables([Values] AccessKind kind)
    {
        using BareMachine m = Machine();
        m.HostProcess.Map(Page, Place, RadixTree.Size4K, RadixTree.OpenPage);
        m.Access(Context.HostKernel, kind, Page).WithGpr(4, 1).RunToInterrupt();
        ExpectRefusal(m, Context.HostKernel, kind, Page, Place);
    }

    [Test]
    public void ANormalGuestWhosePartitionNamesIt([Values] AccessKind kind)
    {
        using BareMachine m = Machine();
        m.GuestPartition.Map(0x800000, Place, RadixTree.Size64K, RadixTree.OpenPage);
        ulong ea = BareMachine.KernelBase + 0x800000;
        m.Access(Context.GuestKernel, kind, ea).WithGpr(4, 1).RunToInterrupt();
        ExpectRefusal(m, Context.GuestKernel, kind, ea, Place);
    }

    [TestCase("lbzcix", new long[] { 4, 0, 3 })]
    [TestCase("ldarx", new long[] { 4, 0, 3 })]
    [TestCase("lqarx", new long[] { 6, 0, 3 })]
    [TestCase("stdcx.", new long[] { 4, 0, 3 })]
    [TestCase("dcbz", new long[] { 0, 3 })]
    [TestCase("dcbst", new long[] { 0, 3 })]
    [TestCase("icbi", new long[] { 0, 3 })]
    [TestCase("ldat", new long[] { 4, 3, 0 })]
    [TestCase("stdat", new long[] { 4, 3, 0 })]
    [TestCase("copy", new long[] { 0, 3 })]
    [TestCase("lq", new long[] { 6, 0, 3 })]
    [TestCase("lvx", new long[] { 1, 0, 3 })]
    [TestCase("lxvd2x", new long[] { 1, 0, 3 })]
    [TestCase("stxvd2x", new long[] { 1, 0, 3 })]
    public void EveryKindOfAccess(string mnemonic, long[] operands)
    {
        using BareMachine m = Machine();
        m.Enter(Context.HostReal, Word(mnemonic, operands)).At(BareMachine.Code, Context.HostReal.Msr | Msr.FP | Msr.VEC | Msr.VSX)
            .WithGpr(3, Place).WithGpr(4, 1).WithGpr(6, 1).WithGpr(7, 1).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck));
            Assert.That(m.Violations, Has.Count.EqualTo(1));
            Assert.That((m.Gpr(4), m.Gpr(6), m.Gpr(7)), Is.EqualTo((1UL, 1UL, 1UL)));
            Assert.That(m.Word(Place), Is.EqualTo(Secret));
        });
    }

    [Test]
    public void AStoreThatOnlyEndsInSecureMemory()
    {
        using BareMachine m = Machine();
        m.HostProcess.Map(Page, 0x50000, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(Page + 0x1000, Place, RadixTree.Size4K, RadixTree.OpenPage);
        m.Access(Context.HostKernel, AccessKind.Store, Page + 0xFFC).WithGpr(4, ulong.MaxValue).RunToInterrupt();
        Assert.That((m.Nia, m.Word(0x50FF8), m.Word(Place)), Is.EqualTo(((ulong)Vector.MachineCheck, 0UL, Secret)));
    }

    [Test]
    public void ATableOfS0InSecureMemory()
    {
        using BareMachine m = Machine();
        var hidden = new RadixTree(new TableSpace(m.Memory, 0, BareMachine.SecureBase + (8 << 20)));
        hidden.Map(Page, BareMachine.Data, RadixTree.Size4K, RadixTree.OpenPage);
        BareMachine.SetProcess(m.HostTables, BareMachine.Pid, hidden);
        m.Access(Context.HostKernel, AccessKind.Load, Page).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck));
            Assert.That(m[SprNumber.DSISR], Is.EqualTo(0x20), "real address error in a table walk");
            Assert.That(m.Violations.Single().InWalk);
        });
    }

    /// <summary>The partition table is the ultravisor's and lies in secure memory; S=0 translates by it all the same.</summary>
    [Test]
    public void ThePartitionTableMayLieThere()
    {
        using BareMachine m = Machine();
        const ulong Table = BareMachine.SecureBase + 0x100000;
        for (ulong k = 0; k < 48; k += 8)
            m.Word(Table + k) = m.Word(BareMachine.PartitionTable + k);
        m[SprNumber.PTCR] = Table | 4;
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 3;
        m.Access(Context.GuestKernel, AccessKind.Load, BareMachine.KernelBase + BareMachine.Data).Run(1);
        Assert.That((m.Gpr(4), m.Violations.Count), Is.EqualTo((3UL, 0)));
    }

    [Test]
    public void SecureStatesSeeSecureAndNormalMemory()
    {
        using BareMachine m = Machine();
        m.Word(BareMachine.Data) = 6;
        m.Access(Context.Ultravisor, AccessKind.Load, BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(Secret));
        m.Access(Context.Ultravisor, AccessKind.Load, (1UL << 63) | BareMachine.Data).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(6));
        m.Word(BareMachine.SecureGuestBase + BareMachine.Data) = 7;
        foreach (Context context in new[] { Context.SvmReal, Context.SvmKernel })
        {
            m.Access(context, AccessKind.Load, (context == Context.SvmReal ? 0 : BareMachine.KernelBase) + BareMachine.Data).Run(1);
            Assert.That(m.Gpr(4), Is.EqualTo(7));
        }

        Assert.That(m.Violations, Is.Empty);
    }

    /// <summary>What S=1 put into the TLB is nothing to S=0 with the same LPID, PID and address.</summary>
    [Test]
    public void TranslationsOfS1AreNotUsedByS0()
    {
        using BareMachine m = Machine();
        ulong ea = BareMachine.KernelBase + BareMachine.Data;
        m.Word(BareMachine.SecureGuestBase + BareMachine.Data) = Secret;
        m.Access(Context.SvmKernel, AccessKind.Load, ea).Run(1);
        m.Access(Context.SvmKernel, AccessKind.Store, ea).Run(1);
        m.WithGpr(4, 1).At(Context.SvmKernel.CodeAddress, Context.SvmKernel.Msr & ~Msr.S).RunToInterrupt();
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck), "the instruction itself is out of sight");
            Assert.That(m.Gpr(4), Is.EqualTo(1));
        });
    }

    [Test]
    public void TheSameInRealMode()
    {
        using BareMachine m = Machine();
        m.Access(Context.Ultravisor, AccessKind.Load, Place).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(Secret));
        m.Access(Context.HostReal, AccessKind.Load, Place).WithGpr(4, 1).RunToInterrupt();
        ExpectRefusal(m, Context.HostReal, AccessKind.Load, Place, Place);
    }

    [Test]
    public void TheMonitorMayStopTheMachineInstead()
    {
        using BareMachine m = Machine();
        m.GoOnAfterViolation = false;
        m.Access(Context.HostReal, AccessKind.Load, Place).Cpu.Execute(10);
        Assert.That(m.Cpu.StopReason, Does.Contain("secure memory").And.Contain("stop"));
    }

    private static BareMachine Machine()
    {
        BareMachine m = new BareMachine().WithSecureGuest();
        m.Word(Place) = Secret;
        return m;
    }

    private static void ExpectRefusal(BareMachine m, Context context, AccessKind kind, ulong ea, ulong real)
    {
        Assert.Multiple(() =>
        {
            Assert.That(m.Nia, Is.EqualTo((ulong)Vector.MachineCheck));
            Assert.That(m[SprNumber.SRR0], Is.EqualTo(kind == AccessKind.Fetch ? ea : context.CodeAddress));
            Assert.That(m.Gpr(4), Is.EqualTo(1), "no data");
            Assert.That(m.Word(real), Is.EqualTo(Secret));
            Assert.That(m.CurrentMsr & (Msr.S | Msr.HV), Is.EqualTo(Msr.HV), "to the hypervisor");
            SecureViolation violation = m.Violations.Single();
            Assert.That((violation.Real, violation.EffectiveAddress, violation.Kind, violation.InWalk), Is.EqualTo((real, ea, kind, false)));
        });
    }
}
