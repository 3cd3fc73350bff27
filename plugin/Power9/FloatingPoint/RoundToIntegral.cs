namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Rounding to an integral value in the same format: fri*, xsrdpi*, xvrspi*, xsrqpi.</summary>
public static class RoundToIntegral
{
    /// <summary>
    /// The image rounded in the given mode. With <paramref name="inexact"/> (the c and x forms) a change raises XX
    /// and sets FI and FR, else these stay 0.
    /// </summary>
    public static FpResult Compute<T>(ulong bits, RoundingMode mode, bool inexact, FpEnvironment env)
        where T : struct, IBinaryFormat
    {
        if (Host.Holds<T>())
        {
            var value = Host.Load<T>(bits);
            var rounded = Host.RoundToIntegral(value, mode);
            if (Host.TryDeliver<T, T>(new(rounded, 0), out var result))
            {
                return inexact ? new(result.Bits, result.Status | Host.LostBy(value, rounded)) : result;
            }
        }

        uint exceptions = 0;
        var integral = Exact(Encoding.Unpack<T>(bits), mode, inexact, ref exceptions);
        return Delivery.To<T, T>(integral, exceptions, env);
    }

    /// <summary>xsrqpi, and with <paramref name="inexact"/> xsrqpix.</summary>
    public static FpResult128 ComputeQuad(UInt128 bits, RoundingMode mode, bool inexact, FpEnvironment env)
    {
        uint exceptions = 0;
        var integral = Exact(Encoding.Unpack<Binary128>(bits), mode, inexact, ref exceptions);
        return Delivery.ToQuad(integral, exceptions, env);
    }

    /// <summary>
    /// The magnitude of a finite number below 2^127, rounded to an integer; <paramref name="lost"/> is FI if inexact,
    /// with FR if it grew.
    /// </summary>
    internal static UInt128 Magnitude(in Unpacked value, RoundingMode mode, out uint lost)
    {
        // With exponent 0 bit 127 counts one: below that the number is moved down, above fewer bits drop.
        var drop = 127 - Math.Max(value.Exponent, 0);
        var significand = Shift.RightJam(value.Significand, Math.Max(-value.Exponent, 0));
        var kept = Rounding.Apply(significand, drop, mode, value.Negative, out var carry, out lost);
        return carry ? (kept >> drop) << 1 : kept >> drop;
    }

    private static Unpacked Exact(in Unpacked value, RoundingMode mode, bool inexact, ref uint exceptions)
    {
        if (value.IsNaN)
        {
            return NotANumber.Propagate(value, ref exceptions);
        }

        // From 2^112 on even quad has no fraction bits.
        if (!value.IsFinite || value.Exponent >= 112)
        {
            return value;
        }

        var magnitude = Magnitude(value, mode, out var lost);
        if (inexact && lost != 0)
        {
            exceptions |= lost | Fpscr.XX;
        }

        return Unpacked.Normalize(value.Negative, 127, magnitude);
    }
}
