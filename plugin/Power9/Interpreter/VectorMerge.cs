using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector merge (ISA 3.0B Book I 6.8.2). High elements are the host's upper lanes.</summary>
public static unsafe class VectorMerge
{
    [Insn("vmrghb", Form.VX, 4, 12, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrghb(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Lanes.Interleave(Vector128.WidenUpper(Vr.A<byte>(s, i)), Vector128.WidenUpper(Vr.B<byte>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vmrghh", Form.VX, 4, 76, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrghh(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Lanes.Interleave(Vector128.WidenUpper(Vr.A<ushort>(s, i)), Vector128.WidenUpper(Vr.B<ushort>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vmrghw", Form.VX, 4, 140, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrghw(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Lanes.Interleave(Vector128.WidenUpper(Vr.A<uint>(s, i)), Vector128.WidenUpper(Vr.B<uint>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vmrglb", Form.VX, 4, 268, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrglb(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Lanes.Interleave(Vector128.WidenLower(Vr.A<byte>(s, i)), Vector128.WidenLower(Vr.B<byte>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vmrglh", Form.VX, 4, 332, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrglh(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Lanes.Interleave(Vector128.WidenLower(Vr.A<ushort>(s, i)), Vector128.WidenLower(Vr.B<ushort>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vmrglw", Form.VX, 4, 396, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrglw(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Lanes.Interleave(Vector128.WidenLower(Vr.A<uint>(s, i)), Vector128.WidenLower(Vr.B<uint>(s, i))))
            : Facilities.NoVector(s, i);

    [Insn("vmrgew", Form.VX, 4, 1932, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrgew(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<ulong>(s, i) & Vector128.Create(0xFFFFFFFF00000000)) | (Vr.B<ulong>(s, i) >>> 32)) : Facilities.NoVector(s, i);

    [Insn("vmrgow", Form.VX, 4, 1676, "VRT,VRA,VRB", "I 6.8.2", Facility = Facility.Vector)]
    public static Insn* Vmrgow(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<ulong>(s, i) << 32) | (Vr.B<ulong>(s, i) & Vector128.Create(0xFFFFFFFFul))) : Facilities.NoVector(s, i);
}
