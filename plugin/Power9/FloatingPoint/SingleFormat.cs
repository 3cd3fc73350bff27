namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// Between single images in storage and their double images in registers, without rounding or signalling: the
/// functions DOUBLE and SINGLE of Power ISA 3.0B, Book I, 4.6.2 and 4.6.3 (lfs, stfs), which xscvspdpn and xscvdpspn
/// share.
/// </summary>
public static class SingleFormat
{
    private const int FractionDifference = 29;
    private const int BiasDifference = 1023 - 127;

    /// <summary>DOUBLE(WORD): every single image as a double image; NaNs keep their payload and signalling state.</summary>
    public static ulong Widen(uint word)
    {
        var sign = (ulong)(word >> 31) << 63;
        var magnitude = word & 0x7FFF_FFFF;
        if (magnitude - 0x0080_0000 < 0x7F00_0000)
        {
            return sign | (((ulong)magnitude << FractionDifference) + ((ulong)BiasDifference << 52));
        }

        if (magnitude >= 0x7F80_0000)
        {
            return sign | (0x7FFUL << 52) | ((ulong)magnitude << FractionDifference);
        }

        // Zero or denormal: the host's conversion of a number is exact.
        return sign | BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle(magnitude));
    }

    /// <summary>
    /// SINGLE(DOUBLE): a double image that holds a single, as a single image. For others, where the ISA leaves the
    /// word undefined, fraction and high exponent bits are dropped.
    /// </summary>
    public static uint Narrow(ulong doubleword)
    {
        var sign = (uint)(doubleword >> 63) << 31;
        var exponent = (int)(doubleword >> 52) & 0x7FF;
        var fraction = doubleword & ((1UL << 52) - 1);
        if (exponent > BiasDifference || (doubleword & ~(1UL << 63)) == 0)
        {
            return sign | ((uint)(doubleword >> 32) & 0x4000_0000)
                | ((uint)(doubleword >> FractionDifference) & 0x3FFF_FFFF);
        }

        // Denormal in single: put the implied bit in and shift it to its place.
        var denormal = FractionDifference + BiasDifference + 1 - exponent;
        var significand = fraction | (exponent != 0 ? 1UL << 52 : 0);
        return denormal > 63 ? sign : sign | (uint)(significand >> denormal);
    }
}
