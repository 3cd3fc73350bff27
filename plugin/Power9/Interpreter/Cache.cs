using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Cache management (ISA 3.0B Book II 4.3). There is no cache: what stays is the access check, and the zeroing of dcbz.
/// Stores to decoded code reset it at once, so icbi has no more to do.
/// </summary>
public static unsafe class Cache
{
    /// <summary>Block size in bytes.</summary>
    public const int BlockSize = 128;

    [Insn("dcbt", Form.X, 31, 278, "RA0,RB,TH", "II 4.3.2")]
    public static Insn* Dcbt(CpuState* s, Insn* i) => i + 1;

    [Insn("dcbtst", Form.X, 31, 246, "RA0,RB,TH", "II 4.3.2")]
    public static Insn* Dcbtst(CpuState* s, Insn* i) => i + 1;

    [Insn("icbt", Form.X, 31, 22, "CT,RA0,RB", "II 4.3.1")]
    public static Insn* Icbt(CpuState* s, Insn* i) => i + 1;

    [Insn("dcbst", Form.X, 31, 54, "RA0,RB", "II 4.3.2")]
    public static Insn* Dcbst<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Check<TMode>(s, i);

    [Insn("dcbf", Form.X, 31, 86, "RA0,RB,L", "II 4.3.2")]
    public static Insn* Dcbf<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Check<TMode>(s, i);

    [Insn("icbi", Form.X, 31, 982, "RA0,RB", "II 4.3.1")]
    public static Insn* Icbi<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => Check<TMode>(s, i);

    [Insn("dcbz", Form.X, 31, 1014, "RA0,RB", "II 4.3.2")]
    public static Insn* Dcbz<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i) & ~(ulong)(BlockSize - 1);
        TlbEntry* entry = Access.Entry(s, ea);
        if (entry->WriteTag != (ea & ~0xFFFUL))
            return Cpu.ZeroBlockSlow(s, i, ea) ? i + 1 : null;
        Unsafe.InitBlockUnaligned((byte*)((nint)ea + entry->Addend), 0, BlockSize);
        return i + 1;
    }

    // Treated as a load of the addressed byte as to translation and protection; nothing is loaded.
    private static Insn* Check<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        return Access.Entry(s, ea)->ReadTag == (ea & ~0xFFFUL) || Cpu.TouchSlow(s, i, ea) ? i + 1 : null;
    }
}
