using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>AES rounds (ISA 3.0B Book I 6.11.1). vncipher adds the key before InvMixColumns, unlike the equivalent inverse cipher.</summary>
public static unsafe class VectorAes
{
    [Insn("vcipher", Form.VX, 4, 1288, "VRT,VRA,VRB", "I 6.11.1", Facility = Facility.Vector)]
    public static Insn* Vcipher(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Aes.Round(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcipherlast", Form.VX, 4, 1289, "VRT,VRA,VRB", "I 6.11.1", Facility = Facility.Vector)]
    public static Insn* Vcipherlast(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Aes.LastRound(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vncipher", Form.VX, 4, 1352, "VRT,VRA,VRB", "I 6.11.1", Facility = Facility.Vector)]
    public static Insn* Vncipher(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Aes.InverseRound(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vncipherlast", Form.VX, 4, 1353, "VRT,VRA,VRB", "I 6.11.1", Facility = Facility.Vector)]
    public static Insn* Vncipherlast(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Aes.InverseLastRound(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsbox", Form.VX, 4, 1480, "VRT,VRA", "I 6.11.1", Facility = Facility.Vector)]
    public static Insn* Vsbox(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Aes.SubBytes(Vr.A<byte>(s, i))) : Facilities.NoVector(s, i);
}
