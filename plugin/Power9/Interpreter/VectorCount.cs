using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector count leading and trailing zeros, population count, parity (ISA 3.0B Book I 6.9.5, 6.13 to 6.15).</summary>
public static unsafe class VectorCount
{
    [Insn("vclzb", Form.VX, 4, 1794, "VRT,VRB", "I 6.13", Facility = Facility.Vector)]
    public static Insn* Vclzb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<byte>.Apply<LeadingZeros<byte>>(Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vclzh", Form.VX, 4, 1858, "VRT,VRB", "I 6.13", Facility = Facility.Vector)]
    public static Insn* Vclzh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ushort>.Apply<LeadingZeros<ushort>>(Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vclzw", Form.VX, 4, 1922, "VRT,VRB", "I 6.13", Facility = Facility.Vector)]
    public static Insn* Vclzw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<uint>.Apply<LeadingZeros<uint>>(Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vclzd", Form.VX, 4, 1986, "VRT,VRB", "I 6.13", Facility = Facility.Vector)]
    public static Insn* Vclzd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ulong>.Apply<LeadingZeros<ulong>>(Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vctzb", Form.VX, 4, 1538, "VRT,VRB", "I 6.14", Facility = Facility.Vector, Where = "...........11100................")]
    public static Insn* Vctzb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<byte>.Apply<TrailingZeros<byte>>(Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vctzh", Form.VX, 4, 1538, "VRT,VRB", "I 6.14", Facility = Facility.Vector, Where = "...........11101................")]
    public static Insn* Vctzh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ushort>.Apply<TrailingZeros<ushort>>(Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vctzw", Form.VX, 4, 1538, "VRT,VRB", "I 6.14", Facility = Facility.Vector, Where = "...........11110................")]
    public static Insn* Vctzw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<uint>.Apply<TrailingZeros<uint>>(Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vctzd", Form.VX, 4, 1538, "VRT,VRB", "I 6.14", Facility = Facility.Vector, Where = "...........11111................")]
    public static Insn* Vctzd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ulong>.Apply<TrailingZeros<ulong>>(Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpopcntb", Form.VX, 4, 1795, "VRT,VRB", "I 6.15", Facility = Facility.Vector)]
    public static Insn* Vpopcntb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<byte>.Apply<PopulationCount<byte>>(Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpopcnth", Form.VX, 4, 1859, "VRT,VRB", "I 6.15", Facility = Facility.Vector)]
    public static Insn* Vpopcnth(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ushort>.Apply<PopulationCount<ushort>>(Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpopcntw", Form.VX, 4, 1923, "VRT,VRB", "I 6.15", Facility = Facility.Vector)]
    public static Insn* Vpopcntw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<uint>.Apply<PopulationCount<uint>>(Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vpopcntd", Form.VX, 4, 1987, "VRT,VRB", "I 6.15", Facility = Facility.Vector)]
    public static Insn* Vpopcntd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ulong>.Apply<PopulationCount<ulong>>(Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vprtybw", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.5", Facility = Facility.Vector, Where = "...........01000................")]
    public static Insn* Vprtybw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<uint>.Apply<ByteParity<uint>>(Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vprtybd", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.5", Facility = Facility.Vector, Where = "...........01001................")]
    public static Insn* Vprtybd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ulong>.Apply<ByteParity<ulong>>(Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vprtybq", Form.VX, 4, 1538, "VRT,VRB", "I 6.9.5", Facility = Facility.Vector, Where = "...........01010................")]
    public static Insn* Vprtybq(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, ByteParity<UInt128>.Apply(Vr.Quad(s, i->B))) : Facilities.NoVector(s, i);

    [Insn("vclzlsbb", Form.VX, 4, 1538, "RT,VRB", "I 6.14.1", Facility = Facility.Vector, Where = "...........00000................")]
    public static Insn* Vclzlsbb(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        s->Gpr[i->T] = (ulong)BitOperations.LeadingZeroCount(LowBits(s, i) << 16 | 0x8000);
        return i + 1;
    }

    [Insn("vctzlsbb", Form.VX, 4, 1538, "RT,VRB", "I 6.14.1", Facility = Facility.Vector, Where = "...........00001................")]
    public static Insn* Vctzlsbb(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        s->Gpr[i->T] = (ulong)BitOperations.TrailingZeroCount(LowBits(s, i) | 0x10000);
        return i + 1;
    }

    // The least significant bit of each byte, byte element 0 in bit 15.
    private static uint LowBits(CpuState* s, Insn* i) => (Vr.B<byte>(s, i) << 7).ExtractMostSignificantBits();

    // Exclusive OR of the least significant bits of the bytes.
    private readonly struct ByteParity<T> : IUnaryLaneOp<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a)
        {
            for (int shift = 4 * Unsafe.SizeOf<T>(); shift >= 8; shift >>= 1)
                a ^= a >> shift;
            return a & T.One;
        }
    }
}
