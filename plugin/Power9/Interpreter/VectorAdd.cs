using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer add (ISA 3.0B Book I 6.9.1.1).</summary>
public static unsafe class VectorAdd
{
    [Insn("vaddubm", Form.VX, 4, 0, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddubm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<byte>(s, i) + Vr.B<byte>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vadduhm", Form.VX, 4, 64, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vadduhm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ushort>(s, i) + Vr.B<ushort>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vadduwm", Form.VX, 4, 128, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vadduwm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<uint>(s, i) + Vr.B<uint>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vaddudm", Form.VX, 4, 192, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddudm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.A<ulong>(s, i) + Vr.B<ulong>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vaddubs", Form.VX, 4, 512, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddubs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.AddUnsigned(s, Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vadduhs", Form.VX, 4, 576, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vadduhs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.AddUnsigned(s, Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vadduws", Form.VX, 4, 640, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vadduws(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.AddUnsigned(s, Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vaddsbs", Form.VX, 4, 768, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddsbs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.AddSigned(s, Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vaddshs", Form.VX, 4, 832, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddshs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.AddSigned(s, Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vaddsws", Form.VX, 4, 896, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddsws(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Saturate.AddSigned(s, Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    // Carry out: b exceeds what a leaves free.
    [Insn("vaddcuw", Form.VX, 4, 384, "VRT,VRA,VRB", "I 6.9.1.1", Facility = Facility.Vector)]
    public static Insn* Vaddcuw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.GreaterThan(Vr.B<uint>(s, i), ~Vr.A<uint>(s, i)) >>> 31) : Facilities.NoVector(s, i);
}
