using System.Runtime.CompilerServices;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>Effective addresses of storage operands (ISA 3.0B Book I 1.10.3).</summary>
public static unsafe class EffectiveAddress
{
    /// <summary>(RA|0) or (RA), plus displacement: D, DS, DQ forms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong D<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + (ulong)i->Imm);

    /// <summary>(RA|0) or (RA), plus (RB): X form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong X<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A] + s->Gpr[i->B]);

    /// <summary>(RA|0): string and atomic forms whose RB field is no register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong A<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode => ModeOps<TMode>.Ea(s->Gpr[i->A]);
}
