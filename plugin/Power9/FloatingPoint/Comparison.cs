namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The four outcomes of a comparison, as CR field and FPCC show them.</summary>
[Flags]
public enum Relation : uint
{
    Unordered = 1,
    Equal = 2,
    Greater = 4,
    Less = 8,
}

/// <summary>Comparisons: fcmpu, fcmpo, xscmp*, xvcmp*.</summary>
public static class Comparison
{
    /// <summary>How a, an image of <typeparamref name="T"/>, relates to b.</summary>
    public static Relation Compare<T>(ulong a, ulong b)
        where T : struct, IBinaryFormat
    {
        double left = Host.Load<T>(a), right = Host.Load<T>(b);
        return left < right ? Relation.Less
            : left > right ? Relation.Greater
            : left == right ? Relation.Equal
            : Relation.Unordered;
    }

    /// <summary>How quad image a relates to b.</summary>
    public static Relation CompareQuad(UInt128 a, UInt128 b)
    {
        if (Encoding.Unpack<Binary128>(a).IsNaN || Encoding.Unpack<Binary128>(b).IsNaN)
        {
            return Relation.Unordered;
        }

        var magnitude = UInt128.MaxValue >> 1;
        if (((a | b) & magnitude) == UInt128.Zero)
        {
            return Relation.Equal;
        }

        // Sign and magnitude to two's complement: order of images becomes order of integers.
        var left = (a & ~magnitude) != UInt128.Zero ? -(Int128)(a & magnitude) : (Int128)a;
        var right = (b & ~magnitude) != UInt128.Zero ? -(Int128)(b & magnitude) : (Int128)b;
        return left < right ? Relation.Less : left > right ? Relation.Greater : Relation.Equal;
    }

    /// <summary>
    /// The status of an unordered outcome: VXSNAN if an operand signals; where the instruction is an ordered one
    /// (fcmpo, xscmpodp, xvcmpge, xvcmpgt) VXVC too, unless a signalling NaN is an enabled exception already
    /// (Power ISA 3.0B, Book I, 4.6.8). FPCC is not part of it.
    /// </summary>
    public static uint UnorderedStatus<T>(ulong a, ulong b, bool ordered, FpEnvironment env)
        where T : struct, IBinaryFormat =>
        Status(Encoding.Unpack<T>(a), Encoding.Unpack<T>(b), ordered, env);

    /// <summary>As <see cref="UnorderedStatus{T}"/>, for quad images.</summary>
    public static uint UnorderedStatusQuad(UInt128 a, UInt128 b, bool ordered, FpEnvironment env) =>
        Status(Encoding.Unpack<Binary128>(a), Encoding.Unpack<Binary128>(b), ordered, env);

    private static uint Status(in Unpacked a, in Unpacked b, bool ordered, FpEnvironment env)
    {
        var status = NotANumber.Signal(a) | NotANumber.Signal(b);
        if (ordered && (status == 0 || !env.InvalidEnabled))
        {
            status |= Fpscr.VXVC;
        }

        return status != 0 && env.InvalidEnabled ? status | FpResult.Suppressed : status;
    }
}
