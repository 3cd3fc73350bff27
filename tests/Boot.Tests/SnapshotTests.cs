using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Platform;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests;

/// <summary>The secure story saved on the way and continued in another process, or in another machine: the rest is that of the run that was not interrupted, bit for bit.</summary>
public partial class SnapshotTests
{
    private const long InstructionLimit = 40_000_000_000;

    // Reports of a run that are not the guest's matter.
    private static readonly string[] OfTheHost = ["wall time", "host CPU time", "instructions per second", "host memory", "of these after loading", "scan at", "reading ", "writing ", "saved to "];

    [Test]
    public async Task GoesOnInAnotherProcess([Values(0, 1, 2)] int which)
    {
        ProgramRun whole = ProgramRuns.Secure[0];
        string file = ProgramRuns.Saved[which].File;
        ProgramRun rest = await ProgramRuns.Load("load-" + which, ProgramRuns.Secure[1].PathOf(file));
        Assert.That(rest.Program.ExitCode, Is.Zero, rest.Program.Messages);
        long before = InstructionsAt(file);
        Assert.Multiple(() =>
        {
            Assert.That(rest.Program.Number("instructions"), Is.EqualTo(whole.Program.Number("instructions")));
            Assert.That(rest.Program.Number("of these after loading"), Is.EqualTo(whole.Program.Number("instructions") - before));
            IsTail(rest, whole, "console.txt");
            IsTail(rest, whole, "ucalls.txt");
            Assert.That(Summary(rest.Program), Is.EqualTo(Summary(whole.Program)));
        });
        string[] lines = File.ReadAllLines(rest.PathOf("ucalls.txt"));
        Assert.That(InstructionOf(lines[0]), Is.GreaterThanOrEqualTo(before), "the first event after the snapshot");
        string last = File.ReadAllLines(whole.PathOf("ucalls.txt"))[^(lines.Length + 1)];
        Assert.That(InstructionOf(last), Is.LessThanOrEqualTo(before), "the last event before it");
    }

    /// <summary>
    /// Moments that no console text marks: UV_ESM with the hypervisor asked for a page; a page encrypted for the hypervisor; a share that the hypervisor has
    /// agreed to and the guest does not know of.
    /// </summary>
    [Test]
    public void GoesOnFromTheMiddleOfAnUltracall()
    {
        BootRecord whole = Boots.Secure;
        int asked = 0;
        var moments = new (string Name, Func<UvEvent, bool> Is)[]
        {
            ("esm", happened => happened is { Kind: UvEventKind.ReverseCall, Number: (ulong)HCall.H_SVM_PAGE_IN } && ++asked == 500),
            ("page-out", happened => happened is { Kind: UvEventKind.UltraCall, Number: (ulong)UltraCall.UV_PAGE_OUT }),
            ("share", happened => happened is { Kind: UvEventKind.PageState, To: PageState.HV_SHARED } && asked > 1000),
        };
        var taker = new Moments(moments);
        var saved = new List<(string File, int Event, int Output)>();
        var console = new SilentConsole();
        using (var machine = new Machine(BootRecord.Options("secure", 1 << 30), console, new MachineWarnings()))
        {
            machine.Ultravisor!.Events.Add(taker);
            taker.Came = name => machine.AtRest(() =>
            {
                string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "boots", name + ".uvm");
                SnapshotFile.Write(file, machine, new MachineWarnings());
                saved.Add((file, taker.Count, console.Output.Length));
                if (saved.Count == moments.Length)
                    machine.Stop(new RunResult(RunEnd.TextFound, "", null));
            });
            machine.Run(new RunLimits { Instructions = InstructionLimit });
        }

        Assert.That(saved, Has.Count.EqualTo(moments.Length));
        foreach ((string file, int first, int output) in saved)
        {
            var restConsole = new SilentConsole();
            var rest = new Moments([]);
            using Machine machine = SnapshotFile.Read("", file, restConsole, new MachineWarnings());
            machine.Ultravisor!.Events.Add(rest);
            RunResult end = machine.Run(new RunLimits { Instructions = InstructionLimit });
            Assert.That(end.End, Is.EqualTo(RunEnd.PowerOff), end.Message);
            Assert.That(machine.Instructions, Is.EqualTo(whole.Instructions), file);
            Assert.That(rest.Lines, Is.EqualTo(whole.Events.Skip(first).Select(happened => EventText.Format(happened))), file);
            Assert.That(restConsole.Output.AsSpan().SequenceEqual(whole.Output.AsSpan(output)), Is.True, file);
        }
    }

    [TestCase(0, "this is no snapshot of a machine")]
    [TestCase(1_000_000, "the snapshot is damaged or cut off: its checksum does not fit")]
    public async Task CutFileIsOneLine(int length, string reason)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "boots", $"cut-{length}.uvm");
        File.WriteAllBytes(path, ProgramRuns.Secure[1].Read(ProgramRuns.Saved[0].File)[..length]);
        ProgramRun run = await ProgramRuns.Load("cut", path);
        Assert.That(run.Program.ExitCode, Is.EqualTo(2));
        Assert.That(run.Program.Messages, Is.EqualTo($"uvmem: --load: {path}: {reason}\n"));
        Assert.That(File.Exists(run.PathOf("console.txt")), Is.False, "nothing was begun");
    }

    // The loaded run wrote the end of what the whole run wrote.
    private static void IsTail(ProgramRun rest, ProgramRun whole, string file)
    {
        byte[] tail = rest.Read(file);
        byte[] all = whole.Read(file);
        Assert.That(tail, Has.Length.GreaterThan(100).And.Length.LessThan(all.Length), file);
        Assert.That(all.AsSpan(all.Length - tail.Length).SequenceEqual(tail), Is.True, $"{file} of the loaded run is not the end of the whole run's");
    }

    // What follows it is the translator's and the host's memory.
    private static string[] Summary(Program program) =>
        [.. program.Messages.Split('\n').TakeWhile(line => !line.StartsWith("uvmem: translator", StringComparison.Ordinal)).Where(line => !Array.Exists(OfTheHost, host => line.Contains(host, StringComparison.Ordinal)))];

    // uvmem: saved to FILE at instruction N: ...
    private static long InstructionsAt(string file)
    {
        Match match = Regex.Match(ProgramRuns.Secure[1].Program.Messages, $@"saved to \S*{Regex.Escape(file)} at instruction ([\d,]+)");
        Assert.That(match.Success, Is.True, ProgramRuns.Secure[1].Program.Messages);
        return long.Parse(match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static long InstructionOf(string line) => long.Parse(Instruction().Match(line).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[ *(\d+)\]")]
    private static partial Regex Instruction();

    private sealed class Moments((string Name, Func<UvEvent, bool> Is)[] moments) : IUltravisorEvents
    {
        private readonly HashSet<string> seen = [];

        public Action<string>? Came { get; set; }

        public List<string> Lines { get; } = [];

        public int Count => Lines.Count;

        public void Record(in UvEvent happened)
        {
            Lines.Add(EventText.Format(happened));
            foreach ((string name, Func<UvEvent, bool> isIt) in moments)
            {
                if (isIt(happened) && seen.Add(name))
                    Came!(name);
            }
        }
    }
}
