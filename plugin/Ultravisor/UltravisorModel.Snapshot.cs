using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor;

/// <summary>
/// Snapshots. The ultravisor is data between any two instructions, in the middle of UV_ESM too. Page tables, seals and guest frames are in secure
/// memory, which the host keeps.
/// </summary>
public sealed partial class UltravisorModel : ISnapshotted
{
    private const string SnapshotTag = "ultravisor";

    /// <summary>Writes everything but the contents of memory.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        writer.Write(Options.Seed);
        writer.Write(PartitionTable.Base);
        random.Save(writer);
        Controller.Save(writer);
        Heap.Save(writer);
        Rules.Save(writer);
        writer.Write(current is null ? -1 : threadList.IndexOf(current));
        writer.Write(svmCount);
        writer.Write(svms.Count);
        foreach (Svm svm in svms.Values)
            svm.Save(writer);
        SaveContexts(writer);
        SaveCounters(writer);
        writer.End();
    }

    /// <summary>Reads it into a model with the same options, secure memory and CPUs, all attached, whose memory has the contents of that moment.</summary>
    /// <exception cref="SnapshotException">The snapshot does not fit.</exception>
    public void Load(SnapshotReader reader)
    {
        Dispose();
        reader.Begin(SnapshotTag);
        reader.Expect("the ultravisor's seed", Options.Seed);
        reader.Expect("the partition table", PartitionTable.Base);
        random.Load(reader);
        Controller.Load(reader);
        Heap.Load(reader);
        Rules.Load(reader);
        int thread = reader.ReadInt32();
        current = thread < 0 ? null : thread < threadList.Count ? threadList[thread] : throw reader.Problem($"there is no CPU {thread}");
        svmCount = reader.ReadUInt64();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            var svm = Svm.Load(reader, Controller, Heap, random.Key);
            svms[svm.Lpid] = svm;
        }

        LoadContexts(reader);
        LoadCounters(reader);
        reader.End();
    }

    /// <summary>The SVM that a number in a snapshot names.</summary>
    internal Svm FindSvm(SnapshotReader reader)
    {
        ulong lpid = reader.ReadUInt64();
        return FindSvm(lpid) ?? throw reader.Problem($"partition {lpid} is no SVM");
    }

    private void SaveContexts(SnapshotWriter writer)
    {
        writer.Write(indexCount);
        writer.Write(freeIndices.Count);
        foreach (int index in freeIndices)
            writer.Write(index);
        writer.Write(contexts.Count);
        foreach (UvContext context in contexts.Values)
            context.Save(this, writer);
        writer.Write(startCookies.Count);
        foreach ((uint cookie, StartRequest start) in startCookies.OrderBy(entry => entry.Key))
        {
            writer.Write(cookie);
            writer.Write(start.Svm.Lpid);
            writer.Write(start.Address);
            writer.Write(start.Argument);
        }
    }

    private void LoadContexts(SnapshotReader reader)
    {
        indexCount = reader.ReadInt32();
        freeIndices.Clear();
        for (int left = reader.ReadCount(int.MaxValue, sizeof(int)); left > 0; left--)
            freeIndices.Add(reader.ReadInt32());
        contexts.Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            var context = UvContext.Load(this, reader);
            contexts[context.Cookie] = context;
        }

        startCookies.Clear();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            startCookies[reader.ReadUInt32()] = new StartRequest(FindSvm(reader), reader.ReadUInt64(), reader.ReadUInt64());
    }

    private void SaveCounters(SnapshotWriter writer)
    {
        foreach (SortedDictionary<ulong, CallCounter> counters in (SortedDictionary<ulong, CallCounter>[])[ultraCalls, reverseCalls, guestCalls])
        {
            writer.Write(counters.Count);
            foreach ((ulong number, CallCounter counter) in counters)
            {
                writer.Write(number);
                counter.Save(writer);
            }
        }

        writer.Write(ReflectedInterrupts);
    }

    private void LoadCounters(SnapshotReader reader)
    {
        foreach (SortedDictionary<ulong, CallCounter> counters in (SortedDictionary<ulong, CallCounter>[])[ultraCalls, reverseCalls, guestCalls])
        {
            counters.Clear();
            for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
                counters[reader.ReadUInt64()] = CallCounter.Load(reader);
        }

        ReflectedInterrupts = reader.ReadInt64();
    }
}
