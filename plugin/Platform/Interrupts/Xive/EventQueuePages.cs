using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Pages of the event queues: of each pair the first manages ESn, the second ESe, by loads as those of <see cref="SourceEsbPages"/>. There are no triggers here, and no stores.</summary>
public sealed class EventQueuePages(VirtualProcessors virtualProcessors, XiveRouter router, XiveLog log) : IMmioDevice
{
    private const string Area = "event queue pages";

    /// <summary>Bytes of all pages.</summary>
    public const ulong Size = (ulong)XiveMap.EventQueues << XiveMap.PairShift;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        uint number = (uint)(offset >> XiveMap.PairShift);
        if (size != EsbOffset.AccessSize)
            return Refuse(offset, size, store: false, "loads are of 8 bytes");
        if (!virtualProcessors.TryGet(number >> XiveMap.PriorityShift, out VirtualProcessor? owner))
            return Refuse(offset, size, store: false, "the event queue is not in use");
        ref EventQueue queue = ref owner.Queue((int)(number % XiveMap.Priorities));
        bool escalation = (offset & XiveMap.PageSize) != 0;
        ulong before = EsbOffset.Load(offset) switch
        {
            EsbOperation.End => End(ref queue, escalation) ? 1UL : 0,
            EsbOperation.Get => queue.State(escalation),
            _ => queue.SetState(escalation, EsbOffset.State(offset)),
        };
        return BigEndianRegister.Swap(before, size);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => Refuse(offset, size, store: true, "there is nothing to store");

    private bool End(ref EventQueue queue, bool escalation)
    {
        byte state = queue.State(escalation);
        bool again = EventState.End(ref state);
        queue.SetState(escalation, state);
        if (again && escalation && queue.IsValid)
            router.Enqueue(queue.EscalationQueue, queue.EscalationData);
        else if (again)
            router.NotifyAgain(ref queue);
        return again;
    }

    private ulong Refuse(ulong offset, int size, bool store, string why)
    {
        log.Refuse(Area, XiveMap.EventQueuePages + offset, offset & (2 * XiveMap.PageSize - 1), size, store, why);
        return BigEndianRegister.AllOnes;
    }
}
