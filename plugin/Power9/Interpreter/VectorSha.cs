using System.Numerics;
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
        Vector128<uint> a = Vr.A<uint>(s, i);
        Vector128<uint> result = default;
        for (int k = 0; k < 4; k++)
        {
            uint x = ((uint*)&a)[k];
            bool one = ((i->B >> k) & 1) != 0;
            uint upper = one ? Rotate(x, 6) ^ Rotate(x, 11) ^ Rotate(x, 25) : Rotate(x, 2) ^ Rotate(x, 13) ^ Rotate(x, 22);
            uint lower = one ? Rotate(x, 17) ^ Rotate(x, 19) ^ (x >> 10) : Rotate(x, 7) ^ Rotate(x, 18) ^ (x >> 3);
            ((uint*)&result)[k] = TBit16.Set ? upper : lower;
        }

        return Vr.Set(s, i, result);
    }

    // Doubleword 0 looks at SIX bit 0, doubleword 1 at bit 2.
    [Insn("vshasigmad", Form.VX, 4, 1730, "VRT,VRA,ST,SIX", "I 6.11.2", Facility = Facility.Vector)]
    public static Insn* Vshasigmad<TBit16>(CpuState* s, Insn* i)
        where TBit16 : struct, IFlag
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<ulong> a = Vr.A<ulong>(s, i);
        Vector128<ulong> result = default;
        for (int k = 0; k < 2; k++)
        {
            ulong x = ((ulong*)&a)[k];
            bool one = ((i->B >> ((2 * k) + 1)) & 1) != 0;
            ulong upper = one ? Rotate(x, 14) ^ Rotate(x, 18) ^ Rotate(x, 41) : Rotate(x, 28) ^ Rotate(x, 34) ^ Rotate(x, 39);
            ulong lower = one ? Rotate(x, 19) ^ Rotate(x, 61) ^ (x >> 6) : Rotate(x, 1) ^ Rotate(x, 8) ^ (x >> 7);
            ((ulong*)&result)[k] = TBit16.Set ? upper : lower;
        }

        return Vr.Set(s, i, result);
    }

    private static uint Rotate(uint x, int right) => BitOperations.RotateRight(x, right);

    private static ulong Rotate(ulong x, int right) => BitOperations.RotateRight(x, right);
}
