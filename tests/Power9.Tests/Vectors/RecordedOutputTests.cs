using NUnit.Framework;
using RenodeUvmem.Power9.Tests.VectorFacility;

namespace RenodeUvmem.Power9.Tests.Vectors;

/// <summary>
/// What outputs that Valgrind's authors recorded on hardware showed to be wrong here once. scripts/vectors.sh compares all of them; the values here are single
/// lines of none/tests/ppc64/*.stdout.exp.
/// </summary>
public sealed unsafe class RecordedOutputTests
{
    private const int EQ = 2;
    private const int SO = 1;

    /// <summary>test_isa_3_0_altivec: FPSCR and CR say whether the double is a single; the SO bit is 1 if not.</summary>
    [TestCase(0x7FFF000000000000UL, 0)]
    [TestCase(0x7FF8000020000000UL, 0)]
    [TestCase(0x7FF8000010000000UL, SO)]
    [TestCase(0x3FF0000010000000UL, SO)]
    [TestCase(0x3FF0000000000000UL, 0)]
    public void Xststdcsp_takes_a_NaN_without_further_bits_for_a_single(ulong image, int notSingle)
    {
        const uint AllClasses = 0x7F;
        const uint NaN = 0x40;
        using var machine = new VectorMachine();
        machine.SetVsr(2, new UInt128(image, 0));
        Assert.That(machine.Run("xststdcsp", 0, b: 2, bits: (AllClasses & NaN) << 16));
        Assert.That(machine.S->Cr[0], Is.EqualTo((double.IsNaN(BitConverter.UInt64BitsToDouble(image)) ? EQ : 0) | notSingle));
    }

    /// <summary>test_isa_3_0_altivec: R=0, RMC=2 is reserved; POWER9 rounds away from zero.</summary>
    [TestCase("xsrqpi", "00007FFFFFFFFFFF0000000000000000", "3FFF0000000000000000000000000000")]
    [TestCase("xsrqpi", "80007FFFFFFFFFFF0000000000000000", "BFFF0000000000000000000000000000")]
    [TestCase("xsrqpix", "000000000000000000FF000000000000", "3FFF0000000000000000000000000000")]
    [TestCase("xsrqpxp", "000000000000000000007FFFFFFFFFFF", "00000000000000000002000000000000")]
    [TestCase("xsrqpxp", "000000000000000080007FFFFFFFFFFF", "00000000000000008002000000000000")]
    public void Reserved_round_control_of_quads_rounds_away_from_zero(string mnemonic, string operand, string expected)
    {
        const uint Rmc2 = 2 << 9;
        using var machine = new VectorMachine();
        machine.SetVr(2, VectorMachine.Hex(operand));
        Assert.That(machine.Run(mnemonic, 4, b: 2, bits: Rmc2));
        Assert.That(machine.Vr(4), Is.EqualTo(VectorMachine.Hex(expected)));
    }

    /// <summary>jm_vec_isa_2_07: a sign code of 0 is invalid, and counts as a plus.</summary>
    [TestCase("bcdadd.", "8045090189321003001122334556677D", "00000000000000000000000000000000", "8045090189321003001122334556677D")]
    [TestCase("bcdadd.", "0000000000000000000000000000000A", "00000000000000000000000000000000", "0000000000000000000000000000000C")]
    [TestCase("bcdsub.", "00000000000000000000000000000000", "8045090189321003001122334556677D", "8045090189321003001122334556677C")]
    public void Bcdadd_and_bcdsub_take_a_sign_code_that_is_none_for_plus(string mnemonic, string a, string b, string expected)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply(mnemonic, VectorMachine.Hex(a), VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(machine.S->Cr[6], Is.EqualTo(SO));
    }
}
