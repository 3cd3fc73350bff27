using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A stretch of a boot between two lines of its console.</summary>
internal sealed partial class Segment(BootRecord boot, int firstLine, int lastLine)
{
    /// <summary>The boot it is of.</summary>
    public BootRecord Boot => boot;

    /// <summary>Console lines.</summary>
    public IEnumerable<ConsoleLine> ConsoleLines => boot.Lines.Skip(firstLine).Take(lastLine - firstLine + 1);

    /// <summary>Their texts.</summary>
    public IEnumerable<string> Lines => ConsoleLines.Select(line => line.Text);

    /// <summary>Index of the first event among those of the boot.</summary>
    public int FirstEvent { get; } = boot.Lines[firstLine].Event;

    /// <summary>Events.</summary>
    public IReadOnlyList<UvEvent> Events { get; } = boot.Events[boot.Lines[firstLine].Event..boot.Lines[lastLine].Event];

    /// <summary>Checkpoints.</summary>
    public IEnumerable<Checkpoint> Checkpoints =>
        boot.Checkpoints.Where(checkpoint => checkpoint.Event >= FirstEvent && checkpoint.Event <= boot.Lines[lastLine].Event);

    /// <summary>Those of moments when the guest only waits for an answer on its console.</summary>
    public IEnumerable<Checkpoint> AtRest => Checkpoints.Where(checkpoint => char.IsLower(checkpoint.Name[0]));

    /// <summary>What gates and overrides did.</summary>
    public IReadOnlyList<Hit> Hits => [.. boot.Hits.Where(hit => hit.Event >= FirstEvent && hit.Event <= boot.Lines[lastLine].Event)];

    /// <summary>The only checkpoint of a name.</summary>
    public Checkpoint At(string name)
    {
        Checkpoint[] found = [.. Checkpoints.Where(checkpoint => checkpoint.Name == name)];
        Assert.That(found, Has.Length.EqualTo(1), $"checkpoints {name}");
        return found[0];
    }

    /// <summary>The guest address that the last console line matching a text names behind "gpa".</summary>
    public ulong FrameNamed(string text)
    {
        string? line = Lines.LastOrDefault(line => line.Contains(text, StringComparison.Ordinal) && Address().IsMatch(line));
        Assert.That(line, Is.Not.Null, $"no console line '{text} ... gpa ...'");
        return ulong.Parse(Address().Match(line!).Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>The guest address that the last console line names that names one, or null.</summary>
    public ulong? LastFrameNamed() => Lines.LastOrDefault(line => Address().IsMatch(line)) is null ? null : FrameNamed("");

    /// <summary>
    /// Calls about one frame, in order and as text: ultracalls, the ultravisor's calls of the hypervisor with their results, and reflected
    /// hypervisor storage interrupts, and what gates and overrides did. "G" stands for the frame's address, "N" for its number; the hypervisor's page is left out.
    /// </summary>
    public IReadOnlyList<string> Calls(ulong gpa)
    {
        var calls = new List<string>();

        // An answer belongs to its CPU's latest question.
        var asking = new HashSet<int>();
        foreach (UvEvent happened in Events)
        {
            bool told = happened.Kind switch
            {
                UvEventKind.UltraCall => IsAbout(happened, gpa),
                UvEventKind.ReverseCall => Asks(asking, happened, gpa),
                UvEventKind.ReverseResult => HCallShape.IsReverse((HCall)happened.Number) && asking.Remove(happened.Cpu),
                UvEventKind.Host => true,
                _ => IsStorageReflection(happened),
            };
            if (told)
                calls.Add(Text(happened, gpa));
        }

        return calls;
    }

    /// <summary>All calls in order and as text, but the partition's table entry, returns to the guest, and the guest's own hypercalls.</summary>
    public IReadOnlyList<string> AllCalls() =>
    [
        .. Events
            .Where(happened => happened.Kind switch
            {
                UvEventKind.UltraCall => (UltraCall)happened.Number is not (UltraCall.UV_RETURN or UltraCall.UV_WRITE_PATE),
                UvEventKind.ReverseCall => true,
                UvEventKind.ReverseResult => HCallShape.IsReverse((HCall)happened.Number),
                _ => false,
            })
            .Select(happened => Text(happened)),
    ];

    /// <summary>States that a frame went through, the first included.</summary>
    public string States(ulong gpa)
    {
        UvEvent[] changes = [.. Events.Where(happened => happened.Kind == UvEventKind.PageState && happened.Args[0] == gpa)];
        return changes.Length == 0 ? "" : string.Join(' ', changes.Select(change => change.From).Append(changes[^1].To));
    }

    /// <summary>An event as text without instruction count, CPU and partition.</summary>
    public static string Text(in UvEvent happened, ulong gpa = ulong.MaxValue)
    {
        string text = Prefix().Replace(EventText.Format(happened), "");
        text = HostPage().Replace(text, "");
        text = EsmArguments().Replace(text, "UV_ESM");
        if (happened.Kind == UvEventKind.Host)
            text = Offset().Replace(text, "");
        return text
            .Replace($"gpa=0x{gpa:x},", "gpa=G,", StringComparison.Ordinal)
            .Replace($"gfn=0x{gpa / Frames.Size:x},", "gfn=N,", StringComparison.Ordinal);
    }

    private static bool Asks(HashSet<int> asking, in UvEvent happened, ulong gpa)
    {
        asking.Remove(happened.Cpu);
        return (HCall)happened.Number is HCall.H_SVM_PAGE_IN or HCall.H_SVM_PAGE_OUT && happened.Args[0] == gpa && asking.Add(happened.Cpu);
    }

    private static bool IsStorageReflection(in UvEvent happened) =>
        happened.Kind == UvEventKind.Interrupt && happened.Number is 0xE00 or 0xE20;

    private static bool IsAbout(in UvEvent happened, ulong gpa) => (UltraCall)happened.Number switch
    {
        UltraCall.UV_PAGE_IN or UltraCall.UV_PAGE_OUT => happened.Args[2] == gpa,
        UltraCall.UV_PAGE_INVAL => happened.Args[1] == gpa,
        UltraCall.UV_SHARE_PAGE or UltraCall.UV_UNSHARE_PAGE => gpa / Frames.Size - happened.Args[0] < happened.Args[1],
        _ => false,
    };

    [GeneratedRegex(@"^\[ *\d+\] \S+ lpid \d+ ")]
    private static partial Regex Prefix();

    [GeneratedRegex("ra=0x[0-9a-f]+, ")]
    private static partial Regex HostPage();

    // Where the guest's kernel and device tree lie is not a matter of the calls.
    [GeneratedRegex(@"UV_ESM\([^)]*\)")]
    private static partial Regex EsmArguments();

    // Where in a function is a matter of the compiler.
    [GeneratedRegex(@"\+0x[0-9a-f]+")]
    private static partial Regex Offset();

    [GeneratedRegex("gpa ([0-9a-f]+)")]
    private static partial Regex Address();
}
