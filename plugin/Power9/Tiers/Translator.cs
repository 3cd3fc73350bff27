using System.Runtime.InteropServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>
/// The second tier of the CPUs of one real address space: finds hot code by samples, has it compiled on a thread of its own, and installs it between runs.
/// Nothing waits for the compiler, and what executes does the same in both tiers.
/// </summary>
public sealed unsafe class Translator : IDisposable
{
    /// <summary>Instructions of a trace at most.</summary>
    internal const int LongestTrace = 64;

    private const int ShortestTrace = 3;
    private const int SlotsOfPiece = 16;

    // Compiling makes garbage. Left alone, the collector waits for more of it and then holds the machine for longer, which walks over all that is dead.
    private const long Garbage = 4 << 20;

    private readonly PhysicalMemory memory;
    private readonly long* epoch = (long*)NativeMemory.AllocZeroed(64);
    private readonly Dictionary<nint, int> samples = [];
    // First slots of traces, and slots that no trace can be made of.
    private readonly HashSet<nint> done = [];

    // Slots of traces that are being compiled.
    private readonly HashSet<nint> pending = [];

    private readonly List<object> owners = [];
    private readonly List<nint> unmanaged = [];
    private readonly Queue<RecordedTrace> recorded = new();
    private readonly Queue<(RecordedTrace Recorded, List<CompiledTrace> Compiled)> compiled = new();
    private readonly IBackEnd backEnd;
    private readonly object gate = new();
    private Thread? compiler;
    private volatile bool ready;
    private bool disposed;
    private int drops;
    private volatile bool full;

    /// <summary>Makes the translator of the CPUs on a memory. They use it when it is their <see cref="Cpu.Translator"/>.</summary>
    /// <param name="memory">Where their code is.</param>
    /// <param name="hotness">When code is hot; what pays for the back end if null.</param>
    /// <param name="portable">Uses the runtime's compiler even where there is a code generator for the host.</param>
    public Translator(PhysicalMemory memory, Hotness? hotness = null, bool portable = false)
        : this(memory, hotness, portable ? new IlBackEnd() : X86.NativeBackEnd.TryCreate() ?? (IBackEnd)new IlBackEnd())
    {
    }

    /// <summary>As above, with a back end, which is then its own.</summary>
    internal Translator(PhysicalMemory memory, Hotness? hotness, IBackEnd backEnd)
    {
        this.memory = memory;
        this.backEnd = backEnd;
        Hotness = hotness ?? backEnd.Usual;
        memory.Code.Dropping += Drop;
        memory.Code.Releasing += Release;
    }

    /// <summary>Whether CPUs that execute at the same time may use it.</summary>
    public bool MayRunConcurrently => backEnd.KeepsOrder;

    /// <summary>Whether traces that are compiled from now on say when they execute, see <see cref="CpuState.Work"/>. Not all back ends' do.</summary>
    public bool MarksWork
    {
        get => backEnd.MarksWork;
        set => backEnd.MarksWork = value;
    }

    /// <summary>When code is hot.</summary>
    public Hotness Hotness { get; }

    /// <summary>Counts what is executed in traces, or null: nothing is counted.</summary>
    public TraceTally? Tally { get; set; }

    /// <summary>What is compiled instead of a recorded trace: a test's way to a wrong one.</summary>
    internal Func<RecordedTrace, RecordedTrace>? Spoil { get; set; }

    /// <summary>Traces installed since the start.</summary>
    public int Installed { get; private set; }

    /// <summary>Traces recorded since the start.</summary>
    public int Recorded { get; private set; }

    /// <summary>Traces that could not be compiled, and the last reason.</summary>
    public int Failed { get; private set; }

    /// <summary>How often all traces were thrown away because there was no more room.</summary>
    public int Starts { get; private set; }

    /// <summary>Why the last one could not be compiled.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Instructions in installed traces, and how many of them are translated, not calls of handlers.</summary>
    public (int All, int Translated) Instructions { get; private set; }

    /// <summary>Time spent in compiling.</summary>
    public TimeSpan CompileTime { get; private set; }

    /// <summary>Whether all that was recorded is compiled; for tests and measurements.</summary>
    public bool Idle
    {
        get
        {
            lock (gate)
                return recorded.Count == 0 && busy == 0;
        }
    }

    private int busy;

