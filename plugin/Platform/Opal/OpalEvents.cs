using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Opal;

/// <summary>Pending events (Linux opal-api.h, enum OpalPendingState).</summary>
[Flags]
public enum OpalEvent : ulong
{
    None = 0,
    ConsoleOutput = 0x8,
    ConsoleInput = 0x10,
    MessagePending = 0x800,
}

/// <summary>
/// OPAL's event word: levels that the kernel polls, and one interrupt source that tells it to. The source gets an edge when a level rises.
/// </summary>
public sealed class OpalEvents : IOpalCalls, ISnapshotted
{
    private readonly IInterruptController interrupts;
    private OpalEvent pending;

    /// <summary>Events signalled on <paramref name="source"/>.</summary>
    public OpalEvents(IInterruptController interrupts, uint source)
    {
        this.interrupts = interrupts;
        Source = source;
        interrupts.AddSource(source);
    }

    /// <summary>Interrupt source of OPAL.</summary>
    public uint Source { get; }

    /// <summary>Sets or clears the level of an event.</summary>
    public void Set(OpalEvent what, bool level)
    {
        OpalEvent before = pending;
        pending = level ? pending | what : pending & ~what;
        if ((pending & ~before) != 0)
            interrupts.Raise(Source);
    }

    /// <inheritdoc/>
    public void AddTo(OpalTable table)
    {
        table.Add(OpalToken.POLL_EVENTS, call => Report(call, call[0]));
        table.Add(OpalToken.HANDLE_INTERRUPT, call => call[0] == Source ? Report(call, call[1]) : OpalReturn.PARAMETER);

        // No message is ever sent; the kernel takes RESOURCE for "none".
        table.Add(OpalToken.GET_MSG, _ => OpalReturn.RESOURCE);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer) => writer.Write((ulong)pending);

    /// <inheritdoc/>
    public void Load(SnapshotReader reader) => pending = (OpalEvent)reader.ReadUInt64();

    private OpalReturn Report(OpalCall call, ulong address) =>
        address == 0 || call.Memory.TryWrite64(address, (ulong)pending) ? OpalReturn.SUCCESS : OpalReturn.PARAMETER;
}
