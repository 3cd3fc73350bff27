using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector negate and extend sign (ISA 3.0B Book I 6.9.1.6, 6.9.2).</summary>
public static unsafe class VectorSign
{
    [Insn("vnegw", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.1.6", Facility = Facility.Vector, Where = "...........00110................")]
    public static Insn* Vnegw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, -Vr.B<int>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vnegd", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.1.6", Facility = Facility.Vector, Where = "...........00111................")]
    public static Insn* Vnegd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, -Vr.B<long>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vextsb2w", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.2", Facility = Facility.Vector, Where = "...........10000................")]
    public static Insn* Vextsb2w(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.B<int>(s, i) << 24) >> 24) : Facilities.NoVector(s, i);

    [Insn("vextsh2w", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.2", Facility = Facility.Vector, Where = "...........10001................")]
    public static Insn* Vextsh2w(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.B<int>(s, i) << 16) >> 16) : Facilities.NoVector(s, i);

    [Insn("vextsb2d", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.2", Facility = Facility.Vector, Where = "...........11000................")]
    public static Insn* Vextsb2d(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.B<long>(s, i) << 56) >> 56) : Facilities.NoVector(s, i);

    [Insn("vextsh2d", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.2", Facility = Facility.Vector, Where = "...........11001................")]
    public static Insn* Vextsh2d(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.B<long>(s, i) << 48) >> 48) : Facilities.NoVector(s, i);

    [Insn("vextsw2d", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.2", Facility = Facility.Vector, Where = "...........11010................")]
    public static Insn* Vextsw2d(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.B<long>(s, i) << 32) >> 32) : Facilities.NoVector(s, i);
}
