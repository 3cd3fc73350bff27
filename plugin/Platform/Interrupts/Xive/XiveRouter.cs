using System.Globalization;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// The way of an event: from a source by its assignment to an event queue, from there into memory and to a virtual processor; if that is on no thread, to its backlog and on to
/// the queue's escalation (QEMU hw/intc/xive.c, xive_router_end_notify).
/// </summary>
public sealed class XiveRouter(VirtualProcessors virtualProcessors, EventQueueWriter entries, XiveLog log) : ISnapshotted
{
    // Every second step of a chain is held back by an ESe; a chain of this length was not made by firmware.
    private const int LongestEscalation = 16;

    private readonly Eas[] assignments = new Eas[XiveMap.Sources];
    private readonly SortedDictionary<uint, ThreadContext> threads = [];

    /// <summary>Where events of a source go.</summary>
    public ref Eas this[uint source] => ref assignments[source];

    /// <summary>Declares a thread.</summary>
    public void AddThread(ThreadContext thread) => threads.Add(thread.Pir, thread);

    /// <summary>An event of a source.</summary>
    public void Notify(uint source)
    {
        Eas eas = assignments[source];
        if (!eas.IsValid)
            log.Report("invalid source", string.Create(CultureInfo.InvariantCulture, $"XIVE: source 0x{source:x} was triggered and belongs to nobody"));
        else if (!eas.IsMasked)
            Enqueue(eas.EventQueue, eas.Data);
    }

    /// <summary>An event for an event queue.</summary>
    public void Enqueue(uint number, uint data)
    {
        for (int steps = 0; steps < LongestEscalation; steps++)
        {
            if (!virtualProcessors.TryGet(number >> XiveMap.PriorityShift, out VirtualProcessor? owner) || !owner.Queue((int)(number % XiveMap.Priorities)).IsValid)
            {
                log.Report("invalid queue", string.Create(CultureInfo.InvariantCulture, $"XIVE: an event for event queue 0x{number:x}, which is not in use, is lost"));
                return;
            }

            ref EventQueue queue = ref owner.Queue((int)(number % XiveMap.Priorities));
            if (!Take(ref queue, data))
                return;
            (number, data) = (queue.EscalationQueue, queue.EscalationData);
        }

        log.Report("escalation", string.Create(CultureInfo.InvariantCulture, $"XIVE: escalations lead in a circle, by way of event queue 0x{number:x}; the event is lost"));
    }

    /// <summary>ESn of a queue was ended after a further trigger: it notifies again.</summary>
    public void NotifyAgain(ref EventQueue queue)
    {
        if (queue.IsValid && !queue.IsSilent && !Present(ref queue) && EscalatesNow(ref queue))
            Enqueue(queue.EscalationQueue, queue.EscalationData);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(assignments.Count(eas => eas.IsValid));
        for (int source = 0; source < assignments.Length; source++)
        {
            Eas eas = assignments[source];
            if (!eas.IsValid)
                continue;
            writer.Write(source);
            writer.Write(eas.IsMasked);
            writer.Write(eas.EventQueue);
            writer.Write(eas.Data);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        Array.Clear(assignments);
        for (int left = reader.ReadCount(assignments.Length, 3 * sizeof(int) + 1); left > 0; left--)
        {
            uint source = reader.ReadUInt32();
            if (source >= assignments.Length)
                throw reader.Problem($"there is no interrupt source 0x{source:x}");
            assignments[source] = new Eas(true, reader.ReadBool(), reader.ReadUInt32(), reader.ReadUInt32());
        }
    }

    // True if the event goes on by escalation.
    private bool Take(ref EventQueue queue, uint data)
    {
        if (queue.HasRing)
            entries.Append(ref queue, data);
        if (!queue.IsSilent)
        {
            if (!queue.AlwaysNotifies)
            {
                byte state = queue.Notification;
                bool notifies = EventState.Trigger(ref state);
                queue.Notification = state;
                if (!notifies)
                    return false;
            }

            if (Present(ref queue))
                return false;
        }

        return EscalatesNow(ref queue);
    }

    private static bool EscalatesNow(ref EventQueue queue)
    {
        if (!queue.Escalates || queue.EscalatesAlways)
            return queue.Escalates;
        byte state = queue.Escalation;
        bool escalates = EventState.Trigger(ref state);
        queue.Escalation = state;
        return escalates;
    }

    // True if a thread took it, or nobody is to have it.
    private bool Present(ref EventQueue queue)
    {
        if (!virtualProcessors.TryGet(queue.VirtualProcessor, out VirtualProcessor? target) || !target.IsEnabled)
        {
            log.Report("disabled target", string.Create(CultureInfo.InvariantCulture, $"XIVE: an event for virtual processor 0x{queue.VirtualProcessor:x}, which is not enabled, is lost"));
            return true;
        }

        foreach (ThreadContext thread in threads.Values)
        {
            if (thread.FindRing(target.Index) is not { } ring)
                continue;
            thread.Present(ring, queue.Priority);
            return true;
        }

        if (queue.HasBacklog)
            target.Backlog |= (byte)(0x80 >> queue.Priority);
        return false;
    }
}
