namespace RenodeUvmem.Power9.Decimal;

/// <summary>Three decimal digits in ten bits (ISA 3.0B Book I appendix B; IEEE 754-2008 table 3.3 and 3.4).</summary>
public static class DenselyPackedDecimal
{
    /// <summary>Declet (10 bits) to three BCD digits (12 bits). All 1024 declets are defined.</summary>
    public static uint ToBcd(uint declet)
    {
        uint pqr = (declet >> 7) & 7;
        uint stu = (declet >> 4) & 7;
        uint wxy = declet & 7;
        if ((declet & 8) == 0)
            return Digits(pqr, stu, wxy);

        // One or more digits are 8 or 9, told by w x, and where both are set by s t.
        uint r = pqr & 1;
        uint u = stu & 1;
        uint y = wxy & 1;
        uint pq = pqr & 6;
        uint st = stu & 6;
        return (wxy >> 1) switch
        {
            0 => Digits(pqr, stu, 8 | y),
            1 => Digits(pqr, 8 | u, st | y),
            2 => Digits(8 | r, stu, pq | y),
            _ => (stu >> 1) switch
            {
                0 => Digits(8 | r, 8 | u, pq | y),
                1 => Digits(8 | r, pq | u, 8 | y),
                2 => Digits(pqr, 8 | u, 8 | y),
                _ => Digits(8 | r, 8 | u, 8 | y),
            },
        };
    }

    /// <summary>Three BCD digits (12 bits) to a declet. Digits above 9 count as 8 or 9 with the same lowest bit.</summary>
    public static uint FromBcd(uint digits)
    {
        uint bcd = (digits >> 8) & 7;
        uint fgh = (digits >> 4) & 7;
        uint jkm = digits & 7;
        uint d = bcd & 1;
        uint h = fgh & 1;
        uint m = jkm & 1;
        uint fg = fgh & 6;
        uint jk = jkm & 6;
        uint large = ((digits >> 9) & 4) | ((digits >> 6) & 2) | ((digits >> 3) & 1);
        return large switch
        {
            0 => Declet(bcd, fgh, 0, jkm),
            1 => Declet(bcd, fgh, 1, m),
            2 => Declet(bcd, jk | h, 1, 2 | m),
            3 => Declet(bcd, 4 | h, 1, 6 | m),
            4 => Declet(jk | d, fgh, 1, 4 | m),
            5 => Declet(fg | d, 2 | h, 1, 6 | m),
            6 => Declet(jk | d, h, 1, 6 | m),
            _ => Declet(d, 6 | h, 1, 6 | m),
        };
    }

    private static uint Digits(uint high, uint middle, uint low) => (high << 8) | (middle << 4) | low;

    private static uint Declet(uint pqr, uint stu, uint v, uint wxy) => (pqr << 7) | (stu << 4) | (v << 3) | wxy;
}
