using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>How the hypervisor gave the frames of a guest up during UV_ESM, from H_SVM_INIT_START to H_SVM_INIT_DONE or a refusal.</summary>
internal sealed class Takeover
{
    private Takeover(Segment segment, int begin, int end)
    {
        UvEvent? asked = null;
        var pageIns = new List<int>();
        for (int n = begin; n < end; n++)
        {
            UvEvent happened = segment.Events[n];
            if (happened.Kind == UvEventKind.ReverseCall)
            {
                asked = happened.Number == (ulong)HCall.H_SVM_PAGE_IN ? happened : null;
                pageIns.Clear();
            }
            else if (happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_PAGE_IN)
            {
                pageIns.Add(n);
            }
            else if (happened.Kind == UvEventKind.ReverseResult && asked is { } call)
            {
                Answers.Add(new Answer(call.Args[0], call.Args[1] == 1, happened.Result, [.. pageIns.Select(at => segment.Events[at])])
                {
                    Zero = pageIns.Count > 0 && segment.Boot.ZeroPageIns.Contains(segment.FirstEvent + pageIns[0]),
                });
                asked = null;
            }
        }
    }

    /// <summary>The hypervisor's answers to H_SVM_PAGE_IN, in order.</summary>
    public List<Answer> Answers { get; } = [];

    /// <summary>The first UV_ESM of a segment, or the last.</summary>
    public static Takeover Of(Segment segment)
    {
        UvEvent[] events = [.. segment.Events];
        int begin = Array.FindIndex(events, happened => happened is { Kind: UvEventKind.ReverseCall, Number: (ulong)HCall.H_SVM_INIT_START });
        Assert.That(begin, Is.Not.Negative, "no UV_ESM");
        int end = Array.FindIndex(events, begin, happened => happened is { Kind: UvEventKind.ReverseCall, Number: (ulong)HCall.H_SVM_INIT_DONE or (ulong)HCall.H_SVM_INIT_ABORT });
        return new Takeover(segment, begin, end);
    }

    /// <summary>Frames that became secure with the hypervisor's content (true), or without any, being holes (false).</summary>
    public IEnumerable<Answer> Secured(bool withContent) =>
        Answers.Where(answer => !answer.Shared && answer.Result == UReturn.U_SUCCESS && answer.PageIns.Length > 0 == withContent);

    /// <summary>Frames that the ultravisor shares for RTAS.</summary>
    public IEnumerable<Answer> Shared => Answers.Where(answer => answer.Shared);

    /// <summary>One H_SVM_PAGE_IN.</summary>
    /// <param name="Gpa">Frame.</param>
    /// <param name="Shared">Whether a shared page was asked for.</param>
    /// <param name="Result">The hypervisor's answer.</param>
    /// <param name="PageIns">UV_PAGE_IN calls that it made before.</param>
    internal sealed record Answer(ulong Gpa, bool Shared, long Result, UvEvent[] PageIns)
    {
        /// <summary>The page it gave held nothing but zeros.</summary>
        public bool Zero { get; init; }

        /// <summary>It gave one page, for this frame, and the ultravisor took it.</summary>
        public bool GaveOnePage => PageIns is [{ Result: UReturn.U_SUCCESS } only] && only.Args[2] == Gpa;
    }
}
