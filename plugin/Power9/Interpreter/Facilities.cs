using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// The check that opens every handler of an optional facility. It stands in the handler, not in the decoder, because
/// MSR[FP, VEC, VSX] change far more often than code: kernels switch them lazily.
/// The interrupts are calls in tail position, which keep the handlers free of a stack frame.
/// </summary>
public static unsafe class Facilities
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FloatingPoint(CpuState* s) => (s->Facilities & Msr.FP) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Vector(CpuState* s) => (s->Facilities & Msr.VEC) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Vsx(CpuState* s) => (s->Facilities & Msr.VSX) != 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* NoFloatingPoint(CpuState* s, Insn* i) => No(s, i, Msr.FP, FacilityNumber.FloatingPoint, Interrupts.Vector.FpUnavailable);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* NoVector(CpuState* s, Insn* i) => No(s, i, Msr.VEC, FacilityNumber.VectorVsx, Interrupts.Vector.VectorUnavailable);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* NoVsx(CpuState* s, Insn* i) => No(s, i, Msr.VSX, FacilityNumber.VectorVsx, Interrupts.Vector.VsxUnavailable);

    /// <summary>VSX instructions new in ISA 3.0 ask for VSX on VSR 0-31 and for VEC on VSR 32-63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool VsxOrVector(CpuState* s, int vsr) => (s->Facilities & (vsr < 32 ? Msr.VSX : Msr.VEC)) != 0;

    /// <summary>Moves between a GPR and one doubleword ask for FP on VSR 0-31 and for VEC on VSR 32-63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FloatingPointOrVector(CpuState* s, int vsr) => (s->Facilities & (vsr < 32 ? Msr.FP : Msr.VEC)) != 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* NoVsxOrVector(CpuState* s, Insn* i, int vsr) => vsr < 32 ? NoVsx(s, i) : NoVector(s, i);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Insn* NoFloatingPointOrVector(CpuState* s, Insn* i, int vsr) => vsr < 32 ? NoFloatingPoint(s, i) : NoVector(s, i);

    // With the MSR bit on it was HFSCR that denied the facility.
    private static Insn* No(CpuState* s, Insn* i, ulong bit, int facility, Vector vector) =>
        (s->Msr & bit) == 0 ? Raise.Unavailable(s, i, vector) : Raise.FacilityUnavailable(s, i, hypervisor: true, facility);
}
