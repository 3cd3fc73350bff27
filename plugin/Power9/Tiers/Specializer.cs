using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>
/// Derives from a handler's IL what it does for one decoded slot: operand fields are known, what depends on them folds, and what remains reads and writes the state at known
/// places. Methods that get the state or the slot are followed, others are called.
/// </summary>
internal sealed unsafe partial class Specializer
{
    private const int MaxDepth = 12;

    // Exceptions are slow: what was not followed a few times is not tried again.
    private const int MaxFailures = 3;
    private readonly Insn insn;
    private readonly long slot;
    private readonly long codePage;
    private Block? current = new();
    private bool dirty;
    private int depth;

    private readonly bool open;

    private Specializer(RecordedSlot recorded, bool open)
    {
        this.open = open;
        insn = recorded.Insn;
        slot = recorded.Slot;
        codePage = recorded.Page;
    }

    /// <summary>The instruction's blocks, first one first, or null if the handler has to be called.</summary>
    /// <param name="recorded">The slot.</param>
    /// <param name="reason">Why it can't be translated.</param>
    /// <param name="open">
    /// Leaves the slot open: what depends on it stays in the trees (<see cref="SlotField"/>, <see cref="RegisterRead"/>), and the blocks serve all slots with this handler.
    /// </param>
    public static List<Block>? Specialize(RecordedSlot recorded, out string? reason, bool open = false)
    {
        var specializer = new Specializer(recorded, open);
        Block entry = specializer.current!;
        try
        {
            if (IlMethod.Of(recorded.Handler) is not { } method)
                throw new UntranslatableException($"{recorded.Handler.Name} has loops");
            specializer.Run(new Frame(method, [new StateAddress(0), open ? new SlotAddress() : new Constant(recorded.Slot, Kind.Long)]), tail: true, top: true);
            List<Block> blocks = BlockOrder.Of(entry);
            if (!blocks.Any(block => block.End is Finish))
                throw new UntranslatableException("never finishes");
            reason = null;
            return blocks;
        }
        catch (UntranslatableException exception)
        {
            reason = exception.Message;
            return null;
        }
    }

    // Executes the method on what is known. Afterwards current is null if it does not return.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Node? Run(Frame frame, bool tail, bool top)
    {
        IlMethod method = frame.Method;
        if (++depth > MaxDepth)
            throw new UntranslatableException("too deep");
        for (int k = 0; k < frame.Arguments.Length; k++)
        {
            frame.Arguments[k] = Settle(frame.Arguments[k]!);
            if (frame.ArgumentHomes[k] is { } home)
                Add(new Assign(home, frame.Arguments[k]!));
        }

        IlInstruction[] code = method.Code;
        int[] blocks = method.Blocks;
        for (int b = 0; b < blocks.Length; b++)
        {
            if (b != 0)
            {
                if (frame.Edges[b] is not { } edges)
                    continue;
                frame.Restore(Merge(edges));
            }

            int end = b + 1 < blocks.Length ? blocks[b + 1] : code.Length;
            for (int next = blocks[b]; next < end && current is not null; next++)
                Step(frame, next, tail, top);
            if (current is not null && end < code.Length)
                AddEdge(frame, b + 1, current);
            current = null;
        }

        depth--;
        if (top || frame.Returns.Count == 0)
            return null;
        Node?[] result = Merge(frame.Returns);
        return method.ReturnType == typeof(void) ? null : result[^1];
    }

    // One place where several ways meet: values that differ get a variable.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Node?[] Merge(List<Edge> edges)
    {
        dirty = edges.Exists(edge => edge.Dirty);
        if (edges.Count == 1)
        {
            current = edges[0].Block;
            return edges[0].Values;
        }

        var join = new Block();
        var values = new Node?[edges[0].Values.Length];
        for (int k = 0; k < values.Length; k++)
        {
            Node? first = edges[0].Values[k];
            if (AllAre(edges, k, first))
            {
                values[k] = first;
                continue;
            }

            if (edges.Exists(edge => edge.Values[k] is null or VariableAddress || StatePlaces.IsIn(edge.Values[k]!) || edge.Values[k]!.Kind != first!.Kind))
                continue;
            var variable = new Variable(first!.Kind, first.Type);
            foreach (Edge edge in edges)
                edge.Block.Statements.Add(new Assign(variable, edge.Values[k]!));
            values[k] = new Read(variable);
        }

        foreach (Edge edge in edges)
            edge.Block.End = new Jump(join);
        current = join;
        return values;
    }

    private static bool AllAre(List<Edge> edges, int index, Node? value)
    {
        foreach (Edge edge in edges)
        {
            if (!ReferenceEquals(edge.Values[index], value) && !Equals(edge.Values[index], value))
                return false;
        }

        return true;
    }

