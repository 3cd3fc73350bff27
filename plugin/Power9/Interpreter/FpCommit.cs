using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// How floating-point handlers end: FPSCR, target and CR1 are written as the status allows, and an enabled exception
/// becomes a program interrupt. FPR n is doubleword 0 of VSR n; writing it clears doubleword 1, as POWER9 does where
/// the ISA leaves it undefined.
/// </summary>
internal static unsafe class FpCommit
{
    /// <summary>Vector and quad instructions number VSRs from 32 on.</summary>
    public const int FirstVr = 32;

    /// <summary>Doubleword 0, where scalars live.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scalar(CpuState* s, int vsr) => s->Vsr[(2 * vsr) + 1];

    /// <summary>Doubleword 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Low(CpuState* s, int vsr) => s->Vsr[2 * vsr];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 Quad(CpuState* s, int vsr) => new(s->Vsr[(2 * vsr) + 1], s->Vsr[2 * vsr]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FpEnvironment Environment(CpuState* s) => FpEnvironment.From(s->Fpscr);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetScalar(CpuState* s, int vsr, ulong value) => Set(s, vsr, value, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(CpuState* s, int vsr, ulong high, ulong low)
    {
        s->Vsr[2 * vsr] = low;
        s->Vsr[(2 * vsr) + 1] = high;
    }

    /// <summary>A scalar arithmetic result for FPR or VSR T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Scalar<TRc>(CpuState* s, Insn* i, FpResult result)
        where TRc : struct, IFlag
    {
        s->Fpscr = Fpscr.Apply(s->Fpscr, result.Status);
        if ((result.Status & FpResult.Suppressed) == 0)
            SetScalar(s, i->T, result.Bits);
        return End<TRc>(s, i);
    }

    /// <summary>A quad result for VR T.</summary>
    public static Insn* Quad(CpuState* s, Insn* i, FpResult128 result)
    {
        s->Fpscr = Fpscr.Apply(s->Fpscr, result.Status);
        if ((result.Status & FpResult.Suppressed) == 0)
            Set(s, FirstVr + i->T, (ulong)(result.Bits >> 64), (ulong)result.Bits);
        return End<Off>(s, i);
    }

    /// <summary>Two doublewords for VSR T with their joined status: exceptions accumulate, FR, FI and FPRF stay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* Vector(CpuState* s, Insn* i, uint status, ulong high, ulong low)
    {
        s->Fpscr = Fpscr.ApplyVector(s->Fpscr, status);
        if ((status & FpResult.Suppressed) == 0)
            Set(s, i->T, high, low);
        return End<Off>(s, i);
    }

    /// <summary>CR1 if asked for; the program interrupt if an exception is enabled in FPSCR and MSR[FE0, FE1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Insn* End<TRc>(CpuState* s, Insn* i)
        where TRc : struct, IFlag
    {
        if (TRc.Set)
            s->Cr[1] = (byte)(((uint)s->Fpscr >> 28) & 0xF);
        return (s->Fpscr & Fpscr.FEX) != 0 ? Trap(s, i) : i + 1;
    }

    // POWER9 takes the interrupt precisely in all modes but FE0 = FE1 = 0 (Power ISA 3.0B, Book I, 4.4).
    private static Insn* Trap(CpuState* s, Insn* i) =>
        (s->Msr & (Msr.FE0 | Msr.FE1)) != 0 ? Raise.Program(s, i, ProgramCause.FloatingPointEnabled) : i + 1;
}
