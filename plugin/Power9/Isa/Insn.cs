using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Isa;

/// <summary>
/// One decoded instruction: 16 bytes, so that a 4 KiB code page decodes into 16 KiB.
/// A handler gets the CPU state and this slot and returns the slot to run next (normally <c>i + 1</c>),
/// or null to leave the run with <c>s-&gt;Nia</c> set (interrupt taken, code page not at hand).
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public unsafe struct Insn
{
    /// <summary>The handler.</summary>
    public delegate*<State.CpuState*, Insn*, Insn*> Fn;

    /// <summary>Immediate, as its row's operand list says: sign-extended SI, UI, D&lt;&lt;2, branch distance in slots, mask …</summary>
    public int Imm;

    /// <summary>Register fields: T = bits 6:10 (RT, RS, FRT, VRT, BO, TO …), A = 11:15, B = 16:20, C = 21:25. For VSX operands 6 bits, with TX AX BX CX put on top.</summary>
    public byte T, A, B, C;

    /// <summary>Slots a code page has: one for each word of 4 KiB.</summary>
    public const int SlotsPerPage = 1024;
}
