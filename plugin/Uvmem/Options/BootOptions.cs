using System.Globalization;
using System.Text;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Interrupts;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Rules;

namespace RenodeUvmem.Uvmem.Options;

/// <summary>What <c>uvmem boot</c> was told.</summary>
internal sealed class BootOptions
{
    // What a saved machine brings along.
    private static readonly string[] MachineOptions = ["--kernel", "--initrd", "--append", "--memory", "--secure-memory", "--cpus", "--ultravisor", "--interrupts"];

    private static readonly string[] NotChecked = ["--break", "--gate", "--override", "--count-bounces"];

    private string? pendingAfter;

    public BootOptions()
    {
        Table =
        [
            new("--kernel", OptionArgument.Required, "FILE", "Kernel: a 64-bit PowerPC ELF file (vmlinux) with POWERNV support.", v => Kernel = v),
            new("--initrd", OptionArgument.Required, "FILE", "Initial RAM disk: a cpio archive, compressed or not.", v => Initrd = v),
            new("--append", OptionArgument.Required, "TEXT", "Kernel command line.", v => Append = v!),
            new("--memory", OptionArgument.Required, "SIZE", "Normal memory, a multiple of 16M, e.g. 2G (the default).", v => Memory = ParseSize("--memory", v!)),
            new("--secure-memory", OptionArgument.Required, "SIZE", "Secure memory for --ultravisor, e.g. 1G (the default); 0: an ultravisor without secure memory.", v => SecureMemory = ParseSize("--secure-memory", v!)),
            new("--cpus", OptionArgument.Required, "N", "Number of processors (default 1). They take turns on one host thread, unless --parallel.", v => Processors = (int)ParseNumber("--cpus", v!, int.MaxValue)),
            new("--translate", OptionArgument.Required, "WHICH", "on (the default): hot code is translated to host code while it runs; off: all is interpreted. The run is the same. check: proves that; two machines run in turns, one interprets, one translates all it can, and the first difference between them ends the run with exit code 4, narrowed down to a few instructions.", v => Translate = ParseTranslate(v!)),
            new("--check-distance", OptionArgument.Required, "N", "With --translate check: instructions between two comparisons of registers, on average (default 1000).", v => CheckDistance = ParseNumber("--check-distance", v!, 1_000_000_000)),
            new("--ultravisor", OptionArgument.None, "", "Switch the Secure Memory Facility on and run an ultravisor. Without it the machine is a plain POWER9.", _ => Ultravisor = true),
            new("--interrupts", OptionArgument.Required, "MODEL", "Interrupt controller: xive (the default), POWER9's own, of which KVM gives its guests a share; or xics, behind OPAL calls.", v => Interrupts = ParseInterrupts(v!)),
            new("--parallel", OptionArgument.Optional, "N", "Let processors execute at the same time, on as many host threads as the host has processors, or on N. The run is then not the same each time.", v => (Parallel, HostThreads) = (true, v is null ? null : ParseThreads(v))),
            new("--console", OptionArgument.Required, "WHERE", "Console: stdio (the default), file:PATH, or tcp:PORT (on this host, one client).", v => ConsoleTarget = v!),
            new("--interactive", OptionArgument.None, "", "Type at the console from this terminal. Idle time then passes at its real speed. Ctrl-C ends the machine.", _ => Interactive = true),
            new("--after", OptionArgument.Required, "TEXT", "With --type: wait until TEXT appears on the console. Pairs are taken in order.", v => SetAfter(v!)),
            new("--type", OptionArgument.Required, "TEXT", "Type TEXT then; \\n is the Enter key. The same run types at the same instruction. With --load also without --after: at once.", v => AddStep(v!)),
            new("--stop-on", OptionArgument.Required, "TEXT", "End with exit code 0 when TEXT appears in a line on the console. May be given several times.", v => StopOn.Add(NotEmpty("--stop-on", v!))),
            new("--save-on", OptionArgument.Required, "TEXT=FILE", "Save the whole machine to FILE when TEXT first appears in a line on the console, and go on. May be given several times.", v => SaveOn.Add(ParseSaveOn(v!))),
            new("--load", OptionArgument.Required, "FILE", "Go on from a saved machine instead of booting. It brings its memory, processors, console input and rules along; options of the host apply as ever, and --after and --type replace what was still to be typed.", v => Load = v),
            new("--max-instructions", OptionArgument.Required, "N", "End with exit code 1 after N instructions since power-on; K, M, G and T mean powers of 1000.", v => MaxInstructions = ParseCount("--max-instructions", v!)),
            new("--scan", OptionArgument.Required, "HEX", "Look for these bytes in all normal memory at each console line with @checkpoint and at the end. Exit code 1 if they are found.", v => Scan = ParseHex("--scan", v!)),
            new("--log-ucalls", OptionArgument.Optional, "FILE", "Log ultracalls, reverse hypercalls and page states, to FILE or to standard error.", v => (LogUcalls, LogUcallsFile) = (true, v)),
            new("--trace", OptionArgument.Required, "FILE", "Write the same events as a JSON trace that chrome://tracing and Perfetto open.", v => Trace = v),
            new("--coverage", OptionArgument.Required, "FILE", "Note which instructions of the kernel run in the hypervisor and in its guests, and write that to FILE at the end; uvmem coverage makes a report of such files.", v => Coverage = v),
            new("--profile", OptionArgument.Required, "FILE", "Write where the guests spend their instructions and the host its time: for speedscope, folded stacks if FILE ends in .folded, or a flame graph if in .svg; uvmem profile reads the first of these.", v => Profile = v),
            new("--profile-distance", OptionArgument.Required, "N", "Instructions between two samples of --profile (default 20011).", v => ProfileDistance = ParseDistance(v!)),
            new("--report", OptionArgument.Required, "FILE", "Write one HTML page about the run: time line, calls, page states, failures, violations. It needs no network.", v => Report = v),
            new("--events", OptionArgument.Required, "FILE", "Record what --report needs, to make the page later: uvmem report FILE.", v => EventsFile = v),
            new("--uv-rule", OptionArgument.Required, "RULE", "Make the ultravisor answer a call with a code of your choice, or call the hypervisor at a point of your choice: 'CALL [nth=N] [count=N] [gfn=N] [lpid=N] return=CODE' or '... hcall=NAME ARGUMENT=N'. May be given several times.", v => Rules.Add(ParseTrigger("--uv-rule", v!, RuleParser.Parse))),
            new("--break", OptionArgument.Required, "BREAK", "End with exit code 1 and show registers when this is about to happen: 'CALL [nth=N] [gfn=N] [lpid=N]' for an ultracall or hypercall, or svm-start, svm-secure, svm-abort, svm-kill, svm-terminate, violation. May be given several times.", v => Breaks.Add(ParseTrigger("--break", v!, RuleParser.ParseBreak))),
            new("--gate", OptionArgument.Required, "GATE", "Hold a processor at a place in the hypervisor's kernel while the others run on: 'FUNCTION[+OFFSET] [at=return] [cpu=N] [rN=VALUE] [from=FUNCTION] [within=FUNCTION] [nth=N] [count=N] [after EVENT] until EVENT', with EVENT such a place, a call that is answered, ticks=N, or console=TEXT. May be given several times.", v => Gates.Add(ParseTrigger("--gate", v!, ProbeParser.ParseGate))),
            new("--override", OptionArgument.Required, "OVERRIDE", "Make a function of the hypervisor's kernel return a value without executing it, for example an allocation fail: 'FUNCTION return=VALUE' with the words of --gate. May be given several times.", v => Overrides.Add(ParseTrigger("--override", v!, ProbeParser.ParseOverride))),
            new("--count-bounces", OptionArgument.None, "", "Count the bytes that guests copy through bounce buffers. Needs --guest-symbols.", _ => CountBounces = true),
            new("--pauses", OptionArgument.None, "", "Say at the end how often and how long the garbage collector of .NET held the machine.", _ => Pauses = true),
            new("--symbols", OptionArgument.Required, "FILE", "System.map of the hypervisor for logs and call traces. Without it: a System.map beside the kernel, or the kernel's own symbols.", v => Symbols = v),
            new("--guest-symbols", OptionArgument.Required, "FILE", "System.map of the guests' kernel, likewise.", v => GuestSymbols = v),
        ];
    }

