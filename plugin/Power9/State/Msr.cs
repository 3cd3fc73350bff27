namespace RenodeUvmem.Power9.State;

/// <summary>MSR bits (ISA 3.0B Book III 3.2.1; S as Linux's MSR_S).</summary>
public static class Msr
{
    public const ulong SF = 1UL << 63;
    public const ulong HV = 1UL << 60;
    public const ulong S = 1UL << 22;
    public const ulong TS = 3UL << 33;
    public const ulong TM = 1UL << 32;
    public const ulong VEC = 1UL << 25;
    public const ulong VSX = 1UL << 23;
    public const ulong EE = 1UL << 15;
    public const ulong PR = 1UL << 14;
    public const ulong FP = 1UL << 13;
    public const ulong ME = 1UL << 12;
    public const ulong FE0 = 1UL << 11;
    public const ulong SE = 1UL << 10;
    public const ulong BE = 1UL << 9;
    public const ulong FE1 = 1UL << 8;
    public const ulong IR = 1UL << 5;
    public const ulong DR = 1UL << 4;
    public const ulong PMM = 1UL << 2;
    public const ulong RI = 1UL << 1;
    public const ulong LE = 1UL << 0;

    /// <summary>Bits that this CPU has; all others read 0. TM and TS are not among them: transactional memory is off.</summary>
    public const ulong Implemented = SF | HV | S | VEC | VSX | EE | PR | FP | ME | FE0 | SE | BE | FE1 | IR | DR | PMM | RI | LE;

    /// <summary>Facility bits that HFSCR can overrule below hypervisor state (ISA 3.0B Book III 6.2.12).</summary>
    public const ulong FacilityBits = FP | VEC | VSX;
}
