using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Checking;

/// <summary>Compares two machines after the same number of instructions.</summary>
internal static unsafe class SideComparison
{
    private const int Shown = 12;

    /// <summary>What can differ after any stretch: counts, registers, output, how the stretch ended. Null if nothing does.</summary>
    public static TierDifference? OfRegisters(Side interpreted, Side translated)
    {
        (Machine one, Machine other) = (interpreted.Machine, translated.Machine);
        bool same = one.Instructions == other.Instructions && one.IdleTicks == other.IdleTicks && interpreted.Result == null == (translated.Result == null)
            && interpreted.Result?.End == translated.Result?.End && interpreted.Output.Length == translated.Output.Length && interpreted.Lines.Count == translated.Lines.Count;
        for (int n = 0; same && n < one.All.Count; n++)
            same = CpuStateComparison.Equal(one.All[n].Cpu.State, other.All[n].Cpu.State);
        if (same && interpreted.Output.Length != 0)
            same = Output(interpreted).SequenceEqual(Output(translated));
        if (same && interpreted.Lines.Count != 0)
            same = interpreted.Lines.SequenceEqual(translated.Lines);
        return same ? null : new TierDifference(one.Instructions, [.. RegisterDifferences(interpreted, translated).Take(Shown)]);
    }

    /// <summary>All of <see cref="OfRegisters"/>, memory, and what a snapshot holds.</summary>
    public static TierDifference? OfAll(Side interpreted, Side translated)
    {
        TierDifference? registers = OfRegisters(interpreted, translated);
        List<string> list = [.. registers?.What ?? [], .. MemoryDifferences(interpreted, translated)];

        // What differs there, too, says a snapshot less well.
        if (list.Count == 0)
            list.AddRange(SnapshotDifferences(interpreted, translated));
        return list.Count == 0 ? null : new TierDifference(interpreted.Machine.Instructions, list);
    }

    private static ReadOnlySpan<byte> Output(Side side) => side.Output.GetBuffer().AsSpan(0, (int)side.Output.Length);

    private static IEnumerable<string> RegisterDifferences(Side interpreted, Side translated)
    {
        (Machine one, Machine other) = (interpreted.Machine, translated.Machine);
        if (one.Instructions != other.Instructions)
            yield return $"instructions: interpreted {one.Instructions}, translated {other.Instructions}";
        if (one.IdleTicks != other.IdleTicks)
            yield return $"idle ticks: interpreted {one.IdleTicks}, translated {other.IdleTicks}";
        if (interpreted.Result?.End != translated.Result?.End)
            yield return $"end of the run: interpreted {End(interpreted)}, translated {End(translated)}";
        for (int n = 0; n < one.All.Count; n++)
        {
            foreach (string difference in CpuStateComparison.Differences(one.All[n].Cpu, other.All[n].Cpu))
                yield return $"CPU {n}, {difference}";
        }

        string text = System.Text.Encoding.UTF8.GetString(Output(interpreted));
        string otherText = System.Text.Encoding.UTF8.GetString(Output(translated));
        if (text != otherText)
            yield return $"console: interpreted '{text}', translated '{otherText}'";
        for (int n = 0; n < Math.Max(interpreted.Lines.Count, translated.Lines.Count); n++)
        {
            (string? line, string? otherLine) = (interpreted.Lines.ElementAtOrDefault(n), translated.Lines.ElementAtOrDefault(n));
            if (line != otherLine)
                yield return $"log: interpreted '{line}', translated '{otherLine}'";
        }
    }

    private static string End(Side side) => side.Result is { } result ? $"{result.End} {result.Message}".TrimEnd() : "none";

    private static IEnumerable<string> MemoryDifferences(Side interpreted, Side translated)
    {
        if (MemoryComparison.Difference(interpreted.Machine.Memory, translated.Machine.Memory) is { } memory)
            yield return $"memory at 0x{memory.Real:x}: interpreted 0x{memory.One:x16}, translated 0x{memory.Other:x16}; {memory.Pages} pages differ";
    }

    private static IEnumerable<string> SnapshotDifferences(Side interpreted, Side translated)
    {
        (SnapshotWriter one, SnapshotWriter other) = (Written(interpreted), Written(translated));
        if (one.DifferenceTo(other) is { } difference)
            yield return $"section {difference.Path}, byte {difference.Offset}: interpreted {Bytes(one, difference.Position)}, translated {Bytes(other, difference.OtherPosition)}";
    }

    private static SnapshotWriter Written(Side side)
    {
        var writer = new SnapshotWriter(side.Machine.Fingerprint);
        side.Machine.SaveAll(writer);
        return writer;
    }

    private static string Bytes(SnapshotWriter writer, int at) => Convert.ToHexString(writer.Content.Slice(at, Math.Min(24, writer.Content.Length - at)));
}
