using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Operations;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;
using RenodeUvmem.Ultravisor.Threads;

namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>Reads the ultravisor's state as values, for people and tests. Nothing here changes the machine. Ask between two runs, or in a listener.</summary>
public sealed unsafe class Inspector
{
    private readonly UltravisorModel model;

    internal Inspector(UltravisorModel model) => this.model = model;

    /// <summary>Use of secure memory.</summary>
    public HeapInfo Heap => new(model.Controller.Size, model.Controller.Size - model.Heap.Unallocated, model.Heap.Promised);

    /// <summary>All SVMs in order of LPID.</summary>
    public IReadOnlyList<SvmInfo> Svms => [.. model.Svms.Select(Describe)];

    /// <summary>The SVM of a partition.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public SvmInfo Svm(ulong lpid) => Describe(Find(lpid));

    /// <summary>State of the frame that holds a guest real address; null where no slot is registered.</summary>
    /// <exception cref="RequestException">The partition is no SVM.</exception>
    public PageState? PageStateOf(ulong lpid, ulong gpa)
    {
        ref GuestFrame frame = ref Find(lpid).Frame(gpa);
        return Unsafe.IsNullRef(ref frame) ? null : frame.State;
    }

    /// <summary>States of frames, those behind each other that are alike as one. Covers the whole range, with gaps between slots.</summary>
    /// <param name="lpid">Partition.</param>
    /// <param name="gpa">A guest real address in the first frame.</param>
    /// <param name="count">How many frames.</param>
    /// <exception cref="RequestException">The partition is no SVM.</exception>
    public IReadOnlyList<PageRange> DescribePages(ulong lpid, ulong gpa, ulong count)
    {
        Svm svm = Find(lpid);
        var ranges = new List<PageRange>();
        ulong frame = gpa / SecureHeap.FrameSize;
        ulong end = Math.Min(count, (ulong.MaxValue / SecureHeap.FrameSize) + 1 - frame) + frame;
        foreach (MemorySlot slot in svm.Slots)
        {
            ulong first = slot.Gpa / SecureHeap.FrameSize;
            ulong last = first + (ulong)slot.Frames.Length;
            if (last <= frame || first >= end)
                continue;
            if (first > frame)
                AddGap(ranges, frame, first - frame);
            for (frame = Math.Max(frame, first); frame < Math.Min(last, end); frame++)
                Add(ranges, svm, frame * SecureHeap.FrameSize, slot.Frames[frame - first]);
        }

        if (frame < end)
            AddGap(ranges, frame, end - frame);
        return ranges;
    }

    /// <summary>All counters: ultracalls, then the ultravisor's calls, then hypercalls of SVMs.</summary>
    public IReadOnlyList<CallCount> Counters =>
        [.. model.UltraCallCounters.Concat(model.ReverseCallCounters).Concat(model.GuestCallCounters).Select(counter => new CallCount(counter.Name, counter.Count, counter.Failures))];

    /// <summary>How often a call was answered: an ultracall, or a hypercall by the ultravisor and by SVMs together. By name, whatever its case, or number.</summary>
    /// <exception cref="RequestException">There is no such call; the message names similar ones.</exception>
    public CallCount CountOf(string name)
    {
        CallName call;
        try
        {
            call = CallName.Parse(name);
        }
        catch (FormatException problem)
        {
            throw new RequestException(problem.Message);
        }

        string exact = call.ToString();
        IEnumerable<CallCounter> counters = call.IsHypercall ? model.ReverseCallCounters.Concat(model.GuestCallCounters) : model.UltraCallCounters;
        CallCounter[] found = [.. counters.Where(counter => counter.Name == exact)];
        return new CallCount(exact, found.Sum(counter => counter.Count), found.Sum(counter => counter.Failures));
    }

    /// <summary>The last refused accesses to secure memory, oldest first.</summary>
    public IReadOnlyList<SecureViolation> Violations(int count = ViolationLog.Capacity) => model.Controller.Recent.Last(count);

    private static void Add(List<PageRange> ranges, Svm svm, ulong gpa, in GuestFrame frame)
    {
        PageFlags flags = PageFlags.None;
        if (svm.Tree.Mapped(gpa) != 0)
            flags |= PageFlags.Mapped;
        if (frame.Requested && svm.State == SvmState.Starting)
            flags |= PageFlags.Requested;
        if (frame.ZeroOnArrival)
            flags |= PageFlags.ZeroOnArrival;
        if (frame.Seal != 0)
            flags |= PageFlags.Sealed;
        if (ranges is [.., var last]
            && (last.State, last.Flags) == (frame.State, flags)
            && last.Secure != 0 == (frame.Secure != 0)
            && last.Normal != 0 == (frame.Normal != 0))
        {
            bool follows = Follows(last.Secure, last.Count, frame.Secure) && Follows(last.Normal, last.Count, frame.Normal);
            ranges[^1] = last with { Count = last.Count + 1, IsContiguous = last.IsContiguous && follows };
            return;
        }

        ranges.Add(new PageRange { Gpa = gpa, Count = 1, State = frame.State, Flags = flags, Secure = frame.Secure, Normal = frame.Normal, IsContiguous = true });
    }

    private static bool Follows(ulong first, ulong count, ulong next) => first == 0 || next == first + (count * SecureHeap.FrameSize);

    private static void AddGap(List<PageRange> ranges, ulong frame, ulong count) =>
        ranges.Add(new PageRange { Gpa = frame * SecureHeap.FrameSize, Count = count, State = null, Flags = PageFlags.None, Secure = 0, Normal = 0, IsContiguous = true });

    private Svm Find(ulong lpid)
    {
        if (model.FindSvm(lpid) is { } svm)
            return svm;
        string others = string.Join(", ", model.Svms.Select(other => other.Lpid));
        throw new RequestException($"partition {lpid} is no SVM; " + (others.Length == 0 ? "there is none now" : $"SVMs are {others}"));
    }

    private SvmInfo Describe(Svm svm) => new()
    {
        Lpid = svm.Lpid,
        State = svm.State,
        CpusInside = [.. model.Threads.Where(thread => Executes(thread, svm)).Select(thread => thread.Number)],
        CpusOutside = [.. model.Contexts.Where(context => context.Svm == svm).OrderBy(context => context.Index).Select(Describe)],
        Slots = [.. svm.Slots.Select(slot => new SlotInfo(slot.Id, slot.Gpa, slot.Size))],
        Frames = svm.CountByState(),
        ResidentBytes = SecureHeap.FrameSize * (ulong)svm.Slots.Sum(slot => slot.Frames.LongCount(frame => frame.Secure != 0)),
        RtasPages = [.. svm.Rtas?.Pages ?? []],
        RtasBuffersInUse = svm.Rtas?.BuffersInUse ?? 0,
    };

    private static bool Executes(IThread thread, Svm svm) =>
        (thread.State->Msr & (Msr.S | Msr.HV)) == Msr.S && thread.State->Spr[SprNumber.LPIDR] == svm.Lpid;

    private static OutsideCpu Describe(UvContext context)
    {
        string asked = (context.Reverse ?? context.Reflected) is { } call ? CallName.Of(call) : "interrupt";
        IEnumerable<string> waiting = context.Operations.Select(operation => operation.ToString());
        if (context.PendingCall is { } pending)
            waiting = waiting.Append(CallName.Of(pending));
        return new OutsideCpu(context.Index, context.Registers.Nia, string.Join(" < ", waiting.Prepend(asked)));
    }
}
