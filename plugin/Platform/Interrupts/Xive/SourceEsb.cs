using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>
/// Event states of all sources, and levels of those that are LSIs: a source whose line stays asserted notifies again at the end of interrupt instead of counting triggers.
/// </summary>
public sealed class SourceEsb(uint count, Action<uint> notify) : ISnapshotted
{
    private const byte Level = 0b0100;
    private const byte Asserted = 0b1000;

    // A bit pair and two flags for each source. Power-on: off.
    private readonly byte[] states = [.. Enumerable.Repeat(EventState.Off, (int)count)];

    /// <summary>Number of sources.</summary>
    public uint Count => (uint)states.Length;

    /// <summary>P and Q.</summary>
    public byte this[uint source] => (byte)(states[source] & EventState.Mask);

    /// <summary>Makes a source an LSI.</summary>
    public void MakeLevel(uint source) => states[source] |= Level;

    /// <summary>Whether a source is an LSI.</summary>
    public bool IsLevel(uint source) => (states[source] & Level) != 0;

    /// <summary>Sets P and Q; returns what they were. An asserted LSI notifies as soon as it may.</summary>
    public byte Set(uint source, byte state)
    {
        byte before = this[source];
        Put(source, state);
        if ((states[source] & (Level | Asserted)) == (Level | Asserted))
            TriggerLevel(source);
        return before;
    }

    /// <summary>A trigger: a store to the trigger page, or the edge of a line.</summary>
    public void Trigger(uint source)
    {
        byte state = this[source];
        bool notifies = EventState.Trigger(ref state);
        Put(source, state);
        if (notifies)
            notify(source);
    }

    /// <summary>The line of an LSI.</summary>
    public void SetLevel(uint source, bool level)
    {
        states[source] = (byte)(level ? states[source] | Asserted : states[source] & ~Asserted);
        if (level)
            TriggerLevel(source);
    }

    /// <summary>End of interrupt. True if the source notified again.</summary>
    public bool End(uint source)
    {
        byte state = this[source];
        bool notifies = EventState.End(ref state);
        Put(source, state);
        if (IsLevel(source))
            return (states[source] & Asserted) != 0 && TriggerLevel(source);
        if (notifies)
            notify(source);
        return notifies;
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(states.Count(state => state != EventState.Off));
        for (int source = 0; source < states.Length; source++)
        {
            if (states[source] == EventState.Off)
                continue;
            writer.Write(source);
            writer.Write(states[source]);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        Array.Fill(states, EventState.Off);
        for (int left = reader.ReadCount(states.Length, sizeof(int) + 1); left > 0; left--)
        {
            uint source = reader.ReadUInt32();
            if (source >= Count)
                throw reader.Problem($"there is no interrupt source 0x{source:x}");
            states[source] = reader.ReadByte();
        }
    }

    private void Put(uint source, byte state) => states[source] = (byte)((states[source] & ~EventState.Mask) | (state & EventState.Mask));

    // An asserted line is remembered by itself, so Q is not set.
    private bool TriggerLevel(uint source)
    {
        if (this[source] != EventState.Reset)
            return false;
        Put(source, EventState.Pending);
        notify(source);
        return true;
    }
}
