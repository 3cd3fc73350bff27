namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The maximum and minimum instructions, which differ in what they make of NaNs and of zeros of unlike sign. None
/// touches FR, FI or FPRF.
/// </summary>
public static class MinMax
{
    /// <summary>
    /// xsmaxdp, xvmaxdp, xvmaxsp and minimum: IEEE 754-2008 maxNum, so a number is preferred to a quiet NaN; a
    /// signalling one, made quiet, is the result. +0 is greater than -0.
    /// </summary>
    public static FpResult Number<T>(ulong a, ulong b, bool maximum, FpEnvironment env)
        where T : struct, IBinaryFormat
    {
        var left = Encoding.Unpack<T>(a);
        var right = Encoding.Unpack<T>(b);
        if (!left.IsNaN && !right.IsNaN)
        {
            return new(Select<T>(a, b, maximum), 0);
        }

        var exceptions = NotANumber.Signal(left) | NotANumber.Signal(right);
        if (Delivery.Suppresses(exceptions, env))
        {
            return new(0, exceptions | FpResult.Suppressed);
        }

        // A signalling a, or a NaN beside a quiet or absent b, wins; a quiet NaN yields to a number and to a
        // signalling NaN only if that is the first operand.
        var first = left.Kind == FpKind.SignallingNaN
            || (left.IsNaN && right.IsNaN)
            || (!left.IsNaN && right.Kind == FpKind.QuietNaN);
        var chosen = first ? left : right;
        return new((ulong)Encoding.Pack<T>(chosen.IsNaN ? NotANumber.Quiet(chosen) : chosen), exceptions);
    }

    /// <summary>
    /// xsmaxcdp, xsmincdp, "type C": a &gt; b ? a : b and a &lt; b ? a : b as C means them. Any NaN, and equality, give b.
    /// </summary>
    public static FpResult TypeC(ulong a, ulong b, bool maximum, FpEnvironment env)
    {
        var relation = Comparison.Compare<Binary64>(a, b);
        if (relation == Relation.Unordered)
        {
            var exceptions = Comparison.UnorderedStatus<Binary64>(a, b, false, env);
            return new((exceptions & FpResult.Suppressed) != 0 ? 0 : b, exceptions);
        }

        return new(relation == (maximum ? Relation.Greater : Relation.Less) ? a : b, 0);
    }

    /// <summary>
    /// xsmaxjdp, xsminjdp, "type J": Java's Math.max. The first NaN, unchanged, is the result; +0 is greater than -0.
    /// </summary>
    public static FpResult TypeJ(ulong a, ulong b, bool maximum, FpEnvironment env)
    {
        if (Comparison.Compare<Binary64>(a, b) != Relation.Unordered)
        {
            return new(Select<Binary64>(a, b, maximum), 0);
        }

        var exceptions = Comparison.UnorderedStatus<Binary64>(a, b, false, env);
        var nan = Encoding.Unpack<Binary64>(a).IsNaN ? a : b;
        return new((exceptions & FpResult.Suppressed) != 0 ? 0 : nan, exceptions);
    }

    /// <summary>The greater or lesser of two numbers, with -0 below +0.</summary>
    internal static ulong Select<T>(ulong a, ulong b, bool maximum)
        where T : struct, IBinaryFormat
    {
        var relation = Comparison.Compare<T>(a, b);
        var takeA = relation == Relation.Equal
            ? maximum == (((a >> Format<T>.SignShift) & 1) == 0)
            : relation == (maximum ? Relation.Greater : Relation.Less);
        return takeA ? a : b;
    }
}
