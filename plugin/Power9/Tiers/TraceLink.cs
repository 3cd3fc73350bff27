using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>A trace that is installed, in unmanaged memory, so that a code page finds it.</summary>
public unsafe struct InstalledTrace
{
    /// <summary>Its first slot.</summary>
    public Insn* Head;

    /// <summary>That slot's handler.</summary>
    public nint Handler;

    /// <summary>The trace, which stands in its place.</summary>
    public nint Entry;

    /// <summary>1 after the code was changed.</summary>
    public int Forgotten;
}

/// <summary>One page's list of traces.</summary>
public unsafe struct TraceLink
{
    /// <summary>The next one of the page.</summary>
    public TraceLink* Next;

    /// <summary>The trace.</summary>
    public InstalledTrace* Trace;

    /// <summary>Slots of the page change: its traces are no longer entered, and one that is executing leaves at the next call that it makes.</summary>
    internal static void Forget(CodePage* page)
    {
        page->Generation++;
        (*page->Epoch)++;
        for (TraceLink* link = page->Traces; link != null; link = link->Next)
        {
            InstalledTrace* trace = link->Trace;
            if (trace->Forgotten == 0 && (nint)trace->Head->Fn == trace->Entry)
                trace->Head->Fn = (delegate*<State.CpuState*, Insn*, Insn*>)trace->Handler;
            trace->Forgotten = 1;
        }

        page->Traces = null;
    }
}
