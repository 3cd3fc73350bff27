using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_XIVE_*_IRQ*: numbers of sources, where their pages are, and where their events go. An event queue's escalation is a source too, with a number above the others.</summary>
public sealed class XiveSourceCalls(XiveController xive) : IOpalCalls
{
    // Flags of OPAL_XIVE_GET_IRQ_INFO (Linux opal-api.h).
    private const ulong HasTriggerPage = 0x1;
    private const ulong IsLevel = 0x4;
    private const uint AnyChip = 0xFFFF_FFFF;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.XIVE_GET_IRQ_INFO, XiveState.Exploited(xive, GetInfo));
        table.Add(OpalToken.XIVE_GET_IRQ_CONFIG, XiveState.Exploited(xive, GetConfig));
        table.Add(OpalToken.XIVE_SET_IRQ_CONFIG, XiveState.Exploited(xive, SetConfig));
        table.Add(OpalToken.XIVE_ALLOCATE_IRQ, XiveState.Exploited(xive, Allocate));
        table.Add(OpalToken.XIVE_FREE_IRQ, XiveState.Exploited(xive, Free));
        table.Add(OpalToken.XIVE_SYNC, Sync);
    }

    // (source, &flags, &management page, &trigger page, &log2 of both pages' size, &chip); all but the flags may be left out.
    private OpalReturn GetInfo(OpalCall call)
    {
        uint source = (uint)call[0];
        bool isEscalation = IsEscalation(source);
        if (call[1] == 0 || (!isEscalation && source >= xive.Sources.Count))
            return OpalReturn.PARAMETER;
        ulong pages = isEscalation
            ? XiveMap.EventQueuePages + ((ulong)(source & ~XiveMap.EscalationBit) << XiveMap.PairShift)
            : XiveMap.SourcePages + ((ulong)source << XiveMap.PairShift);
        ulong flags = isEscalation ? 0 : xive.Sources.IsLevel(source) ? IsLevel : HasTriggerPage;
        bool done = call.Give64(1, flags)
            && call.Give64(2, pages + XiveMap.PageSize)
            && call.Give64(3, (flags & HasTriggerPage) != 0 ? pages : 0)
            && call.Give32(4, XiveMap.PairShift)
            && call.Give32(5, XiveMap.Chip);
        return done ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (source, &virtual processor, &priority as 8 bits, &data as 32 bits).
    private OpalReturn GetConfig(OpalCall call)
    {
        if (call[1] == 0 || call[2] == 0 || call[3] == 0 || !TryGetRoute((uint)call[0], call.Cpu.Pir, out uint target, out byte priority, out uint data))
            return OpalReturn.PARAMETER;
        return call.Give64(1, target) && call.Give8(2, priority) && call.Give32(3, data) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (source, virtual processor, priority or 0xFF to mask, data). P and Q are the caller's to manage.
    private OpalReturn SetConfig(OpalCall call)
    {
        uint source = (uint)call[0];
        byte priority = (byte)call[2];
        uint data = (uint)call[3] & Eas.DataMask;
        if (IsEscalation(source))
            return SetEscalation(source, call[1], priority, data);
        if (!IsInUse(source))
            return OpalReturn.PARAMETER;
        bool masks = priority == Xics.Masked;

        // A masked source is routed as well, at the least favoured priority.
        if (!TryGetQueue(call[1], masks ? XiveMap.GatherPriority : priority, out uint queue))
            return OpalReturn.PARAMETER;
        xive.Router[source] = new Eas(true, masks, queue, data);
        return OpalReturn.SUCCESS;
    }

    // An escalation can't be masked but by its own P and Q: then only its data change.
    private OpalReturn SetEscalation(uint source, ulong target, byte priority, uint data)
    {
        if (!TryGetEscalation(source, out VirtualProcessor? owner, out int at))
            return OpalReturn.PARAMETER;
        uint queue = owner!.Queue(at).EscalationQueue;
        if (priority != Xics.Masked && !TryGetQueue(target, priority, out queue))
            return OpalReturn.PARAMETER;
        owner.Queue(at).EscalationQueue = queue;
        owner.Queue(at).EscalationData = data;
        return OpalReturn.SUCCESS;
    }

    // (chip). The result is the number.
    private OpalReturn Allocate(OpalCall call)
    {
        if ((uint)call[0] is not XiveMap.Chip and not AnyChip)
            return OpalReturn.PARAMETER;
        if (!xive.Allocated.TryTake(out uint free))
            return OpalReturn.RESOURCE;
        xive.Router[free] = Eas.Unrouted(free);
        return (OpalReturn)free;
    }

    // (source).
    private OpalReturn Free(OpalCall call)
    {
        uint source = (uint)call[0];
        if (!xive.Allocated.Return(source))
            return OpalReturn.PARAMETER;
        xive.Sources.Set(source, EventState.Off);
        xive.Router[source] = default;
        return OpalReturn.SUCCESS;
    }

    // (1: of a source, 2: of its target; source). Events are where they belong before the next instruction, so there is nothing to wait for.
    private OpalReturn Sync(OpalCall call)
    {
        const uint Source = 1;
        const uint Target = 2;
        uint source = (uint)call[1];
        if (((uint)call[0] & Source) != 0 && !IsEscalation(source) && source >= xive.Sources.Count)
            return OpalReturn.PARAMETER;
        return ((uint)call[0] & Target) == 0 || TryGetRoute(source, call.Cpu.Pir, out _, out _, out _) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // What was never routed reads as masked and of the calling thread.
    private bool TryGetRoute(uint source, uint caller, out uint target, out byte priority, out uint data)
    {
        (target, priority, data) = (caller, Xics.Masked, 0);
        uint queue;
        bool masked;
        if (IsEscalation(source))
        {
            if (!TryGetEscalation(source, out VirtualProcessor? one, out int at))
                return false;
            (queue, data, masked) = (one!.Queue(at).EscalationQueue, one.Queue(at).EscalationData, false);
        }
        else
        {
            if (!IsInUse(source))
                return false;
            Eas eas = xive.Router[source];
            (queue, data, masked) = (eas.EventQueue, eas.Data, eas.IsMasked);
        }

        if (xive.VirtualProcessors.TryGet(queue >> XiveMap.PriorityShift, out VirtualProcessor? owner))
        {
            target = xive.VirtualProcessors.Encode(owner.Index);
            priority = masked ? Xics.Masked : (byte)(queue % XiveMap.Priorities);
        }

        return true;
    }

    private static bool IsEscalation(uint source) => (source & XiveMap.EscalationBit) != 0 && (source & ~XiveMap.EscalationBit) < XiveMap.EventQueues;

    private bool IsInUse(uint source) => source < xive.Sources.Count && xive.Router[source].IsValid;

    // With single escalation only the queue in which they gather has a route of its own.
    private bool TryGetEscalation(uint source, out VirtualProcessor? owner, out int priority)
    {
        uint queue = source & ~XiveMap.EscalationBit;
        priority = (int)(queue % XiveMap.Priorities);
        return xive.VirtualProcessors.TryGet(queue >> XiveMap.PriorityShift, out owner) && !owner.Queue(priority).EscalatesAlways;
    }

    private bool TryGetQueue(ulong target, byte priority, out uint queue)
    {
        queue = 0;
        if (priority >= XiveMap.Priorities || !xive.VirtualProcessors.TryDecode(target, out VirtualProcessor? one))
            return false;
        queue = (one.Index << XiveMap.PriorityShift) | priority;
        return true;
    }
}
