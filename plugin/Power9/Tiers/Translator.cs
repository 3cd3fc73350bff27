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
public sealed unsafe partial class Translator : IDisposable
{
    /// <summary>Instructions of a trace at most.</summary>
    internal const int LongestTrace = 64;

    // Compiling makes garbage. Left alone, the collector waits for more of it and then holds the machine for longer, which walks over all that is dead.
    private const long Garbage = 4 << 20;

    private readonly PhysicalMemory memory;
    private readonly long* epoch = (long*)NativeMemory.AllocZeroed(64);

    // By the address of the decoded page; those that are no more are not here.
    private readonly Dictionary<nint, TracedPage> pages = [];

    private readonly Queue<RecordedTrace> recorded = new();
    private readonly Queue<(RecordedTrace Recorded, List<CompiledTrace> Compiled)> compiled = new();
    private readonly IBackEnd backEnd;
    private readonly object gate = new();
    private Thread? compiler;
    private volatile bool ready;
    private bool disposed;
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
        FreeNodes();
        NativeMemory.Free(epoch);
        backEnd.Dispose();
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
                if (!IsCurrent(trace))
                {
                    Settle(trace);
                    Monitor.PulseAll(gate);
                    continue;
                }

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
                    if (IsCurrent(trace))
                        trace.Pages[0].Known.GiveUp(trace.Slots[0].Index);
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

    // What became of its pages meanwhile. A page that is known is not freed before it is forgotten, which takes the gate.
    private bool IsCurrent(RecordedTrace trace)
    {
        foreach ((nint page, TracedPage known, int generation) in trace.Pages)
        {
            if (!pages.TryGetValue(page, out TracedPage? now) || now != known || ((CodePage*)page)->Generation != generation)
                return false;
        }

        return true;
    }

    private static void Settle(RecordedTrace trace)
    {
        foreach (RecordedSlot slot in trace.Slots)
            PageOf(trace, slot).Settle(slot.Index);
    }

    private static TracedPage PageOf(RecordedTrace trace, in RecordedSlot slot)
    {
        foreach (RecordedPage page in trace.Pages)
        {
            if (page.Page == (nint)slot.CodePage)
                return page.Known;
        }

        throw new InvalidOperationException("a trace has a slot of a page that it does not have");
    }

    // Another page may get its address.
    private void Release(nint slots)
    {
        lock (gate)
        {
            releases++;
            pages.Remove((nint)CodeCache.PageOf((Insn*)slots));
        }
    }

    private void Drop()
    {
        lock (gate)
        {
            releases++;
            pages.Clear();
            recorded.Clear();
            Monitor.PulseAll(gate);
        }
    }
}
