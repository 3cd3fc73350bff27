using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Interpreter;

/// <summary>
/// What MMCR0[PMCC] leaves to problem state of the performance monitor's SPRs (ISA 3.0B Book III 9.4.4; QEMU target/ppc/power8-pmu-regs.c.inc).
/// PMC1 to PMC6, MMCR0, MMCR2 and MMCRA can be written by it at all; the others have no number to write them with.
/// </summary>
public static unsafe class MonitorAccess
{
    private const ulong ReadOnly = 0;
    private const ulong None = Mmcr0.PMCC & (Mmcr0.PMCC >> 1);
    private const ulong AllButPmc56 = Mmcr0.PMCC;

    /// <summary>Whether an SPR may be read in the present state, if its facility is there.</summary>
    public static bool MayRead(CpuState* s, int number) => !Applies(s, number) || (s->Spr[SprNumber.MMCR0] & Mmcr0.PMCC) switch
    {
        None => false,
        AllButPmc56 => !IsPmc56(number),
        _ => true,
    };

    /// <summary>Whether it may be written.</summary>
    public static bool MayWrite(CpuState* s, int number) => MayRead(s, number) && !WriteIsIllegal(s, number);

    /// <summary>Whether a write is no Facility Unavailable interrupt, but one of an instruction that does not exist.</summary>
    public static bool WriteIsIllegal(CpuState* s, int number) => Applies(s, number) && (s->Spr[SprNumber.MMCR0] & Mmcr0.PMCC) == ReadOnly;

    private static bool Applies(CpuState* s, int number) => (s->Msr & Msr.PR) != 0 && number is >= SprNumber.SIER_User and <= SprNumber.MMCR1_User;

    private static bool IsPmc56(int number) => number is SprNumber.PMC6_User or SprNumber.PMC6_User - 1;
}
