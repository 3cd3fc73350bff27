using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// POWER9's interrupt controller. After power-on firmware offers a XICS behind OPAL calls (emulation); a kernel that knows XIVE switches to exploitation, in which it works with the
/// controller's pages itself and configures it by OPAL_XIVE_* (skiboot hw/xive.c).
/// </summary>
public sealed class XiveController : IInterruptController
{
    private const string SnapshotTag = "xive";

    private readonly Xics emulation = new();
    private readonly SortedDictionary<uint, Thread> threads = [];
    private readonly SortedSet<uint> devices = [];
    private readonly Tima tima;
    private readonly XiveLog log;

    /// <summary>A controller on a bus.</summary>
    public XiveController(PhysicalMemory memory, IMachineLog log)
    {
        this.log = new XiveLog(log);
        VirtualProcessors = new VirtualProcessors();
        Router = new XiveRouter(VirtualProcessors, new EventQueueWriter(memory, this.log), this.log);
        Sources = new SourceEsb(XiveMap.Sources, Router.Notify);
        tima = new Tima(this.log);
        var sourcePages = new SourceEsbPages(Sources, this.log);
        memory.AddDevice(XiveMap.SourcePages, sourcePages.Size, sourcePages);
        memory.AddDevice(XiveMap.EventQueuePages, EventQueuePages.Size, new EventQueuePages(VirtualProcessors, Router, this.log));
        memory.AddDevice(XiveMap.Tima, Tima.Size, tima);
    }

    /// <summary>True in exploitation mode.</summary>
    public bool IsExploited { get; private set; }

    /// <summary>Event states of the sources.</summary>
    public SourceEsb Sources { get; }

    /// <summary>Assignments, and the way of events.</summary>
    public XiveRouter Router { get; }

    /// <summary>Virtual processors and their event queues.</summary>
    public VirtualProcessors VirtualProcessors { get; }

    /// <summary>Numbers that OPAL_XIVE_ALLOCATE_IRQ gave.</summary>
    public SourceNumbers Allocated { get; } = new();

    /// <summary>The management area.</summary>
    public Tima ManagementArea => tima;

    /// <summary>Threads by PIR.</summary>
    public ThreadContext? FindThread(uint pir) => threads.GetValueOrDefault(pir)?.Context;

    /// <inheritdoc/>
    public void AddServer(uint number, Action<bool> hypervisor, Action<bool> os)
    {
        Thread? made = null;
        var context = new ThreadContext(
            number,
            VirtualProcessors,
            _ => made!.Drive(),
            os);
        made = new Thread(this, context, hypervisor);
        threads.Add(number, made);
        VirtualProcessors.AddThread(number);
        Router.AddThread(context);
        tima.AddThread(context);
        context.Reset();
        emulation.AddServer(number, made.SetEmulated);
    }

    /// <inheritdoc/>
    public void AddSource(uint source)
    {
        devices.Add(source);
        emulation.AddSource(source);
        Router[source] = Eas.Unrouted(source);
    }

    /// <inheritdoc/>
    public void Raise(uint source)
    {
        if (!devices.Contains(source))
            throw new ArgumentException($"interrupt source 0x{source:x} was not declared");
        if (IsExploited)
            Sources.Trigger(source);
        else
            emulation.Raise(source);
    }

    /// <summary>Switches to exploitation or back to emulation, and resets everything but which devices and threads there are (OPAL_XIVE_RESET).</summary>
    public void Reset(bool exploited)
    {
        IsExploited = exploited;
        for (uint source = 0; source < Sources.Count; source++)
        {
            Sources.Set(source, EventState.Off);
            Router[source] = devices.Contains(source) ? Eas.Unrouted(source) : default;
        }

        Allocated.Reset();
        VirtualProcessors.Reset();
        emulation.Reset();
        foreach (Thread thread in threads.Values)
        {
            thread.Context.Reset();
            thread.Drive();
        }
    }

