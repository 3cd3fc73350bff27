namespace RenodeUvmem.Platform.Probes;

/// <summary>Waits for CPUs to come to a place.</summary>
public sealed class PlaceWatch
{
    /// <summary>The place.</summary>
    public required ProbePlace Place { get; init; }

    /// <summary>What must hold.</summary>
    public required ProbeConditions Conditions { get; init; }

    /// <summary>The first arrival that counts, from 1.</summary>
    public long Nth { get; init; } = 1;

    /// <summary>How many count, or null: all from <see cref="Nth"/>.</summary>
    public long? Count { get; init; }

    /// <summary>Arrivals that met the conditions.</summary>
    public long Seen { get; private set; }

    /// <summary>Where it is: a function may be there several times.</summary>
    internal IReadOnlyList<ulong> Addresses { get; set; } = [];

    /// <summary>Counts from the beginning again.</summary>
    internal void Restart() => Seen = 0;

    /// <summary>Counts an arrival and says whether it is one that counts.</summary>
    internal bool Arrived()
    {
        Seen++;
        return Seen >= Nth && (Count is not { } count || Seen - Nth < count);
    }
}
