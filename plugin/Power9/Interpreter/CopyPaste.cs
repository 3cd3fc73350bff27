using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Copy-paste facility (ISA 3.0B Book II 4.4). POWER9 pastes only to accelerators; this machine has none, so a paste always finds
/// the wrong kind of storage. What copy put in the buffer can therefore never be seen.
/// </summary>
public static unsafe class CopyPaste
{
    [Insn("copy", Form.X, 31, 774, "RA0,RB", "II 4.4")]
    public static Insn* Copy<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & (Cache.BlockSize - 1)) != 0)
            return Raise.Alignment(s, i, ea);
        return Access.Load<TMode>(s, i, ea, out byte _) ? i + 1 : null;
    }

    [Insn("paste.", Form.X, 31, 902, "RA0,RB", "II 4.4")]
    public static Insn* Paste<TMode>(CpuState* s, Insn* i)
        where TMode : struct, IMode
    {
        ulong ea = EffectiveAddress.X<TMode>(s, i);
        if ((ea & (Cache.BlockSize - 1)) != 0)
            return Raise.Alignment(s, i, ea);
        return Raise.DataStorage(s, i, ea, DataStorageCause.CopyPaste | DataStorageCause.Store);
    }

    [Insn("cp_abort", Form.X, 31, 838, "", "II 4.4")]
    public static Insn* CpAbort(CpuState* s, Insn* i) => i + 1;
}
