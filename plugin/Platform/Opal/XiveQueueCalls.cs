using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_XIVE_*_QUEUE_*: event queues, each of a virtual processor and a priority.</summary>
public sealed class XiveQueueCalls(XiveController xive) : IOpalCalls
{
    // Flags of OPAL_XIVE_GET_QUEUE_INFO and SET_QUEUE_INFO (Linux opal-api.h).
    private const ulong Enabled = 0x1;
    private const ulong AlwaysNotify = 0x2;
    private const ulong Escalate = 0x4;

    private const ulong RingMask = 0x0FFF_FFFF_FFFF_FFFF;
    private const uint IndexMask = 0x003F_FFFF;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.XIVE_GET_QUEUE_INFO, XiveState.Exploited(xive, GetInfo));
        table.Add(OpalToken.XIVE_SET_QUEUE_INFO, XiveState.Exploited(xive, SetInfo));
        table.Add(OpalToken.XIVE_GET_QUEUE_STATE, XiveState.Exploited(xive, GetState));
        table.Add(OpalToken.XIVE_SET_QUEUE_STATE, XiveState.Exploited(xive, SetState));
    }

    // (virtual processor, priority, &ring, &log2 of its size, &page of ESn, &escalation source, &flags).
    private OpalReturn GetInfo(OpalCall call)
    {
        if (!TryFind(call, out VirtualProcessor? owner, out int priority))
            return OpalReturn.PARAMETER;
        EventQueue queue = owner!.Queue(priority);
        uint number = (owner.Index << XiveMap.PriorityShift) | (uint)priority;
        uint escalating = queue.EscalatesAlways ? number | XiveMap.GatherPriority : number;
        ulong flags = (queue.IsValid ? Enabled : 0) | (queue.AlwaysNotifies ? AlwaysNotify : 0) | (queue.Escalates ? Escalate : 0);
        bool shown = !queue.IsSilent;
        bool done = call.Give32(5, XiveMap.EscalationBit | escalating)
            && call.Give64(2, shown && queue.HasRing ? queue.Ring : 0)
            && call.Give64(3, shown && queue.HasRing ? (ulong)queue.SizeShift : 0)
            && call.Give64(4, shown ? XiveMap.EventQueuePages + ((ulong)number << XiveMap.PairShift) : 0)
            && call.Give64(6, shown ? flags : 0);
        return done ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (virtual processor, priority, ring, log2 of its size or 0 for none, flags).
    private OpalReturn SetInfo(OpalCall call)
    {
        if (!TryFind(call, out VirtualProcessor? owner, out int priority))
            return OpalReturn.PARAMETER;
        ref EventQueue queue = ref owner!.Queue(priority);
        if (queue.IsSilent)
            return OpalReturn.PARAMETER;
        if ((call[4] & Enabled) == 0)
        {
            queue = EventQueue.Disabled;
            return OpalReturn.SUCCESS;
        }

        if (call[3] is not (0 or 12 or 16 or 21 or 24))
            return OpalReturn.PARAMETER;
        queue.HasRing = call[3] != 0;
        queue.Ring = queue.HasRing ? call[2] & RingMask : 0;
        queue.SizeShift = (int)call[3];
        queue.VirtualProcessor = owner.Index;
        queue.Priority = (byte)priority;
        queue.AlwaysNotifies = (call[4] & AlwaysNotify) != 0;
        queue.Escalates = (call[4] & Escalate) != 0;

        // From the start; ESn and ESe stay.
        (queue.Index, queue.Generation) = (0, true);

        // Without backlog nothing would escalate.
        (queue.IsValid, queue.HasBacklog) = (true, true);
        return OpalReturn.SUCCESS;
    }

    // (virtual processor, priority, &generation, &index).
    private OpalReturn GetState(OpalCall call)
    {
        if (call[2] == 0 || call[3] == 0 || !TryFind(call, out VirtualProcessor? owner, out int priority))
            return OpalReturn.PARAMETER;
        EventQueue queue = owner!.Queue(priority);
        if (!queue.IsValid)
            return OpalReturn.WRONG_STATE;
        return call.Give32(2, queue.Generation ? 1U : 0) && call.Give32(3, queue.Index) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (virtual processor, priority, generation, index).
    private OpalReturn SetState(OpalCall call)
    {
        if (!TryFind(call, out VirtualProcessor? owner, out int priority))
            return OpalReturn.PARAMETER;
        ref EventQueue queue = ref owner!.Queue(priority);
        if (!queue.IsValid)
            return OpalReturn.WRONG_STATE;
        (queue.Generation, queue.Index) = ((call[2] & 1) != 0, (uint)call[3] & IndexMask);
        return OpalReturn.SUCCESS;
    }

    private bool TryFind(OpalCall call, out VirtualProcessor? owner, out int priority)
    {
        priority = (byte)call[1];
        return xive.VirtualProcessors.TryDecode(call[0], out owner) && priority < XiveMap.Priorities;
    }
}
