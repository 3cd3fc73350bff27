using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>The two slots that are no instruction: not yet decoded, and the one behind the last of a page. Both go on with the instruction they stand for, so that it is counted once.</summary>
public static unsafe class PageEnd
{
    /// <summary>Decodes, then executes.</summary>
    public static Insn* Undecoded(CpuState* s, Insn* i)
    {
        HostWork work = HostWorkState.Enter(s, HostWork.Decoding);
        Cpu.Of(s).Memory.Code.Decode(CodeCache.PageOf(s->CodePage), i);
        s->Work = work;
        return i->Fn(s, i);
    }

    /// <summary>Handler of slot 1024 for a mode.</summary>
    internal static delegate*<CpuState*, Insn*, Insn*> HandlerOf(int mode) => mode switch
    {
        0 => &Continue<Le64>,
        1 => &Continue<Be64>,
        2 => &Continue<Le32>,
        _ => &Continue<Be32>,
    };

    private static Insn* Continue<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        Insn* next = Flow.To<TMode>(s, s->CodePageEa + 0x1000);
        if (next == null)
        {
            // Nothing was executed: give the count back.
            s->Remaining++;
            return null;
        }

        return ((delegate*<CpuState*, Insn*, Insn*>)Volatile.Read(ref *(nint*)&next->Fn))(s, next);
    }
}