    public IReadOnlyList<Option> Table { get; }

    public string? Kernel { get; private set; }

    public string? Initrd { get; private set; }

    public string Append { get; private set; } = "";

    public ulong Memory { get; private set; } = 2 * ByteSize.GiB;

    public ulong? SecureMemory { get; private set; }

    public int Processors { get; private set; } = 1;

    public TranslateMode Translate { get; private set; } = TranslateMode.On;

    /// <summary>Instructions between two comparisons, or null for the usual.</summary>
    public long? CheckDistance { get; private set; }

    public bool Ultravisor { get; private set; }

    public InterruptModel Interrupts { get; private set; } = InterruptModel.Xive;

    public string ConsoleTarget { get; private set; } = "stdio";

    public bool Interactive { get; private set; }

    /// <summary>Steps of input; one without a text to wait for is typed at once.</summary>
    public List<(string? After, string Type)> Script { get; } = [];

    public List<(string Text, string File)> SaveOn { get; } = [];

    public string? Load { get; private set; }

    public List<string> StopOn { get; } = [];

    public long MaxInstructions { get; private set; } = long.MaxValue;

    public byte[]? Scan { get; private set; }

    public string? Coverage { get; private set; }

    /// <summary>File of --profile.</summary>
    public string? Profile { get; private set; }

