namespace RenodeUvmem.Uvmem;

/// <summary>Exit codes of the program; <c>uvmem --help</c> lists them.</summary>
internal static class ExitCode
{
    /// <summary>The guest powered off, or the text of --stop-on appeared.</summary>
    public const int Done = 0;

    /// <summary>The run ended otherwise: reboot, --max-instructions, --break, --scan found its pattern, or --save-on did not come about.</summary>
    public const int NotDone = 1;

    /// <summary>The command line can't be met.</summary>
    public const int BadInput = 2;

    /// <summary>The guest went wild.</summary>
    public const int Wild = 3;

    /// <summary>--translate check found a difference.</summary>
    public const int Differs = 4;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
