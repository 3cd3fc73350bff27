using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Snapshots. Between calls of <see cref="Execute"/> only.</summary>
public sealed unsafe partial class Cpu : ISnapshotted
{
    private const string SnapshotTag = "cpu";

    /// <summary>
    /// Writes all that execution depends on, the translations that are cached among it: software may change a table and invalidate later, or, as Linux
    /// does when it clears a reference bit, never; until then the old entry counts.
    /// </summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Begin(SnapshotTag);
        monitor.Settle();
        writer.Write((ulong)Pir);
        CpuStateSnapshot.Save(State, writer);
        writer.Write((long)pending);
        writer.Write(Stopped);
        writer.Write(StopReason);
        writer.Write(lastInterrupt);
        writer.Write(SkippedTicks);
        writer.Write(timeBaseOffset);
        writer.Write(decExpiry);
        writer.Write(hdecExpiry);
        writer.Write(hdecArmed);
        writer.Write(Deliveries);
        writer.Write(HypervisorDeliveries);
        SaveCounts(writer, InterruptCounts);
        SaveCounts(writer, ignoredSprs);
        Slb.Save(writer);
        authorities.Save(writer);
        spaces.Save(writer);
        foreach (AddressSpace space in new[] { data0!, data1!, code0!, code1! })
            writer.Write(space.Id);
        writer.End();
    }

    /// <summary>
    /// Reads it into a CPU of the same PIR, whose memory already has the ranges and contents of that moment. What the CPU is attached to (firmware,
    /// ultravisor, other CPUs) must be attached before.
    /// </summary>
    /// <exception cref="SnapshotException">The snapshot does not fit.</exception>
    public void Load(SnapshotReader reader)
    {
        try
        {
            LoadAll(reader);
        }
        catch
        {
            // Not a state that means anything, but one whose pointers are good.
            spaces.FlushAll();
            SelectSpaces();
            throw;
        }
    }

    private void LoadAll(SnapshotReader reader)
    {
        reader.Begin(SnapshotTag);
        reader.Expect("PIR", Pir);
        CpuStateSnapshot.Load(State, reader);
        pending = (PendingInterrupt)reader.ReadInt64();
        Stopped = reader.ReadBool();
        StopReason = reader.ReadText();
        lastInterrupt = reader.ReadInt64();
        SkippedTicks = reader.ReadUInt64();
        timeBaseOffset = reader.ReadUInt64();
        decExpiry = reader.ReadUInt64();
        hdecExpiry = reader.ReadUInt64();
        hdecArmed = reader.ReadBool();
        Deliveries = reader.ReadInt64();
        HypervisorDeliveries = reader.ReadInt64();
        LoadCounts(reader, InterruptCounts);
        LoadCounts(reader, ignoredSprs);
        Slb.Load(reader);
        authorities.Load(reader);
        spaces.Load(reader, Memory);
        data0 = spaces.Find(reader);
        data1 = spaces.Find(reader);
        code0 = spaces.Find(reader);
        code1 = spaces.Find(reader);
        PointToSpaces();
        Watch.Apply();
        passing = StoppedAtBreakpoint = false;
        FollowSprs();
        ResumeSampling();

        // The next run looks its page up.
        State->CodePage = null;
        reader.End();
    }

    // Nearly all are zero.
    private static void SaveCounts(SnapshotWriter writer, long[] counts)
    {
        writer.Write(counts.Count(count => count != 0));
        for (int n = 0; n < counts.Length; n++)
        {
            if (counts[n] == 0)
                continue;
            writer.Write(n);
            writer.Write(counts[n]);
        }
    }

    private static void LoadCounts(SnapshotReader reader, long[] counts)
    {
        Array.Clear(counts);
        for (int left = reader.ReadCount(counts.Length); left > 0; left--)
        {
            int index = reader.ReadInt32();
            if ((uint)index >= (uint)counts.Length)
                throw reader.Problem($"there is no counter {index}");
            counts[index] = reader.ReadInt64();
        }
    }
}
