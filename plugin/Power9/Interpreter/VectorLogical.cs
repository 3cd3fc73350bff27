using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector logical operations (ISA 3.0B Book I 6.9.4).</summary>
public static unsafe class VectorLogical
{
    [Insn("vand", Form.VX, 4, 1028, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vand(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ulong>(s, i) & Vr.B<ulong>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vandc", Form.VX, 4, 1092, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vandc(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.AndNot(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vor", Form.VX, 4, 1156, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vor(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ulong>(s, i) | Vr.B<ulong>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vxor", Form.VX, 4, 1220, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vxor(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ulong>(s, i) ^ Vr.B<ulong>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vnor", Form.VX, 4, 1284, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vnor(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ~(Vr.A<ulong>(s, i) | Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vorc", Form.VX, 4, 1348, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vorc(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ulong>(s, i) | ~Vr.B<ulong>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vnand", Form.VX, 4, 1412, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Vnand(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ~(Vr.A<ulong>(s, i) & Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("veqv", Form.VX, 4, 1668, "VRT,VRA,VRB", "I 6.9.4", Facility = Facility.Vector)]
    public static Insn* Veqv(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ~(Vr.A<ulong>(s, i) ^ Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);
}
