using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Traces as x86-64 code of our own generator: some microseconds an instruction, so that code is worth it that executes a thousand times.</summary>
internal sealed unsafe class NativeBackEnd : IBackEnd
{
    private const int UsualRoom = 63 << 20;

    // More than a trace takes.
    private const int Reserve = 1 << 20;

    // Entering and leaving a trace costs what two handlers do.
    private const int ShortestTrace = 2;

    private readonly CodeArena arena;
    private readonly NativeCompiler compiler;
    private readonly int room;
    private int counter;
    private readonly Dictionary<nint, HandlerTemplate> templates = [];

    private const int MostRefusals = 3;

    private NativeBackEnd(CodeArena arena, int room)
    {
        (this.arena, this.room) = (arena, room);
        compiler = new NativeCompiler(arena.Extent);
    }

    public string Name => "x86-64";

    public Hotness Usual { get; } = new(5_000, 4);

    public bool MarksWork
    {
        get => compiler.MarksWork;
        set => compiler.MarksWork = value;
    }

    public bool KeepsOrder => true;

    public bool Full => arena.Used > room;

    public long CodeSize => arena.Used;

    /// <summary>Reasons why instructions were not translated, and how often.</summary>
    public Dictionary<string, int> Refused { get; } = [];

    /// <summary>The back end, or null on hosts without the instructions or the right to execute generated code.</summary>
    /// <param name="room">Bytes of code that fill it.</param>
    public static NativeBackEnd? TryCreate(int room = UsualRoom) =>
        Intrinsics.HostHasAll && CodeArena.TryCreate(room + Reserve) is { } arena ? new NativeBackEnd(arena, room) : null;

    public IEnumerable<CompiledTrace> Compile(RecordedTrace trace, nint epoch)
    {
        var all = new Template?[trace.Slots.Count];
        for (int k = 0; k < all.Length; k++)
            all[k] = TemplateOf(trace.Slots[k]);
        try
        {
            return Compile(trace, all);
        }
        catch (UntranslatableException)
        {
            // A template that served one slot may not serve another one.
            for (int k = 0; k < all.Length; k++)
            {
                if (all[k] is { } template && !Serves(template, trace.Slots[k]))
                    all[k] = null;
            }

            return Compile(trace, all);
        }
    }

    /// <summary>A trace of one instruction, or null if it has no host code.</summary>
    public CompiledTrace? CompileSingle(RecordedSlot slot)
    {
        if (TemplateOf(slot) is not { } template || !Serves(template, slot))
            return null;
        return new CompiledTrace([slot], false, arena.Add(compiler.Compile([slot], [template], loops: false, 0)), 1, null);
    }

    private List<CompiledTrace> Compile(RecordedTrace trace, Template?[] all)
    {
        var made = new List<CompiledTrace>();
        int start = 0;
        while (start < all.Length)
        {
            int end = start;
            while (end < all.Length && all[end] is not null)
                end++;
            bool loops = trace.Loops && start == 0 && end == all.Length;
            if (end - start >= ShortestTrace || loops)
            {
                var slots = new RecordedSlot[end - start];
                for (int k = 0; k < slots.Length; k++)
                    slots[k] = trace.Slots[start + k];
                ReadOnlySpan<byte> code = compiler.Compile(slots, all[start..end]!, loops, counter);
                counter = (counter + 1) % State.CpuState.ExitCounters;
                nint entry = arena.Add(code);
                if (entry != 0)
                    made.Add(new CompiledTrace(slots, loops, entry, slots.Length, null));
            }

            start = end + 1;
        }

        return made;
    }

    private bool Serves(Template template, RecordedSlot slot)
    {
        try
        {
            compiler.Compile([slot], [template], loops: false, 0);
            return true;
        }
        catch (UntranslatableException exception)
        {
            Refuse(slot, exception.Message);
            return false;
        }
    }

    private void Refuse(RecordedSlot slot, string? reason)
    {
        string text = $"{slot.Handler.Name}: {reason}";
        Refused[text] = Refused.GetValueOrDefault(text) + 1;
    }

    public void Clear() => arena.Clear();

    public void Dispose() => arena.Dispose();

    private Template? TemplateOf(RecordedSlot slot)
    {
        nint handler = (nint)slot.Insn.Fn;
        if (!templates.TryGetValue(handler, out HandlerTemplate? known))
            templates[handler] = known = new HandlerTemplate(Make(slot, open: true));
        if (known.Open is not null)
            return known.Open;

        // Exceptions are slow: what was refused some times is not tried with all operands there are.
        if (known.Refusals == MostRefusals)
            return null;
        Template? template = Make(slot, open: false);
        if (template is null)
            known.Refusals++;
        return template;
    }

    private Template? Make(RecordedSlot slot, bool open)
    {
        List<Block>? blocks = Specializer.Specialize(slot, out string? reason, open);
        if (blocks is not null)
        {
            try
            {
                var template = Template.Make(blocks);

                // Whatever the generator can't do shows here, not in the middle of a trace.
                compiler.Compile([slot], [template], loops: false, 0);
                return template;
            }
            catch (UntranslatableException exception)
            {
                reason = exception.Message;
            }
        }

        Refuse(slot, open ? $"open, {reason}" : reason);
        return null;
    }

    private sealed class HandlerTemplate(Template? open)
    {
        public Template? Open { get; } = open;

        public int Refusals { get; set; }
    }
}
