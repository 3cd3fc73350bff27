using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>VSX merge, splat, permute, byte-reverse, word extract and insert (ISA 3.0B Book I 7.6.3).</summary>
public static unsafe class VsxPermute
{
    [Insn("xxmrghw", Form.XX3, 60, 18, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxmrghw(CpuState* s, Insn* i) =>
        Facilities.Vsx(s)
            ? Vsr.Set(s, i, Lanes.Interleave(Vector128.WidenUpper(Vsr.A<uint>(s, i)), Vector128.WidenUpper(Vsr.B<uint>(s, i))))
            : Facilities.NoVsx(s, i);

    [Insn("xxmrglw", Form.XX3, 60, 50, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxmrglw(CpuState* s, Insn* i) =>
        Facilities.Vsx(s)
            ? Vsr.Set(s, i, Lanes.Interleave(Vector128.WidenLower(Vsr.A<uint>(s, i)), Vector128.WidenLower(Vsr.B<uint>(s, i))))
            : Facilities.NoVsx(s, i);

    // The C field is bits 21:25: DM is its middle, bit 3 for the high doubleword, bit 2 for the low one.
    [Insn("xxpermdi", Form.XX3Dm, 60, 10, "XT,XA,XB,DM", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxpermdi(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        ulong high = s->Vsr[(2 * i->A) + (~(i->C >> 3) & 1)];
        ulong low = s->Vsr[(2 * i->B) + (~(i->C >> 2) & 1)];
        return Vsr.Set(s, i, Vector128.Create(low, high));
    }

    [Insn("xxsldwi", Form.XX3Dm, 60, 2, "XT,XA,XB,SHW", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxsldwi(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Lanes.ShiftPair(Vsr.A<byte>(s, i), Vsr.B<byte>(s, i), i->C & 0xC)) : Facilities.NoVsx(s, i);

    [Insn("xxspltw", Form.XX2, 60, 164, "XT,XB,UIM", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxspltw(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Vector128.Create(((uint*)Vsr.At<uint>(s, i->B))[~i->A & 3])) : Facilities.NoVsx(s, i);

    [Insn("xxspltib", Form.XX1, 60, 360, "XT,IMM8", "I 7.6.3", Facility = Facility.VsxOrVector, Where = "...........00...................")]
    public static Insn* Xxspltib(CpuState* s, Insn* i) =>
        Facilities.VsxOrVector(s, i->T) ? Vsr.Set(s, i, Vector128.Create((byte)(i->Imm >> 11))) : Facilities.NoVsxOrVector(s, i, i->T);

    [Insn("xxperm", Form.XX3, 60, 26, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxperm(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Lanes.Permute(Vsr.A<byte>(s, i), Vsr.T<byte>(s, i), Vsr.B<byte>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xxpermr", Form.XX3, 60, 58, "XT,XA,XB", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxpermr(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Lanes.Permute(Vsr.A<byte>(s, i), Vsr.T<byte>(s, i), ~Vsr.B<byte>(s, i))) : Facilities.NoVsx(s, i);

    [Insn("xxbrh", Form.XX2, 60, 475, "XT,XB", "I 7.6.3", Facility = Facility.Vsx, Where = "...........00111................")]
    public static Insn* Xxbrh(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        Vector128<ushort> b = Vsr.B<ushort>(s, i);
        return Vsr.Set(s, i, (b << 8) | (b >>> 8));
    }

    [Insn("xxbrw", Form.XX2, 60, 475, "XT,XB", "I 7.6.3", Facility = Facility.Vsx, Where = "...........01111................")]
    public static Insn* Xxbrw(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Lanes.ReverseWords(Lanes.ReverseBytes(Vsr.B<byte>(s, i)).AsUInt32())) : Facilities.NoVsx(s, i);

    [Insn("xxbrd", Form.XX2, 60, 475, "XT,XB", "I 7.6.3", Facility = Facility.Vsx, Where = "...........10111................")]
    public static Insn* Xxbrd(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Lanes.ReverseDoublewords(Lanes.ReverseBytes(Vsr.B<byte>(s, i)).AsUInt64())) : Facilities.NoVsx(s, i);

    [Insn("xxbrq", Form.XX2, 60, 475, "XT,XB", "I 7.6.3", Facility = Facility.Vsx, Where = "...........11111................")]
    public static Insn* Xxbrq(CpuState* s, Insn* i) =>
        Facilities.Vsx(s) ? Vsr.Set(s, i, Lanes.ReverseBytes(Vsr.B<byte>(s, i))) : Facilities.NoVsx(s, i);

    // UIM above 12 is undefined: bytes beyond the register wrap round to its start.
    [Insn("xxextractuw", Form.XX2, 60, 165, "XT,XB,UIM", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxextractuw(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        byte* bytes = (byte*)Vsr.At<byte>(s, i->B);
        uint word = 0;
        for (int k = 0; k < 4; k++)
            word = (word << 8) | bytes[15 - ((i->A + k) & 15)];
        return Vsr.Set(s, i, Vector128.Create(0, (ulong)word));
    }

    [Insn("xxinsertw", Form.XX2, 60, 181, "XT,XB,UIM", "I 7.6.3", Facility = Facility.Vsx)]
    public static Insn* Xxinsertw(CpuState* s, Insn* i)
    {
        if (!Facilities.Vsx(s))
            return Facilities.NoVsx(s, i);
        uint word = (uint)*Vsr.High(s, i->B);
        byte* bytes = (byte*)Vsr.At<byte>(s, i->T);
        for (int k = 0; k < 4; k++)
            bytes[15 - ((i->A + k) & 15)] = (byte)(word >> (24 - (8 * k)));
        return i + 1;
    }
}
