using RenodeUvmem.Boot.Tests.Support;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Boot.Tests.Rows;

/// <summary>Leaves out of a row's story what is about other frames than its own; UV_ESM alone has thousands of such calls.</summary>
/// <param name="gpa">The row's frame; without one all is told.</param>
internal sealed class OtherFrames(ulong? gpa)
{
    private readonly HashSet<int> asking = [];
    private int skipped;

    /// <summary>Whether an event is about another frame.</summary>
    public bool Has(in UvEvent happened)
    {
        if (gpa is null)
            return false;
        bool other = happened.Kind switch
        {
            UvEventKind.PageState => happened.Args[0] != gpa,
            UvEventKind.ReverseCall => Asks(happened),
            UvEventKind.ReverseResult => asking.Remove(happened.Cpu),
            UvEventKind.UltraCall => (UltraCall)happened.Number switch
            {
                UltraCall.UV_PAGE_IN or UltraCall.UV_PAGE_OUT => happened.Args[2] != gpa,
                UltraCall.UV_PAGE_INVAL => happened.Args[1] != gpa,
                UltraCall.UV_SHARE_PAGE or UltraCall.UV_UNSHARE_PAGE => (gpa.Value / Frames.Size) - happened.Args[0] >= happened.Args[1],
                _ => false,
            },
            _ => false,
        };
        skipped += other ? 1 : 0;
        return other;
    }

    /// <summary>A line that says how many were left out since the last one, or nothing.</summary>
    public string Skipped()
    {
        string text = skipped == 0 ? "" : $"  ... {skipped} events about other frames{Environment.NewLine}";
        skipped = 0;
        return text;
    }

    private bool Asks(in UvEvent happened)
    {
        asking.Remove(happened.Cpu);
        return (HCall)happened.Number is HCall.H_SVM_PAGE_IN or HCall.H_SVM_PAGE_OUT && happened.Args[0] != gpa && asking.Add(happened.Cpu);
    }
}
