using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector polynomial multiply-sum over GF(2) (ISA 3.0B Book I 6.11.3).</summary>
public static unsafe class VectorPolynomial
{
    [Insn("vpmsumb", Form.VX, 4, 1032, "VRT,VRA,VRB", "I 6.11.3", Facility = Facility.Vector)]
    public static Insn* Vpmsumb(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte> a = Vr.A<byte>(s, i);
        Vector128<byte> b = Vr.B<byte>(s, i);
        Vector128<ushort> result = default;
        for (int k = 0; k < 8; k++)
        {
            UInt128 low = Multiply(((byte*)&a)[2 * k], ((byte*)&b)[2 * k]);
            UInt128 high = Multiply(((byte*)&a)[(2 * k) + 1], ((byte*)&b)[(2 * k) + 1]);
            ((ushort*)&result)[k] = (ushort)(low ^ high);
        }

        return Vr.Set(s, i, result);
    }

    [Insn("vpmsumh", Form.VX, 4, 1096, "VRT,VRA,VRB", "I 6.11.3", Facility = Facility.Vector)]
    public static Insn* Vpmsumh(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<ushort> a = Vr.A<ushort>(s, i);
        Vector128<ushort> b = Vr.B<ushort>(s, i);
        Vector128<uint> result = default;
        for (int k = 0; k < 4; k++)
        {
            UInt128 low = Multiply(((ushort*)&a)[2 * k], ((ushort*)&b)[2 * k]);
            UInt128 high = Multiply(((ushort*)&a)[(2 * k) + 1], ((ushort*)&b)[(2 * k) + 1]);
            ((uint*)&result)[k] = (uint)(low ^ high);
        }

        return Vr.Set(s, i, result);
    }

    [Insn("vpmsumw", Form.VX, 4, 1160, "VRT,VRA,VRB", "I 6.11.3", Facility = Facility.Vector)]
    public static Insn* Vpmsumw(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<uint> a = Vr.A<uint>(s, i);
        Vector128<uint> b = Vr.B<uint>(s, i);
        Vector128<ulong> result = default;
        for (int k = 0; k < 2; k++)
        {
            UInt128 low = Multiply(((uint*)&a)[2 * k], ((uint*)&b)[2 * k]);
            UInt128 high = Multiply(((uint*)&a)[(2 * k) + 1], ((uint*)&b)[(2 * k) + 1]);
            ((ulong*)&result)[k] = (ulong)(low ^ high);
        }

        return Vr.Set(s, i, result);
    }

    [Insn("vpmsumd", Form.VX, 4, 1224, "VRT,VRA,VRB", "I 6.11.3", Facility = Facility.Vector)]
    public static Insn* Vpmsumd(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 high = Multiply(*Vsr.High(s, 32 + i->A), *Vsr.High(s, 32 + i->B));
        UInt128 low = Multiply(*Vsr.Low(s, 32 + i->A), *Vsr.Low(s, 32 + i->B));
        return Vr.Set(s, i, high ^ low);
    }

    private static UInt128 Multiply(ulong a, ulong b)
    {
        if (Pclmulqdq.IsSupported)
        {
            Vector128<ulong> hardware = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(a), Vector128.CreateScalar(b), 0);
            return new UInt128(hardware.GetElement(1), hardware.GetElement(0));
        }

        UInt128 product = 0;
        for (UInt128 shifted = a; b != 0; b >>= 1, shifted <<= 1)
            product ^= (b & 1) != 0 ? shifted : 0;
        return product;
    }
}
