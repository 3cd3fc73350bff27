using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Fixed-point traps (ISA 3.0B Book I 3.3.11, 3.3.12).</summary>
public static unsafe class Trap
{
    [Insn("twi", Form.D, 3, -1, "TO,RA,SI", "I 3.3.11")]
    public static Insn* Twi(CpuState* s, Insn* i) => Test(s, i, (int)s->Gpr[i->A], i->Imm);

    [Insn("tw", Form.X, 31, 4, "TO,RA,RB", "I 3.3.11")]
    public static Insn* Tw(CpuState* s, Insn* i) => Test(s, i, (int)s->Gpr[i->A], (int)s->Gpr[i->B]);

    [Insn("tdi", Form.D, 2, -1, "TO,RA,SI", "I 3.3.12")]
    public static Insn* Tdi(CpuState* s, Insn* i) => Test(s, i, (long)s->Gpr[i->A], i->Imm);

    [Insn("td", Form.X, 31, 68, "TO,RA,RB", "I 3.3.12")]
    public static Insn* Td(CpuState* s, Insn* i) => Test(s, i, (long)s->Gpr[i->A], (long)s->Gpr[i->B]);

    // TO: less, greater, equal, logically less, logically greater. Sign extension keeps the order of words, signed and unsigned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Insn* Test(CpuState* s, Insn* i, long a, long b)
    {
        int holds = a == b ? 4 : (a < b ? 16 : 8) | ((ulong)a < (ulong)b ? 2 : 1);
        return (i->T & holds) != 0 ? Raise.Program(s, i, ProgramCause.Trap) : i + 1;
    }
}
