namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The single-precision arithmetic of VMX (Power ISA 3.0B, Book I, 6.6): always to nearest, no exceptions recorded. In
/// non-Java mode, VSCR[NJ] = 1, denormal operands and results count as zeros of their sign. Words in and out.
/// </summary>
public static class VmxSingle
{
    private const uint Sign = 0x8000_0000;
    private const uint Exponent = 0x7F80_0000;

    /// <summary>A denormal made zero if <paramref name="nonJava"/>.</summary>
    public static uint Flush(uint word, bool nonJava) => nonJava && (word & Exponent) == 0 ? word & Sign : word;

    public static uint Add(uint a, uint b, bool nonJava) =>
        Flush(Addition.Add<Binary32, Binary32>(Flush(a, nonJava), Flush(b, nonJava), default), nonJava);

    public static uint Subtract(uint a, uint b, bool nonJava) =>
        Flush(Addition.Subtract<Binary32, Binary32>(Flush(a, nonJava), Flush(b, nonJava), default), nonJava);

    /// <summary>vmaddfp: a * c + b; vnmsubfp: -(a * c - b).</summary>
    public static uint Fused(uint a, uint c, uint b, MultiplyAddForm form, bool nonJava) =>
        Flush(
            MultiplyAdd.Compute<Binary32, Binary32>(Flush(a, nonJava), Flush(c, nonJava), Flush(b, nonJava), form, default),
            nonJava);

    public static uint Reciprocal(uint b, bool nonJava) =>
        Flush(Estimate.Reciprocal<Binary32, Binary32>(Flush(b, nonJava), default), nonJava);

    public static uint ReciprocalSquareRoot(uint b, bool nonJava) =>
        Flush(Estimate.ReciprocalSquareRoot<Binary32, Binary32>(Flush(b, nonJava), default), nonJava);

    /// <summary>vmaxfp, vminfp: a NaN operand, made quiet, is the result; +0 is greater than -0.</summary>
    public static uint Extreme(uint a, uint b, bool maximum, bool nonJava)
    {
        a = Flush(a, nonJava);
        b = Flush(b, nonJava);
        if (Comparison.Compare<Binary32>(a, b) == Relation.Unordered)
        {
            // Adding is the simplest way to the propagated NaN.
            return (uint)Addition.Add<Binary32, Binary32>(a, b, default).Bits;
        }

        return (uint)MinMax.Select<Binary32>(a, b, maximum);
    }

    public static Relation Compare(uint a, uint b, bool nonJava) =>
        Comparison.Compare<Binary32>(Flush(a, nonJava), Flush(b, nonJava));

    /// <summary>vrfin, vrfiz, vrfip, vrfim.</summary>
    public static uint Round(uint b, RoundingMode mode, bool nonJava) =>
        (uint)RoundToIntegral.Compute<Binary32>(Flush(b, nonJava), mode, false, default).Bits;

    /// <summary>vcfsx, vcfux: an integer divided by 2^scale.</summary>
    public static uint FromInteger(long value, int scale)
    {
        var single = IntegerConversion.FromSigned<Binary32, Binary32>(value, default).Bits;

        // Not zero, at most 2^32: the exponent field has room for the scale, at most 31.
        return value == 0 ? 0 : (uint)single - ((uint)scale << 23);
    }

    /// <summary>vctsxs, vctuxs: b * 2^scale toward zero, saturated; a NaN gives 0 without saturation.</summary>
    public static uint ToInteger(uint b, int scale, bool signed, out bool saturated)
    {
        double value = BitConverter.UInt32BitsToSingle(b);
        saturated = false;
        if (double.IsNaN(value))
        {
            return 0;
        }

        var scaled = BitConverter.DoubleToUInt64Bits(value * (1UL << scale));
        var type = signed ? IntegerType.SignedWord : IntegerType.UnsignedWord;
        var result = IntegerConversion.To<Binary64>(scaled, type, RoundingMode.TowardZero, default);
        saturated = (result.Status & Fpscr.VXCVI) != 0;
        return (uint)result.Bits;
    }

    /// <summary>As the operand flush, but tininess counts before rounding: what rounds up to the least normal is zero too.</summary>
    private static uint Flush(FpResult result, bool nonJava)
    {
        var word = (uint)result.Bits;
        return nonJava && (result.Status & Fpscr.UX) != 0 ? word & Sign : Flush(word, nonJava);
    }
}
