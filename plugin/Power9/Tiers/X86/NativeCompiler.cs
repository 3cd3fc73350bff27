using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>
/// Makes x86-64 code of the instructions of a trace. The code is entered like a handler (state in RDI, slot in RSI) and never calls: it returns the next slot, or jumps to a
/// handler or to another trace in its own place, so that the runtime, which walks stacks, never meets it on one.
/// </summary>
/// <param name="arena">Where its code is put.</param>
internal sealed partial class NativeCompiler((long Start, int Size) arena)
{
    // Places that are used less stay in memory: loading and writing back would cost what they save.
    private const int UsesOfRegister = 3;
    private const int UsesOfSavedRegister = 6;

    private static readonly Register[] Saved = [Register.Rbx, Register.Rbp, Register.R12, Register.R13, Register.R14, Register.R15];
    private static readonly Register[] Unsaved = [Register.R10, Register.R11];

    private readonly Assembler code = new();
    private readonly Dictionary<int, PlaceUse> places = [];
    private readonly List<Register> pushed = [];
    private IReadOnlyList<RecordedSlot> slots = [];
    private IReadOnlyList<Template> templates = [];
    private bool loops;
    private CodeLabel returns = new(), returnsNull = new(), goesOn = new();
    private int counter;

    // Registers that are free at the end of the block.
    private int exitFree;

    /// <summary>Whether code says in the state that it executes.</summary>
    public bool MarksWork { get; set; }

    /// <summary>The code of a trace. It is valid until the next call.</summary>
    /// <param name="slots">Its instructions in order of execution.</param>
    /// <param name="templates">What they do.</param>
    /// <param name="loops">Whether the first follows the last.</param>
    /// <param name="counter">Number of its counter in <see cref="CpuState.Exits"/>. When that wraps, what the trace is left to is recorded.</param>
    public ReadOnlySpan<byte> Compile(IReadOnlyList<RecordedSlot> slots, IReadOnlyList<Template> templates, bool loops, int counter)
    {
        this.counter = counter;
        (this.slots, this.templates, this.loops) = (slots, templates, loops);
        try
        {
            Make(waits: true);
        }
        catch (UntranslatableException) when (hasWaited)
        {
            // A way out with all variables alive leaves too few registers to compute a field.
            Make(waits: false);
        }

        return code.Code;
    }

    private void Make(bool waits)
    {
        mayWait = waits;
        hasWaited = false;
        code.Clear();
        later.Clear();
        pushed.Clear();
        pending = null;
        (returns, returnsNull, goesOn) = (new CodeLabel(), new CodeLabel(), new CodeLabel());
        FindPlaces();
        Emit();
    }

    private void FindPlaces()
    {
        places.Clear();
        for (int k = 0; k < templates.Count; k++)
        {
            SlotValues slot = SlotValues.Of(slots[k]);
            foreach (PlaceReference reference in templates[k].Places)
            {
                int offset = reference.OffsetFor(slot);
                if (!StatePlaces.IsKept(offset, reference.Access))
                    continue;
                if (!places.TryGetValue(offset, out PlaceUse? place))
                    places[offset] = place = new PlaceUse(reference.Access) { WrittenFirst = reference.IsWrite && reference.Always };
                if (reference.IsWrite)
                {
                    place.Writes++;
                    place.FirstWriter = Math.Min(place.FirstWriter, k);
                }
                else
                {
                    place.Reads++;
                }
            }
        }

        int taken = 0;
        foreach (PlaceUse place in places.Values.Where(place => loops || place.Reads + place.Writes >= UsesOfRegister).OrderByDescending(place => place.Reads + place.Writes))
        {
            if (taken < Unsaved.Length)
            {
                place.Register = Unsaved[taken];
            }
            else if (taken - Unsaved.Length < Saved.Length && (loops || place.Reads + place.Writes >= UsesOfSavedRegister))
            {
                place.Register = Saved[taken - Unsaved.Length];
                pushed.Add(place.Register);
            }
            else
            {
                break;
            }

            taken++;
        }
    }

