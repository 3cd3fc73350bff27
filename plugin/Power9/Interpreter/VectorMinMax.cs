using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer maximum and minimum (ISA 3.0B Book I 6.9.2.3).</summary>
public static unsafe class VectorMinMax
{
    [Insn("vmaxub", Form.VX, 4, 2, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxub(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxuh", Form.VX, 4, 66, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxuh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxuw", Form.VX, 4, 130, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxuw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxud", Form.VX, 4, 194, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxud(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxsb", Form.VX, 4, 258, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxsb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxsh", Form.VX, 4, 322, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxsh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxsw", Form.VX, 4, 386, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxsw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vmaxsd", Form.VX, 4, 450, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vmaxsd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Max(Vr.A<long>(s, i), Vr.B<long>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminub", Form.VX, 4, 514, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminub(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminuh", Form.VX, 4, 578, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminuh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminuw", Form.VX, 4, 642, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminuw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminud", Form.VX, 4, 706, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminud(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminsb", Form.VX, 4, 770, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminsb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminsh", Form.VX, 4, 834, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminsh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminsw", Form.VX, 4, 898, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminsw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vminsd", Form.VX, 4, 962, "VRT,VRA,VRB", "I 6.9.2.3", Facility = Facility.Vector)]
    public static Insn* Vminsd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Min(Vr.A<long>(s, i), Vr.B<long>(s, i))) : Facilities.NoVector(s, i);
}