    private void AddEdge(Frame frame, int block, Block from) => (frame.Edges[block] ??= new List<Edge>(2)).Add(frame.Snapshot(from, dirty));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Branch(Frame frame, Operation op, Node left, Node? right, int target, int next)
    {
        SettleStack(frame);
        if (Folding.Branches(op, left, right) is { } known)
        {
            AddEdge(frame, known ? target : next, current!);
        }
        else
        {
            var taken = new Block();
            var fall = new Block();
            current!.End = new Branch(op, left, right, taken, fall);
            AddEdge(frame, target, taken);
            AddEdge(frame, next, fall);
        }

        current = null;
    }

    private void Add(Statement statement) => current!.Statements.Add(statement);

    // Something is about to change: what was read before must have been read.
    private void AddEffect(Frame frame, Statement statement)
    {
        SettleStack(frame);
        Add(statement);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SettleStack(Frame frame)
    {
        NodeStack stack = frame.Stack;
        for (int k = 0; k < stack.Count; k++)
            stack[k] = Settle(stack[k]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSettled(Node node) => node is RealConstant or StateAddress or VariableAddress or Read || node.OfSlot || StatePlaces.IsRegister(node);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Node Settle(Node node)
    {
        if (IsSettled(node))
            return node;
        var variable = new Variable(node.Kind, node.Type) { InState = StatePlaces.IsIn(node) };
        Add(new Assign(variable, node));
        return new Read(variable);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Call(Frame frame, int index, CallTarget target, Node[] arguments, bool tail)
    {
        MethodBase method = target.Method;
        Type result = target.Result;
        if (target.SkipsInit)
            return;
        if (target.GivesAddress)
        {
            frame.Stack.Push(arguments[0]);
            return;
        }

        SettleStack(frame);
        for (int k = 0; k < arguments.Length; k++)
            arguments[k] = Settle(arguments[k]);
        bool knows = target.NeedsState || Array.Exists(arguments, a => a is StateAddress || StatePlaces.IsRegister(a));
        if (target.IsOwn && (knows || target.WantsInlining) && target.Failures < MaxFailures && IlMethod.Of(method) is { } il)
        {
            Block before = current!;
            int statements = before.Statements.Count;
            bool wasDirty = dirty;
            int wasDepth = depth;
            try
            {
                Node? value = Run(new Frame(il, [.. arguments]), tail && EndsAfter(frame.Method, index), top: false);
                if (current is not null && il.ReturnType != typeof(void))
                    frame.Stack.Push(value ?? throw new UntranslatableException($"{method.Name} gives an address"));
                return;
            }
            catch (UntranslatableException)
            {
                target.Failures++;
                current = before;
                before.Statements.RemoveRange(statements, before.Statements.Count - statements);
                before.End = null;
                (dirty, depth) = (wasDirty, wasDepth);
            }
        }

        if (CallTarget.Folds(method) && Array.TrueForAll(arguments, argument => argument is Constant) && CallTarget.Fold(method, arguments) is { } folded)
        {
            frame.Stack.Push(folded);
            return;
        }

        if (knows)
        {
            CallOut(frame, index, method, arguments, tail);
            return;
        }

        if (method is ConstructorInfo constructor)
        {
            if (arguments[0] is not VariableAddress made)
                throw new UntranslatableException("makes a value in memory");
            Add(new Assign(made.Variable, new Invoke(constructor, arguments[1..], made.Variable.Kind, made.Variable.Type)));
            return;
        }

        if (result == typeof(void))
        {
            Add(new Evaluate(new Invoke(method, arguments, Kind.Int, typeof(void))));
            return;
        }

        frame.Stack.Push(Settle(new Invoke(method, arguments, Kinds.Of(result), result.IsPointer ? typeof(long) : result)));
    }

    // A method that needs the state in memory and may take an interrupt.
    private void CallOut(Frame frame, int index, MethodBase method, Node[] arguments, bool tail)
    {
        if (!dirty)
            current!.End = new Restart();
        else if (tail && EndsAfter(frame.Method, index) && method is MethodInfo info && info.ReturnType == typeof(Insn*))
            current!.End = new Leave(new Invoke(method, arguments, Kind.Long, typeof(long)));
        else
            throw new UntranslatableException($"calls {method.DeclaringType?.Name}.{method.Name}");
        current = null;
    }

    // Whether nothing but a return follows the call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool EndsAfter(IlMethod method, int index)
    {
        int next = index + 1;
        for (int steps = 0; steps < 4 && next < method.Code.Length; steps++)
        {
            IlInstruction instruction = method.Code[next];
            if (instruction.Op == OpCodes.Ret)
                return true;
            if (!instruction.IsBranch || instruction.Op.FlowControl != FlowControl.Branch)
                return false;
            next = method.Blocks[instruction.Target];
        }

        return false;
    }
}
