using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Vector register operands of VMX instructions. VR n is VSR 32+n. Registers are host little-endian numbers: ISA element k of n is host lane n-1-k.
/// </summary>
internal static unsafe class Vr
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T>* At<T>(CpuState* s, int vr)
        where T : unmanaged => (Vector128<T>*)(s->Vsr + 64) + vr;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> A<T>(CpuState* s, Insn* i)
        where T : unmanaged => *At<T>(s, i->A);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> B<T>(CpuState* s, Insn* i)
        where T : unmanaged => *At<T>(s, i->B);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> C<T>(CpuState* s, Insn* i)
        where T : unmanaged => *At<T>(s, i->C);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> T<T>(CpuState* s, Insn* i)
        where T : unmanaged => *At<T>(s, i->T);

    /// <summary>The whole register as one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 Quad(CpuState* s, int vr) => *((UInt128*)(s->Vsr + 64) + vr);

    /// <summary>Writes VRT and goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Set<T>(CpuState* s, Insn* i, Vector128<T> value)
        where T : unmanaged
    {
        *At<T>(s, i->T) = value;
        return i + 1;
    }

    /// <summary>Writes VRT and goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Set(CpuState* s, Insn* i, UInt128 value) =>
        Set(s, i, Vector128.Create((ulong)value, (ulong)(value >> 64)));
}
