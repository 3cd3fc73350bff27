using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers;

/// <summary>One IL instruction at a time.</summary>
internal sealed unsafe partial class Specializer
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(Frame frame, int index, bool tail, bool top)
    {
        IlMethod method = frame.Method;
        IlInstruction instruction = method.Code[index];
        OpCode op = instruction.Op;
        NodeStack stack = frame.Stack;
        if (instruction.IsBranch)
        {
            StepBranch(frame, instruction);
            return;
        }

        switch (instruction.Group)
        {
            case IlGroup.LoadIndirect when instruction.Access is { } access:
                stack.Push(LoadFrom(stack.Pop(), access));
                return;
            case IlGroup.StoreIndirect when instruction.Access is { } access:
                Node indirect = stack.Pop();
                StoreTo(frame, stack.Pop(), access, indirect);
                return;
            case IlGroup.Convert:
                stack.Push(Folding.Convert(instruction.Operation, stack.Pop()));
                return;
            case IlGroup.Constant:
                stack.Push(new Constant(instruction.Number, Kind.Int));
                return;
            case IlGroup.LoadArgument:
                stack.Push(frame.ArgumentHomes[instruction.Number] is { } parameter ? Copy(parameter) : Known(frame.Arguments[instruction.Number]));
                return;
            case IlGroup.LoadLocal:
                stack.Push(frame.Homes[instruction.Number] is { } local ? Copy(local) : Known(frame.Locals[instruction.Number]));
                return;
            case IlGroup.StoreLocal:
                Node kept = stack.Pop();
                if (frame.Homes[instruction.Number] is { } home)
                    AddEffect(frame, new Assign(home, kept));
                else
                    frame.Locals[instruction.Number] = Settle(Truncate(kept, method.Locals[instruction.Number]));
                return;
            case IlGroup.Binary:
                Node right = stack.Pop();
                stack.Push(Folding.Binary(instruction.Operation, stack.Pop(), right));
                return;
        }

        string name = instruction.Name;
        switch (name)
        {
            case "nop" or "constrained." or "readonly.":
                break;
            case "dup":
                Node top1 = Settle(stack.Pop());
                stack.Push(top1);
                stack.Push(top1);
                break;
            case "pop":
                stack.Pop();
                break;
            case "ldc.i8":
                stack.Push(new Constant(instruction.Operand, Kind.Long));
                break;
            case "ldc.r8":
                stack.Push(new RealConstant(BitConverter.Int64BitsToDouble(instruction.Operand), Kind.Double));
                break;
            case "ldc.r4":
                stack.Push(new RealConstant(BitConverter.Int32BitsToSingle((int)instruction.Operand), Kind.Single));
                break;
            case "starg" or "starg.s":
                Node stored = stack.Pop();
                if (frame.ArgumentHomes[instruction.Operand] is { } argumentHome)
                    AddEffect(frame, new Assign(argumentHome, stored));
                else
                    frame.Arguments[instruction.Operand] = Settle(Truncate(stored, method.Parameters[instruction.Operand]));
                break;
            case "ldloca" or "ldloca.s":
                stack.Push(new VariableAddress(frame.Homes[instruction.Operand]!));
                break;
            case "ldarga" or "ldarga.s":
                stack.Push(new VariableAddress(frame.ArgumentHomes[instruction.Operand]!));
                break;
            case "neg" or "not":
                stack.Push(Folding.Unary(instruction.Operation, stack.Pop()));
                break;
            case "sizeof":
                stack.Push(new Constant(Layout.SizeOf((Type)instruction.Member!), Kind.Int));
                break;
            case "ldobj":
                stack.Push(LoadFrom(stack.Pop(), instruction.MemberAccess));
                break;
            case "stobj":
                Node written = stack.Pop();
                StoreTo(frame, stack.Pop(), instruction.MemberAccess, written);
                break;
            case "initobj":
                if (stack.Pop() is not VariableAddress initialized)
                    throw new UntranslatableException("initobj of memory");
                AddEffect(frame, new Initialize(initialized.Variable));
                break;
            case "ldflda":
                Node container = stack.Pop();
                if (container is VariableAddress)
                    throw new UntranslatableException("address of a field of a variable");
                stack.Push(Folding.Binary(Operation.Add, container, new Constant(instruction.FieldOffset, Kind.Long)));
                break;
            case "ldfld":
                stack.Push(LoadField(stack.Pop(), instruction));
                break;
            case "stfld":
                Node content = stack.Pop();
                Node place = stack.Pop();
                if (place is VariableAddress)
                    throw new UntranslatableException("store to a field of a variable");
                StoreTo(frame, Folding.Binary(Operation.Add, place, new Constant(instruction.FieldOffset, Kind.Long)), instruction.MemberAccess, content);
                break;
            case "call":
                StepCall(frame, index, tail);
                break;
            case "newobj":
                var constructor = (ConstructorInfo)instruction.Member!;
                if (!constructor.DeclaringType!.IsValueType)
                    throw new UntranslatableException("allocates");
                Node[] parts = Pop(stack, constructor.GetParameters().Length);
                SettleStack(frame);
                stack.Push(Settle(new Invoke(constructor, parts, Kinds.Of(constructor.DeclaringType), constructor.DeclaringType)));
                break;
            case "ret":
                StepReturn(frame, top);
                break;
            default:
                throw new UntranslatableException(name);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepBranch(Frame frame, IlInstruction instruction)
    {
        if (instruction.Op.FlowControl == FlowControl.Branch)
        {
            SettleStack(frame);
            AddEdge(frame, instruction.Target, current!);
            current = null;
            return;
        }

        Node? right = null;
        Node left = frame.Stack.Pop();
        if (instruction.Operation is not (Operation.BrTrue or Operation.BrFalse))
            (left, right) = (frame.Stack.Pop(), left);
        if (right is not null && left.Kind != right.Kind)
        {
            if (left.Kind == Kind.Int)
                left = Folding.Convert(Operation.ConvI8, left);
            else
                right = Folding.Convert(Operation.ConvI8, right);
        }

        if (left is VariableAddress or StateAddress && right is not null)
            throw new UntranslatableException("comparison of addresses");
        Branch(frame, instruction.Operation, left, right, instruction.Target, instruction.Following);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepReturn(Frame frame, bool top)
    {
        if (top)
        {
            current!.End = new Finish(Settle(frame.Stack.Pop()));
        }
        else
        {
            Node? value = frame.Method.ReturnType == typeof(void) ? null : Settle(frame.Stack.Pop());
            frame.Returns.Add(new Edge(current!, dirty, [value]));
        }

        current = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepCall(Frame frame, int index, bool tail)
    {
        IlInstruction instruction = frame.Method.Code[index];
        CallTarget target = instruction.Called ??= CallTarget.Of(instruction, index > 0 ? frame.Method.Code[index - 1] : null);
        if (target.Value is { } value)
        {
            frame.Stack.Push(new Constant(value ? 1 : 0, Kind.Int));
            return;
        }

        if (target.IsVirtual)
            throw new UntranslatableException($"virtual {target.Method.Name}");
        Call(frame, index, target, Pop(frame.Stack, target.Count), tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Node[] Pop(NodeStack stack, int count)
    {
        var nodes = new Node[count];
        while (--count >= 0)
            nodes[count] = stack.Pop();
        return nodes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Read Copy(Variable home)
    {
        var variable = new Variable(home.Kind, home.Type);
        Add(new Assign(variable, new Read(home)));
        return new Read(variable);
    }

    private static Node Known(Node? node) => node ?? throw new UntranslatableException("a value that differs by way");

    // Storing to a small variable cuts the value.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Node Truncate(Node value, Type type) =>
        value.Kind == Kind.Int && !type.IsByRef && !type.IsPointer && MemoryType.Of(type).Truncation is { } truncation ? Folding.Convert(truncation, value) : value;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Node LoadField(Node container, IlInstruction instruction)
    {
        var field = (FieldInfo)instruction.Member!;
        if (field.IsStatic)
            throw new UntranslatableException("static field");
        switch (container)
        {
            case VariableAddress address:
                return new FieldOf(Copy(address.Variable), field, Kinds.Of(field.FieldType));
            case { Kind: Kind.Struct }:
                return new FieldOf(container, field, Kinds.Of(field.FieldType));
            default:
                return LoadFrom(Folding.Binary(Operation.Add, container, new Constant(instruction.FieldOffset, Kind.Long)), instruction.MemberAccess);
        }
    }

    private static SlotField FieldOfSlot(int offset, MemoryType access)
    {
        if (offset < sizeof(nint) || offset + access.Size > sizeof(Insn) || access.Kind != Kind.Int)
            throw new UntranslatableException("reads a handler or another slot");
        return new SlotField(offset, access);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Node LoadFrom(Node address, MemoryType access)
    {
        switch (address)
        {
            case StateAddress state:
                if (open && StatePlaces.IsCodePage(state.Offset))
                    return new PageAddress();
                return StatePlaces.Read(state.Offset, access, codePage);
            case Constant constant:
                long offset = constant.Value - slot;
                if (offset < 0 || offset + access.Size > sizeof(Insn) || access.Kind is not (Kind.Int or Kind.Long))
                    throw new UntranslatableException("reads another slot");
                Insn copy = insn;
                byte* bytes = (byte*)&copy + offset;
                return new Constant(Type.GetTypeCode(access.Type) switch
                {
                    TypeCode.SByte => *(sbyte*)bytes,
                    TypeCode.Byte => *bytes,
                    TypeCode.Int16 => *(short*)bytes,
                    TypeCode.UInt16 => *(ushort*)bytes,
                    TypeCode.Int32 or TypeCode.UInt32 => *(int*)bytes,
                    _ => throw new UntranslatableException("reads a handler"),
                }, Kind.Int);
            case SlotAddress:
                return FieldOfSlot(0, access);
            case Binary { Left: SlotAddress, Right: Constant offsetInSlot } binary when binary.Op == Operation.Add:
                return FieldOfSlot((int)offsetInSlot.Value, access);
            case Binary { Left: StateAddress register, Right: var index } when StatePlaces.IsRegister(address):
                return new RegisterRead(register.Offset, index, access);
            case VariableAddress variable:
                if (MemoryType.Of(variable.Variable.Type).Size != access.Size)
                    throw new UntranslatableException("a part of a variable");
                Node copied = Copy(variable.Variable);
                return copied.Kind == access.Kind ? copied : throw new UntranslatableException("a variable as another type");
            default:
                StatePlaces.CheckDynamic(address);
                return new Load(Settle(address), access);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreTo(Frame frame, Node address, MemoryType access, Node value)
    {
        if (value is VariableAddress or StateAddress || StatePlaces.IsRegister(value))
            throw new UntranslatableException("stores an address");
        switch (address)
        {
            case StateAddress state:
                StatePlaces.CheckWrite(state.Offset);
                AddEffect(frame, new StateWrite(state.Offset, access, value));
                dirty = true;
                break;
            case Binary { Left: StateAddress register, Right: var index } when StatePlaces.IsRegister(address):
                AddEffect(frame, new RegisterWrite(register.Offset, index, access, value));
                dirty = true;
                break;
            case Constant or SlotAddress or Binary { OfSlot: true }:
                throw new UntranslatableException("writes a slot");
            case VariableAddress variable:
                MemoryType own = MemoryType.Of(variable.Variable.Type);
                if (own.Size != access.Size || own.Kind != value.Kind)
                    throw new UntranslatableException("a part of a variable");
                AddEffect(frame, new Assign(variable.Variable, Truncate(value, variable.Variable.Type)));
                break;
            default:
                if (StatePlaces.IsIn(address))
                    throw new UntranslatableException("writes the state somewhere");
                AddEffect(frame, new Store(address, access, value));
                dirty = true;
                break;
        }
    }
}
