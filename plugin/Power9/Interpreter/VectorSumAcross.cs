using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector sum across, saturating (ISA 3.0B Book I 6.9.1.5).</summary>
public static unsafe class VectorSumAcross
{
    [Insn("vsumsws", Form.VX, 4, 1928, "VRT,VRA,VRB", "I 6.9.1.5", Facility = Facility.Vector)]
    public static Insn* Vsumsws(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<int> a = Vr.A<int>(s, i);
        long sum = *(int*)Vr.At<int>(s, i->B);
        for (int k = 0; k < 4; k++)
            sum += ((int*)&a)[k];
        return Vr.Set(s, i, (UInt128)(uint)Saturate.Clamp(s, sum, int.MinValue, int.MaxValue));
    }

    [Insn("vsum2sws", Form.VX, 4, 1672, "VRT,VRA,VRB", "I 6.9.1.5", Facility = Facility.Vector)]
    public static Insn* Vsum2sws(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<int> a = Vr.A<int>(s, i);
        Vector128<int> b = Vr.B<int>(s, i);
        Vector128<ulong> result = default;
        for (int k = 0; k < 4; k += 2)
        {
            long sum = (long)((int*)&a)[k] + ((int*)&a)[k + 1] + ((int*)&b)[k];
            ((ulong*)&result)[k / 2] = (uint)Saturate.Clamp(s, sum, int.MinValue, int.MaxValue);
        }

        return Vr.Set(s, i, result);
    }

    [Insn("vsum4sbs", Form.VX, 4, 1800, "VRT,VRA,VRB", "I 6.9.1.5", Facility = Facility.Vector)]
    public static Insn* Vsum4sbs(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<sbyte> a = Vr.A<sbyte>(s, i);
        Vector128<int> sums = Vr.B<int>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((int*)&sums)[word];
            for (int k = 4 * word; k < 4 * (word + 1); k++)
                sum += ((sbyte*)&a)[k];
            ((int*)&sums)[word] = (int)Saturate.Clamp(s, sum, int.MinValue, int.MaxValue);
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vsum4shs", Form.VX, 4, 1608, "VRT,VRA,VRB", "I 6.9.1.5", Facility = Facility.Vector)]
    public static Insn* Vsum4shs(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<short> a = Vr.A<short>(s, i);
        Vector128<int> sums = Vr.B<int>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((int*)&sums)[word];
            for (int k = 2 * word; k < 2 * (word + 1); k++)
                sum += ((short*)&a)[k];
            ((int*)&sums)[word] = (int)Saturate.Clamp(s, sum, int.MinValue, int.MaxValue);
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vsum4ubs", Form.VX, 4, 1544, "VRT,VRA,VRB", "I 6.9.1.5", Facility = Facility.Vector)]
    public static Insn* Vsum4ubs(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte> a = Vr.A<byte>(s, i);
        Vector128<uint> sums = Vr.B<uint>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((uint*)&sums)[word];
            for (int k = 4 * word; k < 4 * (word + 1); k++)
                sum += ((byte*)&a)[k];
            ((uint*)&sums)[word] = (uint)Saturate.Clamp(s, sum, uint.MinValue, uint.MaxValue);
        }

        return Vr.Set(s, i, sums);
    }
}
