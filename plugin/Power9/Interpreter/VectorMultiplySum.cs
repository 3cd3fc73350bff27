using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector multiply-add and multiply-sum (ISA 3.0B Book I 6.9.1.4). Sums are exact, then truncated or saturated once.</summary>
public static unsafe class VectorMultiplySum
{
    [Insn("vmladduhm", Form.VA, 4, 34, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmladduhm(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, (Vr.A<ushort>(s, i) * Vr.B<ushort>(s, i)) + Vr.C<ushort>(s, i)) : Facilities.NoVector(s, i);

    [Insn("vmhaddshs", Form.VA, 4, 32, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmhaddshs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? MultiplyHighAdd(s, i, 0) : Facilities.NoVector(s, i);

    [Insn("vmhraddshs", Form.VA, 4, 33, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmhraddshs(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? MultiplyHighAdd(s, i, 0x4000) : Facilities.NoVector(s, i);

    [Insn("vmsumubm", Form.VA, 4, 36, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsumubm(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<byte> a = Vr.A<byte>(s, i);
        Vector128<byte> b = Vr.B<byte>(s, i);
        Vector128<uint> sums = Vr.C<uint>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((uint*)&sums)[word];
            for (int k = 4 * word; k < 4 * (word + 1); k++)
                sum += ((byte*)&a)[k] * ((byte*)&b)[k];
            ((uint*)&sums)[word] = (uint)sum;
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vmsummbm", Form.VA, 4, 37, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsummbm(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<sbyte> a = Vr.A<sbyte>(s, i);
        Vector128<byte> b = Vr.B<byte>(s, i);
        Vector128<int> sums = Vr.C<int>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((int*)&sums)[word];
            for (int k = 4 * word; k < 4 * (word + 1); k++)
                sum += ((sbyte*)&a)[k] * ((byte*)&b)[k];
            ((int*)&sums)[word] = (int)sum;
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vmsumuhm", Form.VA, 4, 38, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsumuhm(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<ushort> a = Vr.A<ushort>(s, i);
        Vector128<ushort> b = Vr.B<ushort>(s, i);
        Vector128<uint> sums = Vr.C<uint>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((uint*)&sums)[word];
            for (int k = 2 * word; k < 2 * (word + 1); k++)
                sum += (long)((ushort*)&a)[k] * ((ushort*)&b)[k];
            ((uint*)&sums)[word] = (uint)sum;
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vmsumuhs", Form.VA, 4, 39, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsumuhs(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<ushort> a = Vr.A<ushort>(s, i);
        Vector128<ushort> b = Vr.B<ushort>(s, i);
        Vector128<uint> sums = Vr.C<uint>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((uint*)&sums)[word];
            for (int k = 2 * word; k < 2 * (word + 1); k++)
                sum += (long)((ushort*)&a)[k] * ((ushort*)&b)[k];
            ((uint*)&sums)[word] = (uint)Saturate.Clamp(s, sum, uint.MinValue, uint.MaxValue);
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vmsumshm", Form.VA, 4, 40, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsumshm(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<short> a = Vr.A<short>(s, i);
        Vector128<short> b = Vr.B<short>(s, i);
        Vector128<int> sums = Vr.C<int>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((int*)&sums)[word];
            for (int k = 2 * word; k < 2 * (word + 1); k++)
                sum += ((short*)&a)[k] * ((short*)&b)[k];
            ((int*)&sums)[word] = (int)sum;
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vmsumshs", Form.VA, 4, 41, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsumshs(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        Vector128<short> a = Vr.A<short>(s, i);
        Vector128<short> b = Vr.B<short>(s, i);
        Vector128<int> sums = Vr.C<int>(s, i);
        for (int word = 0; word < 4; word++)
        {
            long sum = ((int*)&sums)[word];
            for (int k = 2 * word; k < 2 * (word + 1); k++)
                sum += ((short*)&a)[k] * ((short*)&b)[k];
            ((int*)&sums)[word] = (int)Saturate.Clamp(s, sum, int.MinValue, int.MaxValue);
        }

        return Vr.Set(s, i, sums);
    }

    [Insn("vmsumudm", Form.VA, 4, 35, "VRT,VRA,VRB,VRC", "I 6.9.1.4", Facility = Facility.Vector)]
    public static Insn* Vmsumudm(CpuState* s, Insn* i)
    {
        if (!Facilities.Vector(s))
            return Facilities.NoVector(s, i);
        UInt128 high = (UInt128)(*Vsr.High(s, 32 + i->A)) * *Vsr.High(s, 32 + i->B);
        UInt128 low = (UInt128)(*Vsr.Low(s, 32 + i->A)) * *Vsr.Low(s, 32 + i->B);
        return Vr.Set(s, i, high + low + Vr.Quad(s, i->C));
    }

    private static Insn* MultiplyHighAdd(CpuState* s, Insn* i, int round)
    {
        Vector128<short> a = Vr.A<short>(s, i);
        Vector128<short> b = Vr.B<short>(s, i);
        Vector128<short> result = Vr.C<short>(s, i);
        for (int k = 0; k < 8; k++)
        {
            int product = ((((short*)&a)[k] * ((short*)&b)[k]) + round) >> 15;
            ((short*)&result)[k] = (short)Saturate.Clamp(s, product + ((short*)&result)[k], short.MinValue, short.MaxValue);
        }

        return Vr.Set(s, i, result);
    }
}
