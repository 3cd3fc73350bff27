namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The estimates of vexptefp and vlogefp, from operations that every host rounds alike, so that a guest sees the same
/// bits everywhere. Their error is far below what the ISA allows (1/16 relative, 1/32 absolute).
/// </summary>
public static class Transcendental
{
    private const uint QuietBit = 0x0040_0000;
    private const uint DefaultNaN = 0x7FC0_0000;
    private const int Steps = 26;

    private static readonly double[] Roots = MakeRoots();

    /// <summary>2^x of a single image, in single.</summary>
    public static uint PowerOfTwo(uint x)
    {
        double value = BitConverter.UInt32BitsToSingle(x);
        if (double.IsNaN(value))
        {
            return x | QuietBit;
        }

        // Beyond these the result is infinite, or nearest to zero.
        value = Math.Clamp(value, -200, 200);
        var whole = Math.Floor(value);
        var rest = value - whole;
        var power = 1.0;
        for (var step = 0; step < Steps; step++)
        {
            rest *= 2;
            if (rest >= 1)
            {
                rest -= 1;
                power *= Roots[step];
            }
        }

        var scale = BitConverter.UInt64BitsToDouble((ulong)(1023 + (int)whole) << 52);
        return BitConverter.SingleToUInt32Bits((float)(power * scale));
    }

    /// <summary>log2(x) of a single image, in single.</summary>
    public static uint Logarithm(uint x)
    {
        double value = BitConverter.UInt32BitsToSingle(x);
        if (double.IsNaN(value))
        {
            return x | QuietBit;
        }

        if (value == 0)
        {
            return BitConverter.SingleToUInt32Bits(float.NegativeInfinity);
        }

        if (value < 0)
        {
            return DefaultNaN;
        }

        if (double.IsPositiveInfinity(value))
        {
            return x;
        }

        // Squaring doubles the logarithm: each overflow past 2 is one bit of its fraction.
        var bits = BitConverter.DoubleToUInt64Bits(value);
        double result = (int)(bits >> 52) - 1023;
        var significand = BitConverter.UInt64BitsToDouble((bits & ((1UL << 52) - 1)) | (1023UL << 52));
        var weight = 0.5;
        for (var step = 0; step < Steps; step++, weight /= 2)
        {
            significand *= significand;
            if (significand >= 2)
            {
                significand /= 2;
                result += weight;
            }
        }

        return BitConverter.SingleToUInt32Bits((float)result);
    }

    /// <summary>2^(1/2), 2^(1/4), ...</summary>
    private static double[] MakeRoots()
    {
        var roots = new double[Steps];
        var root = 2.0;
        for (var step = 0; step < Steps; step++)
        {
            root = Math.Sqrt(root);
            roots[step] = root;
        }

        return roots;
    }
}
