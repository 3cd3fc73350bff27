using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>An event queue (END): the ring of entries in memory, whom it notifies, and what happens if that one is on no thread (skiboot include/xive-p9-regs.h, EQ words 0 to 7).</summary>
public struct EventQueue
{
    /// <summary>Events are taken.</summary>
    public bool IsValid { get; set; }

    /// <summary>Events are written to memory.</summary>
    public bool HasRing { get; set; }

    /// <summary>Each event notifies; otherwise <see cref="Notification"/> holds them back.</summary>
    public bool AlwaysNotifies { get; set; }

    /// <summary>A virtual processor that is on no thread remembers the priority.</summary>
    public bool HasBacklog { get; set; }

    /// <summary>Escalates if the virtual processor is on no thread.</summary>
    public bool Escalates { get; set; }

    /// <summary>Escalates without asking <see cref="Escalation"/>: part of single escalation.</summary>
    public bool EscalatesAlways { get; set; }

    /// <summary>Only escalates: the queue in which single escalation gathers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Real address of the ring.</summary>
    public ulong Ring { get; set; }

    /// <summary>log2 of the ring's bytes.</summary>
    public int SizeShift { get; set; }

    /// <summary>Next entry.</summary>
    public uint Index { get; set; }

    /// <summary>Top bit of entries that are written in this round.</summary>
    public bool Generation { get; set; }

    /// <summary>ESn.</summary>
    public byte Notification { get; set; }

    /// <summary>ESe.</summary>
    public byte Escalation { get; set; }

    /// <summary>Event queue that escalations go to.</summary>
    public uint EscalationQueue { get; set; }

    /// <summary>What they are there.</summary>
    public uint EscalationData { get; set; }

    /// <summary>Whom it notifies.</summary>
    public uint VirtualProcessor { get; set; }

    /// <summary>At which priority.</summary>
    public byte Priority { get; set; }

    /// <summary>Entries of the ring, a power of 2.</summary>
    public readonly uint Entries => 1U << (SizeShift - 2);

    /// <summary>As firmware leaves a queue that is switched off.</summary>
    public static EventQueue Disabled => new() { Notification = EventState.Off, Escalation = EventState.Off };

    /// <summary>The state that ESn or ESe has.</summary>
    public readonly byte State(bool escalation) => escalation ? Escalation : Notification;

    /// <summary>Sets ESn or ESe; returns what it was.</summary>
    public byte SetState(bool escalation, byte state)
    {
        byte before = State(escalation);
        if (escalation)
            Escalation = state;
        else
            Notification = state;
        return before;
    }

    internal readonly void Save(SnapshotWriter writer)
    {
        bool isBlank = Equals(default(EventQueue));
        writer.Write(isBlank);
        if (isBlank)
            return;
        writer.Write(IsValid);
        writer.Write(HasRing);
        writer.Write(AlwaysNotifies);
        writer.Write(HasBacklog);
        writer.Write(Escalates);
        writer.Write(EscalatesAlways);
        writer.Write(IsSilent);
        writer.Write(Ring);
        writer.Write(SizeShift);
        writer.Write(Index);
        writer.Write(Generation);
        writer.Write(Notification);
        writer.Write(Escalation);
        writer.Write(EscalationQueue);
        writer.Write(EscalationData);
        writer.Write(VirtualProcessor);
        writer.Write(Priority);
    }

    internal static EventQueue Load(SnapshotReader reader) => reader.ReadBool()
        ? default
        : new EventQueue
        {
            IsValid = reader.ReadBool(),
            HasRing = reader.ReadBool(),
            AlwaysNotifies = reader.ReadBool(),
            HasBacklog = reader.ReadBool(),
            Escalates = reader.ReadBool(),
            EscalatesAlways = reader.ReadBool(),
            IsSilent = reader.ReadBool(),
            Ring = reader.ReadUInt64(),
            SizeShift = reader.ReadInt32(),
            Index = reader.ReadUInt32(),
            Generation = reader.ReadBool(),
            Notification = reader.ReadByte(),
            Escalation = reader.ReadByte(),
            EscalationQueue = reader.ReadUInt32(),
            EscalationData = reader.ReadUInt32(),
            VirtualProcessor = reader.ReadUInt32(),
            Priority = reader.ReadByte(),
        };
}
