namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>Just enough 256-bit arithmetic for the exact product and sum of a fused multiply-add.</summary>
internal readonly struct UInt256
{
    public readonly UInt128 High;
    public readonly UInt128 Low;

    public UInt256(UInt128 high, UInt128 low)
    {
        High = high;
        Low = low;
    }

    public bool IsZero => (High | Low) == UInt128.Zero;

    public static UInt256 operator +(in UInt256 a, in UInt256 b)
    {
        var low = a.Low + b.Low;
        return new(a.High + b.High + (low < a.Low ? UInt128.One : UInt128.Zero), low);
    }

    public static UInt256 operator -(in UInt256 a, in UInt256 b) =>
        new(a.High - b.High - (a.Low < b.Low ? UInt128.One : UInt128.Zero), a.Low - b.Low);

    public static bool operator <(in UInt256 a, in UInt256 b) =>
        a.High < b.High || (a.High == b.High && a.Low < b.Low);

    public static bool operator >(in UInt256 a, in UInt256 b) => b < a;

    /// <summary>The full product.</summary>
    public static UInt256 Multiply(UInt128 a, UInt128 b)
    {
        ulong a1 = (ulong)(a >> 64), a0 = (ulong)a, b1 = (ulong)(b >> 64), b0 = (ulong)b;
        var low = Product(a0, b0);
        var high = Product(a1, b1);
        var middle = Product(a1, b0);
        var cross = Product(a0, b1);
        var carry = (low >> 64) + (ulong)middle + (ulong)cross;
        return new(high + (middle >> 64) + (cross >> 64) + (carry >> 64), (carry << 64) | (ulong)low);
    }

    public UInt256 ShiftLeft(int distance)
    {
        if (distance >= 128)
        {
            return new(Low << (distance - 128), UInt128.Zero);
        }

        return distance == 0 ? this : new((High << distance) | (Low >> (128 - distance)), Low << distance);
    }

    /// <summary>Right by any distance &gt;= 0; bit 0 of the result is set if any lost bit was.</summary>
    public UInt256 ShiftRightJam(int distance)
    {
        if (distance == 0)
        {
            return this;
        }

        if (distance >= 128)
        {
            var jammed = Shift.RightJam(High, distance - 128);
            return new(UInt128.Zero, Low == UInt128.Zero ? jammed : jammed | UInt128.One);
        }

        var low = (Low >> distance) | (High << (128 - distance));
        return new(High >> distance, Low << (128 - distance) == UInt128.Zero ? low : low | UInt128.One);
    }

    public int LeadingZeroCount() =>
        High != UInt128.Zero ? (int)UInt128.LeadingZeroCount(High) : 128 + (int)UInt128.LeadingZeroCount(Low);

    /// <summary>The high half, with bit 0 set if the low half is not zero.</summary>
    public UInt128 Jam() => Low == UInt128.Zero ? High : High | UInt128.One;

    private static UInt128 Product(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return new UInt128(high, low);
    }
}
