using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Puts a slot into trees that leave it open.</summary>
/// <param name="Insn">The slot's content.</param>
/// <param name="Slot">Its address.</param>
/// <param name="Page">Address of its page's first slot.</param>
internal readonly unsafe record struct SlotValues(Insn Insn, long Slot, long Page)
{
    public static SlotValues Of(RecordedSlot slot) => new(slot.Insn, slot.Slot, slot.Page);

    /// <summary>The number that a tree of the slot is.</summary>
    public long Number(Node node)
    {
        switch (node)
        {
            case Constant constant:
                return constant.Value;
            case SlotField field:
                return Read(field);
            case SlotAddress:
                return Slot;
            case PageAddress:
                return Page;
            case Unary { Op: Operation.ConvI8 or Operation.ConvI } conversion when conversion.Value.OfSlot:
                return Number(conversion.Value);
            case Unary { Op: Operation.ConvU8 or Operation.ConvU } conversion when conversion.Value.OfSlot:
                return conversion.Value.Kind == Kind.Int ? (uint)Number(conversion.Value) : Number(conversion.Value);
            case Binary { Op: Operation.Add, Kind: Kind.Long } sum when node.OfSlot:
                return Number(sum.Left) + Number(sum.Right);
            case Binary { Op: Operation.Mul, Kind: Kind.Long } product when node.OfSlot:
                return Number(product.Left) * Number(product.Right);
            default:
                return Resolve(node) is Constant resolved ? resolved.Value : throw new UntranslatableException("not known with the slot");
        }
    }

    /// <summary>The tree for this slot.</summary>
    public Node Resolve(Node node)
    {
        if (!node.NamesSlot)
            return node;
        switch (node)
        {
            case SlotField or SlotAddress or PageAddress:
            case Unary { OfSlot: true, Op: >= Operation.ConvI8 and <= Operation.ConvU }:
            case Binary { OfSlot: true, Op: Operation.Add or Operation.Mul, Kind: Kind.Long }:
                return new Constant(Number(node), node.Kind);
            case RegisterRead read:
                return StatePlaces.Read(read.Base + (int)Number(read.Index), read.Access, Page);
            case Load load:
                return new Load(Resolve(load.Address), load.Access);
            case Unary unary:
                return unary.Op is Operation.Neg or Operation.Not ? Folding.Unary(unary.Op, Resolve(unary.Value)) : Folding.Convert(unary.Op, Resolve(unary.Value));
            case Binary binary:
                return Folding.Binary(binary.Op, Resolve(binary.Left), Resolve(binary.Right));
            case FieldOf field:
                return new FieldOf(Resolve(field.Value), field.Field, field.Kind);
            case Invoke invoke:
                var arguments = new Node[invoke.Arguments.Length];
                for (int k = 0; k < arguments.Length; k++)
                    arguments[k] = Resolve(invoke.Arguments[k]);
                return invoke.OfSlot && CallTarget.Fold(invoke.Method, arguments) is { } folded ? folded : new Invoke(invoke.Method, arguments, invoke.Kind, invoke.Type);
            default:
                throw new UntranslatableException(node.GetType().Name);
        }
    }

    public Statement Resolve(Statement statement)
    {
        switch (statement)
        {
            case Assign { Value.NamesSlot: true } assign:
                return new Assign(assign.Variable, Resolve(assign.Value));
            case StateWrite { Value.NamesSlot: true } write:
                return new StateWrite(write.Offset, write.Access, Resolve(write.Value));
            case RegisterWrite write:
                int offset = write.Base + (int)Number(write.Index);
                StatePlaces.CheckWrite(offset);
                return new StateWrite(offset, write.Access, Resolve(write.Value));
            case Store store when store.Address.NamesSlot || store.Value.NamesSlot:
                return new Store(Resolve(store.Address), store.Access, Resolve(store.Value));
            case Evaluate { Value.NamesSlot: true } evaluate:
                return new Evaluate(Resolve(evaluate.Value));
            default:
                return statement;
        }
    }

    public Terminator Resolve(Terminator end)
    {
        switch (end)
        {
            case Branch branch when branch.Left.NamesSlot || branch.Right?.NamesSlot == true:
                return new Branch(branch.Op, Resolve(branch.Left), branch.Right is null ? null : Resolve(branch.Right), branch.Taken, branch.Fall);
            case Finish { Next.NamesSlot: true } finish:
                return new Finish(Resolve(finish.Next));
            case Leave leave:
                return new Leave((Invoke)Resolve(leave.Call));
            default:
                return end;
        }
    }

    private long Read(SlotField field)
    {
        Insn copy = Insn;
        byte* bytes = (byte*)&copy + field.Offset;
        return Type.GetTypeCode(field.Access.Type) switch
        {
            TypeCode.SByte => *(sbyte*)bytes,
            TypeCode.Byte => *bytes,
            TypeCode.Int16 => *(short*)bytes,
            TypeCode.UInt16 => *(ushort*)bytes,
            _ => *(int*)bytes,
        };
    }
}
