namespace RenodeUvmem.Power9.Mmu;

/// <summary>What an access does.</summary>
public enum AccessKind
{
    Load,
    Store,
    Fetch,
}

/// <summary>What a translation allows.</summary>
[Flags]
public enum Protection : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,
    All = 7,
}
