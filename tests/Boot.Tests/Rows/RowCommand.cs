using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>One row as a command, told in the order in which it happened: <c>./scripts/run.sh --row NAME</c>.</summary>
internal static class RowCommand
{
    public static int Main(string[] arguments)
    {
        if (arguments is ["--list"])
        {
            foreach (Row one in Matrix.All)
                System.Console.WriteLine(one.Name);
            return 0;
        }

        if (arguments is not [var name] || Matrix.Find(name) is not { } row)
        {
            System.Console.Error.WriteLine($"usage: ./scripts/run.sh --row NAME, with one of: {string.Join(' ', Known.Select(row => row.Name))}");
            return 2;
        }

        System.Console.WriteLine($"row {row.Name}: stimulus {row.Stimulus}, machine {row.On.Name}");
        Row injected = Matrix.DriverOf(row);
        foreach ((string kind, string[] texts) in new[] { ("rule", injected.Rules), ("gate", injected.Gates), ("override", injected.Overrides) })
        {
            foreach (string text in texts)
                System.Console.WriteLine($"  {kind,-9}{text}");
        }

        Segment segment = row.On.Segment(row);
        Tell(segment);
        return Verdict(row, segment);
    }

    private static IEnumerable<Row> Known => Matrix.All.Concat(Matrix.Drafts);

    // Console lines, calls and states in one sequence; beside acts of gates and overrides and at checkpoints what the hypervisor's memory holds.
    private static void Tell(Segment row)
    {
        var lines = new Queue<ConsoleLine>(row.ConsoleLines);
        var hits = new Queue<Hit>(row.Hits);
        var checkpoints = new Queue<Checkpoint>(row.Checkpoints);
        ulong? gpa = row.LastFrameNamed();
        var others = new OtherFrames(gpa);
        for (int n = 0; n < row.Events.Count; n++)
        {
            int at = row.FirstEvent + n;
            for (; lines.TryPeek(out ConsoleLine? line) && line.Event <= at; lines.Dequeue())
                System.Console.WriteLine($"{others.Skipped()}  | {line.Text}");
            for (; checkpoints.TryPeek(out Checkpoint? checkpoint) && checkpoint.Event <= at; checkpoints.Dequeue())
                Look(checkpoint.State, gpa);
            if (!others.Has(row.Events[n]) && IsTold(row.Events[n]))
                System.Console.WriteLine(others.Skipped() + EventText.Format(row.Events[n], Kernel.Symbols));
            for (; hits.TryPeek(out Hit? hit) && hit.Event <= at + 1; hits.Dequeue())
                Look(hit.State, gpa);
        }

        foreach (ConsoleLine line in lines)
            System.Console.WriteLine($"  | {line.Text}");
    }

    // The guest's own hypercalls and interrupts are not about pages.
    private static bool IsTold(in UvEvent happened) => happened.Kind switch
    {
        UvEventKind.Reflection or UvEventKind.Interrupt or UvEventKind.Injection => false,
        UvEventKind.ReverseResult => HCallShape.IsReverse((HCall)happened.Number),
        UvEventKind.UltraCall => (UltraCall)happened.Number is not (UltraCall.UV_RETURN or UltraCall.UV_WRITE_PATE),
        _ => true,
    };

    private static void Look(MemoryState state, ulong? gpa)
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
        System.Console.WriteLine(text);
    }

    private static int Verdict(Row row, Segment segment)
    {
        try
        {
            row.Assert(segment);
        }
        catch (NUnit.Framework.ResultStateException problem)
        {
            System.Console.WriteLine($"row {row.Name}: FAIL{Environment.NewLine}{problem.Message}");
            return 1;
        }

        System.Console.WriteLine($"row {row.Name}: PASS, as the matrix and Linux's source have it");
        return 0;
    }
}