    /// <inheritdoc/>
    public bool SetRoute(uint source, uint server, byte priority)
    {
        if (!IsExploited)
            return emulation.SetRoute(source, server, priority);
        if (source >= Sources.Count || !Router[source].IsValid)
            return false;
        bool masks = priority == Xics.Masked;
        if (!masks && (priority >= XiveMap.Priorities || !threads.ContainsKey(server)))
            return false;
        bool masked = Router[source].IsMasked;
        Router[source] = Router[source] with { IsMasked = masks, Data = source, EventQueue = masks ? Router[source].EventQueue : (XiveMap.OfThread(server) << XiveMap.PriorityShift) | priority };
        if (masked != masks)
            Sources.Set(source, masks ? EventState.Off : EventState.Reset);
        return true;
    }

    /// <inheritdoc/>
    public bool TryGetRoute(uint source, out uint server, out byte priority)
    {
        if (!IsExploited)
            return emulation.TryGetRoute(source, out server, out priority);
        (server, priority) = (0, Xics.Masked);
        if (source >= Sources.Count || !Router[source].IsValid)
            return false;
        Eas eas = Router[source];
        if (!VirtualProcessors.TryGet(eas.EventQueue >> XiveMap.PriorityShift, out VirtualProcessor? owner))
            return true;
        server = VirtualProcessors.Encode(owner.Index);
        priority = eas.IsMasked ? Xics.Masked : (byte)(eas.EventQueue % XiveMap.Priorities);
        return true;
    }

    /// <summary>Ends an interrupt at its source, in exploitation mode. False: no such source.</summary>
    public bool TryEnd(uint source)
    {
        if (source >= Sources.Count || !Router[source].IsValid)
            return false;
        Sources.End(source);
        return true;
    }

    /// <inheritdoc/>
    public uint Accept(uint server, bool peek) => emulation.Accept(server, peek);

    /// <inheritdoc/>
    public void SetPriority(uint server, byte cppr) => emulation.SetPriority(server, cppr);

    /// <inheritdoc/>
    public bool EndOfInterrupt(uint server, uint xirr) => emulation.EndOfInterrupt(server, xirr);

    /// <inheritdoc/>
    public bool SetIpi(uint server, byte mfrr) => emulation.SetIpi(server, mfrr);

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(IsExploited);
        emulation.Save(writer);
        Sources.Save(writer);
        Router.Save(writer);
        VirtualProcessors.Save(writer);
        writer.Write((ulong)threads.Count);
        foreach (Thread thread in threads.Values)
            thread.Save(writer);
        Allocated.Save(writer);
        log.Save(writer);
        writer.End();
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        IsExploited = reader.ReadBool();
        emulation.Load(reader);
        Sources.Load(reader);
        Router.Load(reader);
        VirtualProcessors.Load(reader);
        reader.Expect("the number of threads", (uint)threads.Count);
        foreach (Thread thread in threads.Values)
            thread.Load(reader);
        Allocated.Load(reader);
        log.Load(reader);
        reader.End();
    }

    // A thread and its line to the hypervisor, of whichever mode there is.
    private sealed class Thread(XiveController controller, ThreadContext context, Action<bool> line)
    {
        private bool emulated;
        private bool driven;

        public ThreadContext Context { get; } = context;

        public void SetEmulated(bool level)
        {
            emulated = level;
            Drive();
        }

        public void Drive()
        {
            bool level = controller.IsExploited ? Context.HypervisorLevel : emulated;
            if (level == driven)
                return;
            driven = level;
            line(level);
        }

        public void Save(SnapshotWriter writer)
        {
            Context.Save(writer);
            writer.Write(emulated);
            writer.Write(driven);
        }

        public void Load(SnapshotReader reader)
        {
            Context.Load(reader);
            emulated = reader.ReadBool();
            driven = reader.ReadBool();
        }
    }
}
