using System.IO.Compression;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>What a record holds, read for tables. <see cref="RunRecorder"/> describes the format.</summary>
public sealed class RunRecord
{
    private readonly RecordReader reader;
    private readonly List<string> texts = [];
    private readonly List<(CallName Name, string Text, string[] Arguments)> calls = [];
    private readonly Dictionary<(ulong Lpid, int Lane), Stack<RecordedCall>> open = [];
    private readonly Dictionary<int, (Activity Activity, long Instruction)> doing = [];
    private readonly Dictionary<int, (ulong Ticks, long Instruction)> lastOfCpu = [];
    private readonly List<RecordedCall> made = [];
    private readonly List<RecordedViolation> violations = [];
    private readonly List<RecordedNote> notes = [];
    private readonly SortedDictionary<int, long[]> executed = [];
    private readonly HashSet<ulong> svms = [];
    private ulong ticks;
    private int cpu;
    private ulong lpid;

    private RunRecord(Stream stream)
    {
        reader = new RecordReader(stream);
        if (reader.ReadText() != RunRecorder.Magic)
            throw new InvalidDataException("it is no record");
        if (reader.Read() is var version && version != RunRecorder.Version)
            throw new InvalidDataException($"it is of version {version}, and this program reads version {RunRecorder.Version}");
        TicksPerSecond = reader.Read();
        for (int list = 0; list < 4; list++)
        {
            for (int left = reader.ReadPlace(byte.MaxValue); left > 0; left--)
                reader.ReadText();
        }

        while (reader.ReadKind() is { } kind)
        {
            ReadEntry(kind);
            if (kind == RecordKind.End)
                return;
        }

        throw new InvalidDataException("it has no end: the run that wrote it was interrupted");
    }

    /// <summary>Ticks a second.</summary>
    public ulong TicksPerSecond { get; }

    /// <summary>Time of the end, in ticks since power-on.</summary>
    public ulong End => ticks;

    /// <summary>Calls in the order in which they were made.</summary>
    public IReadOnlyList<RecordedCall> Calls => made;

    /// <summary>Refused accesses.</summary>
    public IReadOnlyList<RecordedViolation> Violations => violations;

    /// <summary>Steps in lives of SVMs, and remarks.</summary>
    public IReadOnlyList<RecordedNote> Notes => notes;

    /// <summary>Instructions by CPU, then by <see cref="Activity"/>.</summary>
    public IReadOnlyDictionary<int, long[]> Executed => executed;

    /// <summary>Changes of page states.</summary>
    public long PageChanges { get; private set; }

    /// <summary>Partitions that were SVMs at some time.</summary>
    public IReadOnlyCollection<ulong> Svms => svms;

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidDataException">It is none, or damaged.</exception>
    public static RunRecord Read(Stream stream)
    {
        try
        {
            using var gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return new RunRecord(new BufferedStream(gzip, 1 << 16));
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("the record ends within an entry");
        }
    }

    private void ReadEntry(RecordKind kind)
    {
        if (kind == RecordKind.Text)
        {
            texts.Add(reader.ReadText());
            return;
        }

        if (kind == RecordKind.Call)
        {
            var call = new CallName(reader.Read() != 0, reader.Read());
            string text = Text();
            var arguments = new string[reader.ReadPlace(byte.MaxValue)];
            foreach (ref string argument in arguments.AsSpan())
                argument = Text();
            calls.Add((call, text, arguments));
            return;
        }

        ReadWhen();
        ReadMoment(kind);
    }

