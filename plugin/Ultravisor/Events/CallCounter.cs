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
}
