using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector storage access (ISA 3.0B Book I 6.7). Addresses are aligned down to the operand's size.</summary>
public static unsafe class VectorStorage
{
    [Insn("lvx", Form.X, 31, 103, "VRT,RA0,RB", "I 6.7.2", Facility = Facility.Vector)]
    [Insn("lvxl", Form.X, 31, 359, "VRT,RA0,RB", "I 6.7.2", Facility = Facility.Vector)]
    public static Insn* Lvx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte>* source = VectorAccess.Source(s, i, Ea<TMode>(s, i) & ~15UL);
        return source != null ? Vr.Set(s, i, VectorAccess.Order<TMode>(*source)) : null;
    }

    // The other elements are undefined; they keep their values.
    [Insn("lvebx", Form.X, 31, 7, "VRT,RA0,RB", "I 6.7.2", Facility = Facility.Vector)]
    public static Insn* Lvebx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong ea = Ea<TMode>(s, i);
        if (!Access.Load<TMode>(s, i, ea, out byte value))
            return null;
        ((byte*)Vr.At<byte>(s, i->T))[Lane<TMode>(ea, 15)] = value;
        return i + 1;
    }

    [Insn("lvehx", Form.X, 31, 39, "VRT,RA0,RB", "I 6.7.2", Facility = Facility.Vector)]
    public static Insn* Lvehx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong ea = Ea<TMode>(s, i);
        if (!Access.Load<TMode>(s, i, ea & ~1UL, out ushort value))
            return null;
        ((ushort*)Vr.At<ushort>(s, i->T))[Lane<TMode>(ea >> 1, 7)] = value;
        return i + 1;
    }

    [Insn("lvewx", Form.X, 31, 71, "VRT,RA0,RB", "I 6.7.2", Facility = Facility.Vector)]
    public static Insn* Lvewx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong ea = Ea<TMode>(s, i);
        if (!Access.Load<TMode>(s, i, ea & ~3UL, out uint value))
            return null;
        ((uint*)Vr.At<uint>(s, i->T))[Lane<TMode>(ea >> 2, 3)] = value;
        return i + 1;
    }

    [Insn("stvx", Form.X, 31, 231, "VRS,RA0,RB", "I 6.7.3", Facility = Facility.Vector)]
    [Insn("stvxl", Form.X, 31, 487, "VRS,RA0,RB", "I 6.7.3", Facility = Facility.Vector)]
    public static Insn* Stvx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        return VectorAccess.Store<TMode>(s, i, Ea<TMode>(s, i) & ~15UL, Vr.T<byte>(s, i));
    }

    [Insn("stvebx", Form.X, 31, 135, "VRS,RA0,RB", "I 6.7.3", Facility = Facility.Vector)]
    public static Insn* Stvebx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong ea = Ea<TMode>(s, i);
        return Access.Store<TMode>(s, i, ea, ((byte*)Vr.At<byte>(s, i->T))[Lane<TMode>(ea, 15)]) ? i + 1 : null;
    }

    [Insn("stvehx", Form.X, 31, 167, "VRS,RA0,RB", "I 6.7.3", Facility = Facility.Vector)]
    public static Insn* Stvehx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong ea = Ea<TMode>(s, i);
        return Access.Store<TMode>(s, i, ea & ~1UL, ((ushort*)Vr.At<ushort>(s, i->T))[Lane<TMode>(ea >> 1, 7)]) ? i + 1 : null;
    }

    [Insn("stvewx", Form.X, 31, 199, "VRS,RA0,RB", "I 6.7.3", Facility = Facility.Vector)]
    public static Insn* Stvewx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong ea = Ea<TMode>(s, i);
        return Access.Store<TMode>(s, i, ea & ~3UL, ((uint*)Vr.At<uint>(s, i->T))[Lane<TMode>(ea >> 2, 3)]) ? i + 1 : null;
    }

    [Insn("lvsl", Form.X, 31, 6, "VRT,RA0,RB", "I 6.7.4", Facility = Facility.Vector)]
    public static Insn* Lvsl(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        int shift = (int)(s->Gpr[i->A] + s->Gpr[i->B]) & 15;
        return Vr.Set(s, i, ByteNumbers + Vector128.Create((byte)shift));
    }

    [Insn("lvsr", Form.X, 31, 38, "VRT,RA0,RB", "I 6.7.4", Facility = Facility.Vector)]
    public static Insn* Lvsr(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        int shift = (int)(s->Gpr[i->A] + s->Gpr[i->B]) & 15;
        return Vr.Set(s, i, ByteNumbers + Vector128.Create((byte)(16 - shift)));
    }

    private static Vector128<byte> ByteNumbers => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    private static ulong Ea<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]);

    // Big-endian storage counts elements from the left, little-endian from the right.
    private static int Lane<TMode>(ulong number, int last)
        where TMode : struct, IMode => TMode.LittleEndian ? (int)number & last : last - ((int)number & last);
}
