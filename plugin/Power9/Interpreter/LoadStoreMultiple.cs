using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>lmw and stmw (ISA 3.0B Book I 3.3.6). In little-endian mode they cause an alignment interrupt.</summary>
public static unsafe class LoadStoreMultiple
{
    [Insn("lmw", Form.D, 46, -1, "RT,D(RA0)", "I 3.3.6")]
    public static Insn* Lmw<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.D<TMode>(s, i);
        if (TMode.LittleEndian)
            return Raise.Alignment(s, i, ea);

        // Registers change only when all words are there, so that an interrupted lmw can restart.
        uint* words = stackalloc uint[32];
        for (int r = i->T; r < 32; r++, ea = ModeOps<TMode>.Ea(ea + 4))
        {
            if (!Access.Load<TMode>(s, i, ea, out uint word))
                return null;
            words[r] = word;
        }

        for (int r = i->T; r < 32; r++)
            s->Gpr[r] = words[r];
        return i + 1;
    }

    [Insn("stmw", Form.D, 47, -1, "RS,D(RA0)", "I 3.3.6")]
    public static Insn* Stmw<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.D<TMode>(s, i);
        if (TMode.LittleEndian)
            return Raise.Alignment(s, i, ea);
        for (int r = i->T; r < 32; r++, ea = ModeOps<TMode>.Ea(ea + 4))
        {
            if (!Access.Store<TMode>(s, i, ea, (uint)s->Gpr[r]))
                return null;
        }

        return i + 1;
    }
}
