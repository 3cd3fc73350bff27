using NUnit.Framework;
using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Tests.FloatingPoint;

/// <summary>Estimates lie within the architected error of the host's exact functions, and special operands give what the ISA's tables say.</summary>
public class EstimateTests
{
    // POWER9 promises 2^-14 for the scalar and VSX estimates, the ISA 1/4096 for VMX.
    private const double Bound = 1.0 / 16384;

    [Test]
    public void ReciprocalsAreWithinBounds()
    {
        var source = new OperandSource(5);
        for (var i = 0; i < 20_000; i++)
        {
            var bits = (ulong)source.Operand(OracleFormat.Double);
            var operand = BitConverter.UInt64BitsToDouble(bits);
            var exact = 1 / operand;
            if (double.IsNormal(exact))
            {
                var estimate = BitConverter.UInt64BitsToDouble(Estimate.Reciprocal<Binary64, Binary64>(bits, default).Bits);
                Assert.That(Math.Abs((estimate - exact) / exact), Is.LessThanOrEqualTo(Bound), $"1/{operand:R}");
            }

            exact = 1 / Math.Sqrt(operand);
            if (double.IsNormal(exact))
            {
                var estimate = BitConverter.UInt64BitsToDouble(Estimate.ReciprocalSquareRoot<Binary64, Binary64>(bits, default).Bits);
                Assert.That(Math.Abs((estimate - exact) / exact), Is.LessThanOrEqualTo(Bound), $"1/sqrt({operand:R})");
            }
        }
    }

    [TestCase(0x0000000000000000UL, 0x7FF0000000000000UL, Fpscr.ZX)]
    [TestCase(0x8000000000000000UL, 0xFFF0000000000000UL, Fpscr.ZX)]
    [TestCase(0x7FF0000000000000UL, 0x0000000000000000UL, 0u)]
    [TestCase(0xFFF0000000000000UL, 0x8000000000000000UL, 0u)]
    [TestCase(0x7FF0000000000001UL, 0x7FF8000000000001UL, Fpscr.VXSNAN)]
    [TestCase(0xFFF8000000000001UL, 0xFFF8000000000001UL, 0u)]
    public void ReciprocalOfSpecials(ulong operand, ulong expected, uint exceptions) =>
        Check(Estimate.Reciprocal<Binary64, Binary64>(operand, default), expected, exceptions);

    [TestCase(0x0000000000000000UL, 0x7FF0000000000000UL, Fpscr.ZX)]
    [TestCase(0x8000000000000000UL, 0xFFF0000000000000UL, Fpscr.ZX)]
    [TestCase(0x7FF0000000000000UL, 0x0000000000000000UL, 0u)]
    [TestCase(0xFFF0000000000000UL, 0x7FF8000000000000UL, Fpscr.VXSQRT)]
    [TestCase(0xBFF0000000000000UL, 0x7FF8000000000000UL, Fpscr.VXSQRT)]
    [TestCase(0x7FF0000000000001UL, 0x7FF8000000000001UL, Fpscr.VXSNAN)]
    public void ReciprocalSquareRootOfSpecials(ulong operand, ulong expected, uint exceptions) =>
        Check(Estimate.ReciprocalSquareRoot<Binary64, Binary64>(operand, default), expected, exceptions);

    [Test]
    public void PowersOfTwoAreWithinBounds()
    {
        var source = new OperandSource(6);
        for (var i = 0; i < 20_000; i++)
        {
            var bits = (uint)source.Operand(OracleFormat.Single);
            double operand = BitConverter.UInt32BitsToSingle(bits);
            var exact = Math.Pow(2, operand);
            if (exact is > 1.2e-38 and < 3.4e38)
            {
                double estimate = BitConverter.UInt32BitsToSingle(Transcendental.PowerOfTwo(bits));
                Assert.That(Math.Abs((estimate - exact) / exact), Is.LessThan(1.0 / 16), $"2^{operand:R}");
            }

            exact = Math.Log2(operand);
            if (double.IsFinite(exact))
            {
                double estimate = BitConverter.UInt32BitsToSingle(Transcendental.Logarithm(bits));
                Assert.That(Math.Abs(estimate - exact), Is.LessThan(1.0 / 32), $"log2({operand:R})");
            }
        }
    }

    [TestCase(0xFF800000u, 0x00000000u)]
    [TestCase(0x7F800000u, 0x7F800000u)]
    [TestCase(0x80000000u, 0x3F800000u)]
    [TestCase(0x43800000u, 0x7F800000u)]
    [TestCase(0xC3800000u, 0x00000000u)]
    [TestCase(0xFF800001u, 0xFFC00001u)]
    [TestCase(0x40400000u, 0x41000000u)]
    public void PowerOfTwoOfSpecials(uint operand, uint expected) =>
        Assert.That(Transcendental.PowerOfTwo(operand), Is.EqualTo(expected));

    [TestCase(0x00000000u, 0xFF800000u)]
    [TestCase(0x80000000u, 0xFF800000u)]
    [TestCase(0x7F800000u, 0x7F800000u)]
    [TestCase(0xFF800000u, 0x7FC00000u)]
    [TestCase(0xBF800000u, 0x7FC00000u)]
    [TestCase(0x7F800001u, 0x7FC00001u)]
    [TestCase(0x41000000u, 0x40400000u)]
    public void LogarithmOfSpecials(uint operand, uint expected) =>
        Assert.That(Transcendental.Logarithm(operand), Is.EqualTo(expected));

    private static void Check(FpResult actual, ulong expected, uint exceptions)
    {
        Assert.That(actual.Bits, Is.EqualTo(expected));
        Assert.That(actual.Status & (Fpscr.Exceptions | Fpscr.FR | Fpscr.FI), Is.EqualTo(exceptions));
    }
}
