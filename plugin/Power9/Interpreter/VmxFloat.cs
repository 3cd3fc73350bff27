using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VMX single-precision floating point (ISA 3.0B Book I 6.10). No FPSCR bit is used or altered; VSCR[NJ] is obeyed.</summary>
public static unsafe class VmxFloat
{
    private const uint NonJava = 0x0001_0000;
    private const uint Saturation = 1;

    [Insn("vaddfp", Form.VX, 4, 10, "VRT,VRA,VRB", "I 6.10.1", Facility = Facility.Vector)]
    public static Insn* Vaddfp(CpuState* s, Insn* i) => Map(s, i, &VmxSingle.Add);

    [Insn("vsubfp", Form.VX, 4, 74, "VRT,VRA,VRB", "I 6.10.1", Facility = Facility.Vector)]
    public static Insn* Vsubfp(CpuState* s, Insn* i) => Map(s, i, &VmxSingle.Subtract);

    [Insn("vmaxfp", Form.VX, 4, 1034, "VRT,VRA,VRB", "I 6.10.2", Facility = Facility.Vector)]
    public static Insn* Vmaxfp(CpuState* s, Insn* i) => Map(s, i, &Maximum);

    [Insn("vminfp", Form.VX, 4, 1098, "VRT,VRA,VRB", "I 6.10.2", Facility = Facility.Vector)]
    public static Insn* Vminfp(CpuState* s, Insn* i) => Map(s, i, &Minimum);

