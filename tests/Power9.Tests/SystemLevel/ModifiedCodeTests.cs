using NUnit.Framework;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Code that changes under the decoded pages (ISA 3.0B Book II 1.8; the CPU needs no icbi, but must not need less than software gives).</summary>
public sealed class ModifiedCodeTests
{
    private static uint Set(int value) => Word("addi", 4, 0, value);

    [Test]
    public void AStoreToTheNextInstruction()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("stw", 5, 8, 3), Word("ori", 0, 0, 0), Set(1)).WithGpr(3, BareMachine.Code).WithGpr(5, Set(2));

        // Once as it is, so that all of it is decoded.
        m.At(BareMachine.Code + 8, Context.HostReal.Msr).Run(1).At(BareMachine.Code, Context.HostReal.Msr).Run(3);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [TestCase(1, "stb")]
    [TestCase(2, "sth")]
    [TestCase(4, "stw")]
    [TestCase(8, "std")]
    public void EachSizeOfStoreOverItsSlots(int size, string mnemonic)
    {
        using var m = new BareMachine();
        const ulong Target = 0x30000;
        m.Put(Target, Set(1), Set(1)).At(Target, Context.HostReal.Msr).Run(2);
        ulong image = Set(2) | ((ulong)Set(2) << 32);
        m.Enter(Context.HostReal, Word(mnemonic, 5, 0, 3)).WithGpr(3, Target).WithGpr(5, image).Run(1);
        m.At(Target, Context.HostReal.Msr).Run(1);
        ulong first = m.Gpr(4);
        m.Run(1);
        Assert.That((first, m.Gpr(4)), Is.EqualTo((2UL, size == 8 ? 2UL : 1UL)));
    }

    [TestCase("dcbz", new long[] { 0, 3 })]
    [TestCase("stvx", new long[] { 1, 0, 3 })]
    [TestCase("stxvd2x", new long[] { 1, 0, 3 })]
    [TestCase("stq", new long[] { 6, 0, 3 })]
    [TestCase("stdat", new long[] { 6, 3, 3 })]
    public void OtherStoresOverDecodedSlots(string mnemonic, long[] operands)
    {
        using var m = new BareMachine();
        const ulong Target = 0x30080;
        m.Put(Target, Set(1), Set(1)).At(Target, Context.HostReal.Msr).Run(2);
        m.Enter(Context.HostReal, Word(mnemonic, operands)).At(BareMachine.Code, Context.HostReal.Msr | Msr.FP | Msr.VEC | Msr.VSX).WithGpr(3, Target).WithGpr(6, 0).WithGpr(7, 0).Run(1);

        // All of them leave zeros: stdat with function 3 is AND.
        m.At(Target, Context.HostReal.Msr).RunToInterrupt();
        Assert.That(m[SprNumber.HEIR], Is.Zero);
    }

    [Test]
    public void AStoreConditionalOverADecodedSlot()
    {
        using var m = new BareMachine();
        const ulong Target = 0x30000;
        m.Put(Target, Set(1)).At(Target, Context.HostReal.Msr).Run(1);
        m.Enter(Context.HostReal, Word("lwarx", 6, 0, 3), Word("stwcx.", 5, 0, 3)).WithGpr(3, Target).WithGpr(5, Set(2)).Run(2);
        m.At(Target, Context.HostReal.Msr).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void AStoreThatEndsInThePageWithCode()
    {
        using var m = new BareMachine();
        const ulong Target = 0x31000;
        m.Put(Target, Set(1), Set(1)).At(Target, Context.HostReal.Msr).Run(2);
        ulong image = (ulong)Set(2) << 32;
        m.Enter(Context.HostReal, Word("std", 5, 0, 3)).WithGpr(3, Target - 4).WithGpr(5, image).Run(1);
        m.At(Target, Context.HostReal.Msr).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void AStoreAtTheEndOfThePageWithCode()
    {
        using var m = new BareMachine();
        const ulong Target = 0x30FFC;
        m.Put(Target, Set(1)).At(Target, Context.HostReal.Msr).Run(1);
        m.Enter(Context.HostReal, Word("std", 5, 0, 3)).WithGpr(3, Target).WithGpr(5, Set(2)).Run(1);
        m.At(Target, Context.HostReal.Msr).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    /// <summary>A page that was written directly before it held code must be written through the check afterwards.</summary>
    [Test]
    public void APageThatBecomesCodeAfterItWasWritten()
    {
        using var m = new BareMachine();
        const ulong Target = 0x30000;
        m.Enter(Context.HostReal, Word("stw", 5, 0, 3)).WithGpr(3, Target).WithGpr(5, Set(1)).Run(1);
        m.At(Target, Context.HostReal.Msr).Run(1);
        m.Enter(Context.HostReal, Word("stw", 5, 0, 3)).WithGpr(5, Set(2)).Run(1);
        m.At(Target, Context.HostReal.Msr).Run(1);
        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    [Test]
    public void CodeSeenAtTwoAddressesChangesAtBoth()
    {
        using var m = new BareMachine();
        const ulong Target = 0x30000;
        m.HostProcess.Map(0x10000000, Target, RadixTree.Size4K, RadixTree.OpenPage);
        m.HostProcess.Map(0x20000000, Target, RadixTree.Size4K, RadixTree.OpenPage);
        m.Put(Target, Set(1));
        m.At(0x10000000, Context.HostKernel.Msr).Run(1).At(0x20000000, Context.HostKernel.Msr).Run(1);
        m.Enter(Context.HostKernel, Word("stw", 5, 0, 3)).WithGpr(3, 0x20000000).WithGpr(5, Set(2)).Run(1);
        m.At(0x10000000, Context.HostKernel.Msr).Run(1);
        ulong first = m.Gpr(4);
        m.WithGpr(4, 0).At(0x20000000, Context.HostKernel.Msr).Run(1);
        Assert.That((first, m.Gpr(4)), Is.EqualTo((2UL, 2UL)));
    }

    [Test]
    public void AnotherThreadsStoreIsSeen()
    {
        using var m = new BareMachine();
        using var other = new Cpu(m.Memory, 1, m.Cpu.Group);
        const ulong Target = 0x30000;
        unsafe
        {
            // The other thread writes there before it is code, so that it holds a direct store permission.
            m.Put(BareMachine.Code + 0x800, Word("stw", 5, 0, 3), Word("stw", 6, 0, 3));
            (other.State->Gpr[3], other.State->Gpr[5], other.State->Gpr[6]) = (Target, Set(1), Set(2));
            other.State->Nia = BareMachine.Code + 0x800;
            other.SetMsr(Context.HostReal.Msr);
            other.Execute(1);
            m.At(Target, Context.HostReal.Msr).Run(1);
            other.Execute(1);
            m.At(Target, Context.HostReal.Msr).Run(1);
        }

        Assert.That(m.Gpr(4), Is.EqualTo(2));
    }

    /// <summary>One real page decodes differently by MSR[LE] and MSR[SF].</summary>
    [Test]
    public void OnePageInSeveralModes()
    {
        using var m = new BareMachine();
        const ulong Target = 0x30000;

        // 0x38800001 is addi 4,0,1; its bytes turned round are the same instruction for the other byte order.
        m.PutIn(Target, littleEndian: true, Set(1));
        m.PutIn(Target + 4, littleEndian: false, Set(2));
        ulong little = Context.HostReal.Msr;
        ulong big = little & ~Msr.LE;
        m.At(Target, little).Run(1);
        ulong first = m.Gpr(4);
        m.At(Target + 4, big).Run(1);
        ulong second = m.Gpr(4);
        m.PutIn(Target + 4, littleEndian: false, Word("add", 4, 4, 4));
        m.WithGpr(4, 0xFFFFFFFF).At(Target + 4, big & ~Msr.SF).Run(1);
        Assert.That((first, second, m.Gpr(4)), Is.EqualTo((1UL, 2UL, 0x1FFFFFFFEUL)));
    }

    /// <summary>As many bytes as it holds were stored to a page with code, by code elsewhere: it is data, and stores to it are fast, until it is executed again.</summary>
    [TestCase("stw", 1024)]
    [TestCase("std", 512)]
    [TestCase("dcbz", 32)]
    public void APageThatWasCodeBecomesData(string mnemonic, int times)
    {
        using var m = new BareMachine();
        const ulong Target = 0x30000;
        uint store = mnemonic == "dcbz" ? Word(mnemonic, 0, 3) : Word(mnemonic, 5, 0, 3);
        m.Put(Target, Set(1)).At(Target, Context.HostReal.Msr).Run(1);
        m.Enter(Context.HostReal, store, Word("b", -4)).WithGpr(3, Target + 0x100).WithGpr(5, Set(2)).Run(2 * (times - 1));
        int before = m.Memory.Code.Count;
        m.Run(1);
        Assert.That((before, m.Memory.Code.Count), Is.EqualTo((2, 1)));
        m.Enter(Context.HostReal, Word("stw", 5, 0, 3)).WithGpr(3, Target).Run(1).At(Target, Context.HostReal.Msr).Run(1);
        Assert.That((m.Gpr(4), m.Memory.Code.Count), Is.EqualTo((2UL, 2)), "it is code again, as it is now");
    }

    /// <summary>A page that stores to itself stays: its slots are in use.</summary>
    [Test]
    public void APageThatStoresToItselfStaysCode()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("std", 5, 0, 3), Word("b", -4)).WithGpr(3, BareMachine.Code + 0x100).Run(3000);
        Assert.That(m.Memory.Code.Count, Is.EqualTo(1));
    }

    /// <summary>More code pages than are kept: all are dropped, and execution goes on as before.</summary>
    [Test]
    public void MoreCodeThanIsKept()
    {
        using var m = new BareMachine();
        m.Memory.AddRam(1UL << 32, (ulong)(CodeCache.Limit + 16) << 12, secure: false);
        ulong start = 1UL << 32;
        for (ulong page = 0; page < CodeCache.Limit + 10; page++)
            m.PutIn(start + (page << 12), littleEndian: true, Word("addi", 4, 4, 1), Word("b", 0x1000 - 4));
        m.WithGpr(4, 0).At(start, Context.HostReal.Msr);
        const int Pages = CodeCache.Limit + 5;
        m.Cpu.Execute(2 * Pages);
        m.Put(start + 0x1000, Word("addi", 4, 4, 100));
        m.At(start, Context.HostReal.Msr);
        m.Cpu.Execute(3);
        Assert.That((m.Gpr(4), m.Memory.Code.Count <= CodeCache.Limit), Is.EqualTo(((ulong)Pages + 101, true)));
    }
}
