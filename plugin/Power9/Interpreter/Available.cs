using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Facilities that MSR enables, and the interrupt of an instruction whose facility is off (ISA 3.0B Book III 6.5.10, 6.5.24, 6.5.25).</summary>
internal static unsafe class Available
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fp(CpuState* s) => (s->Msr & Msr.FP) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Vec(CpuState* s) => (s->Msr & Msr.VEC) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Vsx(CpuState* s) => (s->Msr & Msr.VSX) != 0;

    /// <summary>Instructions new in ISA 3.0 ask for VSX on VSR 0-31 and for VEC on VSR 32-63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool VsxOrVec(CpuState* s, int vsr) => (s->Msr & (vsr < 32 ? Msr.VSX : Msr.VEC)) != 0;

    /// <summary>Moves between a GPR and one doubleword ask for FP on VSR 0-31 and for VEC on VSR 32-63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FpOrVec(CpuState* s, int vsr) => (s->Msr & (vsr < 32 ? Msr.FP : Msr.VEC)) != 0;

    public static Insn* NoFp(CpuState* s, Insn* i) => Raise.Unavailable(s, i, Vector.FpUnavailable);

    public static Insn* NoVec(CpuState* s, Insn* i) => Raise.Unavailable(s, i, Vector.VectorUnavailable);

    public static Insn* NoVsx(CpuState* s, Insn* i) => Raise.Unavailable(s, i, Vector.VsxUnavailable);

    public static Insn* NoVsxOrVec(CpuState* s, Insn* i, int vsr) => vsr < 32 ? NoVsx(s, i) : NoVec(s, i);

    public static Insn* NoFpOrVec(CpuState* s, Insn* i, int vsr) => vsr < 32 ? NoFp(s, i) : NoVec(s, i);
}
