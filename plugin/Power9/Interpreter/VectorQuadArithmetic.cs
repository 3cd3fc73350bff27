using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Quadword add and subtract with carry in and out (ISA 3.0B Book I 6.9.1.1, 6.9.1.2). Subtraction adds the complement.</summary>
public static unsafe class VectorQuadArithmetic
{
    [Insn("vadduqm", Form.VX, 4, 256, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vadduqm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) + Vr.Quad(s, i->B)) : Facilities.NoVector(s, i);

    [Insn("vaddcuq", Form.VX, 4, 320, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddcuq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, CarryOut(Vr.Quad(s, i->A), Vr.Quad(s, i->B), 0)) : Facilities.NoVector(s, i);

    [Insn("vaddeuqm", Form.VA, 4, 60, "VRT,VRA,VRB,VRC", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddeuqm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) + Vr.Quad(s, i->B) + CarryIn(s, i)) : Facilities.NoVector(s, i);

    [Insn("vaddecuq", Form.VA, 4, 61, "VRT,VRA,VRB,VRC", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddecuq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, CarryOut(Vr.Quad(s, i->A), Vr.Quad(s, i->B), CarryIn(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsubuqm", Form.VX, 4, 1280, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubuqm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) - Vr.Quad(s, i->B)) : Facilities.NoVector(s, i);

    [Insn("vsubcuq", Form.VX, 4, 1344, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubcuq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, CarryOut(Vr.Quad(s, i->A), ~Vr.Quad(s, i->B), 1)) : Facilities.NoVector(s, i);

    [Insn("vsubeuqm", Form.VA, 4, 62, "VRT,VRA,VRB,VRC", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubeuqm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) + ~Vr.Quad(s, i->B) + CarryIn(s, i)) : Facilities.NoVector(s, i);

    [Insn("vsubecuq", Form.VA, 4, 63, "VRT,VRA,VRB,VRC", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubecuq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, CarryOut(Vr.Quad(s, i->A), ~Vr.Quad(s, i->B), CarryIn(s, i))) : Facilities.NoVector(s, i);

    private static UInt128 CarryIn(CpuState* s, Insn* i) => *Vsr.Low(s, 32 + i->C) & 1;

    // With a carry in, a sum equal to a means b was all ones: it carried too.
    private static UInt128 CarryOut(UInt128 a, UInt128 b, UInt128 carry)
    {
        UInt128 sum = a + b + carry;
        return sum < a || (carry != 0 && sum == a) ? UInt128.One : UInt128.Zero;
    }
}