    private void ReadMoment(RecordKind kind)
    {
        switch (kind)
        {
            case RecordKind.Activity:
                Follow((Activity)reader.ReadPlace(Enum.GetValues<Activity>().Length));
                break;
            case RecordKind.UltraCallBegun:
                Open(ReadCall(CallKind.UltraCall, out int lane), lane);
                break;
            case RecordKind.ReverseCall:
                Open(ReadCall(CallKind.ReverseCall, out lane), lane);
                break;
            case RecordKind.Reflection:
                Open(ReadCall(CallKind.GuestCall, out lane), lane);
                break;
            case RecordKind.UltraCall:
                RecordedCall call = ReadCall(CallKind.UltraCall, out lane);
                long result = reader.ReadSigned();
                if (!Answer(lane, call.Name, result))
                    AddAnswered(call, result);
                break;
            case RecordKind.Result:
                (CallName name, string text, _) = calls[reader.ReadPlace(calls.Count)];
                lane = Lane();
                result = reader.ReadSigned();
                if (!Answer(lane, name, result))
                    AddAnswered(new RecordedCall(name, CallKind.GuestCall, text, cpu, lpid, ticks, "", null), result);
                break;
            case RecordKind.Interrupt:
            case RecordKind.Injection:
                reader.Read();
                break;
            case RecordKind.PageState:
                reader.ReadSigned();
                reader.Read();
                reader.Read();
                PageChanges++;
                break;
            case RecordKind.Violation:
                violations.Add(new RecordedViolation(ticks, cpu, Text(), reader.Read(), reader.Read(), Text(), TextOrNone()));
                break;
            case RecordKind.Life:
                bool ends = reader.Read() == 0;
                notes.Add(new RecordedNote(ticks, lpid, IsLife: true, Text()));
                svms.Add(lpid);
                if (ends)
                    Forget();
                break;
            case RecordKind.Remark:
                notes.Add(new RecordedNote(ticks, lpid, IsLife: false, Text()));
                break;
            case RecordKind.Slot:
                for (int left = 4; left > 0; left--)
                    reader.Read();
                break;
        }
    }

    private void ReadWhen()
    {
        cpu = reader.ReadPlace(int.MaxValue) - 1;
        ticks += (ulong)reader.ReadSigned();
        long idle = reader.ReadSigned();
        lpid = reader.Read();
        lastOfCpu.TryGetValue(cpu, out (ulong Ticks, long Instruction) last);
        lastOfCpu[cpu] = (ticks, last.Instruction + (long)(ticks - last.Ticks) - idle);
    }

    private RecordedCall ReadCall(CallKind kind, out int lane)
    {
        (CallName name, string text, string[] names) = calls[reader.ReadPlace(calls.Count)];
        lane = Lane();
        string? caller = TextOrNone();
        string[] arguments = [.. names.Select(one => $"{one}={EventText.Argument(one, reader.Read())}")];
        return new RecordedCall(name, kind, text, cpu, lpid, ticks, $"({string.Join(", ", arguments)})", caller);
    }

    private void Open(RecordedCall call, int lane)
    {
        made.Add(call);
        if (!open.TryGetValue((lpid, lane), out Stack<RecordedCall>? stack))
            open[(lpid, lane)] = stack = [];
        stack.Push(call);
    }

    // True if the answer is to the innermost call of the lane.
    private bool Answer(int lane, CallName name, long result)
    {
        if (!open.TryGetValue((lpid, lane), out Stack<RecordedCall>? stack) || !stack.TryPeek(out RecordedCall? call) || call.Name != name)
            return false;
        stack.Pop();
        (call.End, call.Result) = (ticks, result);
        return true;
    }

    private void AddAnswered(RecordedCall call, long result)
    {
        call.Result = result;
        made.Add(call);
    }

    private void Forget()
    {
        foreach (((ulong partition, _), Stack<RecordedCall> stack) in open)
        {
            if (partition == lpid)
                stack.Clear();
        }
    }

    private void Follow(Activity next)
    {
        long now = lastOfCpu[cpu].Instruction;
        if (!doing.TryGetValue(cpu, out (Activity Activity, long Instruction) before))
            executed[cpu] = new long[Enum.GetValues<Activity>().Length];

        // The instruction that stops is counted after it has; only the hypervisor may.
        else
            executed[cpu][(int)(before.Activity == Activity.Stopped ? Activity.Hypervisor : before.Activity)] += now - before.Instruction;
        doing[cpu] = (next, now);
    }

    private string Text() => texts[reader.ReadPlace(texts.Count)];

    private string? TextOrNone()
    {
        int place = reader.ReadPlace(texts.Count + 1);
        return place == 0 ? null : texts[place - 1];
    }

    private int Lane() => reader.ReadPlace(int.MaxValue) - 1;
}
