using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>Makes one host method of the instructions of a trace.</summary>
internal sealed unsafe partial class TraceCompiler
{
    private readonly IReadOnlyList<RecordedSlot> slots;
    private readonly bool loops;
    private readonly nint epoch;
    private readonly List<Block>?[] translated;
    private readonly SortedDictionary<int, KeptPlace> kept = [];
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly LocalBuilder remaining;
    private readonly LocalBuilder next;
    private readonly LocalBuilder done;
    private readonly LocalBuilder epochAtEntry;
    private readonly Label head, exit, restart, shortBudget, original;
    private readonly List<(int Index, List<Block> Blocks)> cold = [];
    private readonly Label[] begins;

    private TraceCompiler(IReadOnlyList<RecordedSlot> slots, bool loops, nint epoch)
    {
        this.slots = slots;
        this.loops = loops;
        this.epoch = epoch;
        translated = [.. slots.Select(slot => Specializer.Specialize(slot, out _))];
        method = new DynamicMethod("Trace", typeof(nint), [typeof(nint), typeof(nint)], typeof(TraceCompiler).Module, skipVisibility: true) { InitLocals = false };
        il = method.GetILGenerator(4096);
        remaining = il.DeclareLocal(typeof(long));
        next = il.DeclareLocal(typeof(nint));
        done = il.DeclareLocal(typeof(long));
        epochAtEntry = il.DeclareLocal(typeof(long));
        (head, exit, restart, shortBudget, original) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        begins = [.. slots.Select(_ => il.DefineLabel())];
    }

    /// <summary>How many of the instructions are translated; the others are calls of their handlers.</summary>
    public int Translated => translated.Count(blocks => blocks is not null);

    /// <summary>Compiles a trace.</summary>
    /// <param name="slots">Its instructions in order of execution.</param>
    /// <param name="loops">Whether the first follows the last.</param>
    /// <param name="epoch">Address of a number that changes when decoded code changes.</param>
    /// <param name="translated">Instructions that are no calls of handlers.</param>
    public static DynamicMethod Compile(IReadOnlyList<RecordedSlot> slots, bool loops, nint epoch, out int translated)
    {
        var compiler = new TraceCompiler(slots, loops, epoch);

        compiler.Emit();
        translated = compiler.Translated;
        return compiler.method;
    }

    private void Emit()
    {
        FindKeptPlaces();
        int count = slots.Count;
        EmitStatePointer(StatePlaces.Translates);
        il.Emit(OpCodes.Ldind_U1);
        il.Emit(OpCodes.Brfalse, original);
        EmitStatePointer(StatePlaces.Remaining);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Stloc, remaining);
        il.Emit(OpCodes.Ldloc, remaining);
        il.Emit(OpCodes.Ldc_I8, (long)count);
        il.Emit(OpCodes.Blt, shortBudget);
        if (Translated != count)
        {
            il.Emit(OpCodes.Ldc_I8, (long)epoch);
            il.Emit(OpCodes.Ldind_I8);
            il.Emit(OpCodes.Stloc, epochAtEntry);
        }

        EmitReload();
        il.MarkLabel(head);
        for (int k = 0; k < count; k++)
        {
            il.MarkLabel(begins[k]);
            if (translated[k] is { } blocks)
                EmitTranslated(k, blocks);
            else
                EmitHandlerCall(k);
        }

