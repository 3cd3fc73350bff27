using System.Globalization;

using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Snapshots;
using RenodeUvmem.Power9.Tiers;

namespace RenodeUvmem.Platform.Checking;

/// <summary>
/// Finds the fewest instructions that lead from two equal machines to a difference. The machine that translates is taken back to the last image with its
/// traces, and those that are gone are made again where their code is there; one that interprets begins there. First the stretch is found, then how much of it
/// is needed: a trace is entered only if the run has its length left to go, so the last trace of the shortest run is the one.
/// </summary>
internal sealed class Narrowing(MachineImage image, IReadOnlyList<long> ends, Side translated, CheckedHost host, MachineSymbols symbols, TraceTally tally)
{
    private const int Tries = 4;

    private readonly EchoConsole echo = new(host.Tee);
    private readonly Remarks remarks = new(null);

    /// <summary>The difference at its earliest, with what led to it.</summary>
    public TierDifference Narrow(TierDifference found)
    {
        if (ends.Count == 0)
            return found;
        host.HostLog.Info(Text($"check: a difference after {found.Instructions:N0} instructions ({found.What[0]}); narrowing it down"));
        if (FirstEndThatDiffers(image) is not { } first)
            return found with { Details = ["it does not come again from the last image at which the machines were equal: this is where it was seen"] };
        using Machine machine = image.Start(echo, remarks);
        MachineImage before = image;
        Side interpreted = Begin(image, machine);
        long equal = interpreted.Machine.Instructions;
        if (first > 0)
        {
            RunThrough(interpreted, first - 1);
            equal = interpreted.Machine.Instructions;
            before = new MachineImage(interpreted.Machine, image);
            host.Tee.Input.RemoveRange(0, echo.Taken);
        }

        interpreted.Leave();

        // Traces may be recorded in the stretch itself: then they are there the next time.
        if (!Enumerable.Range(0, Tries).Any(_ => Try(before, ends[first]) is not null))
            return found with { Details = [Text($"after {equal:N0} instructions the machines were equal; from there it does not come again")] };
        long needed = Shortest(before, equal, ends[first]);
        long entries = tally.Entries;
        TierDifference difference = Try(before, needed) ?? found;
        TraceRun[] traces = [.. tally.Last.TakeLast((int)Math.Min(int.MaxValue, tally.Entries - entries))];
        return difference with { Details = Details(before, equal, needed, traces) };
    }

    // Index in ends, or null if all is equal at the last.
    private int? FirstEndThatDiffers(MachineImage from)
    {
        if (Differs(from, ends.Count - 1) is not { } reached)
            return null;
        int low = -1;
        int high = reached;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (Differs(from, middle) is { } at)
                high = Math.Min(high, at);
            else
                low = middle;
        }

        return high;
    }

    // The first end up to a last one at which registers differ, or the last if anything does there.
    private int? Differs(MachineImage from, int last)
    {
        using Machine machine = from.Start(echo, remarks);
        Side interpreted = Begin(from, machine);
        try
        {
            return RunThrough(interpreted, last) ?? (SideComparison.OfAll(interpreted, translated) is null ? null : last);
        }
        finally
        {
            interpreted.Leave();
        }
    }

    private Side Begin(MachineImage from, Machine machine)
    {
        from.Return(translated.Machine);
        translated.Machine.Translator!.AddAgain();
        echo.Rewind();
        host.Echo!.Rewind();
        var interpreted = new Side(machine, echo.Output, remarks);
        translated.Forget();
        return interpreted;
    }

    private int? RunThrough(Side interpreted, int last)
    {
        for (int n = 0; n <= last; n++)
        {
            RunTo(interpreted, ends[n]);
            if (SideComparison.OfRegisters(interpreted, translated) is not null)
                return n;
            interpreted.Forget();
            translated.Forget();
        }

        return null;
    }

    private void RunTo(Side interpreted, long end)
    {
        interpreted.RunTo(end);
        translated.Machine.Translator!.WaitUntilIdle();
        translated.RunTo(end);
    }

    // The instruction count at which the shortest run that leads to a difference ends.
    private long Shortest(MachineImage from, long equal, long differs)
    {
        while (differs - equal > 1)
        {
            long middle = equal + ((differs - equal) / 2);
            if (Try(from, middle) is null)
                equal = middle;
            else
                differs = middle;
        }

        return differs;
    }

    private TierDifference? Try(MachineImage from, long end)
    {
        using Machine machine = from.Start(echo, remarks);
        Side interpreted = Begin(from, machine);
        RunTo(interpreted, end);
        TierDifference? difference = SideComparison.OfAll(interpreted, translated);
        interpreted.Leave();
        return difference;
    }

    private List<string> Details(MachineImage from, long equal, long end, TraceRun[] traces)
    {
        List<string> lines = [Text($"equal after {equal:N0} instructions; the run of {end - equal:N0} from there leads to it, one that is shorter does not")];
        long begin = Math.Max(equal, end - ExecutedCode.Most);
        using Machine machine = from.Start(echo, remarks);
        echo.Rewind();
        foreach (Processor processor in translated.Machine.All)
        {
            foreach (TraceRun run in traces.Where(run => IsOf(run, processor)).TakeLast(3))
                lines.Add(Text($"{NameOf(processor)} was in the trace {tally.Describe(run.Head)} from its instruction {run.From:N0} to {run.To:N0}"));
        }

        lines.Add("what the interpreter executed:");
        lines.AddRange(ExecutedCode.Lines(machine, symbols, begin, end));
        return lines;
    }

    private static unsafe bool IsOf(TraceRun run, Processor processor) => (nint)processor.Cpu.State == run.State;

    private static string NameOf(Processor processor) => $"CPU 0x{processor.Cpu.Pir:x}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
