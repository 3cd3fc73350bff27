using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Interrupts.Xive;

/// <summary>Which numbers of sources OPAL_XIVE_ALLOCATE_IRQ gave: the lowest free one comes first.</summary>
public sealed class SourceNumbers : ISnapshotted
{
    private readonly bool[] taken = new bool[XiveMap.Sources];

    // No number below is free; only spares the search.
    private uint lowest = XiveMap.FirstAllocated;

    /// <summary>Takes a number. False: none is left.</summary>
    public bool TryTake(out uint number)
    {
        while (lowest < XiveMap.Sources && taken[lowest])
            lowest++;
        number = lowest;
        if (number >= XiveMap.Sources)
            return false;
        taken[number] = true;
        return true;
    }

    /// <summary>Gives a number back. False: it was not taken.</summary>
    public bool Return(uint number)
    {
        if (number >= XiveMap.Sources || !taken[number])
            return false;
        taken[number] = false;
        lowest = Math.Min(lowest, number);
        return true;
    }

    /// <summary>All are free.</summary>
    public void Reset()
    {
        Array.Clear(taken);
        lowest = XiveMap.FirstAllocated;
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(taken.Count(one => one));
        for (int number = 0; number < taken.Length; number++)
        {
            if (taken[number])
                writer.Write(number);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        Reset();
        for (int left = reader.ReadCount(taken.Length, sizeof(int)); left > 0; left--)
        {
            uint number = reader.ReadUInt32();
            if (number is < XiveMap.FirstAllocated or >= XiveMap.Sources)
                throw reader.Problem($"interrupt source 0x{number:x} can't have been allocated");
            taken[number] = true;
        }
    }
}
