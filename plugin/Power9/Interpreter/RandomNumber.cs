using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// darn (ISA 3.0B Book I 3.3.9). The numbers are a function of the processor number and of the instructions executed so far, so that
/// two runs of the machine see the same ones.
/// </summary>
public static unsafe class RandomNumber
{
    [Insn("darn", Form.X, 31, 755, "RT,L", "I 3.3.9")]
    public static Insn* Darn(CpuState* s, Insn* i)
    {
        ulong number = Mix((ulong)s->Executed ^ (s->Spr[SprNumber.PIR] << 48));
        s->Gpr[i->T] = (i->A & 3) switch
        {
            0 => (uint)number,
            3 => ulong.MaxValue, // reserved L: the error value
            _ => number,
        };
        return i + 1;
    }

    // The output function of SplitMix64: each input bit changes half of the output bits.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
