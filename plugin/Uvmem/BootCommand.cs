using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Checking;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Uvmem.Consoles;
using RenodeUvmem.Uvmem.Options;
using RenodeUvmem.Uvmem.Profiling;
using RenodeUvmem.Uvmem.Reporting;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem boot</c>.</summary>
internal static class BootCommand
{
    // Enough for every guest that --secure-memory was not given for.
    private const ulong DefaultSecureMemory = ByteSize.GiB;

    /// <summary>Boots a machine and runs it to its end.</summary>
    /// <exception cref="OptionException">The options can't be met.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        BootOptions options = BootOptions.Parse(words);
        var log = new ErrorLog();
        using PauseMeter? pauses = options.Pauses ? new PauseMeter() : null;
        var census = new PageCensus(null);
        using IHostConsole console = ConsoleTarget.Parse(options.ConsoleTarget, options.Interactive);
        CheckedHost? host = options.Translate == TranslateMode.Check ? new CheckedHost(console, log) : null;
        using Machine machine = Build(options, host?.Console ?? console, host?.Log ?? log, census);
        using Machine? other = host is null ? null : BuildOther(words, host);
        MachineSymbols symbols = LoadSymbols(options, machine.Kernel);
        foreach (Break one in options.Breaks)
            machine.Ultravisor!.Breaks.Add(one);
        if (options.Breaks.Count != 0)
            machine.Ultravisor!.Breaks.Listener = new BreakStop(machine, symbols);
        ProbeReport.Attach(machine, options, symbols);
        if (options.CountBounces)
            CountBounces(machine, symbols);
        if (options.Parallel)
            machine.ExecuteInParallel(options.HostThreads);
        using var files = new OutputFiles();
        console.Open(files);
        using var events = new UltravisorReports(machine, census, options, files, symbols);
        if (options.Translate == TranslateMode.On)
            machine.Translate();
        using var coverage = new CoverageOutput(machine, options.Coverage, files);
        using ProfileOutput? profile = ProfileOutput.Of(machine, options, symbols, files);
        var saver = new SnapshotSaver(machine, options.SaveOn, log, census);
        files.Keep();
        events.Start();

        var scan = new CheckpointScan(machine, options.Scan, log);
        Watch(machine, options);
        TierCheck? check = other is null ? null : new TierCheck(host!, machine, other, symbols, CheckSettings(options));
        using var cancellation = new CancellationTokenSource();
        using Disposables signals = CancelOnSignal(cancellation);

        long before = machine.Instructions;
        var wall = Stopwatch.StartNew();
        TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        profile?.Start();
        var limits = new RunLimits { Instructions = options.MaxInstructions, Cancellation = cancellation.Token };
        RunResult result = RunToEnd(() => check is null ? machine.Run(limits) : check.Run(limits));
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuBefore;
        wall.Stop();

        scan.Run("the end");
        console.Dispose();
        events.Dispose();
        coverage.Write();
        profile?.Write(Console.Error);
        Console.Error.Write(Places(machine, result, symbols));
        if (check?.Difference is { } difference)
            Console.Error.Write(CheckReport.Of(difference));

