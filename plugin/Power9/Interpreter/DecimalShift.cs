using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Decimal shift, shift and round, truncate (ISA 3.0B Book I 6.17.1). Byte 7 of VRA is the shift count, positive to the left; its halfword 3 is the length.
/// CR6 compares the source, not the result, with zero.
/// </summary>
public static unsafe class DecimalShift
{
    private const int RegisterDigits = 32;

    [Insn("bcds.", Form.VX, 4, 1217, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    [Insn("bcds.", Form.VX, 4, 1729, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcds<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag => Signed<TBit22>(s, i, false);

    [Insn("bcdsr.", Form.VX, 4, 1473, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    [Insn("bcdsr.", Form.VX, 4, 1985, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdsr<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag => Signed<TBit22>(s, i, true);

    [Insn("bcdus.", Form.VX, 4, 1153, "VRT,VRA,VRB", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdus(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 b = Vr.Quad(s, i->B);
        UInt128 result = Shift(b, RegisterDigits, Count(s, i), false, out bool overflow);
        return PackedDecimal.Result(s, i, PackedDecimal.AreDigits(b), Unsigned(b), overflow, result);
    }

    [Insn("bcdtrunc.", Form.VX, 4, 1281, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    [Insn("bcdtrunc.", Form.VX, 4, 1793, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdtrunc<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        UInt128 digits = Truncate(s, i, b.Digits);
        return PackedDecimal.Result(s, i, b.Valid, b.Comparison, digits != b.Digits, PackedDecimal.Pack(digits, b.Negative, TBit22.Set));
    }

    [Insn("bcdutrunc.", Form.VX, 4, 1345, "VRT,VRA,VRB", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdutrunc(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 b = Vr.Quad(s, i->B);
        UInt128 digits = Truncate(s, i, b);
        return PackedDecimal.Result(s, i, PackedDecimal.AreDigits(b), Unsigned(b), digits != b, digits);
    }

    private static Insn* Signed<TPs>(CpuState* s, Insn* i, bool round)
        where TPs : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        UInt128 digits = Shift(b.Digits, PackedDecimal.DigitCount, Count(s, i), round, out bool overflow);
        return PackedDecimal.Result(s, i, b.Valid, b.Comparison, overflow, PackedDecimal.Pack(digits, b.Negative, TPs.Set));
    }

    private static int Count(CpuState* s, Insn* i) => (sbyte)*Vsr.High(s, 32 + i->A);

    private static int Unsigned(UInt128 digits) => digits == UInt128.Zero ? 0 : 1;

    // Shifts within a field of so many digits. Rounding looks at the last digit that leaves to the right.
    private static UInt128 Shift(UInt128 digits, int field, int count, bool round, out bool overflow)
    {
        overflow = false;
        if (count > 0)
        {
            count = Math.Min(count, field);
            UInt128 lost = Right(digits, field - count);
            overflow = lost != UInt128.Zero;
            return Left(digits ^ Left(lost, field - count), count);
        }

        count = Math.Min(-count, field);
        UInt128 result = Right(digits, count);
        if (round && count > 0 && (int)(Right(digits, count - 1) & 15) >= 5)
            result = PackedDecimal.FromBinary(PackedDecimal.ToBinary(result) + 1);
        return result;
    }

    private static UInt128 Truncate(CpuState* s, Insn* i, UInt128 digits)
    {
        int length = (ushort)*Vsr.High(s, 32 + i->A);
        return length >= RegisterDigits ? digits : digits & ~Left(~UInt128.Zero, length);
    }

    // Host shifts take the count modulo 128.
    private static UInt128 Left(UInt128 digits, int count) => count >= RegisterDigits ? UInt128.Zero : digits << (4 * count);

    private static UInt128 Right(UInt128 digits, int count) => count >= RegisterDigits ? UInt128.Zero : digits >> (4 * count);
}
