using NUnit.Framework;
using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>The eight rounding modes (ISA 3.0B Book I 5.5.2), by tenths rounded to integers.</summary>
public class DecimalRoundingTests
{
    // Columns: nearest even, zero, plus, minus, nearest away, nearest toward zero, away, shorter precision.
    [TestCase(25, new[] { 2, 2, 3, 2, 3, 2, 3, 2 })]
    [TestCase(-25, new[] { -2, -2, -2, -3, -3, -2, -3, -2 })]
    [TestCase(35, new[] { 4, 3, 4, 3, 4, 3, 4, 3 })]
    [TestCase(-35, new[] { -4, -3, -3, -4, -4, -3, -4, -3 })]
    [TestCase(26, new[] { 3, 2, 3, 2, 3, 3, 3, 2 })]
    [TestCase(-24, new[] { -2, -2, -2, -3, -2, -2, -3, -2 })]
    [TestCase(51, new[] { 5, 5, 6, 5, 5, 5, 6, 6 })]
    [TestCase(101, new[] { 10, 10, 11, 10, 10, 10, 11, 11 })]
    [TestCase(99, new[] { 10, 9, 10, 9, 10, 10, 10, 9 })]
    [TestCase(-1, new[] { 0, 0, 0, -1, 0, 0, -1, -1 })]
    [TestCase(70, new[] { 7, 7, 7, 7, 7, 7, 7, 7 })]
    public void Tenths(int tenths, int[] expected)
    {
        for (int mode = 0; mode < expected.Length; mode++)
        {
            FpResult128 result = DecimalQuantum.ToInteger(Images.Long(tenths, -1), true, DecimalFormat.Long, Images.Mode((DecimalRounding)mode));
            DecimalNumber number = DecimalEncoding.Unpack(result.Bits, DecimalFormat.Long);
            bool inexact = tenths % 10 != 0;
            bool grew = Math.Abs(expected[mode]) * 10 > Math.Abs(tenths);
            Assert.Multiple(() =>
            {
                Assert.That(number, Is.EqualTo(DecimalNumber.Finite(tenths < 0, (UInt128)Math.Abs(expected[mode]), 0)), $"mode {mode}");
                Assert.That((result.Status & (Fpscr.XX | Fpscr.FI)) != 0, Is.EqualTo(inexact), $"FI in mode {mode}");
                Assert.That((result.Status & Fpscr.FR) != 0, Is.EqualTo(inexact && grew), $"FR in mode {mode}");
            });
        }
    }

    [Test]
    public void DrintnNotesNothing()
    {
        FpResult128 result = DecimalQuantum.ToInteger(Images.Long(26, -1), false, DecimalFormat.Long, default);
        Assert.That(result.Status & (Fpscr.XX | Fpscr.FI | Fpscr.FR), Is.Zero);
    }

    // RMC (ISA 3.0B Book I 5.5.2): primary encoding with R = 0, secondary with R = 1.
    [TestCase(false, 0u, DecimalRounding.NearestEven)]
    [TestCase(false, 1u, DecimalRounding.TowardZero)]
    [TestCase(false, 2u, DecimalRounding.NearestAway)]
    [TestCase(false, 3u, DecimalRounding.ShorterPrecision)]
    [TestCase(true, 0u, DecimalRounding.TowardPositive)]
    [TestCase(true, 1u, DecimalRounding.TowardNegative)]
    [TestCase(true, 2u, DecimalRounding.AwayFromZero)]
    [TestCase(true, 3u, DecimalRounding.NearestTowardZero)]
    public void RoundControl(bool r, uint rmc, DecimalRounding expected) =>
        Assert.That(DecimalEnvironment.From(Fpscr.DRN).With(r, rmc).Rounding, Is.EqualTo(expected));

    [Test]
    public void ExactSumTakesTheLesserExponent()
    {
        // 1.20 + 2.3 = 3.50
        FpResult128 result = DecimalSum.Add(Images.Long(120, -2), Images.Long(23, -1), DecimalFormat.Long, default);
        Assert.That(result.Bits, Is.EqualTo(Images.Long(350, -2)));
    }

    [Test]
    public void FarSummandCountsInDirectedModes()
    {
        DecimalEnvironment down = Images.Mode(DecimalRounding.TowardNegative);
        FpResult128 result = DecimalSum.Subtract(Images.Long(1), Images.Long(1, -390), DecimalFormat.Long, down);
        Assert.That(result.Bits, Is.EqualTo(Images.Long(9_999_999_999_999_999, -16)));
        Assert.That(result.Status & (Fpscr.XX | Fpscr.FI | Fpscr.FR), Is.EqualTo(Fpscr.XX | Fpscr.FI));
    }

    [Test]
    public void QuotientOfThirds()
    {
        FpResult128 result = DecimalProduct.Divide(Images.Quad(2), Images.Quad(3), DecimalFormat.Quad, default);
        Int128 digits = (Int128.Parse("10000000000000000000000000000000000") * 2 / 3) + 1;
        Assert.That(result.Bits, Is.EqualTo(Images.Quad(digits, -34)));
        Assert.That(result.Status & (Fpscr.XX | Fpscr.FI | Fpscr.FR), Is.EqualTo(Fpscr.XX | Fpscr.FI | Fpscr.FR));
    }

    [TestCase(DecimalRounding.NearestEven, false)]
    [TestCase(DecimalRounding.AwayFromZero, false)]
    [TestCase(DecimalRounding.TowardNegative, true)]
    public void ExactZeroDifferenceIsNegativeTowardMinusOnly(DecimalRounding mode, bool negative)
    {
        FpResult128 result = DecimalSum.Subtract(Images.Long(5), Images.Long(5), DecimalFormat.Long, Images.Mode(mode));
        Assert.That(DecimalEncoding.Unpack(result.Bits, DecimalFormat.Long), Is.EqualTo(DecimalNumber.Finite(negative, 0, 0)));
    }
}
