using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>tlbie and tlbiel drop what they name, and translations of one process or partition do not serve another (ISA 3.0B Book III 5.9.3.3).</summary>
public sealed class TlbTests
{
    private const ulong Page = 0x10000000;
    private const ulong First = 0x50000;
    private const ulong Second = 0x60000;

    // RB: IS in bits 52:53, AP in 56:58 (0: 4 KiB, 5: 64 KiB, 1: 2 MiB, 2: 1 GiB).
    [TestCase("tlbie", 0, 0, 1, 1, RadixTree.Size4K, 0)]
    [TestCase("tlbie", 0, 0, 1, 1, RadixTree.Size64K, 5)]
    [TestCase("tlbie", 0, 0, 1, 1, RadixTree.Size2M, 1)]
    [TestCase("tlbie", 1, 0, 1, 1, RadixTree.Size4K, 0, TestName = "tlbie of a process")]
    [TestCase("tlbie", 1, 2, 1, 1, RadixTree.Size4K, 0, TestName = "tlbie of a process with RIC=2")]
    [TestCase("tlbie", 2, 2, 0, 1, RadixTree.Size4K, 0, TestName = "tlbie of a partition")]
    [TestCase("tlbie", 2, 2, 1, 1, RadixTree.Size4K, 0, TestName = "tlbie of a partition's processes")]
    [TestCase("tlbie", 3, 2, 0, 1, RadixTree.Size4K, 0, TestName = "tlbie of everything")]
    [TestCase("tlbiel", 0, 0, 1, 1, RadixTree.Size4K, 0)]
    [TestCase("tlbiel", 1, 0, 1, 1, RadixTree.Size4K, 0, TestName = "tlbiel of a process")]
    [TestCase("tlbiel", 2, 2, 0, 1, RadixTree.Size4K, 0, TestName = "tlbiel of a partition")]
    [TestCase("tlbiel", 3, 2, 0, 1, RadixTree.Size4K, 0, TestName = "tlbiel of everything")]
    public void DropsAStaleProcessTranslation(string mnemonic, int selector, int ric, int prs, int radix, ulong size, int pageSizeField)
    {
        using var m = new BareMachine();
        ulong first = size == RadixTree.Size2M ? RadixTree.Size2M : First;
        ulong second = size == RadixTree.Size2M ? 2 * RadixTree.Size2M : Second;
        m.Word(BareMachine.GuestBase + first) = 1;
        m.Word(BareMachine.GuestBase + second) = 2;
        m.GuestProcess.Map(Page, first, size, RadixTree.OpenPage);
        m.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
        m.GuestProcess.Map(Page, second, size, RadixTree.OpenPage);
        ulong rb = (selector == 0 ? Page : 0) | ((ulong)selector << 10) | ((ulong)pageSizeField << 5);
        m.Enter(Context.HostReal, Word(mnemonic, 6, 7, ric, prs, radix))
            .WithGpr(6, rb).WithGpr(7, (BareMachine.Pid << 32) | BareMachine.Lpid).Run(1);
        m.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void DropsAStalePartitionTranslation([Values("tlbie", "tlbiel")] string mnemonic)
    {
        using var m = new BareMachine();
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 1;
        m.Word(Second) = 2;
        m.Access(Context.GuestKernel, AccessKind.Load, BareMachine.KernelBase + BareMachine.Data).Run(1);
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).Run(1);
        m.GuestPartition.Map(BareMachine.Data, Second, RadixTree.Size64K, RadixTree.OpenPage);
        m.Enter(Context.HostReal, Word(mnemonic, 6, 7, 0, 0, 1)).WithGpr(6, BareMachine.Data | (5UL << 5)).WithGpr(7, BareMachine.Lpid).Run(1);
        m.Access(Context.GuestKernel, AccessKind.Load, BareMachine.KernelBase + BareMachine.Data).Run(1);
        ulong relocated = m.Gpr(4);
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).Run(1);
        Assert.That((relocated, m.Gpr(4)), Is.EqualTo((2UL, 2UL)));
    }

    [Test]
    public void DropsAStaleInstructionTranslation()
    {
        using var m = new BareMachine();
        m.Put(BareMachine.GuestBase + First, Word("addi", 4, 0, 1));
        m.Put(BareMachine.GuestBase + Second, Word("addi", 4, 0, 2));
        m.GuestProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        m.At(Page, Context.GuestUser.Msr).Run(1);
        m.GuestProcess.Map(Page, Second, RadixTree.Size4K, RadixTree.OpenPage);
        m.Enter(Context.HostReal, Word("tlbie", 6, 7, 0, 1, 1)).WithGpr(6, Page).WithGpr(7, (BareMachine.Pid << 32) | BareMachine.Lpid).Run(1);
        m.At(Page, Context.GuestUser.Msr).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void TlbieReachesAllThreadsAndTlbielOne([Values] bool local)
    {
        using var m = new BareMachine();
        using var other = new Cpu(m.Memory, 1, m.Cpu.Group);
        m.Word(First) = 1;
        m.Word(Second) = 2;
        m.HostProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        unsafe
        {
            foreach (int spr in new[] { SprNumber.PTCR, SprNumber.LPCR, SprNumber.PIDR })
                other.WriteSpecialSpr(spr, m[spr]);
            m.Put(0x70000, Word("ld", 4, 0, 3));
            other.State->Gpr[3] = Page;
            other.State->Nia = BareMachine.KernelBase + 0x70000;
            other.SetMsr(Context.HostKernel.Msr);
            other.Execute(1);
            m.HostProcess.Map(Page, Second, RadixTree.Size4K, RadixTree.OpenPage);
            m[SprNumber.LPIDR] = 0;
            m.Enter(Context.HostReal, Word("mtspr", SprNumber.LPIDR, 8), Word(local ? "tlbiel" : "tlbie", 6, 7, 0, 1, 1))
                .WithGpr(6, Page).WithGpr(7, BareMachine.Pid << 32).WithGpr(8, 0).Run(2);
            other.State->Nia = BareMachine.KernelBase + 0x70000;
            other.SetMsr(Context.HostKernel.Msr);
            other.Execute(1);
            Assert.That(other.State->Gpr[4], Is.EqualTo(local ? 1 : 2));
        }
    }

    [Test]
    public void ProcessesDoNotShareTranslations()
    {
        using var m = new BareMachine();
        var otherProcess = new RadixTree(m.GuestTables);
        otherProcess.Map(BareMachine.UserBase, 0, RadixTree.Size2M, RadixTree.OpenPage);
        BareMachine.SetProcess(m.GuestTables, 9, otherProcess);
        m.GuestProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        otherProcess.Map(Page, Second, RadixTree.Size4K, RadixTree.OpenPage);
        m.Word(BareMachine.GuestBase + First) = 1;
        m.Word(BareMachine.GuestBase + Second) = 2;
        var seen = new List<ulong>();
        foreach (ulong pid in new[] { BareMachine.Pid, 9UL, BareMachine.Pid })
        {
            m[SprNumber.PIDR] = pid;
            m.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
            seen.Add(m.Gpr(4));
        }

        Assert.That(seen, Is.EqualTo(new ulong[] { 1, 2, 1 }));
    }

    [Test]
    public void PartitionsAndTheHostDoNotShareTranslations()
    {
        using BareMachine m = new BareMachine().WithSecureGuest();
        m.Word(BareMachine.Data) = 1;
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 2;
        m.Word(BareMachine.SecureGuestBase + BareMachine.Data) = 3;
        var seen = new List<ulong>();
        Context[] order = [Context.HostKernel, Context.GuestKernel, Context.SvmKernel, Context.HostKernel, Context.SvmKernel, Context.GuestKernel];
        foreach (Context context in order)
        {
            m.Access(context, AccessKind.Load, BareMachine.KernelBase + BareMachine.Data).Run(1);
            seen.Add(m.Gpr(4));
        }

        Assert.That(seen, Is.EqualTo(new ulong[] { 1, 2, 3, 1, 3, 2 }));
    }

    [Test]
    public void TheKernelsTranslationsAreNotItsProcesses()
    {
        using var m = new BareMachine();
        m.GuestProcess.Map(Page, First, RadixTree.Size4K, RadixTree.KernelPage);
        m.Access(Context.GuestKernel, AccessKind.Load, Page).Run(1);
        m.Access(Context.GuestUser, AccessKind.Load, Page).RunToInterrupt();
        Assert.That(m.Nia, Is.EqualTo((ulong)Vector.DataStorage));
    }

    /// <summary>More processes than address spaces are kept: none is confused with another.</summary>
    [Test]
    public void ManyProcesses()
    {
        const ulong Markers = 28 << 20;
        using var m = new BareMachine();
        for (ulong pid = 1; pid < 120; pid++)
        {
            var tree = new RadixTree(m.HostTables);
            tree.Map(Page, Markers + (pid << 12), RadixTree.Size4K, RadixTree.OpenPage);
            m.Word(Markers + (pid << 12)) = pid;
            BareMachine.SetProcess(m.HostTables, pid, tree);
        }

        for (int round = 0; round < 2; round++)
        {
            for (ulong pid = 1; pid < 120; pid++)
            {
                m[SprNumber.PIDR] = pid;
                m.Access(Context.HostKernel, AccessKind.Load, Page).Run(1);
                Assert.That(m.Gpr(4), Is.EqualTo(pid));
            }
        }
    }

    /// <summary>A guest may broadcast with LPCR[GTSE]=1, and only about its own processes (QEMU do_tlbie).</summary>
    [TestCase("tlbie", 1, true, true)]
    [TestCase("tlbie", 1, false, false)]
    [TestCase("tlbie", 0, true, false)]
    [TestCase("tlbiel", 1, false, true)]
    [TestCase("tlbiel", 0, false, false)]
    public void WhatAGuestMayInvalidate(string mnemonic, int prs, bool gtse, bool allowed)
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | (gtse ? Lpcr.GTSE : 0);
        m.Enter(Context.GuestKernel, Word(mnemonic, 6, 7, 0, prs, 1)).WithGpr(6, Page).WithGpr(7, BareMachine.Pid << 32);
        if (allowed)
        {
            m.Run(1);
            Assert.That(m.Cpu.Deliveries, Is.Zero);
            return;
        }

        m.RunToInterrupt();
        m.ExpectSrr(Vector.Program, Context.GuestKernel.CodeAddress, 1UL << (63 - 45), Context.GuestKernel.Msr);
    }

    [Test]
    public void AGuestsTlbieCannotNameAnotherPartition()
    {
        using var m = new BareMachine();
        m[SprNumber.LPCR] = Lpcr.HR | Lpcr.GTSE;
        m.Word(BareMachine.GuestBase + First) = 1;
        m.Word(BareMachine.GuestBase + Second) = 2;
        m.GuestProcess.Map(Page, First, RadixTree.Size4K, RadixTree.OpenPage);
        m.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
        m.GuestProcess.Map(Page, Second, RadixTree.Size4K, RadixTree.OpenPage);

        // RS names LPID 7; the guest's own is what counts.
        m.Enter(Context.GuestKernel, Word("tlbie", 6, 7, 0, 1, 1)).WithGpr(6, Page).WithGpr(7, (BareMachine.Pid << 32) | 7).Run(1);
        m.Access(Context.GuestUser, AccessKind.Load, Page).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void WritingPtcrDropsEverything()
    {
        using var m = new BareMachine();
        m.Word(BareMachine.GuestBase + BareMachine.Data) = 1;
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).Run(1);
        m.Enter(Context.HostReal, Word("mtspr", SprNumber.PTCR, 5)).WithGpr(5, 0x900000).Run(1);

        // The entry there is empty: HR=0, which is no configuration for a guest.
        const ulong UnsupportedConfiguration = 0x80000;
        m.Access(Context.GuestReal, AccessKind.Load, BareMachine.Data).RunToInterrupt();
        m.ExpectHsrr(Vector.HypervisorInstructionStorage, Context.GuestReal.CodeAddress, UnsupportedConfiguration, Context.GuestReal.Msr);
    }

    /// <summary>POWER9 has 12 bits of LPIDR and 20 of PIDR (Linux mmu_lpid_bits, mmu_pid_bits).</summary>
    [TestCase(SprNumber.LPIDR, 0xFFFUL)]
    [TestCase(SprNumber.PIDR, 0xFFFFFUL)]
    public void IdentifiersHaveTheirWidth(int spr, ulong all)
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("mtspr", spr, 3), Word("mfspr", 4, spr)).WithGpr(3, ulong.MaxValue).Run(2);
        Assert.That(m.Gpr(4), Is.EqualTo(all));
    }
}