    public long ProfileDistance { get; private set; } = GuestSampler.DefaultDistance;

    public bool LogUcalls { get; private set; }

    public string? LogUcallsFile { get; private set; }

    public string? Trace { get; private set; }

    public string? Report { get; private set; }

    public string? EventsFile { get; private set; }

    public List<Rule> Rules { get; } = [];

    public List<Break> Breaks { get; } = [];

    public List<Gate> Gates { get; } = [];

    public List<Override> Overrides { get; } = [];

    public string? Symbols { get; private set; }

    public string? GuestSymbols { get; private set; }

    public bool Pauses { get; private set; }

    public bool CountBounces { get; private set; }

    public bool Parallel { get; private set; }

    /// <summary>Host threads for <see cref="Parallel"/>, or null for as many as the host has processors.</summary>
    public int? HostThreads { get; private set; }

    /// <summary>Parses and checks what can be checked without looking at any file.</summary>
    /// <exception cref="OptionException">Something is wrong.</exception>
    public static BootOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new BootOptions();
        IReadOnlySet<string> given = OptionParser.Parse(words, options.Table);
        if (options.pendingAfter is not null)
            throw new OptionException("--after", "expected --type to follow");
        options.CheckParallel();
        options.CheckTranslate(given);
        if (options.Load is not null)
        {
            if (Array.Find(MachineOptions, given.Contains) is { } surplus)
                throw new OptionException(surplus, "the machine of --load has its own; leave this out");
            return options;
        }

