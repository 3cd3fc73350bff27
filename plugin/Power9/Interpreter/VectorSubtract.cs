using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer subtract (ISA 3.0B Book I 6.9.1.2).</summary>
public static unsafe class VectorSubtract
{
    [Insn("vsububm", Form.VX, 4, 1024, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsububm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<byte>(s, i) - Vr.B<byte>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vsubuhm", Form.VX, 4, 1088, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubuhm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ushort>(s, i) - Vr.B<ushort>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vsubuwm", Form.VX, 4, 1152, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubuwm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<uint>(s, i) - Vr.B<uint>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vsubudm", Form.VX, 4, 1216, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubudm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ulong>(s, i) - Vr.B<ulong>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vsububs", Form.VX, 4, 1536, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsububs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.SubtractUnsigned(s, Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsubuhs", Form.VX, 4, 1600, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubuhs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.SubtractUnsigned(s, Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsubuws", Form.VX, 4, 1664, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubuws(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.SubtractUnsigned(s, Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsubsbs", Form.VX, 4, 1792, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubsbs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.SubtractSigned(s, Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsubshs", Form.VX, 4, 1856, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubshs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.SubtractSigned(s, Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsubsws", Form.VX, 4, 1920, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubsws(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.SubtractSigned(s, Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    // Carry out of a + ~b + 1: no borrow.
    [Insn("vsubcuw", Form.VX, 4, 1408, "VRT,VRA,VRB", "I 6.9.1.2", Facility = Facility.Vector)]
    public static Insn* Vsubcuw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.GreaterThanOrEqual(Vr.A<uint>(s, i), Vr.B<uint>(s, i)) >>> 31) : Facilities.NoVector(s, i);
}
