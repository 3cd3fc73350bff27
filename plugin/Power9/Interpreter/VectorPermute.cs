using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector permute, select and permute with exclusive OR (ISA 3.0B Book I 6.8.4, 6.8.5, 6.11.4).</summary>
public static unsafe class VectorPermute
{
    [Insn("vperm", Form.VA, 4, 43, "VRT,VRA,VRB,VRC", "I 6.8.4", Facility = Facility.Vector)]
    public static Insn* Vperm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Lanes.Permute(Vr.A<byte>(s, i), Vr.B<byte>(s, i), Vr.C<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpermr", Form.VA, 4, 59, "VRT,VRA,VRB,VRC", "I 6.8.4", Facility = Facility.Vector)]
    public static Insn* Vpermr(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Lanes.Permute(Vr.A<byte>(s, i), Vr.B<byte>(s, i), ~Vr.C<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsel", Form.VA, 4, 42, "VRT,VRA,VRB,VRC", "I 6.8.5", Facility = Facility.Vector)]
    public static Insn* Vsel(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.ConditionalSelect(Vr.C<ulong>(s, i), Vr.B<ulong>(s, i), Vr.A<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpermxor", Form.VA, 4, 45, "VRT,VRA,VRB,VRC", "I 6.11.4", Facility = Facility.Vector)]
    public static Insn* Vpermxor(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte> lane = ~Vr.C<byte>(s, i);
        Vector128<byte> low = Vector128.Create((byte)0x0F);
        return Vr.Set(s, i, Lanes.Shuffle(Vr.A<byte>(s, i), lane >>> 4) ^ Lanes.Shuffle(Vr.B<byte>(s, i), lane & low));
    }
}
