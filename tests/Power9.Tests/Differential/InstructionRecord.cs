using System.Runtime.InteropServices;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>
/// One instruction with the registers it may use, laid out as replay.c reads and writes it: GPRs 26..29 and VSRs 26..29
/// and 58..61 (VSRs as doubleword 0, doubleword 1).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InstructionRecord
{
    public const int FirstRegister = 26;
    public const int Registers = 4;

    /// <summary>The instruction; in an answer 0, or the number of the signal that it caused.</summary>
    public ulong Word;
    public fixed ulong Gpr[Registers];
    public ulong Cr;
    public ulong Xer;
    public ulong Fpscr;
    public ulong Vscr;
    public fixed ulong Vsr[4 * Registers];

    /// <summary>VSR number of the n-th pair of doublewords.</summary>
    public static int VsrNumber(int n) => FirstRegister + n + (n < Registers ? 0 : 32 - Registers);

    /// <summary>Exchanges doublewords 0 of a register and the next one.</summary>
    public void SwapScalars(int register)
    {
        var n = 2 * (register - FirstRegister);
        (Vsr[n], Vsr[n + 2]) = (Vsr[n + 2], Vsr[n]);
    }

    public readonly void Load(CpuState* s)
    {
        for (var n = 0; n < Registers; n++)
        {
            s->Gpr[FirstRegister + n] = Gpr[n];
        }

        for (var n = 0; n < 2 * Registers; n++)
        {
            s->Vsr[(2 * VsrNumber(n)) + 1] = Vsr[2 * n];
            s->Vsr[2 * VsrNumber(n)] = Vsr[(2 * n) + 1];
        }

        s->CrWord = (uint)Cr;
        s->Xer = Xer;
        s->Fpscr = Fpscr;
        s->Vscr = (uint)Vscr;
    }

    public void Store(CpuState* s)
    {
        for (var n = 0; n < Registers; n++)
        {
            Gpr[n] = s->Gpr[FirstRegister + n];
        }

        for (var n = 0; n < 2 * Registers; n++)
        {
            Vsr[2 * n] = s->Vsr[(2 * VsrNumber(n)) + 1];
            Vsr[(2 * n) + 1] = s->Vsr[2 * VsrNumber(n)];
        }

        Cr = s->CrWord;
        Xer = s->Xer;
        Fpscr = s->Fpscr;
        Vscr = s->Vscr;
    }
}
