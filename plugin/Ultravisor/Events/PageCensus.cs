using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Events;

/// <summary>How many 64 KiB frames of secure guests are in which state, followed by their changes. Frames begin as SECURE without a change, so that state's number is relative.</summary>
public sealed class PageCensus : IUltravisorEvents, ISnapshotted
{
    private const string SnapshotTag = "page census";

    private static readonly int States = Enum.GetValues<PageState>().Length;

    private readonly long[] entered = new long[States];
    private readonly long[] total = new long[States];
    private readonly long[] most = new long[States];
    private readonly Dictionary<ulong, long[]> byPartition = [];

    /// <summary>Begins with the frames as they are.</summary>
    public PageCensus(UltravisorModel? model)
    {
        foreach (Svm svm in model?.Svms ?? [])
        {
            long[] counts = svm.CountByState();
            byPartition[svm.Lpid] = counts;
            for (int state = 0; state < States; state++)
                most[state] = total[state] += counts[state];
        }
    }

    /// <summary>Changes into a state.</summary>
    public long Entered(PageState state) => entered[(int)state];

    /// <summary>Whether a frame has been in a state.</summary>
    public bool WasSeen(PageState state) => most[(int)state] != 0;

    /// <summary>Frames of all guests that were in a state at the same time, at most.</summary>
    public long Most(PageState state) => most[(int)state];

    /// <summary>Frames of a guest in a state.</summary>
    public long Now(ulong lpid, PageState state) => byPartition.TryGetValue(lpid, out long[]? counts) ? counts[(int)state] : 0;

    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        if (happened.Kind == UvEventKind.PageState)
            Move(happened);
        else if (happened.Kind == UvEventKind.UltraCall && happened.Number == (ulong)UltraCall.UV_SVM_TERMINATE)
            Forget(happened.Args[0]);
    }

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        foreach (long[] counts in (long[][])[entered, total, most])
            SaveCounts(writer, counts);
        writer.Write(byPartition.Count);
        foreach ((ulong lpid, long[] counts) in byPartition.OrderBy(entry => entry.Key))
        {
            writer.Write(lpid);
            SaveCounts(writer, counts);
        }

        writer.End();
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        foreach (long[] counts in (long[][])[entered, total, most])
            LoadCounts(reader, counts);
        byPartition.Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            var counts = new long[States];
            byPartition[reader.ReadUInt64()] = counts;
            LoadCounts(reader, counts);
        }

        reader.End();
    }

    private static void SaveCounts(SnapshotWriter writer, long[] counts)
    {
        foreach (long count in counts)
            writer.Write(count);
    }

    private static void LoadCounts(SnapshotReader reader, long[] counts)
    {
        foreach (ref long count in counts.AsSpan())
            count = reader.ReadInt64();
    }

    private void Forget(ulong lpid)
    {
        if (!byPartition.Remove(lpid, out long[]? counts))
            return;
        for (int state = 0; state < States; state++)
            total[state] -= counts[state];
    }

    private void Move(in UvEvent happened)
    {
        if (!byPartition.TryGetValue(happened.Lpid, out long[]? counts))
            byPartition[happened.Lpid] = counts = new long[States];
        int from = (int)happened.From;
        int to = (int)happened.To;
        counts[from]--;
        total[from]--;
        counts[to]++;
        entered[to]++;
        most[to] = Math.Max(most[to], ++total[to]);
    }
}
