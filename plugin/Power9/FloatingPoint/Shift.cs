namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Shifts that keep what falls off as a sticky bit.</summary>
internal static class Shift
{
    /// <summary>Right by any distance &gt;= 0; bit 0 of the result is set if any lost bit was.</summary>
    public static UInt128 RightJam(UInt128 value, int distance)
    {
        if (distance == 0)
        {
            return value;
        }

        if (distance > 127)
        {
            return value == UInt128.Zero ? UInt128.Zero : UInt128.One;
        }

        var shifted = value >> distance;
        return shifted << distance == value ? shifted : shifted | UInt128.One;
    }
}
