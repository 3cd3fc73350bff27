using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Power9.Mmu;

/// <summary>Small numbers for the values of AMR and IAMR that are in use: 32 virtual page class keys do not fit into the tag of an address space.</summary>
internal sealed class KeyAuthorities
{
    /// <summary>Values that have a number at a time; the field of <see cref="AddressSpaceKey"/> holds them.</summary>
    public const int Limit = 64;

    private readonly ulong[] values = new ulong[Limit];
    private int count;

    /// <summary>The number of a value.</summary>
    /// <param name="value">AMR or IAMR.</param>
    /// <param name="renumbered">True if all older numbers have lost their meaning.</param>
    public ulong Number(ulong value, ref bool renumbered)
    {
        int number = Array.IndexOf(values, value, 0, count);
        if (number >= 0)
            return (ulong)number;
        if (count == Limit)
        {
            count = 0;
            renumbered = true;
        }

        values[count] = value;
        return (ulong)count++;
    }

    internal void Save(SnapshotWriter writer)
    {
        writer.Write(count);
        writer.WriteAll(values);
    }

    internal void Load(SnapshotReader reader)
    {
        count = reader.ReadCount(Limit);
        reader.ReadAll(values);
    }
}
