using NUnit.Framework;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>Quad operands are pairs that start at an even FPR; other forms are invalid (ISA 3.0B Book I 5.2.1).</summary>
public class DecimalPairTests
{
    // Opcode, target, A, B and the bits from 21 on.
    [TestCase(63, 2, 4, 6, 2u << 1, "daddq")]
    [TestCase(63, 3, 4, 6, 2u << 1, null)]
    [TestCase(63, 2, 5, 6, 2u << 1, null)]
    [TestCase(63, 2, 4, 7, 2u << 1, null)]
    [TestCase(59, 3, 5, 7, 2u << 1, "dadd")]
    [TestCase(63, 2, 5, 6, 35u << 1, "drrndq")]
    [TestCase(63, 2, 5, 7, 35u << 1, null)]
    [TestCase(63, 0, 5, 6, 674u << 1, "dtstsfq")]
    [TestCase(63, 3, 0, 6, 290u << 1, "dctfixq")]
    [TestCase(63, 2, 0, 7, 802u << 1, "dcffixq")]
    [TestCase(63, 3, 0, 7, 802u << 1, null)]
    [TestCase(63, 3, 0, 6, 354u << 1, "dxexq")]
    [TestCase(63, 2, 5, 6, (866u << 1) | 1, "diexq.")]
    public void OddPairsAreNoInstruction(int opcode, int t, int a, int b, uint low, string? mnemonic)
    {
        uint word = ((uint)opcode << 26) | ((uint)t << 21) | ((uint)a << 16) | ((uint)b << 11) | low;
        Assert.That(InstructionTable.Instance.Find(word)?.MnemonicOf(word), Is.EqualTo(mnemonic));
    }
}
