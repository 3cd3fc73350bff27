using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Vector-scalar register operands of VSX instructions, by the 6-bit numbers of the decoded slot. ISA element k of n is host lane n-1-k.</summary>
internal static unsafe class Vsr
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T>* At<T>(CpuState* s, int vsr)
        where T : unmanaged => (Vector128<T>*)s->Vsr + vsr;

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

    /// <summary>Doubleword 0: the scalar, and FPR n for VSR n below 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong* High(CpuState* s, int vsr) => s->Vsr + (2 * vsr) + 1;

    /// <summary>Doubleword 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong* Low(CpuState* s, int vsr) => s->Vsr + (2 * vsr);

    /// <summary>The whole register as one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128* Quad(CpuState* s, int vsr) => (UInt128*)s->Vsr + vsr;

    /// <summary>Writes XT and goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Set<T>(CpuState* s, Insn* i, Vector128<T> value)
        where T : unmanaged
    {
        *At<T>(s, i->T) = value;
        return i + 1;
    }

    /// <summary>Writes a scalar to XT and goes on. Doubleword 1 is undefined in ISA 3.0B; it becomes 0, as ISA 3.1 says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* SetScalar(CpuState* s, Insn* i, ulong value) => Set(s, i, Vector128.Create(0, value));
}
