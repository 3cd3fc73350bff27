namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Transformations of the AES state (FIPS 197 5.1, 5.3). Byte 0 of the state is the register's most significant byte.</summary>
internal static class Aes
{
    private static readonly byte[] Box = MakeBox();
    private static readonly byte[] InverseBox = Invert(Box);

    public static UInt128 SubBytes(UInt128 state) => Substitute(state, Box);

    public static UInt128 InvSubBytes(UInt128 state) => Substitute(state, InverseBox);

    /// <summary>Row r, bytes r, r+4, r+8, r+12, rotates left by r columns.</summary>
    public static UInt128 ShiftRows(UInt128 state) => MoveRows(state, 4);

    public static UInt128 InvShiftRows(UInt128 state) => MoveRows(state, -4);

    public static UInt128 MixColumns(UInt128 state) => Mix(state, 2, 3, 1, 1);

    public static UInt128 InvMixColumns(UInt128 state) => Mix(state, 14, 11, 13, 9);

    private static byte ByteOf(UInt128 state, int number) => (byte)(state >> (120 - (8 * number)));

    private static UInt128 Substitute(UInt128 state, byte[] box)
    {
        UInt128 result = 0;
        for (int n = 0; n < 16; n++)
            result = (result << 8) | box[ByteOf(state, n)];
        return result;
    }

    private static UInt128 MoveRows(UInt128 state, int step)
    {
        UInt128 result = 0;
        for (int n = 0; n < 16; n++)
            result = (result << 8) | ByteOf(state, (n + (step * (n & 3))) & 15);
        return result;
    }

    // Each byte of a column is the sum of c0..c3 times the column's bytes from its own row on.
    private static UInt128 Mix(UInt128 state, int c0, int c1, int c2, int c3)
    {
        UInt128 result = 0;
        for (int n = 0; n < 16; n++)
        {
            int column = n & ~3;
            int mixed = Multiply(ByteOf(state, n), c0)
                ^ Multiply(ByteOf(state, column | ((n + 1) & 3)), c1)
                ^ Multiply(ByteOf(state, column | ((n + 2) & 3)), c2)
                ^ Multiply(ByteOf(state, column | ((n + 3) & 3)), c3);
            result = (result << 8) | (byte)mixed;
        }

        return result;
    }

    // GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
    private static int Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
            a = (a << 1) ^ ((a & 0x80) != 0 ? 0x11B : 0);
        }

        return product;
    }

    // The inverse in GF(2^8), which is the 254th power, then the affine map of FIPS 197 5.1.1.
    private static byte[] MakeBox()
    {
        var box = new byte[256];
        for (int n = 0; n < 256; n++)
        {
            int inverse = 1;
            for (int k = 0; k < 254; k++)
                inverse = Multiply(inverse, n);
            int spread = inverse ^ (inverse << 1) ^ (inverse << 2) ^ (inverse << 3) ^ (inverse << 4);
            box[n] = (byte)((spread & 0xFF) ^ (spread >> 8) ^ 0x63);
        }

        return box;
    }

    private static byte[] Invert(byte[] box)
    {
        var inverse = new byte[256];
        for (int n = 0; n < 256; n++)
            inverse[box[n]] = (byte)n;
        return inverse;
    }
}
