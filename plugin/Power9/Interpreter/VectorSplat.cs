using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector splat (ISA 3.0B Book I 6.8.3).</summary>
public static unsafe class VectorSplat
{
    [Insn("vspltb", Form.VX, 4, 524, "VRT,VRB,UIM", "I 6.8.3", Facility = Facility.Vector)]
    public static Insn* Vspltb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(((byte*)Vr.At<byte>(s, i->B))[~i->A & 15])) : Facilities.NoVector(s, i);

    [Insn("vsplth", Form.VX, 4, 588, "VRT,VRB,UIM", "I 6.8.3", Facility = Facility.Vector)]
    public static Insn* Vsplth(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(((ushort*)Vr.At<ushort>(s, i->B))[~i->A & 7])) : Facilities.NoVector(s, i);

    [Insn("vspltw", Form.VX, 4, 652, "VRT,VRB,UIM", "I 6.8.3", Facility = Facility.Vector)]
    public static Insn* Vspltw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(((uint*)Vr.At<uint>(s, i->B))[~i->A & 3])) : Facilities.NoVector(s, i);

    [Insn("vspltisb", Form.VX, 4, 780, "VRT,SIM", "I 6.8.3", Facility = Facility.Vector)]
    public static Insn* Vspltisb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create((sbyte)Sim(i))) : Facilities.NoVector(s, i);

    [Insn("vspltish", Form.VX, 4, 844, "VRT,SIM", "I 6.8.3", Facility = Facility.Vector)]
    public static Insn* Vspltish(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create((short)Sim(i))) : Facilities.NoVector(s, i);

    [Insn("vspltisw", Form.VX, 4, 908, "VRT,SIM", "I 6.8.3", Facility = Facility.Vector)]
    public static Insn* Vspltisw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(Sim(i))) : Facilities.NoVector(s, i);

    // SIM is five bits, signed.
    private static int Sim(Insn* i) => (i->A << 27) >> 27;
}
