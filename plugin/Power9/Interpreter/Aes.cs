using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostAes = System.Runtime.Intrinsics.X86.Aes;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Transformations of the AES state (FIPS 197 5.1, 5.3). Byte 0 of the state is the register's most significant byte, host lane 15.</summary>
internal static unsafe class Aes
{
    private static readonly byte[] Box = MakeBox();
    private static readonly byte[] InverseBox = Invert(Box);

    /// <summary>A round of the cipher, with the host's instruction if it has one; that one has the state's bytes in the other order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> key) =>
        HostAes.IsSupported ? Reverse(HostAes.Encrypt(Reverse(state), Reverse(key))) : MixColumns(ShiftRows(SubBytes(state))) ^ key;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> key) =>
        HostAes.IsSupported ? Reverse(HostAes.EncryptLast(Reverse(state), Reverse(key))) : ShiftRows(SubBytes(state)) ^ key;

    /// <summary>The key is added before the columns are mixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InverseRound(Vector128<byte> state, Vector128<byte> key) =>
        HostAes.IsSupported ? Reverse(HostAes.InverseMixColumns(HostAes.DecryptLast(Reverse(state), Reverse(key)))) : InvMixColumns(InvSubBytes(InvShiftRows(state)) ^ key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InverseLastRound(Vector128<byte> state, Vector128<byte> key) =>
        HostAes.IsSupported ? Reverse(HostAes.DecryptLast(Reverse(state), Reverse(key))) : InvSubBytes(InvShiftRows(state)) ^ key;

    public static Vector128<byte> SubBytes(Vector128<byte> state) => Substitute(state, Box);

    public static Vector128<byte> InvSubBytes(Vector128<byte> state) => Substitute(state, InverseBox);

    /// <summary>Row r is bytes r, r+4, r+8, r+12; it rotates left by r columns.</summary>
    public static Vector128<byte> ShiftRows(Vector128<byte> state) =>
        Vector128.Shuffle(state, Vector128.Create((byte)4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11, 0, 5, 10, 15));

    public static Vector128<byte> InvShiftRows(Vector128<byte> state) =>
        Vector128.Shuffle(state, Vector128.Create((byte)12, 9, 6, 3, 0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15));

    /// <summary>Each byte becomes 2, 3, 1, 1 times the bytes of its column from its own row on.</summary>
    public static Vector128<byte> MixColumns(Vector128<byte> state)
    {
        Vector128<byte> next = Rotate(state, 8);
        return Double(state ^ next) ^ next ^ Rotate(state, 16) ^ Rotate(state, 24);
    }

    /// <summary>The inverse polynomial 14, 11, 13, 9 is MixColumns' one times 5, 0, 4, 0.</summary>
    public static Vector128<byte> InvMixColumns(Vector128<byte> state) => MixColumns(state ^ Double(Double(state ^ Rotate(state, 16))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Reverse(Vector128<byte> state) =>
        Vector128.Shuffle(state, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    // Columns are words, row 0 leftmost.
    private static Vector128<byte> Rotate(Vector128<byte> state, int bits)
    {
        Vector128<uint> columns = state.AsUInt32();
        return ((columns << bits) | (columns >>> (32 - bits))).AsByte();
    }

    // Times x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
    private static Vector128<byte> Double(Vector128<byte> state)
    {
        Vector128<byte> carry = Vector128.LessThan(state.AsSByte(), Vector128<sbyte>.Zero).AsByte();
        return (state + state) ^ (carry & Vector128.Create((byte)0x1B));
    }

    private static Vector128<byte> Substitute(Vector128<byte> state, byte[] box)
    {
        Vector128<byte> result = default;
        for (int n = 0; n < 16; n++)
            ((byte*)&result)[n] = box[((byte*)&state)[n]];
        return result;
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

    private static byte[] Invert(byte[] box)
    {
        var inverse = new byte[256];
        for (int n = 0; n < 256; n++)
            inverse[box[n]] = (byte)n;
        return inverse;
    }
}
