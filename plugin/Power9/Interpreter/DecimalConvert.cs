using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Decimal conversions from and to national (eight UTF-16 characters, the last one the sign), zoned (a digit in each byte, the sign in the last one's zone)
/// and signed quadword (ISA 3.0B Book I 6.17.1).
/// </summary>
public static unsafe class DecimalConvert
{
    private const int NationalDigits = 7;
    private const int ZonedDigits = 16;
    private const ushort NationalPlus = 0x2B;
    private const ushort NationalMinus = 0x2D;

    [Insn("bcdcfn.", Form.VX, 4, 1409, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00111................")]
    [Insn("bcdcfn.", Form.VX, 4, 1921, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00111................")]
    public static Insn* Bcdcfn<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 b = Vr.Quad(s, i->B);
        var sign = (ushort)b;
        bool valid = sign is NationalPlus or NationalMinus;
        UInt128 digits = 0;
        for (int n = 1; n <= NationalDigits; n++)
        {
            var character = (ushort)(b >> (16 * n));
            valid &= character is >= 0x30 and <= 0x39;
            digits |= (UInt128)(character & 15) << (4 * (n - 1));
        }

        bool negative = sign == NationalMinus;
        return PackedDecimal.Result(s, i, valid, Compare(digits, negative), false, PackedDecimal.Pack(digits, negative, TBit22.Set));
    }

    [Insn("bcdctn.", Form.VX, 4, 1409, "VRT,VRB", "I 6.17.1", Facility = Facility.Vector, Where = "...........00101................")]
    public static Insn* Bcdctn(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        UInt128 result = b.Negative ? NationalMinus : NationalPlus;
        for (int n = 1; n <= NationalDigits; n++)
            result |= (0x30 | ((b.Digits >> (4 * (n - 1))) & 15)) << (16 * n);
        return PackedDecimal.Result(s, i, b.Valid, b.Comparison, b.Digits >> (4 * NationalDigits) != UInt128.Zero, result);
    }

    // PS=0 is ASCII: zone 3, and bit 1 of the sign zone is the sign. PS=1 is EBCDIC: zone F, and packed decimal's sign codes.
    [Insn("bcdcfz.", Form.VX, 4, 1409, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00110................")]
    [Insn("bcdcfz.", Form.VX, 4, 1921, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00110................")]
    public static Insn* Bcdcfz<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 b = Vr.Quad(s, i->B);
        int sign = (int)(b >> 4) & 15;
        bool valid = !TBit22.Set || sign >= 0xA;
        bool negative = TBit22.Set ? sign is 0xB or 0xD : (sign & 4) != 0;
        UInt128 digits = 0;
        for (int n = 0; n < ZonedDigits; n++)
        {
            int zoned = (byte)(b >> (8 * n));
            valid &= (zoned & 15) <= 9 && (n == 0 || zoned >> 4 == (TBit22.Set ? 0xF : 0x3));
            digits |= (UInt128)(zoned & 15) << (4 * n);
        }

        return PackedDecimal.Result(s, i, valid, Compare(digits, negative), false, PackedDecimal.Pack(digits, negative, false));
    }

    [Insn("bcdctz.", Form.VX, 4, 1409, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00100................")]
    [Insn("bcdctz.", Form.VX, 4, 1921, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00100................")]
    public static Insn* Bcdctz<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        int sign = TBit22.Set ? (b.Negative ? 0xD : 0xC) : (b.Negative ? 0x7 : 0x3);
        UInt128 result = 0;
        for (int n = 0; n < ZonedDigits; n++)
        {
            int zone = n == 0 ? sign : TBit22.Set ? 0xF : 0x3;
            result |= ((UInt128)(zone << 4) | ((b.Digits >> (4 * n)) & 15)) << (8 * n);
        }

        return PackedDecimal.Result(s, i, b.Valid, b.Comparison, b.Digits >> (4 * ZonedDigits) != UInt128.Zero, result);
    }

    // Beyond 31 digits the result is undefined; it keeps the last 31.
    [Insn("bcdcfsq.", Form.VX, 4, 1409, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00010................")]
    [Insn("bcdcfsq.", Form.VX, 4, 1921, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........00010................")]
    public static Insn* Bcdcfsq<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = (Int128)Vr.Quad(s, i->B);
        UInt128 magnitude = b < 0 ? (UInt128)(-b) : (UInt128)b;
        UInt128 digits = PackedDecimal.FromBinary(magnitude % PackedDecimal.Limit);
        return PackedDecimal.Result(s, i, true, Int128.Sign(b), magnitude >= PackedDecimal.Limit, PackedDecimal.Pack(digits, b < 0, TBit22.Set));
    }

    [Insn("bcdctsq.", Form.VX, 4, 1409, "VRT,VRB", "I 6.17.1", Facility = Facility.Vector, Where = "...........00000................")]
    public static Insn* Bcdctsq(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        return PackedDecimal.Result(s, i, b.Valid, b.Comparison, false, (UInt128)b.Value);
    }

    private static int Compare(UInt128 digits, bool negative) => digits == UInt128.Zero ? 0 : negative ? -1 : 1;
}
