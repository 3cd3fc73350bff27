using RenodeUvmem.Power9.FloatingPoint;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>The last step of every operation with a decimal result: classify, encode, and obey the enables.</summary>
internal static class DecimalDelivery
{
    /// <summary>A number of the format, with the status it came by.</summary>
    public static FpResult128 Number(in DecimalNumber number, DecimalFormat format, uint status = 0) =>
        new(DecimalEncoding.Pack(number, format), status | FpResult.HasFprf | (Class(number, format) << Fpscr.FpccShift));

    /// <summary>A result before rounding, of arithmetic within one format.</summary>
    public static FpResult128 Rounded(ExactDecimal exact, int ideal, DecimalFormat format, DecimalEnvironment env)
    {
        uint status = 0;
        DecimalNumber number = DecimalRounder.ToFormat(exact, ideal, format, format, env, ref status, out DecimalFormat delivered);
        return Number(number, delivered, status);
    }

    /// <summary>An invalid operation: the default NaN, or nothing if the exception is enabled.</summary>
    public static FpResult128 Invalid(uint cause, DecimalFormat format, DecimalEnvironment env) =>
        env.InvalidEnabled ? Suppressed(cause) : Number(DecimalNumber.DefaultNaN, format, cause);

    /// <summary>An enabled exception that leaves the target unchanged.</summary>
    public static FpResult128 Suppressed(uint cause) => new(UInt128.Zero, cause | FpResult.Suppressed);

    /// <summary>What an operation with a NaN operand delivers.</summary>
    public static FpResult128 NaN(in DecimalNumber operand, DecimalFormat format, DecimalEnvironment env)
    {
        uint status = Signal(operand);
        return status != 0 && env.InvalidEnabled ? Suppressed(status) : Number(operand.Quiet(), format, status);
    }

    /// <summary>
    /// What an operation with at least one NaN operand delivers. Unlike in binary floating-point a signalling NaN is
    /// preferred to a quiet one (the action tables of ISA 3.0B Book I 5.6).
    /// </summary>
    public static FpResult128 NaN(in DecimalNumber a, in DecimalNumber b, DecimalFormat format, DecimalEnvironment env)
    {
        bool first = Signal(a) != 0 || (a.IsNaN && Signal(b) == 0);
        return NaN(first ? a : b, format, env);
    }

    /// <summary>VXSNAN if the datum is a signalling NaN, else 0.</summary>
    public static uint Signal(in DecimalNumber operand) => operand.Kind == DecimalKind.SignallingNaN ? Fpscr.VXSNAN : 0;

    private static uint Class(in DecimalNumber number, DecimalFormat format)
    {
        switch (number.Kind)
        {
            case DecimalKind.QuietNaN:
                return ResultClass.QuietNaN;
            case DecimalKind.SignallingNaN:
                return ResultClass.SignallingNaN;
            case DecimalKind.Infinity:
                return number.Negative ? ResultClass.NegativeInfinity : ResultClass.PositiveInfinity;
            default:
                if (number.IsZero)
                    return number.Negative ? ResultClass.NegativeZero : ResultClass.PositiveZero;
                if (number.Adjusted < format.MinAdjusted)
                    return number.Negative ? ResultClass.NegativeDenormal : ResultClass.PositiveDenormal;
                return number.Negative ? ResultClass.NegativeNormal : ResultClass.PositiveNormal;
        }
    }
}
