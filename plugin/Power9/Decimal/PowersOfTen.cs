using System.Numerics;

namespace RenodeUvmem.Power9.Decimal;

/// <summary>Powers of ten, and lengths of numbers in digits.</summary>
internal static class PowersOfTen
{
    private static readonly UInt128[] Table = MakeTable();

    /// <summary>10^n for 0 &lt;= n &lt;= 38.</summary>
    public static UInt128 Small(int n) => Table[n];

    /// <summary>10^n for any n &gt;= 0.</summary>
    public static BigInteger Big(int n) => n < Table.Length ? Table[n] : BigInteger.Pow(10, n);

    /// <summary>Significant digits; 0 for 0.</summary>
    public static int Digits(UInt128 value)
    {
        int digits = 0;
        while (digits < Table.Length && Table[digits] <= value)
            digits++;
        return digits;
    }

    /// <summary>Significant digits; 0 for 0.</summary>
    public static int Digits(BigInteger value)
    {
        if (value.IsZero)
            return 0;

        // A little less than log10(2) for each bit, so that the search starts at or below the answer.
        int digits = (int)((value.GetBitLength() - 1) * 30102 / 100000);
        while (Big(digits) <= value)
            digits++;
        return digits;
    }

    private static UInt128[] MakeTable()
    {
        var table = new UInt128[39];
        table[0] = 1;
        for (int n = 1; n < table.Length; n++)
            table[n] = table[n - 1] * 10;
        return table;
    }
}
