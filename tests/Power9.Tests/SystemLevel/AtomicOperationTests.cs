using NUnit.Framework;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;
using static RenodeUvmem.Power9.Tests.Assembler;

namespace RenodeUvmem.Power9.Tests.SystemLevel;

/// <summary>Interrupts of atomic memory operations and copy-paste (ISA 3.0B Book II 4.4, 4.5; causes as Linux DSISR_BAD_AMO, DSISR_BAD_COPYPASTE).</summary>
public sealed class AtomicOperationTests
{
    private const ulong IsStore = 0x02000000;
    private const ulong BadCopyPaste = 0x8;
    private const ulong BadAtomic = 0x4;

    [TestCase("lwat", 9, BadAtomic)]
    [TestCase("ldat", 31, BadAtomic)]
    [TestCase("stwat", 8, BadAtomic | IsStore)]
    [TestCase("stdat", 16, BadAtomic | IsStore)]
    public void AnUndefinedFunctionIsADataStorageInterrupt(string mnemonic, int function, ulong cause)
    {
        using var m = new BareMachine();
        m.Word(BareMachine.Data) = 5;
        m.Enter(Context.HostReal, Word(mnemonic, 4, 3, function)).WithGpr(3, BareMachine.Data).WithGpr(4, 1).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, BareMachine.Code, 0, Context.HostReal.Msr);
        Assert.That((m[SprNumber.DSISR], m[SprNumber.DAR], m.Gpr(4), m.Word(BareMachine.Data)), Is.EqualTo((cause, BareMachine.Data, 1UL, 5UL)));
    }

    [Test]
    public void ALoadAtomicNeedsWriteAuthorityAndChangesNothingWithoutIt()
    {
        using var m = new BareMachine();
        m.HostProcess.Map(0x10000000, BareMachine.Data, RadixTree.Size4K, RadixTree.Read | RadixTree.Referenced);
        m.Word(BareMachine.Data) = 5;
        m.Enter(Context.HostKernel, Word("ldat", 4, 3, 0)).WithGpr(3, 0x10000000).WithGpr(4, 77).WithGpr(5, 1).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, Context.HostKernel.CodeAddress, 0, Context.HostKernel.Msr);
        Assert.That((m[SprNumber.DSISR], m.Gpr(4), m.Word(BareMachine.Data)), Is.EqualTo((0x08000000 | IsStore, 77UL, 5UL)));
    }

    [TestCase("lwat", 2UL)]
    [TestCase("ldat", 4UL)]
    [TestCase("stdat", 4UL)]
    public void AnUnalignedOperandIsAnAlignmentInterrupt(string mnemonic, ulong offset)
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word(mnemonic, 4, 3, 0)).WithGpr(3, BareMachine.Data + offset).RunToInterrupt();
        Assert.That((m.Nia, m[SprNumber.DAR]), Is.EqualTo(((ulong)Vector.Alignment, BareMachine.Data + offset)));
    }

    /// <summary>POWER9 pastes to accelerators only; memory is the wrong kind of storage.</summary>
    [Test]
    public void PasteToMemoryIsADataStorageInterrupt()
    {
        using var m = new BareMachine();
        m.Enter(Context.HostReal, Word("copy", 0, 3), Word("paste.", 0, 3)).WithGpr(3, BareMachine.Data).Run(1).RunToInterrupt();
        m.ExpectSrr(Vector.DataStorage, BareMachine.Code + 4, 0, Context.HostReal.Msr);
        Assert.That(m[SprNumber.DSISR], Is.EqualTo(BadCopyPaste | IsStore));
    }
}
