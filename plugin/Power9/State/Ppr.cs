namespace RenodeUvmem.Power9.State;

/// <summary>PPR[PRI], bits 11:13: program priority (ISA 3.0B Book II 3.1).</summary>
public static class Ppr
{
    /// <summary>Place of PRI.</summary>
    public const int PriorityShift = 63 - 13;

    /// <summary>PRI.</summary>
    public const ulong Priority = 7UL << PriorityShift;

    /// <summary>PRI of medium priority.</summary>
    public const ulong Medium = 4UL << PriorityShift;
}
