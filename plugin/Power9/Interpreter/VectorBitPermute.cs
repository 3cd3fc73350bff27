using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector gather and bit permute (ISA 3.0B Book I 6.12, 6.16).</summary>
public static unsafe class VectorBitPermute
{
    // Element 0 of VRB selects the most significant bit of the result; bits beyond 127 are 0.
    [Insn("vbpermq", Form.VX, 4, 1356, "VRT,VRA,VRB", "I 6.16", Facility = Facility.Vector)]
    public static Insn* Vbpermq(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        ulong* source = Vsr.Low(s, 32 + i->A);
        byte* index = (byte*)Vr.At<byte>(s, i->B);
        ulong bits = 0;
        for (int k = 15; k >= 0; k--)
        {
            int n = index[k];
            ulong bit = n < 128 ? (source[(~n >> 6) & 1] >> (~n & 63)) & 1 : 0;
            bits = (bits << 1) | bit;
        }

        return Vr.Set(s, i, Vector128.Create(0, bits));
    }

    [Insn("vbpermd", Form.VX, 4, 1484, "VRT,VRA,VRB", "I 6.16", Facility = Facility.Vector)]
    public static Insn* Vbpermd(CpuState* s, Insn* i) =>
        Facilities.Vector(s)
            ? Vr.Set(s, i, Each<ulong>.Apply<BitPermute>(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i)))
            : Facilities.NoVector(s, i);

    [Insn("vgbbd", Form.VX, 4, 1292, "VRT,VRB", "I 6.12", Facility = Facility.Vector)]
    public static Insn* Vgbbd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ulong>.Apply<TransposeBits>(Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    private readonly struct BitPermute : ILaneOp<ulong>
    {
        public static ulong Apply(ulong a, ulong b)
        {
            ulong bits = 0;
            for (int k = 56; k >= 0; k -= 8)
            {
                int n = (byte)(b >> k);
                bits = (bits << 1) | (n < 64 ? (a >> (63 - n)) & 1 : 0);
            }

            return bits;
        }
    }

    // An 8x8 bit matrix, a byte for each row: swaps 1x1, 2x2 and 4x4 blocks across the diagonal.
    private readonly struct TransposeBits : IUnaryLaneOp<ulong>
    {
        public static ulong Apply(ulong a)
        {
            a = Swap(a, 7, 0x00AA00AA00AA00AA);
            a = Swap(a, 14, 0x0000CCCC0000CCCC);
            return Swap(a, 28, 0x00000000F0F0F0F0);
        }

        private static ulong Swap(ulong a, int distance, ulong mask)
        {
            ulong t = (a ^ (a >> distance)) & mask;
            return a ^ t ^ (t << distance);
        }
    }
}