        // A trace that does not loop leaves in its last instruction, so nothing falls through here.
        if (loops)
        {
            var again = il.DefineLabel();
            il.MarkLabel(again);
            il.Emit(OpCodes.Ldloc, remaining);
            il.Emit(OpCodes.Ldc_I8, (long)count);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Stloc, remaining);
            il.Emit(OpCodes.Ldloc, remaining);
            il.Emit(OpCodes.Ldc_I8, (long)count);
            il.Emit(OpCodes.Bge, head);
            EmitExit(slots[0].Slot, 0);
        }

        foreach ((int index, List<Block> blocks) in cold)
            EmitBlocks(index, blocks, null);
        EmitEnds();
    }

    // The counts are those of the run loop, which takes one off for what it called.
    private void EmitEnds()
    {
        il.MarkLabel(exit);
        EmitWriteBack();
        EmitStatePointer(StatePlaces.Remaining);
        il.Emit(OpCodes.Ldloc, remaining);
        il.Emit(OpCodes.Ldloc, done);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stind_I8);
        il.Emit(OpCodes.Ldloc, next);
        il.Emit(OpCodes.Ret);

        // The instruction in the slot is executed by its handler. The first one's slot has the trace.
        il.MarkLabel(restart);
        EmitWriteBack();
        EmitStatePointer(StatePlaces.Remaining);
        il.Emit(OpCodes.Ldloc, remaining);
        il.Emit(OpCodes.Ldloc, done);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stind_I8);
        il.Emit(OpCodes.Ldloc, done);
        il.Emit(OpCodes.Brfalse, original);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, next);
        il.Emit(OpCodes.Ldloc, next);
        il.Emit(OpCodes.Ldind_I);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(nint), [typeof(nint), typeof(nint)], null);
        il.Emit(OpCodes.Ret);

        il.MarkLabel(shortBudget);
        EmitStatePointer(StatePlaces.Translates);
        il.Emit(OpCodes.Ldc_I4_2);
        il.Emit(OpCodes.Stind_I1);
        il.MarkLabel(original);
        EmitHandler(0);
        il.Emit(OpCodes.Ret);
    }

    private void EmitHandler(int k)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I8, slots[k].Slot);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Call, slots[k].Handler);
    }

    private void EmitHandlerCall(int k)
    {
        EmitWriteBack();
        EmitStoreRemaining(k);
        EmitHandler(k);
        il.Emit(OpCodes.Stloc, next);
        if (Expected(k) is not { } expected)
        {
            il.Emit(OpCodes.Ldloc, next);
            il.Emit(OpCodes.Ret);
            return;
        }

        // It may have gone elsewhere, ended the run, or changed the code of this very trace.
        Label leave = il.DefineLabel(), stay = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, next);
        il.Emit(OpCodes.Ldc_I8, expected);
        il.Emit(OpCodes.Bne_Un, leave);
        EmitStatePointer(StatePlaces.Remaining);
        il.Emit(OpCodes.Ldind_I8);
        EmitRemaining(k);
        il.Emit(OpCodes.Bne_Un, leave);
        il.Emit(OpCodes.Ldc_I8, (long)epoch);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Ldloc, epochAtEntry);
        il.Emit(OpCodes.Beq, stay);
        il.MarkLabel(leave);
        il.Emit(OpCodes.Ldloc, next);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(stay);
        EmitReload();
    }

    private long? Expected(int k) => k + 1 < slots.Count ? slots[k + 1].Slot : loops ? slots[0].Slot : null;

    private void EmitRemaining(int k)
    {
        il.Emit(OpCodes.Ldloc, remaining);
        if (k == 0)
            return;
        il.Emit(OpCodes.Ldc_I8, (long)k);
        il.Emit(OpCodes.Sub);
    }

    private void EmitStoreRemaining(int k)
    {
        EmitStatePointer(StatePlaces.Remaining);
        EmitRemaining(k);
        il.Emit(OpCodes.Stind_I8);
    }

    private void EmitExit(long slot, int executed)
    {
        il.Emit(OpCodes.Ldc_I8, slot);
        il.Emit(OpCodes.Stloc, next);
        il.Emit(OpCodes.Ldc_I8, (long)executed);
        il.Emit(OpCodes.Stloc, done);
        il.Emit(OpCodes.Br, exit);
    }

    private void EmitStatePointer(int offset)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitReload()
    {
        foreach ((int offset, KeptPlace place) in kept)
        {
            EmitStatePointer(offset);
            place.Access.EmitLoad(il);
            il.Emit(OpCodes.Stloc, place.Local);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EmitWriteBack()
    {
        foreach ((int offset, KeptPlace place) in kept)
        {
            if (!place.Written)
                continue;
            EmitStatePointer(offset);
            il.Emit(OpCodes.Ldloc, place.Local);
            place.Access.EmitStore(il);
        }
    }

    private sealed record KeptPlace(MemoryType Access, LocalBuilder Local)
    {
        public bool Written { get; set; }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindKeptPlaces()
    {
        foreach (Block block in translated.Where(blocks => blocks is not null).SelectMany(blocks => blocks!))
        {
            foreach (Statement statement in block.Statements)
            {
                switch (statement)
                {
                    case Assign assign:
                        Find(assign.Value);
                        break;
                    case StateWrite write:
                        if (StatePlaces.IsKept(write.Offset, write.Access))
                            Keep(write.Offset, write.Access).Written = true;
                        Find(write.Value);
                        break;
                    case Store store:
                        Find(store.Address);
                        Find(store.Value);
                        break;
                    case Evaluate evaluate:
                        Find(evaluate.Value);
                        break;
                }
            }

            if (block.End is Branch branch)
            {
                Find(branch.Left);
                if (branch.Right is not null)
                    Find(branch.Right);
            }
        }
    }

    private KeptPlace Keep(int offset, MemoryType access)
    {
        if (!kept.TryGetValue(offset, out KeptPlace? place))
            kept[offset] = place = new KeptPlace(access, il.DeclareLocal(access.Type == typeof(byte) ? typeof(int) : access.Type));
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Find(Node node)
    {
        switch (node)
        {
            case StateRead read when StatePlaces.IsKept(read.Offset, read.Access):
                Keep(read.Offset, read.Access);
                break;
            case Load load:
                Find(load.Address);
                break;
            case Unary unary:
                Find(unary.Value);
                break;
            case Binary binary:
                Find(binary.Left);
                Find(binary.Right);
                break;
            case FieldOf field:
                Find(field.Value);
                break;
            case Invoke invoke:
                Array.ForEach(invoke.Arguments, Find);
                break;
        }
    }
}
