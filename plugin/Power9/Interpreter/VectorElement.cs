using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Vector extract and insert element (ISA 3.0B Book I 6.8.7, 6.8.8, 6.14.2).
/// Results are undefined for byte numbers that reach beyond the register; the missing bytes are 0 here.
/// </summary>
public static unsafe class VectorElement
{
    [Insn("vextractub", Form.VX, 4, 525, "VRT,VRB,UIM", "I 6.8.7", Facility = Facility.Vector)]
    public static Insn* Vextractub(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(0, (ulong)(byte)Extract(s, i, 1))) : Facilities.NoVector(s, i);

    [Insn("vextractuh", Form.VX, 4, 589, "VRT,VRB,UIM", "I 6.8.7", Facility = Facility.Vector)]
    public static Insn* Vextractuh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(0, (ulong)(ushort)Extract(s, i, 2))) : Facilities.NoVector(s, i);

    [Insn("vextractuw", Form.VX, 4, 653, "VRT,VRB,UIM", "I 6.8.7", Facility = Facility.Vector)]
    public static Insn* Vextractuw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(0, (ulong)(uint)Extract(s, i, 4))) : Facilities.NoVector(s, i);

    [Insn("vextractd", Form.VX, 4, 717, "VRT,VRB,UIM", "I 6.8.7", Facility = Facility.Vector)]
    public static Insn* Vextractd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Vector128.Create(0, Extract(s, i, 8))) : Facilities.NoVector(s, i);

    [Insn("vinsertb", Form.VX, 4, 781, "VRT,VRB,UIM", "I 6.8.8", Facility = Facility.Vector)]
    public static Insn* Vinsertb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Insert(s, i, 1) : Facilities.NoVector(s, i);

    [Insn("vinserth", Form.VX, 4, 845, "VRT,VRB,UIM", "I 6.8.8", Facility = Facility.Vector)]
    public static Insn* Vinserth(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Insert(s, i, 2) : Facilities.NoVector(s, i);

    [Insn("vinsertw", Form.VX, 4, 909, "VRT,VRB,UIM", "I 6.8.8", Facility = Facility.Vector)]
    public static Insn* Vinsertw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Insert(s, i, 4) : Facilities.NoVector(s, i);

    [Insn("vinsertd", Form.VX, 4, 973, "VRT,VRB,UIM", "I 6.8.8", Facility = Facility.Vector)]
    public static Insn* Vinsertd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Insert(s, i, 8) : Facilities.NoVector(s, i);

    [Insn("vextublx", Form.VX, 4, 1549, "RT,RA,VRB", "I 6.14.2", Facility = Facility.Vector)]
    public static Insn* Vextublx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? ToGpr(s, i, (byte)Take(Vr.Quad(s, i->B), 15 - ((int)s->Gpr[i->A] & 15))) : Facilities.NoVector(s, i);

    [Insn("vextuhlx", Form.VX, 4, 1613, "RT,RA,VRB", "I 6.14.2", Facility = Facility.Vector)]
    public static Insn* Vextuhlx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? ToGpr(s, i, (ushort)Take(Vr.Quad(s, i->B), 14 - ((int)s->Gpr[i->A] & 15))) : Facilities.NoVector(s, i);

    [Insn("vextuwlx", Form.VX, 4, 1677, "RT,RA,VRB", "I 6.14.2", Facility = Facility.Vector)]
    public static Insn* Vextuwlx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? ToGpr(s, i, (uint)Take(Vr.Quad(s, i->B), 12 - ((int)s->Gpr[i->A] & 15))) : Facilities.NoVector(s, i);

    [Insn("vextubrx", Form.VX, 4, 1805, "RT,RA,VRB", "I 6.14.2", Facility = Facility.Vector)]
    public static Insn* Vextubrx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? ToGpr(s, i, (byte)Take(Vr.Quad(s, i->B), (int)s->Gpr[i->A] & 15)) : Facilities.NoVector(s, i);

    [Insn("vextuhrx", Form.VX, 4, 1869, "RT,RA,VRB", "I 6.14.2", Facility = Facility.Vector)]
    public static Insn* Vextuhrx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? ToGpr(s, i, (ushort)Take(Vr.Quad(s, i->B), (int)s->Gpr[i->A] & 15)) : Facilities.NoVector(s, i);

    [Insn("vextuwrx", Form.VX, 4, 1933, "RT,RA,VRB", "I 6.14.2", Facility = Facility.Vector)]
    public static Insn* Vextuwrx(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? ToGpr(s, i, (uint)Take(Vr.Quad(s, i->B), (int)s->Gpr[i->A] & 15)) : Facilities.NoVector(s, i);

    // Bytes UIM .. UIM+size-1 from the left, right-aligned.
    private static ulong Extract(CpuState* s, Insn* i, int size) => (ulong)Take(Vr.Quad(s, i->B), 16 - size - (i->A & 15));

    // A negative count reaches beyond the right end.
    private static UInt128 Take(UInt128 value, int bytes) => bytes >= 0 ? value >> (8 * bytes) : value << (-8 * bytes);

    private static Insn* ToGpr(CpuState* s, Insn* i, ulong value)
    {
        s->Gpr[i->T] = value;
        return i + 1;
    }

    // The source is right-aligned in doubleword 0. Bytes beyond the right end are lost.
    private static Insn* Insert(CpuState* s, Insn* i, int size)
    {
        ulong source = *Vsr.High(s, 32 + i->B);
        byte* target = (byte*)Vr.At<byte>(s, i->T);
        for (int k = 0; k < size; k++)
        {
            int lane = 16 - size - (i->A & 15) + k;
            if (lane >= 0)
                target[lane] = (byte)(source >> (8 * k));
        }

        return i + 1;
    }
}