    // Bit 31 tells vnmsubfp.
    [Insn("vmaddfp", Form.VA, 4, 46, "VRT,VRA,VRC,VRB", "I 6.10.1", Facility = Facility.Vector)]
    [Insn("vnmsubfp", Form.VA, 4, 47, "VRT,VRA,VRC,VRB", "I 6.10.1", Facility = Facility.Vector)]
    public static Insn* Vmaddfp<TBit31>(CpuState* s, Insn* i)
        where TBit31 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        MultiplyAddForm form = TBit31.Set ? MultiplyAddForm.NegativeSubtract : MultiplyAddForm.Add;
        bool nonJava = (s->Vscr & NonJava) != 0;
        uint* t = Words(s, i->T), a = Words(s, i->A), b = Words(s, i->B), c = Words(s, i->C);
        for (int k = 0; k < 4; k++)
            t[k] = VmxSingle.Fused(a[k], c[k], b[k], form, nonJava);
        return i + 1;
    }

    [Insn("vrefp", Form.VX, 4, 266, "VRT,VRB", "I 6.10.5", Facility = Facility.Vector)]
    public static Insn* Vrefp(CpuState* s, Insn* i) => Map(s, i, &VmxSingle.Reciprocal);

    [Insn("vrsqrtefp", Form.VX, 4, 330, "VRT,VRB", "I 6.10.5", Facility = Facility.Vector)]
    public static Insn* Vrsqrtefp(CpuState* s, Insn* i) => Map(s, i, &VmxSingle.ReciprocalSquareRoot);

    [Insn("vexptefp", Form.VX, 4, 394, "VRT,VRB", "I 6.10.5", Facility = Facility.Vector)]
    public static Insn* Vexptefp(CpuState* s, Insn* i) => Map(s, i, &PowerOfTwo);

    [Insn("vlogefp", Form.VX, 4, 458, "VRT,VRB", "I 6.10.5", Facility = Facility.Vector)]
    public static Insn* Vlogefp(CpuState* s, Insn* i) => Map(s, i, &Logarithm);

    [Insn("vrfin", Form.VX, 4, 522, "VRT,VRB", "I 6.10.3", Facility = Facility.Vector)]
    public static Insn* Vrfin(CpuState* s, Insn* i) => Map(s, i, &ToNearest);

    [Insn("vrfiz", Form.VX, 4, 586, "VRT,VRB", "I 6.10.3", Facility = Facility.Vector)]
    public static Insn* Vrfiz(CpuState* s, Insn* i) => Map(s, i, &ToZero);

    [Insn("vrfip", Form.VX, 4, 650, "VRT,VRB", "I 6.10.3", Facility = Facility.Vector)]
    public static Insn* Vrfip(CpuState* s, Insn* i) => Map(s, i, &ToPositive);

    [Insn("vrfim", Form.VX, 4, 714, "VRT,VRB", "I 6.10.3", Facility = Facility.Vector)]
    public static Insn* Vrfim(CpuState* s, Insn* i) => Map(s, i, &ToNegative);

    // UIM, in the VRA field, is the power of two the value is scaled by. Bit 25 tells signed from unsigned.
    [Insn("vcfux", Form.VX, 4, 778, "VRT,VRB,UIM", "I 6.10.3", Facility = Facility.Vector)]
    [Insn("vcfsx", Form.VX, 4, 842, "VRT,VRB,UIM", "I 6.10.3", Facility = Facility.Vector)]
    public static Insn* Vcfsx<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        uint* t = Words(s, i->T), b = Words(s, i->B);
        for (int k = 0; k < 4; k++)
            t[k] = VmxSingle.FromInteger(TBit25.Set ? (int)b[k] : b[k], i->A);
        return i + 1;
    }

    [Insn("vctuxs", Form.VX, 4, 906, "VRT,VRB,UIM", "I 6.10.3", Facility = Facility.Vector)]
    [Insn("vctsxs", Form.VX, 4, 970, "VRT,VRB,UIM", "I 6.10.3", Facility = Facility.Vector)]
    public static Insn* Vctsxs<TBit25>(CpuState* s, Insn* i)
        where TBit25 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        uint* t = Words(s, i->T), b = Words(s, i->B);
        for (int k = 0; k < 4; k++)
        {
            t[k] = VmxSingle.ToInteger(b[k], i->A, TBit25.Set, out bool saturated);
            if (saturated)
                s->Vscr |= Saturation;
        }

        return i + 1;
    }

    [Insn("vcmpeqfp[.]", Form.VC, 4, 198, "VRT,VRA,VRB", "I 6.10.4", Facility = Facility.Vector)]
    public static Insn* Vcmpeqfp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag => Compare<TRc>(s, i, Relation.Equal);

    [Insn("vcmpgefp[.]", Form.VC, 4, 454, "VRT,VRA,VRB", "I 6.10.4", Facility = Facility.Vector)]
    public static Insn* Vcmpgefp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag => Compare<TRc>(s, i, Relation.Greater | Relation.Equal);

    [Insn("vcmpgtfp[.]", Form.VC, 4, 710, "VRT,VRA,VRB", "I 6.10.4", Facility = Facility.Vector)]
    public static Insn* Vcmpgtfp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag => Compare<TRc>(s, i, Relation.Greater);

    // Bounds: bit 0 of an element tells that a is not at most b, bit 1 that it is not at least -b.
    [Insn("vcmpbfp[.]", Form.VC, 4, 966, "VRT,VRA,VRB", "I 6.10.4", Facility = Facility.Vector)]
    public static Insn* Vcmpbfp<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        bool nonJava = (s->Vscr & NonJava) != 0;
        uint* t = Words(s, i->T), a = Words(s, i->A), b = Words(s, i->B);
        uint any = 0;
        for (int k = 0; k < 4; k++)
        {
            bool above = (VmxSingle.Compare(a[k], b[k], nonJava) & (Relation.Less | Relation.Equal)) == 0;
            bool below = (VmxSingle.Compare(a[k], b[k] ^ 0x8000_0000, nonJava) & (Relation.Greater | Relation.Equal)) == 0;
            t[k] = (above ? 0x8000_0000 : 0) | (below ? 0x4000_0000u : 0);
            any |= t[k];
        }

        if (TRc.Set)
            s->Cr[6] = any == 0 ? Condition.EQ : (byte)0;
        return i + 1;
    }

    private static Insn* Compare<TRc>(CpuState* s, Insn* i, Relation wanted)
        where TRc : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        bool nonJava = (s->Vscr & NonJava) != 0;
        uint* t = Words(s, i->T), a = Words(s, i->A), b = Words(s, i->B);
        uint all = uint.MaxValue, any = 0;
        for (int k = 0; k < 4; k++)
        {
            t[k] = (VmxSingle.Compare(a[k], b[k], nonJava) & wanted) != 0 ? uint.MaxValue : 0;
            all &= t[k];
            any |= t[k];
        }

        if (TRc.Set)
            s->Cr[6] = all != 0 ? Condition.LT : any == 0 ? Condition.EQ : (byte)0;
        return i + 1;
    }

    // Order does not matter where elements do not meet, so the words are taken as the host has them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint* Words(CpuState* s, int vr) => (uint*)&s->Vsr[2 * (FpCommit.FirstVr + vr)];

    private static Insn* Map(CpuState* s, Insn* i, delegate*<uint, uint, bool, uint> operation)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        bool nonJava = (s->Vscr & NonJava) != 0;
        uint* t = Words(s, i->T), a = Words(s, i->A), b = Words(s, i->B);
        for (int k = 0; k < 4; k++)
            t[k] = operation(a[k], b[k], nonJava);
        return i + 1;
    }

    private static Insn* Map(CpuState* s, Insn* i, delegate*<uint, bool, uint> operation)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        bool nonJava = (s->Vscr & NonJava) != 0;
        uint* t = Words(s, i->T), b = Words(s, i->B);
        for (int k = 0; k < 4; k++)
            t[k] = operation(b[k], nonJava);
        return i + 1;
    }

    private static uint Maximum(uint a, uint b, bool nonJava) => VmxSingle.Extreme(a, b, true, nonJava);

    private static uint Minimum(uint a, uint b, bool nonJava) => VmxSingle.Extreme(a, b, false, nonJava);

    private static uint ToNearest(uint b, bool nonJava) => VmxSingle.Round(b, RoundingMode.NearestEven, nonJava);

    private static uint ToZero(uint b, bool nonJava) => VmxSingle.Round(b, RoundingMode.TowardZero, nonJava);

    private static uint ToPositive(uint b, bool nonJava) => VmxSingle.Round(b, RoundingMode.TowardPositive, nonJava);

    private static uint ToNegative(uint b, bool nonJava) => VmxSingle.Round(b, RoundingMode.TowardNegative, nonJava);

    private static uint PowerOfTwo(uint b, bool nonJava) =>
        VmxSingle.Flush(Transcendental.PowerOfTwo(VmxSingle.Flush(b, nonJava)), nonJava);

    private static uint Logarithm(uint b, bool nonJava) => Transcendental.Logarithm(VmxSingle.Flush(b, nonJava));
}
