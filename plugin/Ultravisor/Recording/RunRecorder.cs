using System.IO.Compression;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Ultravisor.Abi;
using RenodeUvmem.Ultravisor.Events;
using RenodeUvmem.Ultravisor.Memory;
using RenodeUvmem.Ultravisor.Pages;
using RenodeUvmem.Ultravisor.Rules;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>
/// Keeps a run as a record, from which reports are made: some bytes for each event, names included, compressed. May begin at any time; <see cref="Dispose"/> completes it.
/// </summary>
/// <remarks>
/// A record is gzip of: <c>UVRECORD</c>, version, ticks a second, texts of the page states (count, texts), texts of <see cref="Activity"/>, of <see cref="SvmState"/> and of answers likewise, then entries: a kind
/// and what belongs to it. <c>when</c> is: CPU + 1; signed, ticks since the entry before; signed, ticks since that CPU's entry before in which it executed nothing; LPID.
/// <c>call</c> is: when; place of the call; lane + 1; place of the caller's text + 1, or 0; arguments.
/// <list type="table">
/// <item><term>Text</term><description>the text</description></item>
/// <item><term>Call</term><description>1 for a hypercall; number; place of its name; number of arguments, places of their names</description></item>
/// <item><term>Activity</term><description>when; <see cref="Activity"/></description></item>
/// <item><term>UltraCallBegun, ReverseCall, Reflection</term><description>call</description></item>
/// <item><term>UltraCall</term><description>call; signed, result</description></item>
/// <item><term>Result</term><description>when; place of the call; lane + 1; signed, result</description></item>
/// <item><term>Interrupt, Injection</term><description>when; vector or address</description></item>
/// <item><term>PageState</term><description>when; signed, frame number since the one before; state before; state after</description></item>
/// <item><term>Violation</term><description>when; place of the text; real address; instruction address; place of the text of whose code; place of the function's + 1, or 0</description></item>
/// <item><term>Life</term><description>when; <see cref="SvmState"/> it goes to + 1, or 0 at its end; place of the text</description></item>
/// <item><term>Remark</term><description>when; place of the text</description></item>
/// <item><term>Slot</term><description>when; 1 if it comes; slot id; first frame; number of frames</description></item>
/// <item><term>End</term><description>when</description></item>
/// </list>
/// </remarks>
public sealed unsafe class RunRecorder : IUltravisorEvents, IDisposable
{
    internal const int Version = 1;
    internal const string Magic = "UVRECORD";

    private readonly GZipStream gzip;
    private readonly BufferedStream buffer;
    private readonly UltravisorModel model;
    private readonly RecordWriter writer;
    private readonly CallLanes lanes = new();
    private readonly ISymbols? symbols;
    private readonly List<Cpu> cpus = [];
    private readonly Dictionary<string, int> texts = [];
    private readonly Dictionary<CallName, int> calls = [];
    private readonly Dictionary<int, (ulong Ticks, long Instruction)> lastOfCpu = [];
    private ulong lastTicks;
    private long lastFrame;

    /// <summary>Begins a record.</summary>
    /// <param name="stream">Where to; stays the caller's.</param>
    /// <param name="model">Whose events will come.</param>
    /// <param name="symbols">Names the functions that make ultracalls, or null.</param>
    public RunRecorder(Stream stream, UltravisorModel model, ISymbols? symbols = null)
    {
        gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        buffer = new BufferedStream(gzip, 1 << 16);
        writer = new RecordWriter(buffer);
        this.symbols = symbols;
        this.model = model;
        WriteHead();
        foreach (Svm svm in model.Svms)
            WriteSvm(svm);
    }

    /// <summary>Follows what a CPU does from now on.</summary>
    public void Watch(Cpu cpu)
    {
        cpus.Add(cpu);
        cpu.ActivityChanged += Change;
        Change(cpu);
    }

