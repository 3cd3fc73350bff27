using RenodeUvmem.Platform.Interrupts.Xive;

namespace RenodeUvmem.Platform.Opal;

/// <summary>OPAL_XIVE_*_VP_*: virtual processors.</summary>
public sealed class XiveProcessorCalls(XiveController xive) : IOpalCalls
{
    // Flags of OPAL_XIVE_GET_VP_INFO and SET_VP_INFO (Linux opal-api.h).
    private const ulong Enabled = 0x1;
    private const ulong SingleEscalation = 0x2;

    // Report lines are pairs of cache lines.
    private const ulong ReportLineAlignment = 0x100;
    private const ulong ReportLineMask = 0x0FFF_FFFF_FFFF_FF00;

    // IPB within words 4 and 5 of the virtual processor.
    private const int BacklogShift = 40;

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.XIVE_ALLOCATE_VP_BLOCK, XiveState.Exploited(xive, Allocate));
        table.Add(OpalToken.XIVE_FREE_VP_BLOCK, XiveState.Exploited(xive, Free));
        table.Add(OpalToken.XIVE_GET_VP_INFO, GetInfo);
        table.Add(OpalToken.XIVE_SET_VP_INFO, SetInfo);
        table.Add(OpalToken.XIVE_GET_VP_STATE, GetState);
    }

    // (log2 of their number). The result is the identifier of the first.
    private OpalReturn Allocate(OpalCall call) =>
        xive.VirtualProcessors.TryAllocate((uint)call[0], out uint identifier) ? (OpalReturn)identifier : OpalReturn.RESOURCE;

    // (identifier of the first). All must be disabled.
    private OpalReturn Free(OpalCall call)
    {
        if (xive.VirtualProcessors.Block(call[0]) is not { } block)
            return OpalReturn.PARAMETER;
        if (block.Any(one => one.IsEnabled))
            return OpalReturn.XIVE_FREE_ACTIVE;
        xive.VirtualProcessors.Free(call[0]);
        return OpalReturn.SUCCESS;
    }

    // (virtual processor, &flags, &number that a ring compares, &report line, &chip).
    private OpalReturn GetInfo(OpalCall call)
    {
        if (!xive.VirtualProcessors.TryDecode(call[0], out VirtualProcessor? one))
            return OpalReturn.PARAMETER;
        ulong flags = (one.IsEnabled ? Enabled : 0) | (one.Queue(XiveMap.GatherPriority).IsSilent ? SingleEscalation : 0);
        bool done = call.Give64(1, flags) && call.Give64(2, one.Index) && call.Give64(3, one.ReportLine) && call.Give32(4, XiveMap.Chip);
        return done ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // (virtual processor, flags, report line).
    private OpalReturn SetInfo(OpalCall call)
    {
        if (!xive.VirtualProcessors.TryDecode(call[0], out VirtualProcessor? one) || call[2] % ReportLineAlignment != 0)
            return OpalReturn.PARAMETER;
        bool enable = (call[1] & Enabled) != 0;
        bool gather = enable && (call[1] & SingleEscalation) != 0;
        if (gather && one.Queue(XiveMap.GatherPriority) is { IsValid: true, IsSilent: false })
            return OpalReturn.PARAMETER;
        if (gather)
            Gather(one);
        else
            EndGather(one);
        one.IsEnabled = enable;
        one.ReportLine = enable ? call[2] & ReportLineMask : 0;
        return OpalReturn.SUCCESS;
    }

    // (virtual processor, &state).
    private OpalReturn GetState(OpalCall call)
    {
        if (call[1] == 0 || !xive.VirtualProcessors.TryDecode(call[0], out VirtualProcessor? one))
            return OpalReturn.PARAMETER;
        if (!one.IsEnabled)
            return OpalReturn.WRONG_STATE;
        return call.Give64(1, (ulong)one.Backlog << BacklogShift) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
    }

    // Single escalation: queue 7 notifies nobody and only escalates, all others escalate to it whatever their ESe (skiboot hw/xive.c, xive_setup_silent_gather).
    private static void Gather(VirtualProcessor one)
    {
        ref EventQueue last = ref one.Queue(XiveMap.GatherPriority);
        (last.HasRing, last.AlwaysNotifies, last.EscalatesAlways) = (false, false, false);
        (last.IsValid, last.IsSilent, last.Escalates, last.HasBacklog) = (true, true, true, true);
        (last.Notification, last.Escalation) = (EventState.Off, EventState.Reset);
        for (int priority = 0; priority < XiveMap.GatherPriority; priority++)
        {
            ref EventQueue queue = ref one.Queue(priority);
            queue.EscalatesAlways = true;
            queue.EscalationQueue = (one.Index << XiveMap.PriorityShift) | XiveMap.GatherPriority;
        }
    }

    private static void EndGather(VirtualProcessor one)
    {
        ref EventQueue last = ref one.Queue(XiveMap.GatherPriority);
        if (last.IsSilent)
            last = EventQueue.Disabled;
        for (int priority = 0; priority < XiveMap.GatherPriority; priority++)
        {
            ref EventQueue queue = ref one.Queue(priority);
            if (queue.EscalatesAlways)
                (queue.EscalatesAlways, queue.Escalates) = (false, false);
        }
    }
}
