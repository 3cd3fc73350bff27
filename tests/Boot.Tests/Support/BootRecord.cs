using System.Text;
using NUnit.Framework;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>One boot of the whole machine, from power-on to its end, and what was seen. Tests share boots; each is run once.</summary>
internal sealed unsafe class BootRecord
{
    private readonly Frames frames;
    private readonly int ownLines;
    private readonly int ownEvents;

    // A boot that goes on from another has all that one saw.
    private BootRecord(string name, BootRecord? from)
    {
        Name = name;
        Lines = [.. from?.Lines ?? []];
        Events = [.. from?.Events ?? []];
        Checkpoints = [.. from?.Checkpoints ?? []];
        ZeroPageIns = [.. from?.ZeroPageIns ?? []];
        frames = Frames.After(Events);
        (ownLines, ownEvents) = (Lines.Count, Events.Count);
    }

    /// <summary>Name of the boot, also of the files that it leaves beside the tests.</summary>
    public string Name { get; }

    /// <summary>How it ended.</summary>
    public RunResult End { get; private set; } = null!;

    /// <summary>Instructions executed.</summary>
    public long Instructions { get; private set; }

    /// <summary>Traces that the translator made.</summary>
    public int Traces { get; private set; }

    /// <summary>The machine as it was at the end, if the plan keeps it.</summary>
    public MachineImage? Kept { get; private set; }

    /// <summary>Bytes on the console, from this boot's own beginning.</summary>
    public byte[] Output { get; private set; } = [];

    /// <summary>Lines on the console.</summary>
    public List<ConsoleLine> Lines { get; }

    /// <summary>Everything the ultravisor did.</summary>
    public List<UvEvent> Events { get; }

    /// <summary>
    /// What was found at each checkpoint of the guest, at the end, and when the hypervisor is asked for H_SVM_INIT_DONE, has answered it
    /// (a second one of that name), or ends an SVM (UV_SVM_TERMINATE).
    /// </summary>
    public List<Checkpoint> Checkpoints { get; }

    /// <summary>Those of <see cref="Events"/> that are UV_PAGE_IN with a page of nothing but zeros.</summary>
    public HashSet<int> ZeroPageIns { get; }

    /// <summary>Breaks that were hit, and what the processor's registers were while the machine was paused.</summary>
    public List<Stop> Stops { get; } = [];

    /// <summary>What the machine warned of.</summary>
    public List<string> Warnings { get; private set; } = [];

    /// <summary>What gates and overrides did.</summary>
    public List<Hit> Hits { get; } = [];

    /// <summary>Bytes that guests have copied through bounce buffers, by LPID, if the plan says so.</summary>
    public IReadOnlyDictionary<ulong, BounceCount> Bounces { get; private set; } = new Dictionary<ulong, BounceCount>();

    /// <summary>Runs a machine.</summary>
    public static BootRecord Of(BootPlan plan)
    {
        var boot = new BootRecord(plan.Name, plan.From);
        boot.Run(plan);
        boot.WriteFiles();
        return boot;
    }

    /// <summary>The machine of a boot.</summary>
    /// <param name="run">The word uvmem.run= of firmware/README.md.</param>
    /// <param name="secureMemory">Bytes of secure memory, or null for a machine without an ultravisor.</param>
    /// <param name="ultravisor">Settings of the ultravisor.</param>
    /// <param name="processors">Number of processors.</param>
    public static MachineOptions Options(string run, ulong? secureMemory, UltravisorOptions? ultravisor = null, int processors = 1) => new()
    {
        Kernel = Images.Kernel,
        Initrd = Images.Initrd,

        // Entropy from the darn instruction: collecting it from timer jitter would take three quarters of the run.
        CommandLine = $"console=hvc0 random.trust_cpu=on uvmem.run={run}",
        Processors = processors,
        Ultravisor = secureMemory is not null,
        SecureMemory = secureMemory ?? 0,
        UltravisorOptions = ultravisor ?? new UltravisorOptions(),
    };

    /// <summary>The part of the boot in which a row ran.</summary>
    public Segment Row(string name)
    {
        int begin = Lines.FindIndex(ownLines, line => line.Text == $"CASE {name} BEGIN");
        int end = begin < 0 ? -1 : Lines.FindIndex(begin, line => line.Text.StartsWith($"CASE {name} END", StringComparison.Ordinal));
        Assert.That(end, Is.GreaterThan(begin), $"the machine's console shows no end of row {name}; see {ConsoleFile}");
        return new Segment(this, begin, end);
    }

    /// <summary>Whether a row has come to a good end.</summary>
    public bool HasEnded(string name) => Lines.Exists(line => line.Text == $"CASE {name} END ok");

    /// <summary>The whole boot.</summary>
    public Segment All => new(this, 0, Lines.Count - 1);

