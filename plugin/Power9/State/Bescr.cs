namespace RenodeUvmem.Power9.State;

/// <summary>BESCR bits (ISA 3.0B Book II 7.2.1).</summary>
public static class Bescr
{
    /// <summary>Event-based branches are enabled.</summary>
    public const ulong GE = 1UL << 63;

    /// <summary>External event-based exceptions are enabled.</summary>
    public const ulong EE = 1UL << 33;

    /// <summary>Performance monitor event-based exceptions are enabled.</summary>
    public const ulong PME = 1UL << 32;

    /// <summary>An external event-based exception has occurred.</summary>
    public const ulong EEO = 1UL << 1;

    /// <summary>A performance monitor event-based exception has occurred.</summary>
    public const ulong PMEO = 1UL << 0;
}
