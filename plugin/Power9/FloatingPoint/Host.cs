using System.Runtime.CompilerServices;

namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The way in and out of the host's arithmetic. A result is delivered only if it needs nothing but rounding to nearest:
/// no NaN, infinity, overflow or underflow; all else is left to the exact path.
/// </summary>
internal static class Host
{
    private const ulong SignBit = 1UL << 63;

    // Biased double exponents: the largest from which a sum's tail is still computed without overflow, and those of
    // single's normal numbers less the top binade, where rounding could overflow.
    private const uint GreatestSafe = 0x7FD;
    private const uint LeastSingle = 1023 - 126;
    private const uint GreatestSingle = 1023 + 126;

    /// <summary>Whether the format is one of the host's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds<T>()
        where T : struct, IBinaryFormat =>
        typeof(T) == typeof(Binary32) || typeof(T) == typeof(Binary64);

    /// <summary>A single or double image as a host number; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Load<T>(ulong bits)
        where T : struct, IBinaryFormat =>
        typeof(T) == typeof(Binary32)
            ? BitConverter.UInt32BitsToSingle((uint)bits)
            : BitConverter.UInt64BitsToDouble(bits);

    /// <summary>Rounds to an integral value; exact on the host in every mode, and a NaN stays one.</summary>
    public static double RoundToIntegral(double value, RoundingMode mode) => mode switch
    {
        RoundingMode.NearestEven => Math.Round(value, MidpointRounding.ToEven),
        RoundingMode.NearestAway => Math.Round(value, MidpointRounding.AwayFromZero),
        RoundingMode.TowardPositive => Math.Ceiling(value),
        RoundingMode.TowardNegative => Math.Floor(value),
        _ => Math.Truncate(value),
    };

    /// <summary>XX, FI and FR for a value that was rounded to another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LostBy(double value, double rounded) =>
        value == rounded ? 0 : Lost(Math.Abs(rounded) > Math.Abs(value));

    /// <summary>The result in <typeparamref name="TStorage"/>, rounded once to <typeparamref name="TPrecision"/>; false if not ordinary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDeliver<TStorage, TPrecision>(in HeadTail value, out FpResult result)
        where TStorage : struct, IBinaryFormat
        where TPrecision : struct, IBinaryFormat =>
        typeof(TPrecision) == typeof(Binary32)
            ? TryDeliverSingle<TStorage>(value, out result)
            : TryDeliverDouble(value, out result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDeliverDouble(in HeadTail value, out FpResult result)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value.Head);
        var exponent = (uint)(bits >> 52) & 0x7FF;
        if (exponent - 1 >= GreatestSafe)
        {
            return TryDeliverZero<Binary64>(bits, out result);
        }

        var status = FpResult.HasFprf | ResultClass.OfNormal((long)bits < 0);
        if (value.Tail != 0)
        {
            status |= Lost((value.Tail < 0) != (value.Head < 0));
        }

        result = new(bits, status);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDeliverSingle<TStorage>(in HeadTail value, out FpResult result)
        where TStorage : struct, IBinaryFormat
    {
        // Rounding to odd in double first makes the second rounding, to single, see the exact value's side of any tie.
        var odd = BitConverter.DoubleToUInt64Bits(value.Head);
        if (value.Tail != 0)
        {
            odd = (odd - ((value.Tail < 0) != (value.Head < 0) ? 1UL : 0)) | 1;
        }

        var exponent = (uint)(odd >> 52) & 0x7FF;
        if (exponent - LeastSingle > GreatestSingle - LeastSingle)
        {
            return TryDeliverZero<TStorage>(odd, out result);
        }

        var single = (float)BitConverter.UInt64BitsToDouble(odd);
        var widened = BitConverter.DoubleToUInt64Bits(single);
        var status = FpResult.HasFprf | ResultClass.OfNormal((long)odd < 0);
        if (widened != odd)
        {
            status |= Lost(widened > odd);
        }

        var bits = typeof(TStorage) == typeof(Binary32) ? BitConverter.SingleToUInt32Bits(single) : widened;
        result = new(bits, status);
        return true;
    }

    private static bool TryDeliverZero<TStorage>(ulong bits, out FpResult result)
        where TStorage : struct, IBinaryFormat
    {
        // Zeros get here only if they are exact: sums, and results of zero operands.
        if ((bits & ~SignBit) != 0)
        {
            result = default;
            return false;
        }

        var image = typeof(TStorage) == typeof(Binary32) ? bits >> 32 : bits;
        result = new(image, FpResult.HasFprf | ResultClass.OfZero(bits != 0));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Lost(bool magnitudeGrew) =>
        Fpscr.XX | Fpscr.FI | (magnitudeGrew ? Fpscr.FR : 0);
}