    /// <summary>Fails unless a line of the console contains a text.</summary>
    public void HasLine(string text) =>
        Assert.That(Lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal)), Is.True, $"no console line contains '{text}'; see {ConsoleFile}");

    private string ConsoleFile => Path.Combine(AppContext.BaseDirectory, "boots", Name + ".console.txt");

    private string EventFile => Path.Combine(AppContext.BaseDirectory, "boots", Name + ".events.txt");

    private void Run(BootPlan plan)
    {
        var console = new SilentConsole();
        var warnings = new MachineWarnings();
        using Machine machine = plan.From?.Kept!.Start(console, warnings, settings => plan.Ultravisor ?? settings)
            ?? new Machine(Options(plan.Run, plan.SecureMemory, plan.Ultravisor, plan.Processors) with { Interrupts = plan.Interrupts, EditDeviceTree = plan.EditDeviceTree }, console, warnings);
        if (plan.InParallel)
            machine.ExecuteInParallel(plan.Processors);
        if (plan.Translated is { } hotness)
            machine.Translate(hotness);
        using var coverage = new BootCoverage(machine, Name);
        var view = new UvmemView(new HypervisorMemory(machine.All[0].Cpu, Kernel.Variables), Kernel.Layout);
        var typed = new Queue<string>(plan.Typed);
        var injector = new Injector(machine, plan);
        injector.Acted += hit => Hits.Add(new Hit(hit, Events.Count, Registers.Of(hit.Cpu), MemoryState.Of(machine, view, hit.Cpu.State->Gpr[3])));
        machine.ConsoleLines.Completed += text =>
        {
            Lines.Add(new ConsoleLine(text, Events.Count));
            if (text.StartsWith("@checkpoint ", StringComparison.Ordinal))
                Checkpoints.Add(Take(text["@checkpoint ".Length..], machine, view));
            injector.SeeLine(text);
            if (text == plan.Prompt && typed.TryDequeue(out string? answer))
                machine.AtRest(() => Type(machine, answer));
            else if (text == plan.Prompt)
                machine.Stop(new RunResult(RunEnd.TextFound, text, null));
        };
        machine.Ultravisor?.Events.Add(new Recorder(this, machine, view));
        injector.PowerOn();
        var pauser = new Pauser(machine);
        foreach (string text in plan.Breaks)
            machine.Ultravisor!.Breaks.Add(text);
        if (machine.Ultravisor is not null)
            machine.Ultravisor.Breaks.Listener = pauser;
        if (plan.CountBounces)
            machine.CountBounces(Kernel.Symbols.Guest);
        if (plan.From is not null && typed.TryDequeue(out string? line))
            Type(machine, line);
        for (End = Go(machine, plan); End.End == RunEnd.Break; End = Go(machine, plan))
            Stops.AddRange(pauser.TakeHits().Select(hit => new Stop(hit, Registers.Of(machine.All[0].Cpu), Events.Count)));
        Checkpoints.Add(Take("end", machine, view));
        Instructions = machine.Instructions;
        Traces = machine.Translator?.Installed ?? 0;
        if (plan.IsKept)
            Kept = new MachineImage(machine, plan.From?.Kept);
        if (machine.Bounces is { } bounces)
            Bounces = bounces.Counts;
        Output = console.Output;
        Warnings = warnings.Lines;
    }

    private static void Type(Machine machine, string line) => machine.Console.Type(Encoding.UTF8.GetBytes(line + '\n'));

    private static RunResult Go(Machine machine, BootPlan plan) => machine.Run(new RunLimits { Instructions = plan.Instructions });

    private Checkpoint Take(string name, Machine machine, UvmemView view) =>
        new(name, Events.Count, MemoryScan.Find(machine.Memory, Images.Marker), frames.SecureCount, MemoryState.Of(machine, view));

    private void WriteFiles()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConsoleFile)!);
        File.WriteAllBytes(ConsoleFile, Output);
        File.WriteAllLines(EventFile, Events.Skip(ownEvents).Select(happened => EventText.Format(happened)), Encoding.UTF8);
    }

    private sealed unsafe class Recorder(BootRecord boot, Machine machine, UvmemView view) : IUltravisorEvents
    {
        public void Record(in UvEvent happened)
        {
            if (IsCall(happened, UltraCall.UV_PAGE_IN) && IsZero(happened.Args[1]))
                boot.ZeroPageIns.Add(boot.Events.Count);
            boot.frames.Apply(happened);
            boot.Events.Add(happened);
            if (IsCall(happened, UltraCall.UV_SVM_TERMINATE))
                boot.Checkpoints.Add(boot.Take(nameof(UltraCall.UV_SVM_TERMINATE), machine, view));
            else if (happened is { Kind: UvEventKind.ReverseCall or UvEventKind.ReverseResult, Number: (ulong)HCall.H_SVM_INIT_DONE })
                boot.Checkpoints.Add(boot.Take(nameof(HCall.H_SVM_INIT_DONE), machine, view));
        }

        private static bool IsCall(in UvEvent happened, UltraCall call) => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)call;

        private bool IsZero(ulong real)
        {
            byte* page = machine.Memory.Pointer(real, Frames.Size);
            return page != null && !new ReadOnlySpan<byte>(page, (int)Frames.Size).ContainsAnyExcept((byte)0);
        }
    }
}
