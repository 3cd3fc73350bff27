using System.Globalization;
using System.Numerics;
using NUnit.Framework;

namespace RenodeUvmem.Power9.Tests.VectorFacility;

/// <summary>Decimal instructions against arithmetic on big integers, and the cases that ISA 3.0B Book I 6.17.1 spells out.</summary>
public sealed class DecimalTests
{
    private const uint PreferredSign = 1u << 9;
    private static readonly BigInteger Limit = BigInteger.Pow(10, 31);

    private const int LT = 8;
    private const int GT = 4;
    private const int EQ = 2;
    private const int SO = 1;

    [Test]
    public void Bcdadd_and_bcdsub_are_modulo_31_digits()
    {
        using var machine = new VectorMachine();
        var random = new Random(31);
        for (int round = 0; round < 400; round++)
        {
            BigInteger a = Value(random);
            BigInteger b = Value(random);
            Check(machine, "bcdadd.", a, b, a + b);
            Check(machine, "bcdsub.", a, b, a - b);
        }

        Check(machine, "bcdadd.", Limit - 1, 1, Limit);
        Check(machine, "bcdsub.", 1 - Limit, 1, -Limit);
        Check(machine, "bcdsub.", 7, 7, 0);
    }

    [TestCase("0000000000000000000000000000001A", "0000000000000000000000000000001F", "0000000000000000000000000000002C", GT)]
    [TestCase("0000000000000000000000000000001B", "0000000000000000000000000000001D", "0000000000000000000000000000002D", LT)]
    [TestCase("0000000000000000000000000000001E", "0000000000000000000000000000001B", "0000000000000000000000000000000C", EQ)]
    public void Bcdadd_takes_every_sign_code(string a, string b, string expected, int cr)
    {
        using var machine = new VectorMachine();
        Assert.That(machine.Apply("bcdadd.", VectorMachine.Hex(a), VectorMachine.Hex(b)), Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(Cr6(machine), Is.EqualTo(cr));
    }

    [TestCase("000000000000000000000000000000A1")]
    [TestCase("0000000000000000000000000000A00C")]
    [TestCase("F000000000000000000000000000000C")]
    public void An_invalid_operand_sets_SO_alone(string invalid)
    {
        using var machine = new VectorMachine();
        foreach (string mnemonic in new[] { "bcdadd.", "bcdsub.", "bcds.", "bcdsr.", "bcdtrunc.", "bcdsetsgn.", "bcdctn.", "bcdctz.", "bcdctsq.", "bcdcpsgn." })
        {
            machine.Apply(mnemonic, 0xC, VectorMachine.Hex(invalid));
            Assert.That(Cr6(machine), Is.EqualTo(SO), mnemonic);
        }
    }

    // Outputs recorded on POWER9 (Valgrind's test_isa_3_0) have CR6 compare the source, so that a digit that leaves does not make it EQ.
    [TestCase("bcds.", 2, "0000000000000000000000000012345D", "0000000000000000000000001234500D", LT)]
    [TestCase("bcds.", -2, "0000000000000000000000000012345D", "0000000000000000000000000000123D", LT)]
    [TestCase("bcds.", -9, "0000000000000000000000000012345C", "0000000000000000000000000000000C", GT)]
    [TestCase("bcds.", 31, "1000000000000000000000000000000C", "0000000000000000000000000000000C", GT | SO)]
    [TestCase("bcds.", 127, "0000000000000000000000000000000D", "0000000000000000000000000000000D", EQ)]
    [TestCase("bcdsr.", -2, "0000000000000000000000000012355C", "0000000000000000000000000000124C", GT)]
    [TestCase("bcdsr.", -2, "0000000000000000000000000099950D", "0000000000000000000000000001000D", LT)]
    [TestCase("bcdsr.", -31, "5000000000000000000000000000000C", "0000000000000000000000000000001C", GT)]
    [TestCase("bcdus.", 32, "00000000000000000000000000000001", "00000000000000000000000000000000", GT | SO)]
    [TestCase("bcdus.", -1, "00000000000000000000000000000012", "00000000000000000000000000000001", GT)]
    public void Shift(string mnemonic, int count, string source, string expected, int cr)
    {
        using var machine = new VectorMachine();
        var a = new UInt128((byte)count, 0);
        Assert.That(machine.Apply(mnemonic, a, VectorMachine.Hex(source)), Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(Cr6(machine), Is.EqualTo(cr));
    }

    [TestCase("bcdtrunc.", 3, "0000000000000000000000000012345D", "0000000000000000000000000000345D", LT | SO)]
    [TestCase("bcdtrunc.", 5, "0000000000000000000000000012345A", "0000000000000000000000000012345C", GT)]
    [TestCase("bcdtrunc.", 0, "0000000000000000000000000000000F", "0000000000000000000000000000000C", EQ)]
    [TestCase("bcdtrunc.", 65535, "9999999999999999999999999999999C", "9999999999999999999999999999999C", GT)]
    [TestCase("bcdutrunc.", 31, "90000000000000000000000000000001", "00000000000000000000000000000001", GT | SO)]
    [TestCase("bcdutrunc.", 32, "90000000000000000000000000000001", "90000000000000000000000000000001", GT)]
    public void Truncate(string mnemonic, int length, string source, string expected, int cr)
    {
        using var machine = new VectorMachine();
        var a = new UInt128((ulong)length, 0);
        Assert.That(machine.Apply(mnemonic, a, VectorMachine.Hex(source)), Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(Cr6(machine), Is.EqualTo(cr));
    }

    [TestCase("bcdctn.", 0u, "0000000000000000000000001234567D", "0031003200330034003500360037002D", LT)]
    [TestCase("bcdcfn.", 0u, "0031003200330034003500360037002B", "0000000000000000000000001234567C", GT)]
    [TestCase("bcdcfn.", PreferredSign, "0030003000300030003000300030002B", "0000000000000000000000000000000F", EQ)]
    [TestCase("bcdcfn.", 0u, "0031003200330034003500360037002C", "00000000000000000000000000000000", SO)]
    [TestCase("bcdctz.", 0u, "0000000000000009876543210123456B", "39383736353433323130313233343576", LT)]
    [TestCase("bcdctz.", PreferredSign, "0000000000000009876543210123456C", "F9F8F7F6F5F4F3F2F1F0F1F2F3F4F5C6", GT)]
    [TestCase("bcdcfz.", 0u, "39383736353433323130313233343576", "0000000000000009876543210123456D", LT)]
    [TestCase("bcdcfz.", PreferredSign, "F9F8F7F6F5F4F3F2F1F0F1F2F3F4F5D6", "0000000000000009876543210123456D", LT)]
    public void Convert_character_form(string mnemonic, uint bits, string source, string expected, int cr)
    {
        using var machine = new VectorMachine();
        UInt128 result = machine.Apply(mnemonic, 0, VectorMachine.Hex(source), bits: bits);
        if (cr != SO)
            Assert.That(result, Is.EqualTo(VectorMachine.Hex(expected)));
        Assert.That(Cr6(machine), Is.EqualTo(cr));
    }

    [Test]
    public void Convert_quadword()
    {
        using var machine = new VectorMachine();
        var random = new Random(61);
        for (int round = 0; round < 200; round++)
        {
            BigInteger value = Value(random);
            Assert.That(machine.Apply("bcdctsq.", 0, Packed(value)), Is.EqualTo((UInt128)(Int128)value));
            Assert.That(machine.Apply("bcdcfsq.", 0, (UInt128)(Int128)value), Is.EqualTo(Packed(value)));
            Assert.That(Cr6(machine), Is.EqualTo(Sign(value)));
        }

        machine.Apply("bcdcfsq.", 0, (UInt128)(Int128)Limit);
        Assert.That(Cr6(machine), Is.EqualTo(GT | SO));
    }

    [Test]
    public void Multiply_by_10()
    {
        using var machine = new VectorMachine();
        var random = new Random(10);
        for (int round = 0; round < 100; round++)
        {
            UInt128 a = new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
            int digit = random.Next(10);
            BigInteger product = (BigInteger)a * 10;
            BigInteger extended = product + digit;
            BigInteger modulus = BigInteger.One << 128;
            Assert.That(machine.Apply("vmul10uq", a), Is.EqualTo((UInt128)(product % modulus)));
            Assert.That(machine.Apply("vmul10cuq", a), Is.EqualTo((UInt128)(product / modulus)));
            Assert.That(machine.Apply("vmul10euq", a, (UInt128)digit), Is.EqualTo((UInt128)(extended % modulus)));
            Assert.That(machine.Apply("vmul10ecuq", a, (UInt128)digit), Is.EqualTo((UInt128)(extended / modulus)));
        }
    }

    private static void Check(VectorMachine machine, string mnemonic, BigInteger a, BigInteger b, BigInteger exact)
    {
        UInt128 result = machine.Apply(mnemonic, Packed(a), Packed(b));
        UInt128 digits = Packed(BigInteger.Remainder(exact, Limit)) >> 4;
        Assert.That(result, Is.EqualTo((digits << 4) | (exact.Sign < 0 ? 0xDu : 0xCu)), $"{mnemonic} {a}, {b}");
        Assert.That(Cr6(machine), Is.EqualTo(Sign(exact) | (BigInteger.Abs(exact) >= Limit ? SO : 0)), $"{mnemonic} {a}, {b}");
    }

    private static int Sign(BigInteger value) => value.Sign < 0 ? LT : value.Sign > 0 ? GT : EQ;

    private static unsafe int Cr6(VectorMachine machine) => machine.S->Cr[6];

    // Decimal digits read as hexadecimal ones are packed decimal.
    private static UInt128 Packed(BigInteger value) =>
        (UInt128.Parse(BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture), NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 4) | (value.Sign < 0 ? 0xDu : 0xCu);

    private static BigInteger Value(Random random)
    {
        BigInteger value = BigInteger.Zero;
        for (int digits = random.Next(32); digits > 0; digits--)
            value = (value * 10) + random.Next(10);
        return random.Next(2) == 0 ? value : -value;
    }
}
