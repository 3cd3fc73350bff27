using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Uvmem.Options;

namespace RenodeUvmem.Uvmem;

/// <summary>The program: picks a command and turns what goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(string[] args)
    {
        try
        {
            switch (args.Length == 0 ? "--help" : args[0])
            {
                case "--help" or "-h" or "help":
                    Console.Out.Write(HelpText.Program);
                    return ExitCode.Done;
                case "--version":
                    Console.Out.WriteLine($"uvmem {typeof(CommandLine).Assembly.GetName().Version}");
                    return ExitCode.Done;
                case "boot":
                    return BootCommand.Run(args.AsSpan(1));
                case "coverage":
                    return CoverageCommand.Run(args.AsSpan(1));
                case "disasm":
                    return DisassembleCommand.Run(args.AsSpan(1));
                case "isa":
                    return IsaCommand.Run(args.AsSpan(1));
                case "profile":
                    return ProfileCommand.Run(args.AsSpan(1));
                case "report":
                    return ReportCommand.Run(args.AsSpan(1));
                case "explain":
                    return ExplainCommand.Run(args.AsSpan(1));
                default:
                    throw new OptionException(args[0], "no such command, expected boot, coverage, profile, report, explain, disasm or isa; uvmem --help explains");
            }
        }
        catch (OptionException e)
        {
            Console.Error.WriteLine($"uvmem: {e.Message}");
            return ExitCode.BadInput;
        }
    }
}
