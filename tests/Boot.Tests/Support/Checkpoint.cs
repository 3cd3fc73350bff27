namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>What a look at the machine found at one moment.</summary>
/// <param name="Name">The guest's name for it, "end", or the name of the call at whose event it was.</param>
/// <param name="Event">Number of events before it; that of the call included.</param>
/// <param name="Leaks">Real addresses in normal memory where the guest's marker stands.</param>
/// <param name="SecureFrames">Frames that are SECURE for the ultravisor.</param>
/// <param name="State">What hypervisor and ultravisor hold of all frames.</param>
internal sealed record Checkpoint(string Name, int Event, IReadOnlyList<ulong> Leaks, int SecureFrames, MemoryState State)
{
    /// <summary>Frames that are in secure memory for the hypervisor.</summary>
    public int PoolUsed => State.Pool.Count;
}
