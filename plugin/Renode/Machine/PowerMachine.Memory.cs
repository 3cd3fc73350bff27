using Antmicro.Renode.Core;
using Antmicro.Renode.Exceptions;
using RenodeUvmem.Power9.Memory;

namespace RenodeUvmem.Renode.Machines;

/// <summary>RAM of the bus as ranges of the real address space.</summary>
internal sealed unsafe partial class PowerMachine
{
    private readonly Dictionary<ulong, IMappedSegment> segments = [];

    /// <summary>Adds a segment that is on the bus; each CPU is told of each, the first telling counts.</summary>
    public void AddRam(IMappedSegment segment) => AddRam(segment, segment.StartingOffset, secure: false);

    /// <summary>Called after bytes of RAM were written past the CPUs.</summary>
    public void InvalidateCode(ulong real, ulong length)
    {
        lock (Turn)
            Memory.InvalidateCode(real, length);
    }

    private void AddRam(IMappedSegment segment, ulong address, bool secure)
    {
        if (!segments.TryAdd(address, segment))
            return;
        try
        {
            Memory.AddHostRam(address, segment.Size, secure, () => Provide(segment));
        }
        catch (ArgumentException e)
        {
            segments.Remove(address);
            throw new RecoverableException($"{e.Message}; change address or size of the memory in the platform description");
        }
    }

    // Renode allocates a segment when it is touched.
    private static nint Provide(IMappedSegment segment)
    {
        segment.Touch();
        return segment.Pointer;
    }
}
