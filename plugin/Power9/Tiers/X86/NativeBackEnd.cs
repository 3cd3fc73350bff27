using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Traces as x86-64 code of our own generator: some microseconds an instruction, so that code is worth it that executes a thousand times.</summary>
internal sealed unsafe class NativeBackEnd : IBackEnd
{
    private const int ArenaSize = 64 << 20;
    private const int Reserve = 1 << 20;
    private const int MostTemplates = 100_000;

    // Entering and leaving a trace costs what two handlers do.
    private const int ShortestTrace = 2;

    private readonly CodeArena arena;
    private readonly NativeCompiler compiler = new();
    private readonly Dictionary<(nint Fn, int Imm, uint Registers, int Place), Template?> templates = [];

    private const int MostRefusals = 3;
    private readonly Dictionary<nint, int> refusals = [];

    private NativeBackEnd(CodeArena arena) => this.arena = arena;

    public string Name => "x86-64";

    public bool Full => arena.Used > ArenaSize - Reserve;

    public long CodeSize => arena.Used;

    /// <summary>Reasons why instructions were not translated, and how often.</summary>
    public Dictionary<string, int> Refused { get; } = [];

    /// <summary>The back end, or null on hosts without the instructions or the right to execute generated code.</summary>
    public static NativeBackEnd? TryCreate() => Intrinsics.HostHasAll && CodeArena.TryCreate(ArenaSize) is { } arena ? new NativeBackEnd(arena) : null;

    public IEnumerable<CompiledTrace> Compile(RecordedTrace trace, nint epoch)
    {
        var made = new List<CompiledTrace>();
        Template?[] all = [.. trace.Slots.Select(TemplateOf)];
        int start = 0;
        while (start < all.Length)
        {
            int end = start;
            while (end < all.Length && all[end] is not null)
                end++;
            bool loops = trace.Loops && start == 0 && end == all.Length;
            if (end - start >= ShortestTrace || loops)
            {
                RecordedSlot[] slots = [.. trace.Slots.Skip(start).Take(end - start)];
                ReadOnlySpan<byte> code = compiler.Compile(slots, all[start..end]!, loops);
                nint entry = arena.Add(code);
                if (entry != 0)
                    made.Add(new CompiledTrace(slots, loops, entry, slots.Length, null));
            }

            start = end + 1;
        }

        return made;
    }

    public void Clear() => arena.Clear();

    public void Dispose() => arena.Dispose();

    private Template? TemplateOf(RecordedSlot slot)
    {
        Insn insn = slot.Insn;
        uint registers = insn.T | ((uint)insn.A << 8) | ((uint)insn.B << 16) | ((uint)insn.C << 24);
        if (templates.TryGetValue(((nint)insn.Fn, insn.Imm, registers, -1), out Template? known) || templates.TryGetValue(((nint)insn.Fn, insn.Imm, registers, PlaceOf(slot)), out known))
            return known;
        if (templates.Count > MostTemplates)
            templates.Clear();
        Template? template = Make(slot, out bool anywhere);
        templates[((nint)insn.Fn, insn.Imm, registers, anywhere ? -1 : PlaceOf(slot))] = template;
        return template;
    }

    private static int PlaceOf(RecordedSlot slot) => (int)((slot.Slot - slot.Page) / sizeof(Insn));

    private Template? Make(RecordedSlot slot, out bool anywhere)
    {
        // Exceptions are slow: what was refused some times and never accepted is not tried with all operands there are.
        anywhere = true;
        if (refusals.GetValueOrDefault((nint)slot.Insn.Fn) >= MostRefusals)
            return null;
        List<Block>? blocks = Specializer.Specialize(slot, out string? reason, out anywhere);
        if (blocks is not null)
        {
            try
            {
                var template = Template.Make(blocks, slot.Slot);

                // Whatever the generator can't do shows here, not in the middle of a trace.
                compiler.Compile([slot], [template], loops: false);
                refusals[(nint)slot.Insn.Fn] = int.MinValue;
                return template;
            }
            catch (UntranslatableException exception)
            {
                reason = exception.Message;
            }
        }

        refusals[(nint)slot.Insn.Fn] = refusals.GetValueOrDefault((nint)slot.Insn.Fn) + 1;
        if (Environment.GetEnvironmentVariable("T_IR") is { } want && slot.Handler.Name == want && blocks is not null && refusals[(nint)slot.Insn.Fn] == 1)
        {
            Console.Error.WriteLine($"=== {slot.Handler} : {reason}");
            foreach (Block b in blocks)
            {
                Console.Error.WriteLine($"-- {blocks.IndexOf(b)}");
                foreach (Statement st in b.Statements)
                    Console.Error.WriteLine("   " + Show(st));
                Console.Error.WriteLine("   => " + b.End switch { Jump j => "jump " + blocks.IndexOf(j.Target), Branch br => $"{br.Op} {Show(br.Left)} {(br.Right is null ? "" : Show(br.Right))} -> {blocks.IndexOf(br.Taken)} else {blocks.IndexOf(br.Fall)}", Finish f => "finish " + Show(f.Next), Leave l => "leave " + Show(l.Call), var o => o!.ToString() });
            }
        }
        string text = $"{slot.Handler.Name}: {reason}";
        Refused[text] = Refused.GetValueOrDefault(text) + 1;
        return null;
    }

    private static string Show(Statement s) => s switch { Assign a => $"v{a.Variable.GetHashCode() % 1000}:{a.Variable.Type.Name} = {Show(a.Value)}", StateWrite w => $"state[{w.Offset}]:{w.Access.Type.Name} = {Show(w.Value)}", Store t => $"[{Show(t.Address)}]:{t.Access.Type.Name} = {Show(t.Value)}", Evaluate e => Show(e.Value), _ => s.ToString() };
    private static string Show(Node n) => n switch { Constant c => c.Value.ToString(), StateAddress a => $"&s+{a.Offset}", Read r => $"v{r.Variable.GetHashCode() % 1000}", StateRead r => $"s[{r.Offset}]:{r.Access.Type.Name}", Load l => $"[{Show(l.Address)}]:{l.Access.Type.Name}", Unary u => $"{u.Op}({Show(u.Value)})", Binary b => $"({Show(b.Left)} {b.Op} {Show(b.Right)})", VariableAddress v => $"&v{v.Variable.GetHashCode() % 1000}", FieldOf f => $"{Show(f.Value)}.{f.Field.Name}", Invoke i => $"{i.Method.DeclaringType!.Name}.{i.Method.Name}({string.Join(", ", i.Arguments.Select(Show))})", RealConstant r => r.Value.ToString(), _ => n.ToString() };
}
