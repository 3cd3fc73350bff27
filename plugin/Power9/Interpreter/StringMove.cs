using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Move assist (ISA 3.0B Book I 3.3.7): strings of bytes to and from the low words of consecutive registers, r0 after r31.
/// In little-endian mode they cause an alignment interrupt.
/// </summary>
public static unsafe class StringMove
{
    [Insn("lswi", Form.X, 31, 597, "RT,RA0,NB", "I 3.3.7")]
    public static Insn* Lswi<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Load<TMode>(s, i, EffectiveAddress.A<TMode>(s, i), ImmediateCount(i));

    [Insn("lswx", Form.X, 31, 533, "RT,RA0,RB", "I 3.3.7")]
    public static Insn* Lswx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Load<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), XerCount(s));

    [Insn("stswi", Form.X, 31, 725, "RS,RA0,NB", "I 3.3.7")]
    public static Insn* Stswi<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Store<TMode>(s, i, EffectiveAddress.A<TMode>(s, i), ImmediateCount(i));

    [Insn("stswx", Form.X, 31, 661, "RS,RA0,RB", "I 3.3.7")]
    public static Insn* Stswx<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Store<TMode>(s, i, EffectiveAddress.X<TMode>(s, i), XerCount(s));

    private static int ImmediateCount(Insn* i) => i->B == 0 ? 32 : i->B;

    private static int XerCount(CpuState* s) => (int)(s->XerRest & 0x7F);

    private static Insn* Load<TMode>(CpuState* s, Insn* i, ulong ea, int count)
        where TMode : struct, IMode
    {
        if (TMode.LittleEndian)
            return Raise.Alignment(s, i, ea);

        // All bytes first: an interrupted instruction leaves the registers as they were.
        byte* bytes = stackalloc byte[128];
        for (int k = 0; k < count; k++)
        {
            if (!Access.Load<TMode>(s, i, ModeOps<TMode>.Ea(ea + (ulong)k), out byte value))
                return null;
            bytes[k] = value;
        }

        for (int k = 0; k < count; k += 4)
        {
            uint word = 0;
            for (int b = k; b < k + 4; b++)
                word = (word << 8) | (b < count ? bytes[b] : 0u);
            s->Gpr[(i->T + (k >> 2)) & 31] = word;
        }

        return i + 1;
    }

    private static Insn* Store<TMode>(CpuState* s, Insn* i, ulong ea, int count)
        where TMode : struct, IMode
    {
        if (TMode.LittleEndian)
            return Raise.Alignment(s, i, ea);
        for (int k = 0; k < count; k++)
        {
            ulong register = s->Gpr[(i->T + (k >> 2)) & 31];
            if (!Access.Store<TMode>(s, i, ModeOps<TMode>.Ea(ea + (ulong)k), (byte)(register >> (24 - (8 * (k & 3))))))
                return null;
        }

        return i + 1;
    }
}