    /// <summary>Waits until all that was recorded is compiled; it is installed when the next run begins. So what is executed in which tier is the same each time.</summary>
    public void WaitUntilIdle()
    {
        lock (gate)
        {
            // Without room nothing more is compiled before the next run.
            while ((recorded.Count != 0 && !full) || busy != 0)
                Monitor.Wait(gate);
        }
    }

    /// <summary>One line for people.</summary>
    public string Describe()
    {
        string failures = Failed == 0 ? "" : $", {Failed} failed ({LastFailure})";
        return $"translator: {backEnd.Name}, {Installed} of {Recorded} traces installed{failures}, {Instructions.All} instructions, {Instructions.Translated} of them translated, {backEnd.CodeSize >> 10} KiB of code, {CompileTime.TotalSeconds:F2} s of compiling";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            Monitor.PulseAll(gate);
        }

        compiler?.Join();
        memory.Code.Dropping -= Drop;
        memory.Code.Releasing -= Release;
        memory.Code.ForgetTraces();
        foreach (nint block in unmanaged)
            NativeMemory.Free((void*)block);
        NativeMemory.Free(epoch);
        backEnd.Dispose();
    }

    /// <summary>A run ended at a slot. True if it is hot: the next run should record from there.</summary>
    internal bool Sample(Insn* slot)
    {
        lock (gate)
            return IsHot(slot);
    }

    /// <summary>Whether a trace may be recorded from a slot: none was, and there is room.</summary>
    internal bool MayRecord(Insn* slot)
    {
        lock (gate)
            return !(done.Contains((nint)slot) || pending.Contains((nint)slot) || full);
    }

    private bool IsHot(Insn* slot)
    {
        if (done.Contains((nint)slot) || pending.Contains((nint)slot) || full)
            return false;
        // Loops spread over their slots: what is counted is a piece of code.
        nint piece = (nint)slot / (SlotsOfPiece * sizeof(Insn));
        samples.TryGetValue(piece, out int count);
        if (++count >= Hotness.Samples)
        {
            samples.Remove(piece);
            return true;
        }

        if (samples.Count > 100_000)
            samples.Clear();
        samples[piece] = count;
        return false;
    }

    /// <summary>Executes as the run loop does, and writes down what, from a slot until it comes back or meets another trace.</summary>
    internal Insn* Record(CpuState* s, Insn* i)
    {
        Insn* head = i;
        int dropsBefore = drops;
        var slots = new List<RecordedSlot>(SlotsOfPiece);
        bool loops = false;
        while (true)
        {
            Insn* at = i;
            long page = (long)s->CodePage;
            i = at->Fn(s, at);
            bool known = InstructionRow.MethodOf((nint)at->Fn) is { } handler;
            if (known)
                slots.Add(new RecordedSlot(*at, (long)at, page, InstructionRow.MethodOf((nint)at->Fn)!));

            s->Remaining--;
            if (i == null)
            {
                Finish(slots, false, dropsBefore);
                return null;
            }

            loops = known && i == head;
            if (loops || !known || slots.Count >= LongestTrace || Contains(slots, (long)i) || s->CodePage == null || IsTrace(i))
                break;

            // Without an end there is no trace: it will be found again.
            if (s->Remaining <= 0)
                return i;
        }

        Finish(slots, loops, dropsBefore);
        return i;
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
                foreach (CompiledTrace trace in made.Compiled)
                    Install(made.Recorded, trace);
            }
        }
    }

    private static bool IsTrace(Insn* slot) =>
        (nint)slot->Fn != (nint)(delegate*<CpuState*, Insn*, Insn*>)&Interpreter.PageEnd.Undecoded && InstructionRow.MethodOf((nint)slot->Fn) is null;

    private void Finish(List<RecordedSlot> slots, bool loops, int dropsBefore)
    {
        // Some of the slots may be no more.
        if (drops != dropsBefore)
            return;
        lock (gate)
        {
            if (slots.Count < ShortestTrace)
                done.UnionWith(slots.Select(slot => (nint)slot.Slot));
            else
                Enqueue(slots, loops);
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

    private void Enqueue(IReadOnlyList<RecordedSlot> slots, bool loops)
    {
        Recorded++;
        done.Add((nint)slots[0].Slot);
        foreach (RecordedSlot slot in slots)
            pending.Add((nint)slot.Slot);
        var generations = new List<(nint Page, int Generation)>(2);
        foreach (RecordedSlot slot in slots)
        {
            CodePage* page = CodeCache.PageOf((Insn*)slot.Page);
            if (generations.Exists(known => known.Page == (nint)page))
                continue;
            page->Epoch = epoch;
            generations.Add(((nint)page, page->Generation));
        }

        recorded.Enqueue(new RecordedTrace(slots, loops, [.. generations], drops));
        if (compiler is null)
        {
            compiler = new Thread(CompileAll) { IsBackground = true, Name = "translator" };
            compiler.Start();
        }

        Monitor.PulseAll(gate);
    }

    private void CompileAll()
    {
        long collected = 0;
        while (true)
        {
            RecordedTrace trace;
            lock (gate)
            {
                while ((recorded.Count == 0 || full) && !disposed)
                    Monitor.Wait(gate);
                if (disposed)
                    return;
                trace = recorded.Dequeue();
                busy = 1;
            }

            List<CompiledTrace>? made = null;
            string? failure = null;
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                RecordedTrace wanted = Spoil?.Invoke(trace) ?? trace;
                made = [.. backEnd.Compile(wanted, (nint)epoch)];
            }
            catch (Exception exception) when (exception is not OutOfMemoryException) // The interpreter does without.
            {
                failure = exception.Message;
            }

            lock (gate)
            {
                CompileTime += System.Diagnostics.Stopwatch.GetElapsedTime(start);
                busy = 0;
                if (made is not null)
                {
                    compiled.Enqueue((trace, made));
                    ready = true;
                    full = backEnd.Full;
                }
                else
                {
                    Failed++;
                    LastFailure = failure;
                    Settle(trace);
                }

                Monitor.PulseAll(gate);
            }

            if (GC.GetAllocatedBytesForCurrentThread() - collected > Garbage)
            {
                GC.Collect(0, GCCollectionMode.Forced);
                collected = GC.GetAllocatedBytesForCurrentThread();
            }
        }
    }

    // Traces share slots; one that is still being compiled may lose some here, and a piece of code be recorded twice.
    private void Settle(RecordedTrace trace)
    {
        foreach (RecordedSlot slot in trace.Slots)
            pending.Remove((nint)slot.Slot);
    }

    private void Install(RecordedTrace trace, CompiledTrace made)
    {
        if (trace.Drops != drops)
        {
            done.Remove((nint)trace.Slots[0].Slot);
            return;
        }

        foreach ((nint page, int generation) in trace.Generations)
        {
            if (((CodePage*)page)->Generation != generation)
            {
                done.Remove((nint)trace.Slots[0].Slot);
                return;
            }
        }

        var head = (Insn*)made.Slots[0].Slot;
        if ((nint)head->Fn != (nint)made.Slots[0].Insn.Fn)
            return;
        done.Add((nint)head);
        var node = (InstalledTrace*)Allocate(sizeof(InstalledTrace));
        *node = new InstalledTrace { Head = head, Handler = (nint)head->Fn, Entry = made.Entry };
        foreach ((nint address, _) in trace.Generations)
        {
            var page = (CodePage*)address;
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

    /// <summary>
    /// When it is full: throws all code away at once. What is hot comes back, and nobody keeps books about the rest. No CPU executes.
    /// </summary>
    internal void StartAnew()
    {
        lock (gate)
        {
            memory.Code.ForgetTraces();
            recorded.Clear();
            compiled.Clear();
            ready = false;
            owners.Clear();
            foreach (nint block in unmanaged)
                NativeMemory.Free((void*)block);
            unmanaged.Clear();
            samples.Clear();
            done.Clear();
            pending.Clear();
            backEnd.Clear();
            Starts++;
            full = false;
            Monitor.PulseAll(gate);
        }
    }

    private void* Allocate(int size)
    {
        void* block = NativeMemory.AllocZeroed((nuint)size);
        unmanaged.Add((nint)block);
        return block;
    }

    // What is under way may have slots of the page, and another page may get its place.
    private void Release(nint slots)
    {
        lock (gate)
        {
            drops++;

            // Another page may get these addresses.
            nint end = slots + (Insn.SlotsPerPage * sizeof(Insn));
            done.RemoveWhere(slot => slot >= slots && slot < end);
            pending.RemoveWhere(slot => slot >= slots && slot < end);
        }
    }

    private void Drop()
    {
        lock (gate)
        {
            drops++;
            samples.Clear();
            done.Clear();
            pending.Clear();
        }
    }
}
