namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash.Oracle;

/// <summary>Real addresses of the probe: a program, its tables and what it found, in one image that both machines load at 0.</summary>
internal static class ProbeLayout
{
    /// <summary>Where QEMU's powernv9 begins to execute its firmware.</summary>
    public const int Entry = 0x10;

    public const int Constants = 0x3000;

    /// <summary>Becomes 1 when all cases are done.</summary>
    public const int Done = 0x3F00;

    public const int Start = 0x4000;
    public const int Loop = 0x4400;
    public const int Common = 0x5000;

    /// <summary>32 pairs of RB and RS of slbmte.</summary>
    public const int Segments = 0x6000;

    /// <summary>Routines that make one access to GPR 3 and end in <c>sc 1</c>; each case names one.</summary>
    public const int LoadRoutine = 0x7000;
    public const int StoreRoutine = 0x7100;
    public const int FetchRoutine = 0x7200;

    /// <summary>A place for what changes nothing.</summary>
    public const int Scratch = 0x7F00;

    /// <summary>
    /// First what changes before: address of a page table entry and its two doublewords, RB and RS of tlbie, RB of slbie, RB and RS of slbmte. Then the access: EA,
    /// MSR, AMR, IAMR, LPIDR, address of the routine, LPCR, value to store.
    /// </summary>
    public const int Cases = 0x80000;
    public const int CaseSize = 128;

    /// <summary>Offset of the access in a case.</summary>
    public const int Access = 64;

    /// <summary>GPR 10, vector, SRR0, SRR1, DAR, DSISR, HDAR, HDSISR, HSRR0, HSRR1, 0, 0.</summary>
    public const int Results = 0x100000;
    public const int ResultSize = 96;

    public const int PartitionTable = 0x1F0000;

    /// <summary>Hashed page tables of LPID 0 and 1, 256 KiB each.</summary>
    public const int HostTable = 0x200000;
    public const int GuestTable = 0x240000;
    public const int TableBytes = 0x40000;

    public const int ImageSize = 0x280000;

    /// <summary>16 MiB that pages lie in; each doubleword is two instructions that tell the number of its 4 KiB.</summary>
    public const ulong Data = 0x2000000;
    public const ulong DataSize = 16 << 20;
}