    /// <inheritdoc/>
    public void Record(in UvEvent happened)
    {
        int lane = lanes.Of(happened);
        switch (happened.Kind)
        {
            case UvEventKind.UltraCallBegun:
                WriteCall(RecordKind.UltraCallBegun, happened, lane, new CallName(false, happened.Number));
                break;
            case UvEventKind.UltraCall:
                WriteCall(RecordKind.UltraCall, happened, lane, new CallName(false, happened.Number));
                writer.WriteSigned(happened.Result);
                if (happened.Result == UReturn.U_SUCCESS)
                    FollowSlots(happened);
                break;
            case UvEventKind.ReverseCall:
                WriteCall(RecordKind.ReverseCall, happened, lane, new CallName(true, happened.Number));
                break;
            case UvEventKind.Reflection:
                WriteCall(RecordKind.Reflection, happened, lane, new CallName(true, happened.Number));
                break;
            case UvEventKind.ReverseResult:
                int place = Place(new CallName(true, happened.Number), []);
                Begin(RecordKind.Result, happened);
                writer.Write(place);
                writer.Write(lane + 1);
                writer.WriteSigned(happened.Result);
                break;
            case UvEventKind.Interrupt:
            case UvEventKind.Injection:
                Begin(happened.Kind == UvEventKind.Interrupt ? RecordKind.Interrupt : RecordKind.Injection, happened);
                writer.Write(happened.Number);
                break;
            case UvEventKind.PageState:
                Begin(RecordKind.PageState, happened);
                WriteFrame(happened.Args[0], happened.From, happened.To);
                break;
            case UvEventKind.Violation:
                WriteViolation(happened);
                break;
            case UvEventKind.LifeCycle when happened.Number != 0:
                int text = Place(happened.Text ?? "");
                Begin(RecordKind.Life, happened);
                writer.Write(StateAfter((Occasion)happened.Number) is { } state ? (int)state + 1 : 0);
                writer.Write(text);
                break;
            default:
                text = Place(happened.Text ?? "");
                Begin(RecordKind.Remark, happened);
                writer.Write(text);
                break;
        }
    }

    /// <summary>Completes the record.</summary>
    public void Dispose()
    {
        foreach (Cpu cpu in cpus)
        {
            cpu.ActivityChanged -= Change;
            Change(cpu);
        }

        Begin(RecordKind.End, Moment(0));
        buffer.Dispose();
        gzip.Dispose();
    }

    private static SvmState? StateAfter(Occasion occasion) => occasion switch
    {
        Occasion.SvmStart => SvmState.Starting,
        Occasion.SvmSecure => SvmState.Secure,
        Occasion.SvmAbort => SvmState.Aborting,
        Occasion.SvmKill => SvmState.Dead,
        _ => null,
    };

    private void WriteHead()
    {
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(Cpu.TimeBaseFrequency);
        foreach (string[] names in (string[][])[Enum.GetNames<PageState>(), Enum.GetNames<Activity>(), Enum.GetNames<SvmState>(), [.. UReturn.All.Select(UReturn.Text)]])
        {
            writer.Write(names.Length);
            foreach (string name in names)
                writer.Write(name);
        }
    }

    // What went before: a reader sees an SVM as if it had come to be at once.
    private void WriteSvm(Svm svm)
    {
        int text = Place("was there before");
        UvEvent now = Moment(svm.Lpid);
        Begin(RecordKind.Life, now);
        writer.Write((int)svm.State + 1);
        writer.Write(text);
        foreach (MemorySlot slot in svm.Slots)
        {
            WriteSlot(now, comes: true, slot.Id, slot.Gpa, slot.Size);
            for (int n = 0; n < slot.Frames.Length; n++)
            {
                if (slot.Frames[n].State == PageState.SECURE)
                    continue;
                Begin(RecordKind.PageState, now);
                WriteFrame(slot.Gpa + ((ulong)n * SecureHeap.FrameSize), PageState.SECURE, slot.Frames[n].State);
            }
        }
    }

