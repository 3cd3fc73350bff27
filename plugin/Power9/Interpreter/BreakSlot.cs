using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>The handler of slots whose page offset is that of a breakpoint or of CIABR, in whatever page they are.</summary>
public static unsafe class BreakSlot
{
    /// <summary>Stops if the address, the world and the CPU are a breakpoint's; else executes the instruction.</summary>
    public static Insn* Check(CpuState* s, Insn* i)
    {
        Cpu cpu = Cpu.Of(s);
        if (cpu.StopsAt(Flow.Cia(s, i)))
        {
            // Nothing was executed: give the count back.
            s->Nia = Flow.Cia(s, i);
            s->Remaining++;
            return null;
        }

        cpu.NoticeCompletion(i);

        // Decoded as a whole again: operands must fit the handler even if the word changed unnoticed (R and C updates of a table walk).
        CodePage* page = CodeCache.PageOf(s->CodePage);
        Insn insn = CodeCache.DecodeWord(page, (int)(i - page->Slots));
        delegate*<CpuState*, Insn*, Insn*> handler = insn.Fn;
        insn.Fn = &Check;
        *i = insn;
        return handler(s, i);
    }
}
