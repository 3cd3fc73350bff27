using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Calls;
using RenodeUvmem.Ultravisor.Inspection;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor;

/// <summary>
/// The ultravisor as C#: comes in where the CPU enters ultravisor state, runs between two instructions and leaves as <c>urfid</c> would.
/// Split by concern: ultracalls (Calls), exits of SVMs (Exits), passing to and from the hypervisor (Switch), SVMs (Svms), events (Events).
/// </summary>
public sealed unsafe partial class UltravisorModel : IUltravisor, IDisposable
{
    private const ulong LevelMask = 3;

    private readonly Dictionary<Cpu, IThread> threads = [];
    private readonly List<IThread> threadList = [];
    private readonly DeterministicRandom random;
    private IThread? current;

    /// <summary>Takes over the secure ranges of <paramref name="memory"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no secure memory.</exception>
    public UltravisorModel(PhysicalMemory memory, UltravisorOptions? options = null)
    {
        Options = options ?? new UltravisorOptions();
        random = new DeterministicRandom(Options.Seed);
        Controller = new SecureMemoryController(memory, Options.Policy);
        Controller.Violated += RecordViolation;
        Heap = new SecureHeap(Controller) { Overcommit = Options.Overcommit };
        PartitionTable = new PartitionTable(Heap);
        Pages = new PageManager(Controller, Heap) { Changed = RecordPageState, Flush = FlushTranslations };
        Guest = new GuestMemory(Controller, Heap, Pages);
    }

    /// <summary>Settings.</summary>
    public UltravisorOptions Options { get; }

    /// <summary>Secure memory.</summary>
    public SecureMemoryController Controller { get; }

    /// <summary>Allocation of secure memory.</summary>
    public SecureHeap Heap { get; }

    /// <summary>The partition table that PTCR of all threads points to.</summary>
    public PartitionTable PartitionTable { get; }

    /// <summary>Fault injection.</summary>
    public RuleSet Rules { get; } = new();

    /// <summary>SCOM bus for UV_READ_SCOM and UV_WRITE_SCOM, or null.</summary>
    public IScomBus? Scom { get; set; }

    /// <summary>Virtual time in ticks of the time base since power-on.</summary>
    public ulong Ticks => threadList.Count == 0 ? 0 : threadList[0].Ticks;

    /// <summary>The state as values for people and tests.</summary>
    public Inspector Inspect => new(this);

    internal IReadOnlyList<IThread> Threads => threadList;

    internal PageManager Pages { get; }

    internal GuestMemory Guest { get; }

    /// <summary>LPCR of the thread being served.</summary>
    internal ulong CurrentLpcr => current!.State->Spr[SprNumber.LPCR];

    /// <summary>Adds a CPU and gives it the state in which the ultravisor hands it to the hypervisor: facility on, partition table set, radix.</summary>
    public void Attach(Cpu cpu)
    {
        var thread = new CpuThread(cpu);
        threads[cpu] = thread;
        cpu.Ultravisor = this;
        Attach(thread);
    }

    /// <summary>As <see cref="Attach(Cpu)"/> for a thread of another kind.</summary>
    public void Attach(IThread thread)
    {
        threadList.Add(thread);
        CpuState* s = thread.State;
        s->Spr[SprNumber.SMFCTRL] = SmfCtrl.E | SmfCtrl.WakeUp;
        s->Spr[SprNumber.PTCR] = PartitionTable.Ptcr;
        s->Spr[SprNumber.LPCR] |= Lpcr.UPRT | Lpcr.HR;
    }

    /// <inheritdoc/>
    public void Entered(Cpu cpu, Vector vector) => Enter(threads[cpu], vector);

    /// <summary>Handles an interrupt that brought a thread into ultravisor state.</summary>
    public void Enter(IThread thread, Vector vector)
    {
        current = thread;
        CpuState* s = thread.State;
        HostWork work = HostWorkState.Enter(s, HostWork.UltraCall);
        Pages.Serving = s;
        bool hypervisorClass = UsesHsrr(vector);
        ulong nia = s->Spr[hypervisorClass ? SprNumber.HSRR0 : SprNumber.SRR0];
        ulong saved = s->Spr[hypervisorClass ? SprNumber.HSRR1 : SprNumber.SRR1];
        ulong msr = saved & ~SaveRestore.CauseMask;
        if (vector == Vector.SystemCall && ((saved >> SaveRestore.LevelShift) & LevelMask) == 2)
            ServeUltraCall(new CallFrame(thread, nia, msr));
        else if ((msr & (Msr.S | Msr.HV)) == Msr.S)
            ServeExit(thread, vector, nia, msr);
        else
            thread.Stop($"interrupt {vector} reached the ultravisor from 0x{nia:x}, MSR 0x{msr:x}: only secure guests and sc 2 may");
        Breaks.ReportNoted(thread);
        s->Work = work;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Svm svm in svms.Values)
            svm.Dispose();
        svms.Clear();
    }

    /// <summary>Drops translations of a partition on all threads.</summary>
    internal void FlushTranslations(ulong lpid)
    {
        foreach (IThread thread in threadList)
            thread.InvalidateTranslations(lpid);
    }

    /// <summary>Leaves ultravisor state.</summary>
    private static void Leave(IThread thread, ulong nia, ulong msr)
    {
        thread.State->Nia = nia;
        thread.SetMsr(msr);
    }

    // The router saves an external interrupt in HSRR when it comes to the ultravisor (LPCR[LPES]=0), as for a hypervisor.
    private static bool UsesHsrr(Vector vector) => vector == Vector.External || SaveRestore.AlwaysHsrr(vector);
}
