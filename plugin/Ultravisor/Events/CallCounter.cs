using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Calls of one name.</summary>
public sealed class CallCounter(string name)
{
    /// <summary>Name as in the kernel's headers.</summary>
    public string Name { get; } = name;

    /// <summary>Calls answered.</summary>
    public long Count { get; internal set; }

    /// <summary>Of those, answered with another code than 0.</summary>
    public long Failures { get; internal set; }

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(Name);
        writer.Write(Count);
        writer.Write(Failures);
    }

    internal static CallCounter Load(SnapshotReader reader) =>
        new(reader.ReadText() ?? "") { Count = reader.ReadInt64(), Failures = reader.ReadInt64() };
}