        bool saved = saver.Finish();
        Console.Error.Write(Summary.Of(machine, census, result, machine.Instructions - before, wall.Elapsed, cpu, pauses));
        if ((other ?? machine).Translator is { } tier)
            Console.Error.WriteLine($"uvmem: {tier.Describe()}");
        if (check is not null)
            Console.Error.WriteLine($"uvmem: {check.Describe()}");
        Console.Error.Write($"{Environment.NewLine}{MemoryTable.Of(machine)}");
        return ExitCodeOf(result.End, allDone: saved && !scan.Found);
    }

    // A fault of the emulator is reported like one of the guest: with what its processors were doing.
    private static RunResult RunToEnd(Func<RunResult> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            string place = e.TargetSite is { } method ? $" in {method.DeclaringType?.Name}.{method.Name}" : "";
            return new RunResult(RunEnd.CheckStop, $"uvmem itself failed{place}, {e.GetType().Name}: {e.Message}", null);
        }
    }

    private static Machine Build(BootOptions options, IConsole console, IMachineLog log, PageCensus census)
    {
        Machine machine = options.Load is null
            ? new Machine(ToMachineOptions(options), console, log)
            : SnapshotFile.Read("--load", options.Load, console, log, census);
        try
        {
            options.CheckUltravisor(machine.Ultravisor is not null);
        }
        catch
        {
            machine.Dispose();
            throw;
        }

        foreach (Rule rule in options.Rules)
            machine.Ultravisor!.Rules.Add(rule);
        return machine;
    }

    // Rules count what they saw: the other machine needs its own.
    private static Machine BuildOther(ReadOnlySpan<string> words, CheckedHost host)
    {
        BootOptions options = BootOptions.Parse(words);
        Machine machine = Build(options, host.OtherConsole, host.OtherLog, new PageCensus(null));
        Watch(machine, options);
        return machine;
    }

    private static TierCheckSettings CheckSettings(BootOptions options)
    {
        var usual = new TierCheckSettings();
        return usual with { Distance = options.CheckDistance ?? usual.Distance };
    }

    private static MachineOptions ToMachineOptions(BootOptions options) => new()
    {
        Kernel = options.Kernel!,
        Initrd = options.Initrd,
        CommandLine = options.Append,
        Memory = options.Memory,
        SecureMemory = options.Ultravisor ? options.SecureMemory ?? DefaultSecureMemory : 0,
        Processors = options.Processors,
        Ultravisor = options.Ultravisor,
        Interrupts = options.Interrupts,
    };

    // What the processors were doing, if the guest did not end the run by itself.
    private static string Places(Machine machine, RunResult result, MachineSymbols symbols) => result.End switch
    {
        RunEnd.CheckStop or RunEnd.Break or RunEnd.Gate => string.Concat((result.Processor is { } one ? [one] : machine.All).Select(processor => CrashReport.Of(processor.Cpu, symbols.Of(processor.World)))),
        RunEnd.InstructionLimit or RunEnd.Cancelled => string.Concat(machine.All.Select(processor => $"uvmem: {CrashReport.Where(processor.Cpu, symbols.Of(processor.World))}{Environment.NewLine}")),
        _ => "",
    };

    private static void CountBounces(Machine machine, MachineSymbols symbols)
    {
        try
        {
            machine.CountBounces(symbols.Guest);
        }
        catch (RequestException)
        {
            throw new OptionException("--count-bounces", "the guests' kernel has no function swiotlb_bounce; give its System.map by --guest-symbols");
        }
    }

    private static MachineSymbols LoadSymbols(BootOptions options, string kernel) => new()
    {
        Hypervisor = LoadHypervisorSymbols(options, kernel),
        Guest = options.GuestSymbols is { } path ? SymbolTable.OfSystemMap("--guest-symbols", path) : SymbolTable.Empty,
    };

    private static SymbolTable LoadHypervisorSymbols(BootOptions options, string kernel)
    {
        if (options.Symbols is not null)
            return SymbolTable.OfSystemMap("--symbols", options.Symbols);

        // The kernel of a saved machine need not be here any more; a call trace without names is better than none.
        if (options.Load is not null && !File.Exists(kernel))
            return SymbolTable.Empty;
        string beside = Path.Combine(Path.GetDirectoryName(kernel) ?? "", "System.map");
        if (File.Exists(beside))
            return SymbolTable.OfSystemMap("--symbols", beside);
        using InputFile file = InputFile.Open("--kernel", kernel);
        return SymbolTable.Of(ElfImage.Read(file));
    }

    private static void Watch(Machine machine, BootOptions options)
    {
        foreach (string text in options.StopOn)
            machine.ConsoleLines.OnText(text, () => machine.Stop(new RunResult(RunEnd.TextFound, $"'{text}' appeared on the console", null)));
        if (options.Script.Count != 0)
            machine.Script.Clear();
        foreach ((string? after, string type) in options.Script)
        {
            if (after is null)
                machine.Console.Type(Encoding.UTF8.GetBytes(type));
            else
                machine.Script.Add(after, type);
        }
    }

    private static Disposables CancelOnSignal(CancellationTokenSource cancellation)
    {
        void Cancel(PosixSignalContext context)
        {
            // A second Ctrl-C ends the program at once, whatever it does.
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }

        return new Disposables(
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel));
    }

    private static int ExitCodeOf(RunEnd end, bool allDone) => end switch
    {
        RunEnd.CheckStop or RunEnd.PlatformError => ExitCode.Wild,
        RunEnd.Difference => ExitCode.Differs,
        RunEnd.Cancelled => ExitCode.Interrupted,
        RunEnd.PowerOff or RunEnd.TextFound => allDone ? ExitCode.Done : ExitCode.NotDone,
        _ => ExitCode.NotDone,
    };

    private sealed class Disposables(params IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable one in all)
                one.Dispose();
        }
    }
}
