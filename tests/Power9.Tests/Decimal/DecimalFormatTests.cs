using NUnit.Framework;
using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>Operations on parts of a number, where the datum is an infinity or NaN (ISA 3.0B Book I 5.6.5, 5.6.6).</summary>
public class DecimalFormatTests
{
    // Bits 6:13 of an infinity or NaN are reserved and become zero; digits are in the trailing significand only.
    [TestCase(0x7E34000000000111UL, 0, 0x7E00000000000111UL)]
    [TestCase(0x7834000000000005UL, 1, 0x7800000000000050UL)]
    [TestCase(0xFC00000000000001UL, 14, 0xFC00800000000000UL)]
    [TestCase(0xFC00000000000001UL, 15, 0xFC00000000000000UL)]
    [TestCase(0x2238000000000001UL, 15, 0x2638000000000000UL)]
    [TestCase(0x2238000000000001UL, 16, 0x2238000000000000UL)]
    public void ShiftLeft(ulong a, int digits, ulong expected) =>
        Assert.That(DecimalSignificand.ShiftLeft(a, digits, DecimalFormat.Long), Is.EqualTo((UInt128)expected));

    [TestCase(0x7E34000000000111UL, 1, 0x7E00000000000021UL)]
    [TestCase(0xFB00000000000050UL, 1, 0xF800000000000005UL)]
    [TestCase(0x2638000000000000UL, 15, 0x2238000000000001UL)]
    [TestCase(0x2638000000000000UL, 63, 0x2238000000000000UL)]
    public void ShiftRight(ulong a, int digits, ulong expected) =>
        Assert.That(DecimalSignificand.ShiftRight(a, digits, DecimalFormat.Long), Is.EqualTo((UInt128)expected));

    // Short is a storage format: no exception, and what signals still does.
    [TestCase(0x7E34000000000111UL, 0x7E000111UL, 0x01u)]
    [TestCase(0xFC000000D0E0A0D0UL, 0xFC00A0D0UL, 0x11u)]
    [TestCase(0xFA00000000000001UL, 0xF8000000UL, 0x09u)]
    public void SpecialsToShort(ulong b, ulong expected, uint fprf)
    {
        FpResult128 result = DecimalConversion.LongToShort(b, DecimalEnvironment.From(Fpscr.VE));
        Assert.That(result, Is.EqualTo(new FpResult128(expected, FpResult.HasFprf | (fprf << Fpscr.FpccShift))));
    }

    [TestCase(0x7E000111UL, 0x7E00000000000111UL)]
    [TestCase(0xFC000001UL, 0xFC00000000000001UL)]
    [TestCase(0x7A000001UL, 0x7800000000000000UL)]
    public void SpecialsFromShort(ulong b, ulong expected)
    {
        FpResult128 result = DecimalConversion.ShortToLong(b);
        Assert.That(result.Bits, Is.EqualTo((UInt128)expected));
        Assert.That(result.Status & Fpscr.Exceptions, Is.Zero);
    }

    // The last 15 digits of the payload fit; the signal is an exception here.
    [TestCase(DecimalKind.QuietNaN, 0u)]
    [TestCase(DecimalKind.SignallingNaN, Fpscr.VXSNAN)]
    public void LongPayloadToLong(DecimalKind kind, uint status)
    {
        UInt128 payload = UInt128.Parse("123456789000000000000000000000007", System.Globalization.CultureInfo.InvariantCulture);
        FpResult128 result = DecimalConversion.QuadToLong(Images.Special(kind, true, payload, DecimalFormat.Quad), default);
        Assert.That(result.Bits, Is.EqualTo((UInt128)0xFC00000000000007 << 64));
        Assert.That(result.Status & Fpscr.Exceptions, Is.EqualTo(status));
    }

    // SP 0b00, 0b10 and 0b11; the significand of an infinity or NaN is its trailing significand.
    [TestCase(0x7800000000000111UL, false, false, 0x0211UL)]
    [TestCase(0x7E34000000000111UL, true, false, 0x211CUL)]
    [TestCase(0x7E34000000000111UL, true, true, 0x211FUL)]
    [TestCase(0xFC00000000000111UL, true, true, 0x211DUL)]
    [TestCase(0x6E38FF3FCFF3FCFFUL, false, false, 0x9999_9999_9999_9999UL)]
    [TestCase(0x6E38FF3FCFF3FCFFUL, true, false, 0x9999_9999_9999_999CUL)]
    public void Decode(ulong b, bool signed, bool alternate, ulong expected) =>
        Assert.That(DecimalBcd.Decode(b, signed, alternate, DecimalFormat.Long), Is.EqualTo((UInt128)expected));

    [TestCase(0xAu, false)]
    [TestCase(0xBu, true)]
    [TestCase(0xCu, false)]
    [TestCase(0xDu, true)]
    [TestCase(0xEu, false)]
    [TestCase(0xFu, false)]
    public void SignCodes(uint sign, bool negative)
    {
        FpResult128 result = DecimalBcd.Encode(0x1230u | sign, true, DecimalFormat.Quad, default);
        Assert.That(result.Bits, Is.EqualTo(Images.Quad(negative ? -123 : 123)));
    }

    [TestCase(0xAUL, false)]
    [TestCase(0x1239UL, true)]
    [TestCase(0x00A0000000000000UL, false)]
    public void InvalidDigitsGiveTheDefaultNaN(ulong packed, bool signed)
    {
        FpResult128 result = DecimalBcd.Encode(packed, signed, DecimalFormat.Long, default);
        uint quietNaN = 0x11u << Fpscr.FpccShift;
        Assert.That(result, Is.EqualTo(new FpResult128(0x7C00000000000000, Fpscr.VXCVI | FpResult.HasFprf | quietNaN)));
    }

    [TestCase(398L, 0x2238000000000001UL)]
    [TestCase(767L, 0x43FC000000000001UL)]
    [TestCase(768L, 0x7C00000000000001UL)]
    [TestCase(-1L, 0x7800000000000001UL)]
    [TestCase(-2L, 0x7C00000000000001UL)]
    [TestCase(-3L, 0x7E00000000000001UL)]
    [TestCase(-4L, 0x7C00000000000001UL)]
    public void InsertExponent(long biased, ulong expected) =>
        Assert.That(DecimalExponent.Insert(biased, Images.Long(1, -5), DecimalFormat.Long), Is.EqualTo((UInt128)expected));

    [Test]
    public void InfinityTakesTheTrailingDigits() =>
        Assert.That(DecimalExponent.Insert(-1, Images.Long(7_000_000_000_000_001), DecimalFormat.Long), Is.EqualTo((UInt128)0x7800000000000001));
}
