using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector integer rotate and shift by element (ISA 3.0B Book I 6.9.6).</summary>
public static unsafe class VectorShift
{
    [Insn("vrlb", Form.VX, 4, 4, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrlb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<byte>.Apply<RotateLeft<byte>>(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vrlh", Form.VX, 4, 68, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrlh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ushort>.Apply<RotateLeft<ushort>>(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vrlw", Form.VX, 4, 132, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrlw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Rotate(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vrld", Form.VX, 4, 196, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vrld(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Rotate(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vslb", Form.VX, 4, 260, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vslb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<byte>.Apply<ShiftLeft<byte>>(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vslh", Form.VX, 4, 324, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vslh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ushort>.Apply<ShiftLeft<ushort>>(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vslw", Form.VX, 4, 388, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vslw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Left(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsld", Form.VX, 4, 1476, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsld(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Left(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrb", Form.VX, 4, 516, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrb(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<byte>.Apply<ShiftRight<byte>>(Vr.A<byte>(s, i), Vr.B<byte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrh", Form.VX, 4, 580, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrh(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<ushort>.Apply<ShiftRight<ushort>>(Vr.A<ushort>(s, i), Vr.B<ushort>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrw", Form.VX, 4, 644, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Right(Vr.A<uint>(s, i), Vr.B<uint>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrd", Form.VX, 4, 1732, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrd(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Right(Vr.A<ulong>(s, i), Vr.B<ulong>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrab", Form.VX, 4, 772, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrab(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<sbyte>.Apply<ShiftRight<sbyte>>(Vr.A<sbyte>(s, i), Vr.B<sbyte>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrah", Form.VX, 4, 836, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrah(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<short>.Apply<ShiftRight<short>>(Vr.A<short>(s, i), Vr.B<short>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsraw", Form.VX, 4, 900, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsraw(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Right(Vr.A<int>(s, i), Vr.B<int>(s, i))) : Facilities.NoVector(s, i);

    [Insn("vsrad", Form.VX, 4, 964, "VRT,VRA,VRB", "I 6.9.6", Facility = Facility.Vector)]
    public static Insn* Vsrad(CpuState* s, Insn* i) =>
        Facilities.Vector(s) ? Vr.Set(s, i, Each<long>.Apply<ShiftRight<long>>(Vr.A<long>(s, i), Vr.B<long>(s, i))) : Facilities.NoVector(s, i);

    // Hosts with AVX2 shift words and doublewords by element; their counts do not wrap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Left(Vector128<uint> a, Vector128<uint> b) =>
        Avx2.IsSupported ? Avx2.ShiftLeftLogicalVariable(a, b & Vector128.Create(31u)) : Each<uint>.Apply<ShiftLeft<uint>>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Left(Vector128<ulong> a, Vector128<ulong> b) =>
        Avx2.IsSupported ? Avx2.ShiftLeftLogicalVariable(a, b & Vector128.Create(63ul)) : Each<ulong>.Apply<ShiftLeft<ulong>>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Right(Vector128<uint> a, Vector128<uint> b) =>
        Avx2.IsSupported ? Avx2.ShiftRightLogicalVariable(a, b & Vector128.Create(31u)) : Each<uint>.Apply<ShiftRight<uint>>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Right(Vector128<ulong> a, Vector128<ulong> b) =>
        Avx2.IsSupported ? Avx2.ShiftRightLogicalVariable(a, b & Vector128.Create(63ul)) : Each<ulong>.Apply<ShiftRight<ulong>>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Right(Vector128<int> a, Vector128<int> b) =>
        Avx2.IsSupported ? Avx2.ShiftRightArithmeticVariable(a, (b & Vector128.Create(31)).AsUInt32()) : Each<int>.Apply<ShiftRight<int>>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> a, Vector128<uint> b) => Left(a, b) | Right(a, -b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Rotate(Vector128<ulong> a, Vector128<ulong> b) => Left(a, b) | Right(a, -b);
}