        if (options.Kernel is null)
            throw new OptionException("--kernel", "expected, a machine without a kernel does nothing");
        if (options.Script.Exists(step => step.After is null))
            throw new OptionException("--type", "expected --after before it");
        options.CheckUltravisor(options.Ultravisor);
        return options;
    }

    /// <summary>Refuses options that have no meaning on a machine without an ultravisor.</summary>
    /// <exception cref="OptionException">There is one, and there is no ultravisor.</exception>
    public void CheckUltravisor(bool isThere)
    {
        if (isThere)
            return;
        RequireUltravisor("--log-ucalls", LogUcalls);
        RequireUltravisor("--trace", Trace is not null);
        RequireUltravisor("--report", Report is not null);
        RequireUltravisor("--events", EventsFile is not null);
        RequireUltravisor("--uv-rule", Rules.Count != 0);
        RequireUltravisor("--break", Breaks.Count != 0);
        RequireUltravisor("--guest-symbols", GuestSymbols is not null && Profile is null);
        RequireUltravisor("--secure-memory", SecureMemory > 0);
    }

    // Their outputs are in the order of instructions, of which there is none, or they hold processors back.
    private void CheckParallel()
    {
        if (!Parallel)
            return;
        RequireTurns("--trace", Trace is not null);
        RequireTurns("--coverage", Coverage is not null);
        RequireTurns("--profile", Profile is not null);
        RequireTurns("--report", Report is not null);
        RequireTurns("--events", EventsFile is not null);
        RequireTurns("--break", Breaks.Count != 0);
        RequireTurns("--gate", Gates.Count != 0);
        RequireTurns("--override", Overrides.Count != 0);
        RequireTurns("--count-bounces", CountBounces);
        RequireTurns("--translate check", Translate == TranslateMode.Check);
    }

    // Both machines must do the same, and one that is taken back to narrow a difference down has no probes.
    private void CheckTranslate(IReadOnlySet<string> given)
    {
        if (Translate == TranslateMode.Check)
        {
            if (Array.Find(NotChecked, given.Contains) is { } surplus)
                throw new OptionException(surplus, "does not go together with --translate check; leave out one of them");
        }
        else if (CheckDistance is not null)
        {
            throw new OptionException("--check-distance", "has no meaning without --translate check; add it or leave this out");
        }
    }

    private static void RequireTurns(string option, bool given)
    {
        if (given)
            throw new OptionException(option, "needs processors that take turns; leave out --parallel or this");
    }

    private void RequireUltravisor(string option, bool given)
    {
        if (given)
            throw new OptionException(option, Load is null ? "has no meaning without --ultravisor; add it or leave this out" : "has no meaning, the saved machine has no ultravisor; leave this out");
    }

    // The last "=" parts: texts are more likely to have one than names of files.
    private static (string Text, string File) ParseSaveOn(string value)
    {
        int equals = value.LastIndexOf('=');
        return equals > 0 && equals < value.Length - 1
            ? (NotEmpty("--save-on", value[..equals]), value[(equals + 1)..])
            : throw new OptionException("--save-on", $"'{value}' is not of the form TEXT=FILE");
    }

    private static TranslateMode ParseTranslate(string text) => text switch
    {
        "on" => TranslateMode.On,
        "off" => TranslateMode.Off,
        "check" => TranslateMode.Check,
        _ => throw new OptionException("--translate", $"'{text}' is none of on, off, check"),
    };

    private static string NotEmpty(string option, string text) =>
        text.Length != 0 && !text.Contains('\n', StringComparison.Ordinal) ? text : throw new OptionException(option, "expected a text without line ends");

    private void SetAfter(string text)
    {
        if (pendingAfter is not null)
            throw new OptionException("--after", "expected --type to follow");
        pendingAfter = NotEmpty("--after", text);
    }

    private void AddStep(string text)
    {
        Script.Add((pendingAfter, Unescape(text)));
        pendingAfter = null;
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder();
        for (int n = 0; n < text.Length; n++)
        {
            if (text[n] != '\\')
            {
                result.Append(text[n]);
                continue;
            }

            n++;
            result.Append((n < text.Length ? text[n] : '\0') switch
            {
                'n' => '\r',
                't' => '\t',
                '\\' => '\\',
                _ => throw new OptionException("--type", "expected n, t or \\ behind each \\"),
            });
        }

        return result.ToString();
    }

    private static ulong ParseSize(string option, string text) =>
        ByteSize.TryParse(text, out ulong size) ? size : throw new OptionException(option, $"'{text}' is no size, expected a number with K, M, G or T, e.g. 2G");

    private static long ParseNumber(string option, string text, long maximum) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= maximum
            ? number
            : throw new OptionException(option, $"'{text}' is no number, expected a decimal one");

    private static long ParseDistance(string text) =>
        ParseCount("--profile-distance", text) is var distance and >= 100 ? distance : throw new OptionException("--profile-distance", "expected at least 100 instructions");

    private static int ParseThreads(string text) =>
        (int)ParseNumber("--parallel", text, MachineDescription.MaximumProcessors) is var threads and > 0
            ? threads
            : throw new OptionException("--parallel", "expected at least 1 host thread");

    private static long ParseCount(string option, string text)
    {
        long factor = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 1_000L,
            'M' => 1_000_000L,
            'G' => 1_000_000_000L,
            'T' => 1_000_000_000_000L,
            _ => 1L,
        };
        return factor * ParseNumber(option, factor == 1 ? text : text[..^1], long.MaxValue / factor);
    }

    private static InterruptModel ParseInterrupts(string text) => text switch
    {
        "xive" => InterruptModel.Xive,
        "xics" => InterruptModel.Xics,
        _ => throw new OptionException("--interrupts", $"'{text}' is no interrupt controller, expected xive or xics"),
    };

    private static T ParseTrigger<T>(string option, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw new OptionException(option, e.Message);
        }
    }

    private static byte[] ParseHex(string option, string text)
    {
        const int Least = 4;
        try
        {
            byte[] bytes = Convert.FromHexString(text);
            if (bytes.Length >= Least)
                return bytes;
        }
        catch (FormatException)
        {
            // Reported below.
        }

        throw new OptionException(option, $"'{text}' is no pattern, expected at least {Least} bytes in hexadecimal, e.g. DEADBEEF");
    }
}
