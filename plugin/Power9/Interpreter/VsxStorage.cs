using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX storage access, whole registers (ISA 3.0B Book I 7.6.3). One 16-byte access; in little-endian mode the elements then change places.</summary>
public static unsafe class VsxStorage
{
    [Insn("lxv", Form.DQ, 61, 1, "XT,DQ(RA0)", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxv<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        Vector128<byte>* source = VectorAccess.Source(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + (ulong)i->Imm));
        return source != null ? Vsr.Set(s, i, VectorAccess.Order<TMode>(*source)) : null;
    }

    [Insn("stxv", Form.DQ, 61, 5, "XS,DQ(RA0)", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxv<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return VectorAccess.Store<TMode>(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + (ulong)i->Imm), Vsr.T<byte>(s, i));
    }

    [Insn("lxvx", Form.XX1, 31, 268, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxvx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        Vector128<byte>* source = Source<TMode>(s, i);
        return source != null ? Vsr.Set(s, i, VectorAccess.Order<TMode>(*source)) : null;
    }

    [Insn("stxvx", Form.XX1, 31, 396, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxvx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return VectorAccess.Store<TMode>(s, i, Ea<TMode>(s, i), Vsr.T<byte>(s, i));
    }

    [Insn("lxvd2x", Form.XX1, 31, 844, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxvd2x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        Vector128<byte>* source = Source<TMode>(s, i);
        if (source == null)
            return null;
        Vector128<byte> value = VectorAccess.Order<TMode>(*source);
        return Vsr.Set(s, i, TMode.LittleEndian ? Lanes.ReverseDoublewords(value.AsUInt64()) : value.AsUInt64());
    }

    [Insn("stxvd2x", Form.XX1, 31, 972, "XS,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Stxvd2x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        Vector128<ulong> value = Vsr.T<ulong>(s, i);
        return VectorAccess.Store<TMode>(s, i, Ea<TMode>(s, i), (TMode.LittleEndian ? Lanes.ReverseDoublewords(value) : value).AsByte());
    }

    [Insn("lxvw4x", Form.XX1, 31, 780, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxvw4x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        Vector128<byte>* source = Source<TMode>(s, i);
        if (source == null)
            return null;
        Vector128<byte> value = VectorAccess.Order<TMode>(*source);
        return Vsr.Set(s, i, TMode.LittleEndian ? Lanes.ReverseWords(value.AsUInt32()) : value.AsUInt32());
    }

    [Insn("stxvw4x", Form.XX1, 31, 908, "XS,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Stxvw4x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        Vector128<uint> value = Vsr.T<uint>(s, i);
        return VectorAccess.Store<TMode>(s, i, Ea<TMode>(s, i), (TMode.LittleEndian ? Lanes.ReverseWords(value) : value).AsByte());
    }

    [Insn("lxvh8x", Form.XX1, 31, 812, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxvh8x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        Vector128<byte>* source = Source<TMode>(s, i);
        if (source == null)
            return null;
        Vector128<byte> value = VectorAccess.Order<TMode>(*source);
        return Vsr.Set(s, i, TMode.LittleEndian ? Lanes.ReverseHalfwords(value.AsUInt16()) : value.AsUInt16());
    }

    [Insn("stxvh8x", Form.XX1, 31, 940, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxvh8x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        Vector128<ushort> value = Vsr.T<ushort>(s, i);
        return VectorAccess.Store<TMode>(s, i, Ea<TMode>(s, i), (TMode.LittleEndian ? Lanes.ReverseHalfwords(value) : value).AsByte());
    }

    [Insn("lxvb16x", Form.XX1, 31, 876, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxvb16x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        Vector128<byte>* source = Source<TMode>(s, i);
        if (source == null)
            return null;
        Vector128<byte> value = VectorAccess.Order<TMode>(*source);
        return Vsr.Set(s, i, TMode.LittleEndian ? Lanes.ReverseBytes(value) : value);
    }

    [Insn("stxvb16x", Form.XX1, 31, 1004, "XS,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Stxvb16x<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        Vector128<byte> value = Vsr.T<byte>(s, i);
        return VectorAccess.Store<TMode>(s, i, Ea<TMode>(s, i), TMode.LittleEndian ? Lanes.ReverseBytes(value) : value);
    }

    [Insn("lxvdsx", Form.XX1, 31, 332, "XT,RA0,RB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Lxvdsx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out ulong value) ? Vsr.Set(s, i, Vector128.Create(value)) : null;
    }

    [Insn("lxvwsx", Form.XX1, 31, 364, "XT,RA0,RB", "I 7.6.3", Facility = Facility.VsxOrVector)]
    public static Insn* Lxvwsx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.VsxOrVector(s, i->T))
            return Facilities.NoVsxOrVector(s, i, i->T);
        return Access.Load<TMode>(s, i, Ea<TMode>(s, i), out uint value) ? Vsr.Set(s, i, Vector128.Create(value)) : null;
    }

    private static Vector128<byte>* Source<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => VectorAccess.Source(s, i, Ea<TMode>(s, i));

    private static ulong Ea<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]);
}
