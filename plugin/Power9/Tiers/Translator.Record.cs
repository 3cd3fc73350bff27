using System.Reflection;
using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Finding hot code, and writing down what is executed there.</summary>
public sealed unsafe partial class Translator
{
    private const int ShortestTrace = 3;
    private const int UsualTrace = 16;

    // Who is as far behind has enough to do, and a guest that makes more and more hot code does not take more and more memory.
    private const int MostWaiting = 1000;

    // How often decoded pages were given up.
    private int releases;

    /// <summary>A run ended at a slot of the CPU's code page. True if it is hot: the next run should record from there.</summary>
    internal bool Sample(CpuState* s, Insn* slot)
    {
        lock (gate)
            return MayRecordNow(s, slot) is { } page && page.Sample((int)(slot - s->CodePage), Hotness.Samples);
    }

    /// <summary>Whether a trace may be recorded from a slot of the CPU's code page: there is none, one can be made, and there is room.</summary>
    internal bool MayRecord(CpuState* s, Insn* slot)
    {
        lock (gate)
            return MayRecordNow(s, slot) is not null;
    }

    /// <summary>Executes as the run loop does, and writes down what, from a slot until it comes back or meets another trace.</summary>
    internal Insn* Record(CpuState* s, Insn* i)
    {
        Insn* head = i;
        int before = releases;
        var slots = new List<RecordedSlot>(UsualTrace);
        while (true)
        {
            Insn* at = i;
            long page = (long)s->CodePage;
            i = at->Fn(s, at);
            s->Remaining--;

            // The slot may be no more.
            if (releases != before)
                return i;

            // Not before: what was not decoded is now.
            Insn insn = *at;
            MethodInfo? handler = InstructionRow.MethodOf((nint)insn.Fn);
            if (handler is not null)
                slots.Add(new RecordedSlot(insn, (long)at, page, handler));
            if (i == null)
            {
                // Perhaps an interrupt: next time it may go on.
                Finish(slots, loops: false, forGood: false);
                return null;
            }

            bool loops = handler is not null && i == head;
            if (loops || handler is null || slots.Count >= LongestTrace || Contains(slots, (long)i) || s->CodePage == null || IsTrace(i))
            {
                Finish(slots, loops, forGood: true);
                return i;
            }

            // Without an end there is no trace: it will be found again.
            if (s->Remaining <= 0)
                return i;
        }
    }

    /// <summary>Compiles instructions as if they had been hot, and executed in this order; they are in slots that are decoded.</summary>
    internal void Add(IReadOnlyList<RecordedSlot> slots, bool loops)
    {
        lock (gate)
            Enqueue(slots, loops);
    }

    /// <summary>
    /// After a machine was taken back: makes those traces of <see cref="Tally"/> again whose code is as it was, in pages that are decoded, and which are not there.
    /// </summary>
    public void AddAgain()
    {
        foreach (NotedTrace trace in Tally?.Noted.ToList() ?? [])
        {
            List<RecordedSlot> slots = [.. trace.Slots.Select(Found).Where(found => found is not null).Select(found => found!.Value)];
            if (slots.Count == trace.Slots.Count && !IsTrace((Insn*)slots[0].Slot))
                Add(slots, trace.Loops);
        }

        WaitUntilIdle();
    }

    private RecordedSlot? Found(NotedSlot place)
    {
        if (memory.FindRam(place.RealPage) is not { } range)
            return null;
        CodePage* page = CodeCache.Find(range, place.RealPage, place.Mode);
        if (page == null || CodeCache.WordAt(page, place.Index) != place.Word)
            return null;
        Insn* slot = page->Slots + place.Index;
        if ((nint)slot->Fn == (nint)(delegate*<CpuState*, Insn*, Insn*>)&Interpreter.PageEnd.Undecoded)
            memory.Code.Decode(page, slot);
        Insn decoded = CodeCache.DecodeWord(page, place.Index);
        return InstructionRow.MethodOf((nint)decoded.Fn) is { } handler ? new RecordedSlot(decoded, (long)slot, (long)page->Slots, handler) : null;
    }

    private static bool Contains(List<RecordedSlot> slots, long address)
    {
        foreach (ref readonly RecordedSlot slot in CollectionsMarshal.AsSpan(slots))
        {
            if (slot.Slot == address)
                return true;
        }

        return false;
    }

    // A trace, or something else that is no instruction's handler.
    private static bool IsTrace(Insn* slot) =>
        (nint)slot->Fn != (nint)(delegate*<CpuState*, Insn*, Insn*>)&Interpreter.PageEnd.Undecoded && InstructionRow.MethodOf((nint)slot->Fn) is null;

    private TracedPage? MayRecordNow(CpuState* s, Insn* slot)
    {
        if (full || recorded.Count >= MostWaiting)
            return null;
        TracedPage page = Know(CodeCache.PageOf(s->CodePage));
        return page.MayRecord((int)(slot - s->CodePage)) && !IsTrace(slot) ? page : null;
    }

    private TracedPage Know(CodePage* page)
    {
        // Changes count from now on.
        page->Epoch = epoch;
        ref TracedPage? known = ref CollectionsMarshal.GetValueRefOrAddDefault(pages, (nint)page, out _);
        known ??= new TracedPage();
        known.Follow(page->Generation);
        return known;
    }

    private void Finish(List<RecordedSlot> slots, bool loops, bool forGood)
    {
        // An instruction may have changed another one before it.
        if (!slots.TrueForAll(slot => slot.IsCurrent))
            return;
        lock (gate)
        {
            if (slots.Count >= ShortestTrace)
            {
                Enqueue(slots, loops);
            }
            else if (forGood)
            {
                foreach (RecordedSlot slot in slots)
                    Know(slot.CodePage).GiveUp(slot.Index);
            }
        }
    }

    private void Enqueue(IReadOnlyList<RecordedSlot> slots, bool loops)
    {
        Recorded++;
        var used = new List<RecordedPage>(2);
        foreach (RecordedSlot slot in slots)
        {
            CodePage* page = slot.CodePage;
            TracedPage known = Know(page);
            known.Await(slot.Index);
            if (!used.Exists(other => other.Page == (nint)page))
                used.Add(new RecordedPage((nint)page, known, page->Generation));
        }

        recorded.Enqueue(new RecordedTrace(slots, loops, [.. used]));
        if (compiler is null)
        {
            compiler = new Thread(CompileAll) { IsBackground = true, Name = "translator" };
            compiler.Start();
        }

        Monitor.PulseAll(gate);
    }
}
