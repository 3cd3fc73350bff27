using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Decimal copy sign and set sign (ISA 3.0B Book I 6.17.1).</summary>
public static unsafe class DecimalSign
{
    // The sign code itself is copied, whichever of the codes it is.
    [Insn("bcdcpsgn.", Form.VX, 4, 833, "VRT,VRA,VRB", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdcpsgn(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 result = (Vr.Quad(s, i->A) & ~(UInt128)15) | (Vr.Quad(s, i->B) & 15);
        bool valid = new PackedDecimal(Vr.Quad(s, i->A)).Valid && new PackedDecimal(Vr.Quad(s, i->B)).Valid;
        return PackedDecimal.Result(s, i, valid, new PackedDecimal(result).Comparison, false, result);
    }

    [Insn("bcdsetsgn.", Form.VX, 4, 1409, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........11111................")]
    [Insn("bcdsetsgn.", Form.VX, 4, 1921, "VRT,VRB,PS", "I 6.17.1", Facility = Facility.Vector, Where = "...........11111................")]
    public static Insn* Bcdsetsgn<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        return PackedDecimal.Result(s, i, b.Valid, b.Comparison, false, PackedDecimal.Pack(b.Digits, b.Negative, TBit22.Set));
    }
}
