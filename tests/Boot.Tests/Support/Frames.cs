using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>States of all guest frames, rebuilt from events: slots as registered, each frame SECURE until an event says otherwise.</summary>
internal sealed class Frames
{
    /// <summary>Bytes of a frame.</summary>
    public const ulong Size = 65536;

    private readonly Dictionary<(ulong Lpid, ulong Slot), (ulong Gpa, ulong Bytes)> slots = [];
    private readonly Dictionary<(ulong Lpid, ulong Gpa), PageState> states = [];

    /// <summary>Frames after some events.</summary>
    public static Frames After(IEnumerable<UvEvent> events)
    {
        var frames = new Frames();
        foreach (UvEvent happened in events)
            frames.Apply(happened);
        return frames;
    }

    /// <summary>Number of frames in state SECURE.</summary>
    public int SecureCount => (int)(slots.Values.Aggregate(0UL, (sum, slot) => sum + slot.Bytes) / Size) - states.Values.Count(state => state != PageState.SECURE);

    /// <summary>Addresses of a partition's frames in state SECURE, ascending.</summary>
    public IEnumerable<ulong> SecureOf(ulong lpid) =>
        from slot in slots
        where slot.Key.Lpid == lpid
        from number in Enumerable.Range(0, (int)(slot.Value.Bytes / Size))
        let gpa = slot.Value.Gpa + ((ulong)number * Size)
        where states.GetValueOrDefault((lpid, gpa), PageState.SECURE) == PageState.SECURE
        orderby gpa
        select gpa;

    /// <summary>Follows an event.</summary>
    public void Apply(in UvEvent happened)
    {
        if (happened.Kind == UvEventKind.PageState)
        {
            states[(happened.Lpid, happened.Args[0])] = happened.To;
        }
        else if (happened is { Kind: UvEventKind.UltraCall, Result: UReturn.U_SUCCESS })
        {
            switch ((UltraCall)happened.Number)
            {
                case UltraCall.UV_REGISTER_MEM_SLOT:
                    slots[(happened.Lpid, happened.Args[4])] = (happened.Args[1], happened.Args[2]);
                    break;
                case UltraCall.UV_UNREGISTER_MEM_SLOT:
                    Forget(happened.Lpid, happened.Args[1]);
                    break;
                case UltraCall.UV_SVM_TERMINATE:
                    Forget(happened.Lpid, null);
                    break;
            }
        }
    }

    // All slots of a partition if none is named.
    private void Forget(ulong lpid, ulong? slot)
    {
        foreach ((ulong Lpid, ulong Slot) key in slots.Keys.Where(key => key.Lpid == lpid && (slot is null || key.Slot == slot)).ToArray())
        {
            (ulong gpa, ulong bytes) = slots[key];
            slots.Remove(key);
            foreach ((ulong Lpid, ulong Gpa) frame in states.Keys.Where(frame => frame.Lpid == lpid && frame.Gpa - gpa < bytes).ToArray())
                states.Remove(frame);
        }
    }
}
