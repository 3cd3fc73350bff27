namespace RenodeUvmem.Platform;

/// <summary>What a machine does while no CPU executes, for profiles. Nothing of the machine depends on it.</summary>
public enum MachineWork : byte
{
    /// <summary>Giving processors their turns.</summary>
    Turns,

    /// <summary>Skipping idle time; with a person at the console, waiting.</summary>
    Idle,

    /// <summary>Asking the console for input.</summary>
    Console,

    /// <summary>What was to be done between instructions: saving, scans.</summary>
    AtRest,
}
