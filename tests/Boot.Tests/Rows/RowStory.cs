using NUnit.Framework.Internal;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>One row, told in the order in which it happened, and whether it holds.</summary>
/// <param name="row">The row.</param>
/// <param name="output">Takes the story.</param>
internal sealed class RowStory(Row row, TextWriter output)
{
    /// <summary>Runs the row and tells it; true if it holds.</summary>
    public bool Tell()
    {
        output.WriteLine($"row {row.Name}: stimulus {row.Stimulus}, machine {row.On.Name}");
        Row driver = Matrix.DriverOf(row);
        foreach ((string kind, string[] texts) in new[] { ("rule", driver.Rules), ("gate", driver.Gates), ("override", driver.Overrides) })
        {
            foreach (string text in texts)
                output.WriteLine($"  {kind,-9}{text}");
        }

        // Failures of assertions add up in a context; the next row has nothing to do with this one's.
        using var context = new TestExecutionContext.IsolatedContext();
        try
        {
            Segment segment = row.On.Segment(row);
            Tell(segment);
            row.Assert(segment);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            output.WriteLine($"row {row.Name}: FAIL{Environment.NewLine}{(problem is NUnit.Framework.ResultStateException ? problem.Message : problem)}");
            return false;
        }

        output.WriteLine($"row {row.Name}: PASS, as the matrix and Linux's source have it");
        return true;
    }

    // Console lines, calls and states in one sequence; beside acts of gates and overrides and at checkpoints what the hypervisor's memory holds.
    private void Tell(Segment segment)
    {
        var lines = new Queue<ConsoleLine>(segment.ConsoleLines);
        var hits = new Queue<Hit>(segment.Hits);
        var checkpoints = new Queue<Checkpoint>(segment.Checkpoints);
        ulong? gpa = segment.LastFrameNamed();
        var others = new OtherFrames(gpa);
        for (int n = 0; n < segment.Events.Count; n++)
        {
            int at = segment.FirstEvent + n;
            for (; lines.TryPeek(out ConsoleLine? line) && line.Event <= at; lines.Dequeue())
                output.WriteLine($"{others.Skipped()}  | {line.Text}");
            for (; checkpoints.TryPeek(out Checkpoint? checkpoint) && checkpoint.Event <= at; checkpoints.Dequeue())
                Look(checkpoint.State, gpa);
            if (!others.Has(segment.Events[n]) && IsTold(segment.Events[n]))
                output.WriteLine(others.Skipped() + EventText.Format(segment.Events[n], Kernel.Symbols));
            for (; hits.TryPeek(out Hit? hit) && hit.Event <= at + 1; hits.Dequeue())
                Look(hit.State, gpa);
        }

        foreach (ConsoleLine line in lines)
            output.WriteLine($"  | {line.Text}");
    }

    // The guest's own hypercalls and interrupts are not about pages.
    private static bool IsTold(in UvEvent happened) => happened.Kind switch
    {
        UvEventKind.Reflection or UvEventKind.Interrupt or UvEventKind.Injection => false,
        UvEventKind.ReverseResult => HCallShape.IsReverse((HCall)happened.Number),
        UvEventKind.UltraCall => (UltraCall)happened.Number is not (UltraCall.UV_RETURN or UltraCall.UV_WRITE_PATE),
        _ => true,
    };

    private void Look(MemoryState state, ulong? gpa)
    {
        string text = $"    pool {state.Pool.Count} in use";
        if (gpa is { } one && state.Has(one))
        {
            FrameState frame = state.Frame(one);
            text += $"; frame 0x{one:x} {frame.Hypervisor} for the hypervisor, {frame.Ultravisor} for the ultravisor";
            if (state.Pool.FirstOrDefault(page => page.Gpa == one) is { } device)
                text += $"; its device page {device.Index}: references {device.References}, skip_page_out {device.SkipPageOut}, remove_gfn {device.RemoveGfn}";
            if (frame.Normal is { } normal)
                text += $"; its page 0x{normal.Pfn:x}: references {normal.References}, mappings {normal.Mappings}";
        }

        if (state.Page is { } page)
            text += $"; page 0x{page.Pfn:x}: references {page.References}, mappings {page.Mappings}";
        output.WriteLine(text);
    }
}
