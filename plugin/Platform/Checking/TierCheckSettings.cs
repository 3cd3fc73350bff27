namespace RenodeUvmem.Platform.Checking;

/// <summary>How closely the tiers are compared.</summary>
public sealed record TierCheckSettings
{
    /// <summary>Instructions between two comparisons of registers and output, on average; each distance is another one.</summary>
    public long Distance { get; init; } = 1_000;

    /// <summary>Whether the runtime's compiler is checked even where there is a code generator for the host.</summary>
    public bool Portable { get; init; }

    /// <summary>Instructions between two comparisons of everything: memory, devices, and what is cached of translations.</summary>
    public long FullDistance { get; init; } = 32_000_000;
}
