using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Rearrangements of 128-bit vectors that several instructions share. Lanes are the host's: lane 0 is least significant.</summary>
internal static class Lanes
{
    /// <summary>Lane k of the result is lane <c>index[k] &amp; 15</c> of <paramref name="v"/>, or 0 if bit 7 of <c>index[k]</c> is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shuffle(Vector128<byte> v, Vector128<byte> index) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(v, index) : Vector128.Shuffle(v, index & Vector128.Create((byte)0x8F));

    /// <summary>Picks bytes by ISA number 0..31 out of <paramref name="a"/> || <paramref name="b"/>; only the low five bits of an index count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Permute(Vector128<byte> a, Vector128<byte> b, Vector128<byte> index)
    {
        // ISA byte n is host lane 15-n. Adding 0x70 turns bit 4, which says a or b, into Shuffle's zero bit.
        Vector128<byte> lane = (index ^ Vector128.Create((byte)0x0F)) & Vector128.Create((byte)0x1F);
        Vector128<byte> bias = Vector128.Create((byte)0x70);
        return Shuffle(a, lane + bias) | Shuffle(b, (lane ^ Vector128.Create((byte)0x10)) + bias);
    }

    /// <summary>High 16 bytes of (<paramref name="a"/> || <paramref name="b"/>) shifted left by 0..15 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShiftPair(Vector128<byte> a, Vector128<byte> b, int bytes)
    {
        // A lane number below 0 has bit 7 set: it is zero from a and, with that bit flipped, lane number modulo 16 from b.
        Vector128<byte> lane = Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) - Vector128.Create((byte)bytes);
        return Shuffle(a, lane) | Shuffle(b, lane ^ Vector128.Create((byte)0x80));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ReverseBytes(Vector128<byte> v) =>
        Vector128.Shuffle(v, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> ReverseHalfwords(Vector128<ushort> v) =>
        Vector128.Shuffle(v.AsByte(), Vector128.Create((byte)14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ReverseWords(Vector128<uint> v) => Vector128.Shuffle(v, Vector128.Create(3u, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> ReverseDoublewords(Vector128<ulong> v) => Vector128.Shuffle(v, Vector128.Create(1ul, 0));

    /// <summary>Alternates the lanes of the halves given: even lanes from <paramref name="b"/>, odd ones from <paramref name="a"/>. Each wide lane holds one element zero-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> Interleave(Vector128<ushort> a, Vector128<ushort> b) => (a << 8) | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Interleave(Vector128<uint> a, Vector128<uint> b) => (a << 16) | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Interleave(Vector128<ulong> a, Vector128<ulong> b) => (a << 32) | b;
}
