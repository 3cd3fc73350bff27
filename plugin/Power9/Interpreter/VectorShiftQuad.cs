using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Shifts of a whole vector register (ISA 3.0B Book I 6.8.6).</summary>
public static unsafe class VectorShiftQuad
{
    [Insn("vsldoi", Form.VA, 4, 44, "VRT,VRA,VRB,SHB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* Vsldoi(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Lanes.ShiftPair(Vr.A<byte>(s, i), Vr.B<byte>(s, i), i->C & 15)) : Facilities.NoVector(s, i);

    [Insn("vsl", Form.VX, 4, 452, "VRT,VRA,VRB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* VslBits(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) << (int)(*Vsr.Low(s, 32 + i->B) & 7)) : Facilities.NoVector(s, i);

    [Insn("vsr", Form.VX, 4, 708, "VRT,VRA,VRB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* VsrBits(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) >> (int)(*Vsr.Low(s, 32 + i->B) & 7)) : Facilities.NoVector(s, i);

    [Insn("vslo", Form.VX, 4, 1036, "VRT,VRA,VRB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* Vslo(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) << (int)(*Vsr.Low(s, 32 + i->B) & 0x78)) : Facilities.NoVector(s, i);

    [Insn("vsro", Form.VX, 4, 1100, "VRT,VRA,VRB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* Vsro(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vr.Quad(s, i->A) >> (int)(*Vsr.Low(s, 32 + i->B) & 0x78)) : Facilities.NoVector(s, i);

    // Each byte takes the bits that leave its right neighbour (0 beyond the last byte), by its own shift count.
    [Insn("vslv", Form.VX, 4, 1860, "VRT,VRA,VRB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* Vslv(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte> a = Vr.A<byte>(s, i);
        Vector128<byte> count = Vr.B<byte>(s, i);
        byte* bytes = (byte*)&a;
        Vector128<byte> result = default;
        for (int k = 0; k < 16; k++)
        {
            int pair = (bytes[k] << 8) | (k > 0 ? bytes[k - 1] : 0);
            ((byte*)&result)[k] = (byte)(pair >> (8 - (((byte*)&count)[k] & 7)));
        }

        return Vr.Set(s, i, result);
    }

    [Insn("vsrv", Form.VX, 4, 1796, "VRT,VRA,VRB", "I 6.8.6", Facility = Facility.Vector)]
    public static Insn* Vsrv(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte> a = Vr.A<byte>(s, i);
        Vector128<byte> count = Vr.B<byte>(s, i);
        byte* bytes = (byte*)&a;
        Vector128<byte> result = default;
        for (int k = 0; k < 16; k++)
        {
            int pair = ((k < 15 ? bytes[k + 1] : 0) << 8) | bytes[k];
            ((byte*)&result)[k] = (byte)(pair >> (((byte*)&count)[k] & 7));
        }

        return Vr.Set(s, i, result);
    }
}
