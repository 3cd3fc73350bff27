using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>SHA-256 and SHA-512 sigma functions (ISA 3.0B Book I 6.11.2; FIPS 180-4 4.1.2, 4.1.3). ST=0 is the small sigma, ST=1 the capital one.</summary>
public static unsafe class VectorSha
{
    // Bits of SIX, one for each word, choose between the 0 and the 1 function.
    [Insn("vshasigmaw", Form.VX, 4, 1666, "VRT,VRA,ST,SIX", "I 6.11.2", Facility = Facility.Vector)]
    public static Insn* Vshasigmaw<TBit16>(CpuState* s, Insn* i)
        where TBit16 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<uint> x = Vr.A<uint>(s, i);
        Vector128<uint> one = TBit16.Set ? Rotate(x, 6) ^ Rotate(x, 11) ^ Rotate(x, 25) : Rotate(x, 17) ^ Rotate(x, 19) ^ (x >>> 10);
        Vector128<uint> zero = TBit16.Set ? Rotate(x, 2) ^ Rotate(x, 13) ^ Rotate(x, 22) : Rotate(x, 7) ^ Rotate(x, 18) ^ (x >>> 3);
        Vector128<uint> ones = Vector128.Create(0u - (i->B & 1u), 0u - ((uint)(i->B >> 1) & 1), 0u - ((uint)(i->B >> 2) & 1), 0u - ((uint)(i->B >> 3) & 1));
        return Vr.Set(s, i, (one & ones) | (zero & ~ones));
    }

    // Doubleword 0 looks at SIX bit 0, doubleword 1 at bit 2.
    [Insn("vshasigmad", Form.VX, 4, 1730, "VRT,VRA,ST,SIX", "I 6.11.2", Facility = Facility.Vector)]
    public static Insn* Vshasigmad<TBit16>(CpuState* s, Insn* i)
        where TBit16 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<ulong> x = Vr.A<ulong>(s, i);
        Vector128<ulong> one = TBit16.Set ? Rotate(x, 14) ^ Rotate(x, 18) ^ Rotate(x, 41) : Rotate(x, 19) ^ Rotate(x, 61) ^ (x >>> 6);
        Vector128<ulong> zero = TBit16.Set ? Rotate(x, 28) ^ Rotate(x, 34) ^ Rotate(x, 39) : Rotate(x, 1) ^ Rotate(x, 8) ^ (x >>> 7);
        Vector128<ulong> ones = Vector128.Create(0ul - ((ulong)(i->B >> 1) & 1), 0ul - ((ulong)(i->B >> 3) & 1));
        return Vr.Set(s, i, (one & ones) | (zero & ~ones));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> x, int right) => (x >>> right) | (x << (32 - right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Rotate(Vector128<ulong> x, int right) => (x >>> right) | (x << (64 - right));
}
