using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// Synchronisation (ISA 3.0B Book II 4.6). Execution is in order, and where threads take turns at instruction boundaries every order that these
/// ask for holds anyway; where they execute at the same time, <see cref="HostOrder"/> makes it.
/// </summary>
public static unsafe class Synchronize
{
    [Insn("isync", Form.XL, 19, 150, "", "II 4.6.1")]
    public static Insn* Isync(CpuState* s, Insn* i)
    {
        HostOrder.Light(s);
        return i + 1;
    }

    [Insn("sync", Form.X, 31, 598, "L", "II 4.6.3")]
    public static Insn* Sync(CpuState* s, Insn* i)
    {
        // L=1 is lwsync.
        if ((i->Imm & (3 << 21)) == 1 << 21)
            HostOrder.Light(s);
        else
            HostOrder.Heavy(s);
        return i + 1;
    }

    [Insn("ptesync", Form.X, 31, 598, "", "III 5.9.2", Where = ".........10.....................", Privilege = Privilege.Privileged)]
    public static Insn* Ptesync(CpuState* s, Insn* i)
    {
        if (!Privileges.IsPrivileged(s))
            return Privileges.Refuse(s, i, Privilege.Privileged);
        HostOrder.Heavy(s);
        return TranslationControl.Complete(s, i);
    }

    [Insn("eieio", Form.X, 31, 854, "", "II 4.6.3")]
    public static Insn* Eieio(CpuState* s, Insn* i)
    {
        HostOrder.Light(s);
        return i + 1;
    }

    /// <summary>Waiting may end at any time; here at once.</summary>
    [Insn("wait", Form.X, 31, 30, "WC", "II 4.6.4")]
    public static Insn* Wait(CpuState* s, Insn* i) => i + 1;
}
