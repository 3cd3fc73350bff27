using System.Globalization;
using NUnit.Framework;
using RenodeUvmem.Power9.Decimal;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>Images that follow from IEEE 754-2008 3.5.2 and its tables of declets.</summary>
public class DecimalEncodingTests
{
    [TestCase(32, "22500001", "1", 0)]
    [TestCase(32, "77F3FCFF", "9999999", 90)]
    [TestCase(32, "00000001", "1", -101)]
    [TestCase(64, "2238000000000001", "1", 0)]
    [TestCase(64, "A2300000000003D0", "-750", -2)]
    [TestCase(64, "77FCFF3FCFF3FCFF", "9999999999999999", 369)]
    [TestCase(64, "0000000000000001", "1", -398)]
    [TestCase(64, "4238000000000000", "0", 256)]
    [TestCase(128, "22080000000000000000000000000001", "1", 0)]
    [TestCase(128, "77FFCFF3FCFF3FCFF3FCFF3FCFF3FCFF", "9999999999999999999999999999999999", 6111)]
    [TestCase(128, "00000000000000000000000000000001", "1", -6176)]
    public void KnownImages(int width, string image, string coefficient, int exponent)
    {
        DecimalFormat format = width == 32 ? DecimalFormat.Short : width == 64 ? DecimalFormat.Long : DecimalFormat.Quad;
        UInt128 bits = UInt128.Parse(image, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var value = Int128.Parse(coefficient, CultureInfo.InvariantCulture);
        DecimalNumber number = DecimalNumber.Finite(value < 0, (UInt128)Int128.Abs(value), exponent);
        Assert.Multiple(() =>
        {
            Assert.That(DecimalEncoding.Unpack(bits, format), Is.EqualTo(number));
            Assert.That(DecimalEncoding.Pack(number, format), Is.EqualTo(bits));
        });
    }

    // The four declets of 888, 889 and so on; the one with the high bits clear is preferred.
    [TestCase(0x06Eu, 888u)]
    [TestCase(0x16Eu, 888u)]
    [TestCase(0x26Eu, 888u)]
    [TestCase(0x36Eu, 888u)]
    [TestCase(0x0FFu, 999u)]
    [TestCase(0x3FFu, 999u)]
    public void RedundantDeclets(uint declet, uint value)
    {
        DecimalNumber number = DecimalEncoding.Unpack(Images.Long(0) | declet, DecimalFormat.Long);
        Assert.That(number.Coefficient, Is.EqualTo((UInt128)value));
        Assert.That((uint)DecimalEncoding.Pack(number, DecimalFormat.Long) & 0x3FF, Is.EqualTo(value == 888 ? 0x06Eu : 0x0FFu));
    }

    [Test]
    public void EveryThousandIsReachedByItsDeclet()
    {
        for (uint value = 0; value < 1000; value++)
        {
            UInt128 image = Images.Long(value);
            Assert.That(DecimalEncoding.Unpack(image, DecimalFormat.Long).Coefficient, Is.EqualTo((UInt128)value));
        }
    }

    [TestCase(0x7800000000000000UL, DecimalKind.Infinity, false)]
    [TestCase(0xFB00000000000000UL, DecimalKind.Infinity, true)]
    [TestCase(0x7C00000000000000UL, DecimalKind.QuietNaN, false)]
    [TestCase(0xFDFC000000000000UL, DecimalKind.QuietNaN, true)]
    [TestCase(0x7E00000000000000UL, DecimalKind.SignallingNaN, false)]
    public void Specials(ulong image, DecimalKind kind, bool negative) =>
        Assert.That(DecimalEncoding.Unpack(image, DecimalFormat.Long), Is.EqualTo(new DecimalNumber(kind, negative, 0, 0)));
}
