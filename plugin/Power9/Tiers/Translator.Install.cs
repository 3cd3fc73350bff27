using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Putting what was compiled where it is executed, and throwing it away.</summary>
public sealed unsafe partial class Translator
{
    private readonly List<object> owners = [];
    private readonly List<nint> unmanaged = [];

    /// <summary>Whether there is no more room: nothing is compiled until <see cref="StartAnew"/>.</summary>
    internal bool Full => full;

    /// <summary>Between two runs: what was compiled goes into its slot if the code is still the same. Other CPUs may execute meanwhile.</summary>
    internal void Install()
    {
        if (!ready)
            return;
        lock (gate)
        {
            ready = false;
            while (compiled.TryDequeue(out (RecordedTrace Recorded, List<CompiledTrace> Compiled) made))
            {
                Settle(made.Recorded);
                if (IsCurrent(made.Recorded))
                    Install(made.Recorded, made.Compiled);
            }
        }
    }

    /// <summary>When it is full: throws all code away at once. What is hot comes back, and nobody keeps books about the rest. No CPU executes.</summary>
    internal void StartAnew()
    {
        lock (gate)
        {
            memory.Code.ForgetTraces();
            recorded.Clear();
            compiled.Clear();
            ready = false;
            FreeNodes();
            pages.Clear();
            backEnd.Clear();
            Starts++;
            full = false;
            Monitor.PulseAll(gate);
        }
    }

    private void Install(RecordedTrace trace, List<CompiledTrace> made)
    {
        foreach (CompiledTrace one in made)
            Install(trace, one);
        if (!IsTrace((Insn*)trace.Slots[0].Slot))
            trace.Pages[0].Known.GiveUp(trace.Slots[0].Index);
    }

    private void Install(RecordedTrace trace, CompiledTrace made)
    {
        var head = (Insn*)made.Slots[0].Slot;
        if ((nint)head->Fn != (nint)made.Slots[0].Insn.Fn)
            return;
        var node = (InstalledTrace*)Allocate(sizeof(InstalledTrace));
        *node = new InstalledTrace { Head = head, Handler = (nint)head->Fn, Entry = made.Entry };
        foreach (RecordedPage recordedPage in trace.Pages)
        {
            var page = (CodePage*)recordedPage.Page;
            var link = (TraceLink*)Allocate(sizeof(TraceLink));
            *link = new TraceLink { Next = page->Traces, Trace = node };
            page->Traces = link;
        }

        Installed++;
        if (made.Owner is { } owner)
            owners.Add(owner);
        Tally?.Note((nint)head, made);
        Instructions = (Instructions.All + made.Slots.Count, Instructions.Translated + made.Translated);
        head->Fn = (delegate*<CpuState*, Insn*, Insn*>)made.Entry;
    }

    private void* Allocate(int size)
    {
        void* block = NativeMemory.AllocZeroed((nuint)size);
        unmanaged.Add((nint)block);
        return block;
    }

    private void FreeNodes()
    {
        owners.Clear();
        foreach (nint block in unmanaged)
            NativeMemory.Free((void*)block);
        unmanaged.Clear();
    }
}
