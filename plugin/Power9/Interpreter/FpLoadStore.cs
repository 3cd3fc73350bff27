using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Floating-point loads and stores (ISA 3.0B Book I 4.6.2, 4.6.3).</summary>
public static unsafe class FpLoadStore
{
    [Insn("lfs", Form.D, 48, -1, "FRT,D(RA0)", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfs<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadSingle<TMode, Off>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("lfsu", Form.D, 49, -1, "FRT,D(RA)", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfsu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadSingle<TMode, On>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("lfsx", Form.X, 31, 535, "FRT,RA0,RB", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfsx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadSingle<TMode, Off>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("lfsux", Form.X, 31, 567, "FRT,RA,RB", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfsux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadSingle<TMode, On>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("lfd", Form.D, 50, -1, "FRT,D(RA0)", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfd<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadDouble<TMode, Off>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("lfdu", Form.D, 51, -1, "FRT,D(RA)", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfdu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadDouble<TMode, On>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("lfdx", Form.X, 31, 599, "FRT,RA0,RB", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfdx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadDouble<TMode, Off>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("lfdux", Form.X, 31, 631, "FRT,RA,RB", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfdux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadDouble<TMode, On>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    // Bit 25 of the word tells the zero-extending form.
    [Insn("lfiwax", Form.X, 31, 855, "FRT,RA0,RB", "I 4.6.2", Facility = Facility.FloatingPoint)]
    [Insn("lfiwzx", Form.X, 31, 887, "FRT,RA0,RB", "I 4.6.2", Facility = Facility.FloatingPoint)]
    public static Insn* Lfiwax<TMode, TBit25>(CpuState* s, Insn* i)
        where TMode : struct, IMode
        where TBit25 : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]), out uint word))
            return null;
        FpCommit.SetScalar(s, i->T, TBit25.Set ? word : (ulong)(int)word);
        return i + 1;
    }

    [Insn("stfs", Form.D, 52, -1, "FRS,D(RA0)", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfs<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreSingle<TMode, Off>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("stfsu", Form.D, 53, -1, "FRS,D(RA)", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfsu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreSingle<TMode, On>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("stfsx", Form.X, 31, 663, "FRS,RA0,RB", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfsx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreSingle<TMode, Off>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("stfsux", Form.X, 31, 695, "FRS,RA,RB", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfsux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreSingle<TMode, On>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("stfd", Form.D, 54, -1, "FRS,D(RA0)", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfd<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreDouble<TMode, Off>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("stfdu", Form.D, 55, -1, "FRS,D(RA)", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfdu<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreDouble<TMode, On>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("stfdx", Form.X, 31, 727, "FRS,RA0,RB", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfdx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreDouble<TMode, Off>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("stfdux", Form.X, 31, 759, "FRS,RA,RB", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfdux<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StoreDouble<TMode, On>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("stfiwx", Form.X, 31, 983, "FRS,RA0,RB", "I 4.6.3", Facility = Facility.FloatingPoint)]
    public static Insn* Stfiwx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ulong ea = ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]);
        return Access.Store<TMode>(s, i, ea, (uint)FpCommit.Scalar(s, i->T)) ? i + 1 : null;
    }

    [Insn("lfdp", Form.DS, 57, 0, "FRTp,DS(RA0)", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Lfdp<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadPair<TMode>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("lfdpx", Form.X, 31, 791, "FRTp,RA0,RB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Lfdpx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        LoadPair<TMode>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    [Insn("stfdp", Form.DS, 61, 0, "FRSp,DS(RA0)", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Stfdp<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StorePair<TMode>(s, i, s->Gpr[i->A] + (ulong)i->Imm);

    [Insn("stfdpx", Form.X, 31, 919, "FRSp,RA0,RB", "I 4.6.4", Facility = Facility.FloatingPoint)]
    public static Insn* Stfdpx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode =>
        StorePair<TMode>(s, i, s->Gpr[i->A] + s->Gpr[i->B]);

    private static Insn* LoadSingle<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ea = ModeOps<TMode>.Ea(ea);
        if (!Access.Load<TMode>(s, i, ea, out uint word))
            return null;
        FpCommit.SetScalar(s, i->T, SingleFormat.Widen(word));
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    private static Insn* LoadDouble<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ea = ModeOps<TMode>.Ea(ea);
        if (!Access.Load<TMode>(s, i, ea, out ulong doubleword))
            return null;
        FpCommit.SetScalar(s, i->T, doubleword);
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    private static Insn* StoreSingle<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ea = ModeOps<TMode>.Ea(ea);
        if (!Access.Store<TMode>(s, i, ea, SingleFormat.Narrow(FpCommit.Scalar(s, i->T))))
            return null;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    private static Insn* StoreDouble<TMode, TUpdate>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
        where TUpdate : struct, IFlag
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        ea = ModeOps<TMode>.Ea(ea);
        if (!Access.Store<TMode>(s, i, ea, FpCommit.Scalar(s, i->T)))
            return null;
        if (TUpdate.Set)
            s->Gpr[i->A] = ea;
        return i + 1;
    }

    // The even register has the doubleword at the lower address in big-endian order, the odd one in little-endian
    // order: as a quadword, even||odd is the number in storage.
    private static Insn* LoadPair<TMode>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(ea), out UInt128 pair))
            return null;
        int even = i->T & ~1;
        FpCommit.SetScalar(s, even, (ulong)(pair >> 64));
        FpCommit.SetScalar(s, even + 1, (ulong)pair);
        return i + 1;
    }

    private static Insn* StorePair<TMode>(CpuState* s, Insn* i, ulong ea)
        where TMode : struct, IMode
    {
        if (!Facilities.FloatingPoint(s))
            return Facilities.NoFloatingPoint(s, i);
        int even = i->T & ~1;
        UInt128 pair = new(FpCommit.Scalar(s, even), FpCommit.Scalar(s, even + 1));
        return Access.Store<TMode>(s, i, ModeOps<TMode>.Ea(ea), pair) ? i + 1 : null;
    }
}
