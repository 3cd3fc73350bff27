using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// Host operations together with the sign of their rounding error, by error-free transformations (Dekker, Knuth;
/// Boldo and Muller for the fused multiply-add). They hold while no intermediate overflows or becomes denormal; the
/// Try methods decline whatever comes near, and with it infinities, NaNs and zero divisors. Zero operands are exact.
/// </summary>
internal static class ErrorFree
{
    // Biased exponents. Residuals reach 106 bits below the head: from 128 on they are normal with room to spare.
    private const uint LeastSafe = 128;
    private const uint GreatestSafe = 0x7FD;

    /// <summary>a + b. Always exact for finite sums below the largest binade; the caller checks the head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HeadTail Sum(double a, double b)
    {
        var sum = a + b;
        var partB = sum - a;
        var partA = sum - partB;
        return new(sum, (a - partA) + (b - partB));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryProduct(double a, double b, out HeadTail product)
    {
        var head = a * b;
        product = new(head, Math.FusedMultiplyAdd(a, b, -head));
        return IsSafe(head) || IsExactZero(head, a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryQuotient(double a, double b, out HeadTail quotient)
    {
        var head = a / b;
        var remainder = Math.FusedMultiplyAdd(-head, b, a);
        quotient = new(head, b < 0 ? -remainder : remainder);
        return IsSafe(b) && ((IsSafe(head) && IsSafe(a)) || a == 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySquareRoot(double a, out HeadTail root)
    {
        var head = Math.Sqrt(a);
        root = new(head, Math.FusedMultiplyAdd(-head, head, a));
        return (a > 0 && IsSafe(a)) || a == 0;
    }

    /// <summary>a * c + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMultiplyAdd(double a, double c, double b, out HeadTail value)
    {
        var head = Math.FusedMultiplyAdd(a, c, b);
        var product = a * c;
        var residual = Math.FusedMultiplyAdd(a, c, -product);
        var low = Sum(b, residual);
        var high = Sum(product, low.Head);
        var middle = (high.Head - head) + high.Tail;
        value = new(head, middle + low.Tail);

        // An addend far outside the product's range is declined too, which keeps all sums below overflow.
        return (IsSafe(product) || IsExactZero(product, a, c)) && Exponent(b) <= GreatestSafe && Exponent(head) <= GreatestSafe;
    }

    /// <summary>A zero product that is no underflow, nor a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsExactZero(double product, double a, double b) => product == 0 && (a == 0 || b == 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSafe(double value) => Exponent(value) - LeastSafe <= GreatestSafe - LeastSafe;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Exponent(double value) =>
        (uint)(BitConverter.DoubleToUInt64Bits(value) >> 52) & 0x7FF;
}
