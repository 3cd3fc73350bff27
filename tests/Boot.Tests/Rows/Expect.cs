using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>What rows assert.</summary>
internal static class Expect
{
    /// <summary>The console shows a text.</summary>
    public static void Line(this Segment segment, string text) => Assert.That(segment.Lines, Has.Some.Contains(text));

    /// <summary>All calls but UV_WRITE_PATE and UV_RETURN are these.</summary>
    public static void AllCallsAre(this Segment segment, params string[] calls) => Assert.That(segment.AllCalls(), Is.EqualTo(calls));

    /// <summary>The calls about the frame that a console line names begin with some sequences, and its states with these.</summary>
    public static void FrameBegins(this Segment segment, string line, string states, params string[][] calls)
    {
        ulong gpa = segment.FrameNamed(line);
        string[] expected = [.. calls.SelectMany(sequence => sequence)];
        Assert.Multiple(() =>
        {
            Assert.That(segment.Calls(gpa).Take(expected.Length), Is.EqualTo(expected));
            Assert.That(segment.States(gpa), Does.StartWith(states));
        });
    }

    /// <summary>The calls about the frame that a console line names are some sequences and no more, and its states are these.</summary>
    public static void FrameIs(this Segment segment, string line, string states, params string[][] calls)
    {
        ulong gpa = segment.FrameNamed(line);
        Assert.Multiple(() =>
        {
            Assert.That(segment.Calls(gpa), Is.EqualTo(calls.SelectMany(sequence => sequence)));
            Assert.That(segment.States(gpa), Is.EqualTo(states));
        });
    }

    /// <summary>Among the calls about a frame are these, without others between them.</summary>
    public static void Contains(this Segment segment, ulong gpa, params string[] calls) =>
        Assert.That(Contains(segment.Calls(gpa), calls), Is.True, () => $"calls:\n{string.Join('\n', segment.Calls(gpa))}\nexpected among them:\n{string.Join('\n', calls)}");

    /// <summary>As <see cref="Contains(Segment, ulong, string[])"/> for the frame that a console line names; <c>*</c> is any call.</summary>
    public static void Frame(this Segment segment, string line, params string[] calls) => segment.Contains(segment.FrameNamed(line), calls);

    /// <summary>Among all calls are these, without others between them.</summary>
    public static void Refusals(this Segment segment, params string[] calls) =>
        Assert.That(Contains(segment.AllCalls(), calls), Is.True, () => $"expected among the calls:\n{string.Join('\n', calls)}");

    /// <summary>The hypervisor refuses a call at once: it makes no ultracall before it answers.</summary>
    public static void Refused(this Segment segment, string call, string answer)
    {
        IReadOnlyList<string> calls = segment.AllCalls();
        int at = calls.ToList().IndexOf(call);
        Assert.That(at, Is.Not.Negative, $"no {call}");
        Assert.That(calls[at + 1], Is.EqualTo(answer));
    }

    /// <summary>The hypervisor's count of frames in secure memory changes so from one checkpoint to a later one.</summary>
    public static void PoolChanges(this Segment segment, string from, string to, int by) =>
        Assert.That(segment.At(to).PoolUsed - segment.At(from).PoolUsed, Is.EqualTo(by), $"frames in the hypervisor's pool, {from} to {to}");

    /// <summary>One share or unshare of many frames: the same calls for each, in ascending order, then all change state.</summary>
    public static void ForEachFrame(this Segment segment, UltraCall call, int count, string[] calls, PageState final)
    {
        UvEvent[] events = [.. segment.Events];
        int last = Array.FindIndex(events, happened => happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)call && happened.Args[1] == (ulong)count);
        Assert.That(last, Is.Not.Negative, $"no {call} of {count} frames");
        ulong first = events[last].Args[0] * Frames.Size;
        ulong[] frames = [.. Enumerable.Range(0, count).Select(number => first + ((ulong)number * Frames.Size))];
        Assert.That(events[last].Result, Is.EqualTo(UReturn.U_SUCCESS));

        var asked = new List<ulong>();
        int begin = Array.FindLastIndex(events, last, happened => happened.Kind == UvEventKind.ReverseCall && happened.Args[0] == first);
        for (int n = begin; n < last; n++)
        {
            if (events[n].Kind == UvEventKind.ReverseCall)
                asked.Add(events[n].Args[0]);
        }

        Assert.That(asked, Is.EqualTo(frames), "frames in the order in which the hypervisor is asked for them");
        int finalAnswer = Array.FindLastIndex(events, last, happened => happened.Kind == UvEventKind.ReverseResult && happened.Number == (ulong)HCall.H_SVM_PAGE_IN);
        UvEvent[] commits = events[finalAnswer..last];
        foreach (ulong gpa in frames)
        {
            Assert.That(Contains(segment.Calls(gpa), calls), Is.True, $"calls for frame 0x{gpa:x}");
            Assert.That(commits.Count(happened => happened.Kind == UvEventKind.PageState && happened.Args[0] == gpa && happened.To == final), Is.EqualTo(1));
        }
    }

    private static bool Contains(IReadOnlyList<string> all, string[] part) =>
        Enumerable.Range(0, Math.Max(0, all.Count - part.Length + 1)).Any(start => all.Skip(start).Take(part.Length).Zip(part).All(pair => pair.Second == "*" || pair.First == pair.Second));
}
