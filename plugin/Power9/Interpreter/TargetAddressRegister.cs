using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>The facility of TAR and bctar (ISA 3.0B Book III 6.2.11, 6.2.12).</summary>
public static unsafe class TargetAddressRegister
{
    /// <summary>Interrupt cause in FSCR and HFSCR, and the number of the enabling bit.</summary>
    public const int InterruptCause = 8;

    /// <summary>Whether the state may use TAR; if not, whether the hypervisor's HFSCR forbids it.</summary>
    public static bool Available(CpuState* s, out bool hypervisor)
    {
        const ulong Bit = 1UL << InterruptCause;
        hypervisor = (s->Msr & Msr.HV) == 0 && (s->Spr[SprNumber.HFSCR] & Bit) == 0;
        bool problem = (s->Msr & Msr.PR) != 0 && (s->Spr[SprNumber.FSCR] & Bit) == 0;
        return !hypervisor && !problem;
    }
}
