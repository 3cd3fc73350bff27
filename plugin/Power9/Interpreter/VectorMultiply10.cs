using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector multiply by 10 (ISA 3.0B Book I 6.17). The digit added is VRB's last nibble.</summary>
public static unsafe class VectorMultiply10
{
    [Insn("vmul10uq", Form.VX, 4, 513, "VRT,VRA", "I 6.17", Facility = Facility.Vector)]
    public static Insn* Vmul10uq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) * 10) : Facilities.NoVector(s, i);

    [Insn("vmul10cuq", Form.VX, 4, 1, "VRT,VRA", "I 6.17", Facility = Facility.Vector)]
    public static Insn* Vmul10cuq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Carry(Vr.Quad(s, i->A), 0)) : Facilities.NoVector(s, i);

    [Insn("vmul10euq", Form.VX, 4, 577, "VRT,VRA,VRB", "I 6.17", Facility = Facility.Vector)]
    public static Insn* Vmul10euq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.Quad(s, i->A) * 10) + Digit(s, i)) : Facilities.NoVector(s, i);

    [Insn("vmul10ecuq", Form.VX, 4, 65, "VRT,VRA,VRB", "I 6.17", Facility = Facility.Vector)]
    public static Insn* Vmul10ecuq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Carry(Vr.Quad(s, i->A), Digit(s, i))) : Facilities.NoVector(s, i);

    // A digit above 9 is undefined. Outputs recorded on POWER9 show that an eight makes it ignore the four and the two.
    private static ulong Digit(CpuState* s, Insn* i)
    {
        ulong digit = *Vsr.Low(s, 32 + i->B) & 15;
        return digit >= 8 ? digit & 9 : digit;
    }

    // What of a * 10 + digit lies above 128 bits.
    private static UInt128 Carry(UInt128 a, ulong digit)
    {
        UInt128 low = ((UInt128)(ulong)a * 10) + digit;
        return (((a >> 64) * 10) + (low >> 64)) >> 64;
    }
}
