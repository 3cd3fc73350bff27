using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer compare (ISA 3.0B Book I 6.9.3). With Rc=1 CR6 says whether all (LT) or none (EQ) of the elements compared true.</summary>
public static unsafe class VectorCompare
{
    [Insn("vcmpequb[.]", Form.VC, 4, 6, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpequb<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, byte>(s, i, Vector128.Equals(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpequh[.]", Form.VC, 4, 70, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpequh<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, ushort>(s, i, Vector128.Equals(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpequw[.]", Form.VC, 4, 134, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpequw<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, uint>(s, i, Vector128.Equals(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpequd[.]", Form.VC, 4, 199, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpequd<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, ulong>(s, i, Vector128.Equals(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpneb[.]", Form.VC, 4, 7, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpneb<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, byte>(s, i, ~Vector128.Equals(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpneh[.]", Form.VC, 4, 71, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpneh<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, ushort>(s, i, ~Vector128.Equals(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpnew[.]", Form.VC, 4, 135, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpnew<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, uint>(s, i, ~Vector128.Equals(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpnezb[.]", Form.VC, 4, 263, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpnezb<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, byte>(s, i, NotEqualOrZero(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpnezh[.]", Form.VC, 4, 327, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpnezh<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, ushort>(s, i, NotEqualOrZero(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpnezw[.]", Form.VC, 4, 391, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpnezw<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, uint>(s, i, NotEqualOrZero(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtub[.]", Form.VC, 4, 518, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtub<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, byte>(s, i, Vector128.GreaterThan(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtuh[.]", Form.VC, 4, 582, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtuh<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, ushort>(s, i, Vector128.GreaterThan(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtuw[.]", Form.VC, 4, 646, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtuw<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, uint>(s, i, Vector128.GreaterThan(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtud[.]", Form.VC, 4, 711, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtud<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, ulong>(s, i, Vector128.GreaterThan(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtsb[.]", Form.VC, 4, 774, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtsb<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, sbyte>(s, i, Vector128.GreaterThan(Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtsh[.]", Form.VC, 4, 838, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtsh<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, short>(s, i, Vector128.GreaterThan(Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtsw[.]", Form.VC, 4, 902, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtsw<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, int>(s, i, Vector128.GreaterThan(Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vcmpgtsd[.]", Form.VC, 4, 967, "VRT,VRA,VRB", "I 6.9.3", Facility = Facility.Vector)]
    public static Insn* Vcmpgtsd<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag =>
        Facilities.Vector(s) ? Result<TRc, long>(s, i, Vector128.GreaterThan(Vr.A<long>(s, i), Vr.B<long>(s, i))) : Facilities.NoVector(s, i);

    private static Vector128<T> NotEqualOrZero<T>(Vector128<T> a, Vector128<T> b)
        where T : unmanaged =>
        ~Vector128.Equals(a, b) | Vector128.Equals(a, Vector128<T>.Zero) | Vector128.Equals(b, Vector128<T>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Result<TRc, T>(CpuState* s, Insn* i, Vector128<T> value)
        where TRc : struct, IFlag
        where T : unmanaged
    {
        if (TRc.Set)
        {
            bool all = value == Vector128<T>.AllBitsSet;
            bool none = value == Vector128<T>.Zero;
            s->Cr[6] = all ? Condition.LT : none ? Condition.EQ : (byte)0;
        }

        return Vr.Set(s, i, value);
    }
}