    private void FollowSlots(in UvEvent happened)
    {
        string[] names = EventText.NamesOf(happened);
        CallArguments arguments = happened.Args;
        ulong Value(string name) => arguments[Array.IndexOf(names, name)];
        switch ((UltraCall)happened.Number)
        {
            case UltraCall.UV_REGISTER_MEM_SLOT:
                WriteSlot(happened, comes: true, Value("slot"), Value("gpa"), Value("size"));
                break;
            case UltraCall.UV_UNREGISTER_MEM_SLOT:
                WriteSlot(happened, comes: false, Value("slot"), 0, 0);
                break;
        }
    }

    private void WriteSlot(in UvEvent moment, bool comes, ulong id, ulong gpa, ulong size)
    {
        Begin(RecordKind.Slot, moment);
        writer.Write(comes ? 1 : 0);
        writer.Write(id);
        writer.Write(gpa / SecureHeap.FrameSize);
        writer.Write(size / SecureHeap.FrameSize);
    }

    private void WriteCall(RecordKind kind, in UvEvent happened, int lane, CallName call)
    {
        string[] names = EventText.NamesOf(happened);
        int place = Place(call, names);
        int caller = PlaceOrNone(happened.Site.Function(symbols));
        Begin(kind, happened);
        writer.Write(place);
        writer.Write(lane + 1);
        writer.Write(caller);
        for (int n = 0; n < names.Length; n++)
            writer.Write(happened.Args[n]);
    }

    private void WriteViolation(in UvEvent happened)
    {
        int text = Place(happened.Text ?? "");
        int world = Place(happened.Site.WorldText);
        int function = PlaceOrNone(happened.Site.Function(symbols));
        Begin(RecordKind.Violation, happened);
        writer.Write(text);
        writer.Write(happened.Args[0]);
        writer.Write(happened.Args[1]);
        writer.Write(world);
        writer.Write(function);
    }

    private void WriteFrame(ulong gpa, PageState from, PageState to)
    {
        long frame = (long)(gpa / SecureHeap.FrameSize);
        writer.WriteSigned(frame - lastFrame);
        lastFrame = frame;
        writer.Write((int)from);
        writer.Write((int)to);
    }

    private void Change(Cpu cpu)
    {
        Activity activity = cpu.Activity;
        Begin(RecordKind.Activity, new UvEvent
        {
            Cpu = (int)cpu.Pir,
            Ticks = cpu.Ticks,
            Instruction = cpu.State->Executed,
            Lpid = activity is Activity.Guest or Activity.SecureGuest ? cpu.State->Spr[SprNumber.LPIDR] : 0,
        });
        writer.Write((int)activity);
    }

    private UvEvent Moment(ulong lpid) => new() { Cpu = CallLanes.None, Ticks = Math.Max(model.Ticks, lastTicks), Lpid = lpid };

    // Kind and "when". Texts and calls that the entry names must be written before.
    private void Begin(RecordKind kind, in UvEvent happened)
    {
        lastOfCpu.TryGetValue(happened.Cpu, out (ulong Ticks, long Instruction) last);
        writer.Write(kind);
        writer.Write(happened.Cpu + 1);
        writer.WriteSigned((long)(happened.Ticks - lastTicks));
        writer.WriteSigned((long)(happened.Ticks - last.Ticks) - (happened.Instruction - last.Instruction));
        writer.Write(happened.Lpid);
        lastTicks = happened.Ticks;
        lastOfCpu[happened.Cpu] = (happened.Ticks, happened.Instruction);
    }

    private int PlaceOrNone(string? text) => text is null ? 0 : Place(text) + 1;

    private int Place(string text)
    {
        if (texts.TryGetValue(text, out int place))
            return place;
        writer.Write(RecordKind.Text);
        writer.Write(text);
        return texts[text] = texts.Count;
    }

    private int Place(CallName call, string[] arguments)
    {
        if (calls.TryGetValue(call, out int place))
            return place;
        int name = Place(call.ToString());
        int[] names = [.. arguments.Select(Place)];
        writer.Write(RecordKind.Call);
        writer.Write(call.IsHypercall ? 1 : 0);
        writer.Write(call.Number);
        writer.Write(name);
        writer.Write(names.Length);
        foreach (int one in names)
            writer.Write(one);
        return calls[call] = calls.Count;
    }
}
