using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Atomic memory operations (ISA 3.0B Book II 4.5). FC, in the RB field, selects the operation. They execute while no other thread does, so load and store
/// of one instruction are atomic. Registers change only after the store went through.
/// </summary>
public static unsafe class AtomicMemory
{
    // Function codes of ISA 3.0B Book II, figures 3 and 4.
    private const int Add = 0;
    private const int Xor = 1;
    private const int Or = 2;
    private const int And = 3;
    private const int MaximumUnsigned = 4;
    private const int MaximumSigned = 5;
    private const int MinimumUnsigned = 6;
    private const int MinimumSigned = 7;
    private const int Swap = 8;
    private const int CompareAndSwapNotEqual = 16;
    private const int IncrementBounded = 24;
    private const int IncrementEqual = 25;
    private const int DecrementBounded = 28;
    private const int StoreTwin = 24;

    [Insn("lwat", Form.X, 31, 582, "RT,RA0,FC", "II 4.5.1")]
    public static Insn* Lwat<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.A<TMode>(s, i);
        if ((ea & 3) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        if (!Access.Load<TMode>(s, i, ea, out uint old))
            return null;
        uint operand = (uint)s->Gpr[(i->T + 1) & 31];
        uint result = old;
        uint returned = old;
        switch (i->B)
        {
            case CompareAndSwapNotEqual:
                if (old != operand)
                    result = (uint)s->Gpr[(i->T + 2) & 31];
                break;
            case IncrementBounded or IncrementEqual or DecrementBounded:
                if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(i->B == DecrementBounded ? ea - 4 : ea + 4), out uint bound))
                    return null;
                if ((old == bound) == (i->B == IncrementEqual))
                    result = i->B == DecrementBounded ? old - 1 : old + 1;
                else
                    returned = 0x80000000;
                break;
            case Swap:
                result = operand;
                break;
            case <= MinimumSigned:
                result = (uint)Compute(i->B, old, operand, (int)old < (int)operand);
                break;
            default:
                return Raise.DataStorage(s, i, ea, DataStorageCause.AtomicFunction);
        }

        if (!Access.Store<TMode>(s, i, ea, result))
            return null;
        s->Gpr[i->T] = returned;
        return i + 1;
    }

    [Insn("ldat", Form.X, 31, 614, "RT,RA0,FC", "II 4.5.1")]
    public static Insn* Ldat<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.A<TMode>(s, i);
        if ((ea & 7) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        if (!Access.Load<TMode>(s, i, ea, out ulong old))
            return null;
        ulong operand = s->Gpr[(i->T + 1) & 31];
        ulong result = old;
        ulong returned = old;
        switch (i->B)
        {
            case CompareAndSwapNotEqual:
                if (old != operand)
                    result = s->Gpr[(i->T + 2) & 31];
                break;
            case IncrementBounded or IncrementEqual or DecrementBounded:
                if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(i->B == DecrementBounded ? ea - 8 : ea + 8), out ulong bound))
                    return null;
                if ((old == bound) == (i->B == IncrementEqual))
                    result = i->B == DecrementBounded ? old - 1 : old + 1;
                else
                    returned = 1UL << 63;
                break;
            case Swap:
                result = operand;
                break;
            case <= MinimumSigned:
                result = Compute(i->B, old, operand, (long)old < (long)operand);
                break;
            default:
                return Raise.DataStorage(s, i, ea, DataStorageCause.AtomicFunction);
        }

        if (!Access.Store<TMode>(s, i, ea, result))
            return null;
        s->Gpr[i->T] = returned;
        return i + 1;
    }

    [Insn("stwat", Form.X, 31, 710, "RS,RA0,FC", "II 4.5.2")]
    public static Insn* Stwat<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.A<TMode>(s, i);
        if ((ea & 3) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        if (!Access.Load<TMode>(s, i, ea, out uint old))
            return null;
        uint operand = (uint)s->Gpr[i->T];
        switch (i->B)
        {
            case <= MinimumSigned:
                return Access.Store<TMode>(s, i, ea, (uint)Compute(i->B, old, operand, (int)old < (int)operand)) ? i + 1 : null;
            case StoreTwin:
                if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(ea + 4), out uint twin))
                    return null;
                if (old != twin)
                    return i + 1;
                return Access.Store<TMode>(s, i, ea, operand) && Access.Store<TMode>(s, i, ModeOps<TMode>.Ea(ea + 4), operand) ? i + 1 : null;
            default:
                return Raise.DataStorage(s, i, ea, DataStorageCause.AtomicFunction | DataStorageCause.Store);
        }
    }

    [Insn("stdat", Form.X, 31, 742, "RS,RA0,FC", "II 4.5.2")]
    public static Insn* Stdat<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.A<TMode>(s, i);
        if ((ea & 7) != 0)
            return Raise.Alignment(s, i, ea);
        if (s->Concurrent != 0)
            return Cpu.Postpone(s, i);
        if (!Access.Load<TMode>(s, i, ea, out ulong old))
            return null;
        ulong operand = s->Gpr[i->T];
        switch (i->B)
        {
            case <= MinimumSigned:
                return Access.Store<TMode>(s, i, ea, Compute(i->B, old, operand, (long)old < (long)operand)) ? i + 1 : null;
            case StoreTwin:
                if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(ea + 8), out ulong twin))
                    return null;
                if (old != twin)
                    return i + 1;
                return Access.Store<TMode>(s, i, ea, operand) && Access.Store<TMode>(s, i, ModeOps<TMode>.Ea(ea + 8), operand) ? i + 1 : null;
            default:
                return Raise.DataStorage(s, i, ea, DataStorageCause.AtomicFunction | DataStorageCause.Store);
        }
    }

    private static ulong Compute(int function, ulong old, ulong operand, bool lessSigned) => function switch
    {
        Add => old + operand,
        Xor => old ^ operand,
        Or => old | operand,
        And => old & operand,
        MaximumUnsigned => old < operand ? operand : old,
        MaximumSigned => lessSigned ? operand : old,
        MinimumUnsigned => old < operand ? old : operand,
        MinimumSigned => lessSigned ? old : operand,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "no arithmetic function code"),
    };
}
