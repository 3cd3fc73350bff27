using System.Diagnostics;
using System.Globalization;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Platform.Checking;

/// <summary>
/// Runs two machines that are made alike in turns, one interpreting, one translating as eagerly as it can, and compares them: registers and output after
/// short stretches, everything now and then. The first difference ends the run, is narrowed down and told. The run of the first machine is the one that it
/// would have without.
/// </summary>
public sealed class TierCheck
{
    private readonly CheckedHost host;
    private readonly MachineSymbols symbols;
    private readonly TierCheckSettings settings;
    private readonly Side interpreted;
    private readonly Side translated;
    private readonly Stretches stretches;
    private readonly Stopwatch sinceProgress = new();

    // Where the stretches since the last image ended.
    private readonly List<long> ends = [];
    private MachineImage image;
    private long nextFull;
    private long count;
    private long fullCount;

    /// <summary>Begins a check.</summary>
    /// <param name="host">What both machines were built with.</param>
    /// <param name="interpreted">A machine that interprets.</param>
    /// <param name="translated">One like it that does not translate yet.</param>
    /// <param name="symbols">Names of addresses.</param>
    /// <param name="settings">How closely.</param>
    public TierCheck(CheckedHost host, Machine interpreted, Machine translated, MachineSymbols symbols, TierCheckSettings settings)
    {
        this.host = host;
        this.symbols = symbols;
        this.settings = settings;
        this.interpreted = new Side(interpreted, host.Tee.Output, host.Remarks);
        this.translated = new Side(translated, host.Echo!.Output, host.OtherRemarks);
        stretches = new Stretches(settings.Distance);
        translated.Translate(Hotness.Eager, settings.Portable);
        translated.Translator!.Tally = Tally;
        image = new MachineImage(interpreted);
        nextFull = interpreted.Instructions + settings.FullDistance;
    }

    /// <summary>What was executed in traces.</summary>
    public TraceTally Tally { get; } = new();

    /// <summary>The first difference, or null.</summary>
    public TierDifference? Difference { get; private set; }

    /// <summary>One line for people.</summary>
    public string Describe()
    {
        Machine machine = interpreted.Machine;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"check: {(Difference is null ? "no difference" : "a difference")} in {machine.Instructions:N0} instructions, {Tally.Instructions:N0} of them in traces, entered {Tally.Entries:N0} times; registers and output compared {count:N0} times, everything {fullCount:N0} times");
    }

    /// <summary>Runs until the guest or a limit ends it, or to a difference.</summary>
    public RunResult Run(RunLimits limits)
    {
        sinceProgress.Start();
        Difference ??= Everything();
        while (Difference is null)
        {
            long target = Math.Min(limits.Instructions, interpreted.Machine.Instructions + stretches.Next());
            ends.Add(target);
            interpreted.RunTo(target, limits.Cancellation);
            RunResult result = interpreted.Result!;
            if (limits.Cancellation.IsCancellationRequested)
                return new RunResult(RunEnd.Cancelled, "", null);
            translated.Machine.Translator!.WaitUntilIdle();
            translated.RunTo(target);
            bool ended = result.End != RunEnd.InstructionLimit || target == limits.Instructions;
            count++;
            Difference = SideComparison.OfRegisters(interpreted, translated);
            if (Difference is null && (ended || target >= nextFull))
                Difference = Everything();
            if (Difference is not null)
                break;
            interpreted.Forget();
            translated.Forget();
            if (ended)
                return result;
            ShowProgress();
        }

        Difference = new Narrowing(image, ends, translated, host, symbols, Tally).Narrow(Difference);
        return new RunResult(RunEnd.Difference, $"after {Difference.Instructions.ToString("N0", CultureInfo.InvariantCulture)} instructions, {Difference.What[0]}", null);
    }

    // What is equal is the next image.
    private TierDifference? Everything()
    {
        fullCount++;
        if (SideComparison.OfAll(interpreted, translated) is { } difference)
            return difference;
        image = new MachineImage(interpreted.Machine, image);
        ends.Clear();
        host.Tee.Input.Clear();
        host.Echo!.Rewind();
        nextFull = interpreted.Machine.Instructions + settings.FullDistance;
        return null;
    }

    private void ShowProgress()
    {
        if (sinceProgress.ElapsedMilliseconds < 5_000)
            return;
        sinceProgress.Restart();
        host.HostLog.Info(string.Create(CultureInfo.InvariantCulture, $"check: {interpreted.Machine.Instructions:N0} instructions, no difference; {translated.Machine.Translator!.Installed:N0} traces"));
    }
}
