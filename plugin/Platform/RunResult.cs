namespace RenodeUvmem.Platform;

/// <summary>Why a run ended.</summary>
public enum RunEnd
{
    /// <summary>The guest powered the machine off.</summary>
    PowerOff,

    /// <summary>The guest asked for a reboot; the machine has power for one boot only.</summary>
    Reboot,

    /// <summary>The guest reported a hardware error that it can't survive.</summary>
    PlatformError,

    /// <summary>A text that was waited for appeared on the console.</summary>
    TextFound,

    /// <summary>The instruction budget is used up.</summary>
    InstructionLimit,

    /// <summary>A CPU can't go on: checkstop, or something that is not implemented.</summary>
    CheckStop,

    /// <summary>A break of the ultravisor was hit.</summary>
    Break,

    /// <summary>A gate holds a processor and nothing releases it.</summary>
    Gate,

    /// <summary>Interpreted and translated code did not do the same.</summary>
    Difference,

    /// <summary>The host cancelled.</summary>
    Cancelled,
}

/// <summary>How a run ended.</summary>
/// <param name="End">Why.</param>
/// <param name="Message">One line for the user, empty if there is nothing to add.</param>
/// <param name="Processor">The processor that caused it, or null.</param>
public sealed record RunResult(RunEnd End, string Message, Processor? Processor);
