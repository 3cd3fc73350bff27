namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The Test Data Class mask DCMX (xststdc*, xvtstdc*): which classes count as a match.</summary>
public static class DataClass
{
    private const uint NaN = 0x40;
    private const uint PositiveInfinity = 0x20;
    private const uint PositiveZero = 0x08;
    private const uint PositiveDenormal = 0x02;

    /// <summary>Whether an image of <typeparamref name="T"/> is of a class in the mask.</summary>
    public static bool Matches<T>(UInt128 bits, uint dcmx)
        where T : struct, IBinaryFormat => Matches<T>(Encoding.Unpack<T>(bits), dcmx);

    /// <summary>xststdcsp: a double image judged as the single it stands for, so that denormal means denormal in single.</summary>
    public static bool MatchesSingleInDouble(ulong bits, uint dcmx) =>
        Matches<Binary32>(Encoding.Unpack<Binary64>(bits), dcmx);

    /// <summary>Whether a double image is the value of a single; a NaN is one if the bits that a single does not have are 0.</summary>
    public static bool IsSingle(ulong bits)
    {
        const ulong Lost = (1UL << 29) - 1;
        var value = BitConverter.UInt64BitsToDouble(bits);
        return double.IsNaN(value) ? (bits & Lost) == 0 : value == (float)value;
    }

    private static bool Matches<T>(in Unpacked value, uint dcmx)
        where T : struct, IBinaryFormat
    {
        var positive = value.Kind switch
        {
            FpKind.Zero => PositiveZero,
            FpKind.Infinity => PositiveInfinity,
            FpKind.Finite => value.Exponent < Format<T>.MinExponent ? PositiveDenormal : 0,
            _ => NaN,
        };

        // The class of the other sign is the next lower bit; NaNs have no sign.
        return (dcmx & (value.Negative && !value.IsNaN ? positive >> 1 : positive)) != 0;
    }
}
