using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer multiply (ISA 3.0B Book I 6.9.1.3). Even elements are the high halves of the wide lanes, odd ones the low halves.</summary>
public static unsafe class VectorMultiply
{
    [Insn("vmuloub", Form.VX, 4, 8, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmuloub(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ((Vr.A<ushort>(s, i) << 8) >>> 8) * ((Vr.B<ushort>(s, i) << 8) >>> 8)) : Facilities.NoVector(s, i);

    [Insn("vmulouh", Form.VX, 4, 72, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulouh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ((Vr.A<uint>(s, i) << 16) >>> 16) * ((Vr.B<uint>(s, i) << 16) >>> 16)) : Facilities.NoVector(s, i);

    [Insn("vmulouw", Form.VX, 4, 136, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulouw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ((Vr.A<ulong>(s, i) << 32) >>> 32) * ((Vr.B<ulong>(s, i) << 32) >>> 32)) : Facilities.NoVector(s, i);

    [Insn("vmulosb", Form.VX, 4, 264, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulosb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ((Vr.A<short>(s, i) << 8) >> 8) * ((Vr.B<short>(s, i) << 8) >> 8)) : Facilities.NoVector(s, i);

    [Insn("vmulosh", Form.VX, 4, 328, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulosh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ((Vr.A<int>(s, i) << 16) >> 16) * ((Vr.B<int>(s, i) << 16) >> 16)) : Facilities.NoVector(s, i);

    [Insn("vmulosw", Form.VX, 4, 392, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulosw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ((Vr.A<long>(s, i) << 32) >> 32) * ((Vr.B<long>(s, i) << 32) >> 32)) : Facilities.NoVector(s, i);

    [Insn("vmuleub", Form.VX, 4, 520, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmuleub(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<ushort>(s, i) >>> 8) * (Vr.B<ushort>(s, i) >>> 8)) : Facilities.NoVector(s, i);

    [Insn("vmuleuh", Form.VX, 4, 584, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmuleuh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<uint>(s, i) >>> 16) * (Vr.B<uint>(s, i) >>> 16)) : Facilities.NoVector(s, i);

    [Insn("vmuleuw", Form.VX, 4, 648, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmuleuw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<ulong>(s, i) >>> 32) * (Vr.B<ulong>(s, i) >>> 32)) : Facilities.NoVector(s, i);

    [Insn("vmulesb", Form.VX, 4, 776, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulesb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<short>(s, i) >> 8) * (Vr.B<short>(s, i) >> 8)) : Facilities.NoVector(s, i);

    [Insn("vmulesh", Form.VX, 4, 840, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulesh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<int>(s, i) >> 16) * (Vr.B<int>(s, i) >> 16)) : Facilities.NoVector(s, i);

    [Insn("vmulesw", Form.VX, 4, 904, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmulesw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<long>(s, i) >> 32) * (Vr.B<long>(s, i) >> 32)) : Facilities.NoVector(s, i);

    [Insn("vmuluwm", Form.VX, 4, 137, "VRT,VRA,VRB", "I 6.9.1.3", Facility = Facility.Vector)]
    public static Insn* Vmuluwm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<uint>(s, i) * Vr.B<uint>(s, i)) : Facilities.NoVector(s, i);
}