    private void Emit()
    {
        CodeLabel head = new(), shortBudget = new(), original = new();
        int count = slots.Count;
        code.Memory(false, 0x80, 7, Operand.At(Register.Rdi, StatePlaces.Translates));
        code.Byte(0);
        code.Jump(HostCondition.Equal, original);
        code.Arithmetic(true, 7, Operand.At(Register.Rdi, StatePlaces.Remaining), count);
        code.Jump(HostCondition.Less, shortBudget);
        EmitWork(HostWork.Translated);
        foreach (Register register in pushed)
            code.Push(register);
        foreach ((int offset, PlaceUse place) in places)
        {
            if (place.Register != Register.None && (loops || !place.WrittenFirst))
                EmitLoad(place.Register, Operand.At(Register.Rdi, offset), place.Access);
        }

        code.Mark(head);
        for (int k = 0; k < count; k++)
            EmitInstruction(k);

        // A trace that does not loop leaves in its last instruction, so nothing falls through here.
        if (loops)
        {
            Compute();
            code.Arithmetic(true, 5, Operand.At(Register.Rdi, StatePlaces.Remaining), count);
            code.Arithmetic(true, 7, Operand.At(Register.Rdi, StatePlaces.Remaining), count);
            code.Jump(HostCondition.GreaterOrEqual, head);
            EmitWriteBack(count);
            code.Move(Register.Rsi, slots[0].Slot);
            EmitGoOn(0);
        }

        EmitCold();

        EmitGoingOn();

        // The run loop takes one off for what it called.
        code.Mark(returns);
        EmitWork(HostWork.Interpreter);
        code.Arithmetic(true, 0, Operand.At(Register.Rdi, StatePlaces.Remaining), 1);
        code.Move(Register.Rax, Register.Rsi);
        code.Return();
        code.Mark(returnsNull);
        EmitWork(HostWork.Interpreter);
        code.Arithmetic(true, 0, Operand.At(Register.Rdi, StatePlaces.Remaining), 1);
        code.Direct(false, 0x33, 0, Register.Rax);
        code.Return();

        code.Mark(shortBudget);
        code.Memory(false, 0xC6, 0, Operand.At(Register.Rdi, StatePlaces.Translates));
        code.Byte(2);
        code.Mark(original);
        EmitHandler(0);
    }

    // The slot is in RSI, the state complete.
    private unsafe void EmitHandler(int k)
    {
        EmitWork(HostWork.Interpreter);
        code.Move(Register.Rax, (long)slots[k].Insn.Fn);
        code.JumpRegister(Register.Rax);
    }

    private void EmitWork(HostWork work)
    {
        if (!MarksWork)
            return;
        code.Memory(false, 0xC6, 0, Operand.At(Register.Rdi, StatePlaces.Work));
        code.Byte((byte)work);
    }

    private void EmitPops()
    {
        for (int k = pushed.Count - 1; k >= 0; k--)
            code.Pop(pushed[k]);
    }

    // Slot in RSI, state written back: to its handler or trace, if there is budget.
    private void EmitGoOn(int executed)
    {
        code.Move(Register.Rax, executed);
        code.Jump(goesOn);
    }

    // Instructions in RAX. Traces follow traces; that one is missing is noted after some times.
    private void EmitGoingOn()
    {
        CodeLabel noTrace = new(), hot = new();
        code.Mark(goesOn);
        EmitPops();
        code.Memory(true, 0x29, (int)Register.Rax, Operand.At(Register.Rdi, StatePlaces.Remaining));
        code.Jump(HostCondition.LessOrEqual, returns);
        code.Memory(true, 0x8B, (int)Register.Rax, Operand.At(Register.Rsi));
        code.Move(Register.Rcx, arena.Start);
        code.Move(Register.Rdx, Register.Rax);
        code.Direct(true, 0x2B, (int)Register.Rdx, Register.Rcx);
        code.Arithmetic(true, 7, Register.Rdx, arena.Size);
        code.Jump(HostCondition.AboveOrEqual, noTrace);
        code.JumpRegister(Register.Rax);

        code.Mark(noTrace);
        EmitWork(HostWork.Interpreter);
        // inc m8
        code.Memory(false, 0xFE, 0, Operand.At(Register.Rdi, StatePlaces.Exits + counter));
        code.Jump(HostCondition.Equal, hot);
        code.JumpRegister(Register.Rax);

        code.Mark(hot);
        code.Memory(true, 0x89, (int)Register.Rsi, Operand.At(Register.Rdi, StatePlaces.HotSlot));
        // The run ends here.
        code.Memory(true, 0x8B, (int)Register.Rax, Operand.At(Register.Rdi, StatePlaces.Remaining));
        code.Memory(true, 0x29, (int)Register.Rax, Operand.At(Register.Rdi, StatePlaces.RunEnd));
        code.Memory(true, 0xC7, 0, Operand.At(Register.Rdi, StatePlaces.Remaining));
        code.Int32(0);
        code.Jump(returns);
    }

    private void EmitNull(int executed)
    {
        EmitPops();
        code.Arithmetic(true, 5, Operand.At(Register.Rdi, StatePlaces.Remaining), executed);
        code.Jump(returnsNull);
    }

    private void EmitExit(long slot, int k)
    {
        EmitWriteBack(k);
        if (slot == 0)
        {
            EmitNull(k + 1);
            return;
        }

        code.Move(Register.Rsi, slot);
        EmitGoOn(k + 1);
    }

    private void EmitWriteBack(int upTo)
    {
        // On this way out only: the trace itself goes on without.
        if (pending is { } compare)
        {
            int before = free;
            free = exitFree;
            EmitStateWrite(compare.Write);
            free = before;
        }

        foreach ((int offset, PlaceUse place) in places)
        {
            if (place.Register != Register.None && place.Writes != 0 && (loops || place.FirstWriter <= upTo))
                EmitStore(Operand.At(Register.Rdi, offset), place.Register, place.Access.Size);
        }
    }

    private long? Expected(int k) => k + 1 < slots.Count ? slots[k + 1].Slot : loops ? slots[0].Slot : null;
}
