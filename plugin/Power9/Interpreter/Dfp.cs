using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// What decimal handlers share. Bit 3 of the word tells opcode 63, quad, from 59, long. A quad operand is a pair of FPRs
/// that starts at an even number; a word with an odd number is no instruction (ISA 3.0B Book I 5.2.1), so that the last
/// bits of the register fields are part of the encoding.
/// </summary>
internal static unsafe class Dfp
{
    public const string EvenT = "..........0.....................";
    public const string EvenA = "...............0................";
    public const string EvenB = "....................0...........";
    public const string EvenTA = "..........0....0................";
    public const string EvenTB = "..........0.........0...........";
    public const string EvenAB = "...............0....0...........";
    public const string EvenTAB = "..........0....0....0...........";

    public static DecimalFormat Format<TQuad>()
        where TQuad : struct, IFlag => TQuad.Set ? DecimalFormat.Quad : DecimalFormat.Long;

    public static DecimalEnvironment Environment(CpuState* s) => DecimalEnvironment.From(s->Fpscr);

    /// <summary>The environment with the instruction's round control RMC and, where the form has it, R.</summary>
    public static DecimalEnvironment Environment(CpuState* s, Insn* i, bool r) =>
        Environment(s).With(r, FormFields.Bits((uint)i->Imm, 21, 22));

    /// <summary>Image in an FPR or a pair of them.</summary>
    public static UInt128 Operand<TQuad>(CpuState* s, int fpr)
        where TQuad : struct, IFlag => TQuad.Set ? new UInt128(FpCommit.Scalar(s, fpr), FpCommit.Scalar(s, fpr + 1)) : FpCommit.Scalar(s, fpr);

    /// <summary>Bits 58:63 of FRA: a number of digits.</summary>
    public static uint Significance(CpuState* s, Insn* i) => (uint)FpCommit.Scalar(s, i->A) & 0x3F;

    /// <summary>A result for FPR T, or for the pair that starts there, with its status.</summary>
    public static Insn* Commit<TQuad, TRc>(CpuState* s, Insn* i, FpResult128 result)
        where TQuad : struct, IFlag
        where TRc : struct, IFlag
    {
        s->Fpscr = Fpscr.Apply(s->Fpscr, result.Status);
        if ((result.Status & FpResult.Suppressed) == 0)
            Set<TQuad>(s, i->T, result.Bits);
        return FpCommit.End<TRc>(s, i);
    }

    /// <summary>A result for FPR T, or for the pair that starts there, of an instruction that leaves the FPSCR alone.</summary>
    public static Insn* Move<TQuad, TRc>(CpuState* s, Insn* i, UInt128 image)
        where TQuad : struct, IFlag
        where TRc : struct, IFlag
    {
        Set<TQuad>(s, i->T, image);
        if (TRc.Set)
            s->Cr[1] = (byte)(((uint)s->Fpscr >> 28) & 0xF);
        return i + 1;
    }

    private static void Set<TQuad>(CpuState* s, int fpr, UInt128 image)
        where TQuad : struct, IFlag
    {
        if (TQuad.Set)
        {
            FpCommit.SetScalar(s, fpr, (ulong)(image >> 64));
            FpCommit.SetScalar(s, fpr + 1, (ulong)image);
        }
        else
        {
            FpCommit.SetScalar(s, fpr, (ulong)image);
        }
    }
}
