using NUnit.Framework;
using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>Exceptions, enabled and not (ISA 3.0B Book I 5.5.10). QEMU has no enabled ones, so these cases are derived from the text.</summary>
public class DecimalExceptionTests
{
    private const uint Rounded = Fpscr.XX | Fpscr.FI | Fpscr.FR;
    private const uint Causes = Fpscr.Exceptions | Fpscr.FI | Fpscr.FR | FpResult.Suppressed;
    private const uint PositiveNormal = 0x04 << Fpscr.FpccShift;
    private const uint PositiveSubnormal = 0x14 << Fpscr.FpccShift;

    private static readonly UInt128 PlusInfinity = Images.Special(DecimalKind.Infinity, false, 0, DecimalFormat.Long);
    private static readonly UInt128 DefaultNaN = Images.Special(DecimalKind.QuietNaN, false, 0, DecimalFormat.Long);

    [Test]
    public void InvalidOperationGivesTheDefaultNaNOrNothing()
    {
        UInt128 minus = Images.Special(DecimalKind.Infinity, true, 0, DecimalFormat.Long);
        Check(DecimalSum.Add(PlusInfinity, minus, DecimalFormat.Long, Env(0)), DefaultNaN, Fpscr.VXISI);
        Check(DecimalSum.Add(PlusInfinity, minus, DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXISI | FpResult.Suppressed);
        Check(DecimalProduct.Multiply(PlusInfinity, Images.Long(0), DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXIMZ | FpResult.Suppressed);
        Check(DecimalProduct.Divide(PlusInfinity, minus, DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXIDI | FpResult.Suppressed);
        Check(DecimalProduct.Divide(Images.Long(0), Images.Long(0), DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXZDZ | FpResult.Suppressed);
        Check(DecimalQuantum.Quantize(PlusInfinity, 0, DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXCVI | FpResult.Suppressed);
        Check(DecimalBcd.Encode(0xA, false, DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXCVI | FpResult.Suppressed);
        Check(DecimalFixedPoint.To(PlusInfinity, DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXCVI | FpResult.Suppressed);
    }

    [Test]
    public void SignallingNaNOfEitherOperandComesFirst()
    {
        UInt128 quiet = Images.Special(DecimalKind.QuietNaN, true, 7, DecimalFormat.Long);
        UInt128 signalling = Images.Special(DecimalKind.SignallingNaN, false, 8, DecimalFormat.Long);
        UInt128 quieted = Images.Special(DecimalKind.QuietNaN, false, 8, DecimalFormat.Long);
        Check(DecimalSum.Add(quiet, signalling, DecimalFormat.Long, Env(0)), quieted, Fpscr.VXSNAN);
        Check(DecimalSum.Subtract(Images.Long(1), quiet, DecimalFormat.Long, Env(0)), quiet, 0);
        Check(DecimalSum.Add(quiet, signalling, DecimalFormat.Long, Env(Fpscr.VE)), 0, Fpscr.VXSNAN | FpResult.Suppressed);
    }

    [Test]
    public void OrderedComparisonNotesVxvcUnlessASignallingNaNIsEnabled()
    {
        UInt128 quiet = DefaultNaN;
        UInt128 signalling = Images.Special(DecimalKind.SignallingNaN, false, 0, DecimalFormat.Long);
        uint Status(UInt128 b, bool ordered, uint enables) =>
            DecimalComparison.UnorderedStatus(Images.Long(1), b, ordered, DecimalFormat.Long, Env(enables));
        Assert.Multiple(() =>
        {
            Assert.That(Status(quiet, false, 0), Is.Zero);
            Assert.That(Status(signalling, false, 0), Is.EqualTo(Fpscr.VXSNAN));
            Assert.That(Status(quiet, true, Fpscr.VE), Is.EqualTo(Fpscr.VXVC));
            Assert.That(Status(signalling, true, 0), Is.EqualTo(Fpscr.VXSNAN | Fpscr.VXVC));
            Assert.That(Status(signalling, true, Fpscr.VE), Is.EqualTo(Fpscr.VXSNAN));
        });
    }

    [Test]
    public void ZeroDivide()
    {
        Check(DecimalProduct.Divide(Images.Long(1), Images.Long(0), DecimalFormat.Long, Env(0)), PlusInfinity, Fpscr.ZX);
        Check(DecimalProduct.Divide(Images.Long(1), Images.Long(0), DecimalFormat.Long, Env(Fpscr.ZE)), 0, Fpscr.ZX | FpResult.Suppressed);
    }

    [TestCase(DecimalRounding.NearestEven, true)]
    [TestCase(DecimalRounding.NearestTowardZero, true)]
    [TestCase(DecimalRounding.AwayFromZero, true)]
    [TestCase(DecimalRounding.TowardPositive, true)]
    [TestCase(DecimalRounding.TowardZero, false)]
    [TestCase(DecimalRounding.TowardNegative, false)]
    [TestCase(DecimalRounding.ShorterPrecision, false)]
    public void DisabledOverflowGoesToInfinityOrStops(DecimalRounding mode, bool infinite)
    {
        FpResult128 result = DecimalProduct.Multiply(Images.Long(2, 300), Images.Long(3, 300), DecimalFormat.Long, Images.Mode(mode));
        UInt128 largest = Images.Long(9_999_999_999_999_999, 369);
        Assert.That(result.Bits, Is.EqualTo(infinite ? PlusInfinity : largest));
        Assert.That(result.Status & Causes & ~Fpscr.FR, Is.EqualTo(Fpscr.OX | Fpscr.XX | Fpscr.FI));
    }

    [Test]
    public void EnabledOverflowAdjustsTheExponent()
    {
        // 2E300 * 3E300 = 6E600; less 576 that is 6E24. The wrapped ideal exponent is 600 - 576, too.
        FpResult128 exact = DecimalProduct.Multiply(Images.Long(2, 300), Images.Long(3, 300), DecimalFormat.Long, Env(Fpscr.OE));
        Check(exact, Images.Long(6, 24), Fpscr.OX);
        Assert.That(exact.Status & Fpscr.FPRF, Is.EqualTo(PositiveNormal));

        FpResult128 quad = DecimalProduct.Multiply(Images.Quad(2, 6000), Images.Quad(3, 6000), DecimalFormat.Quad, Env(Fpscr.OE));
        Check(quad, Images.Quad(6, 12000 - 9216), Fpscr.OX);

        // 1 / 3E-398 overflows by its exponent alone when the dividend is large: 1E369 / 3E-398 = 3.33...E766.
        FpResult128 inexact = DecimalProduct.Divide(Images.Long(1, 369), Images.Long(3, -398), DecimalFormat.Long, Env(Fpscr.OE));
        Check(inexact, Images.Long(3_333_333_333_333_333, 766 - 15 - 576), Fpscr.OX | Fpscr.XX | Fpscr.FI);
    }

    [Test]
    public void DisabledUnderflowNeedsLoss()
    {
        FpResult128 exact = DecimalSum.Add(Images.Long(1, -398), Images.Long(0, -398), DecimalFormat.Long, Env(0));
        Check(exact, Images.Long(1, -398), 0);
        Assert.That(exact.Status & Fpscr.FPRF, Is.EqualTo(PositiveSubnormal));
        Check(
            DecimalProduct.Multiply(Images.Long(17, -200), Images.Long(1, -199), DecimalFormat.Long, Env(0)),
            Images.Long(2, -398),
            Fpscr.UX | Rounded);
    }

    [Test]
    public void TininessIsDetectedBeforeRounding()
    {
        // 9.99...9E-384 rounds up to the least normal number, 1E-383, and is tiny all the same.
        FpResult128 result = DecimalProduct.Multiply(Images.Long(9_999_999_999_999_999, -398), Images.Long(1, -1), DecimalFormat.Long, Env(0));
        Check(result, Images.Long(1_000_000_000_000_000, -398), Fpscr.UX | Rounded);
        Assert.That(result.Status & Fpscr.FPRF, Is.EqualTo(PositiveNormal));
    }

    [Test]
    public void EnabledUnderflowAdjustsTheExponentOfAnyTinyResult()
    {
        Check(
            DecimalSum.Add(Images.Long(1, -398), Images.Long(0, -398), DecimalFormat.Long, Env(Fpscr.UE)),
            Images.Long(1, -398 + 576),
            Fpscr.UX);
        Check(
            DecimalProduct.Multiply(Images.Quad(17, -4000), Images.Quad(1, -4000), DecimalFormat.Quad, Env(Fpscr.UE)),
            Images.Quad(17, -8000 + 9216),
            Fpscr.UX);
    }

    [Test]
    public void EnabledExceptionsOfNarrowingDeliverTheSourceFormat()
    {
        // Adjusted by 192 and 3072, rounded to 7 and 16 digits.
        Check(DecimalConversion.LongToShort(Images.Long(123_456_784, 200), Env(Fpscr.OE)), Images.Long(1_234_568, 202 - 192), Fpscr.OX | Rounded);
        Check(DecimalConversion.LongToShort(Images.Long(5, -300), Env(Fpscr.UE)), Images.Long(5, -300 + 192), Fpscr.UX);
        Check(DecimalConversion.QuadToLong(Images.Quad(5, 1000), Env(Fpscr.OE)), Images.Quad(5, 1000 - 3072), Fpscr.OX);
        Check(DecimalConversion.QuadToLong(Images.Quad(5, -1000), Env(Fpscr.UE)), Images.Quad(5, -1000 + 3072), Fpscr.UX);
    }

    private static DecimalEnvironment Env(uint fpscr) => DecimalEnvironment.From(fpscr);

    private static void Check(FpResult128 result, UInt128 bits, uint status) => Assert.Multiple(() =>
    {
        Assert.That(result.Bits, Is.EqualTo(bits), $"{result.Bits:x32}, not {bits:x32}");
        Assert.That(result.Status & Causes, Is.EqualTo(status), $"status {result.Status:x8}");
    });
}
