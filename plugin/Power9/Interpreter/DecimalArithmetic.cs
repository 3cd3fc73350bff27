using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Decimal add and subtract modulo (ISA 3.0B Book I 6.17.1). CR6 and the sign are those of the result before digits are lost.</summary>
public static unsafe class DecimalArithmetic
{
    [Insn("bcdadd.", Form.VX, 4, 1025, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    [Insn("bcdadd.", Form.VX, 4, 1537, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdadd<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag => Sum<TBit22>(s, i, false);

    [Insn("bcdsub.", Form.VX, 4, 1089, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    [Insn("bcdsub.", Form.VX, 4, 1601, "VRT,VRA,VRB,PS", "I 6.17.1", Facility = Facility.Vector)]
    public static Insn* Bcdsub<TBit22>(CpuState* s, Insn* i)
        where TBit22 : struct, IFlag => Sum<TBit22>(s, i, true);

    private static Insn* Sum<TPs>(CpuState* s, Insn* i, bool subtract)
        where TPs : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        var a = new PackedDecimal(Vr.Quad(s, i->A));
        var b = new PackedDecimal(Vr.Quad(s, i->B));
        Int128 sum = subtract ? a.Value - b.Value : a.Value + b.Value;
        var magnitude = (UInt128)Int128.Abs(sum);
        UInt128 result = PackedDecimal.Pack(PackedDecimal.FromBinary(magnitude % PackedDecimal.Limit), sum < 0, TPs.Set);

        // VRT is undefined then; processors take a sign code that is none for a plus (outputs that Valgrind recorded).
        if (!(a.Valid && b.Valid) && PackedDecimal.AreDigits(a.Digits) && PackedDecimal.AreDigits(b.Digits))
        {
            s->Cr[6] = Condition.SO;
            return Vr.Set(s, i, result);
        }

        return PackedDecimal.Result(s, i, a.Valid && b.Valid, Int128.Sign(sum), magnitude >= PackedDecimal.Limit, result);
    }
}
