using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Operands of tlbie and tlbiel.</summary>
/// <param name="Lpid">Partition.</param>
/// <param name="Pid">Process, from RS 0:31.</param>
/// <param name="Rb">IS in bits 52:53. Radix: AP in 56:58, EPN in 0:51. Hash: B in 54:55, L in 63; with L=0 virtual address bits 14:65 in 0:51 and AP in 56:58, else bits 14:57 in 0:43,
/// LP in 44:51, bits 58:64 in 56:62.</param>
/// <param name="Word">The instruction: RIC in bits 12:13, PRS 14, R 15.</param>
public readonly record struct TlbInvalidation(ulong Lpid, ulong Pid, ulong Rb, uint Word)
{
    /// <summary>All entries of all partitions.</summary>
    public static TlbInvalidation Everything { get; } = new(0, 0, 3UL << 10, 0);

    /// <summary>0 one address, 1 one process, 2 one partition, 3 all.</summary>
    public int Selector => (int)(Rb >> 10) & 3;

    /// <summary>PRS: process-scoped.</summary>
    public bool ProcessScoped => (Word & 0x20000) != 0;

    /// <summary>R: radix format.</summary>
    public bool Radix => (Word & 0x10000) != 0;

    /// <summary>Hash: B.</summary>
    public int SegmentSize => (int)(Rb >> 8) & 3;

    /// <summary>Hash: number of the virtual 4 KiB page, its low 52 bits.</summary>
    public ulong VirtualPage => (Rb & 1) == 0 ? Rb >> 12 : (Rb >> 20 << 8) | (((Rb >> 1) & 0x7F) << 1);

    /// <summary>Hash: actual page size in bytes, or a larger one where the encoding leaves it open.</summary>
    public ulong VirtualPageSize => 1UL << ((Rb & 1) == 0
        ? Math.Max(HashPageSizes.Smallest, HashPageSizes.Base((((Rb >> 5) & 4) << 6) | (((Rb >> 5) & 3) << 4)))
        : HashPageSizes.Largest((Rb >> 12) & HashFormat.PageSizeMask));

    /// <summary>Page size of AP, as ibm,processor-radix-AP-encodings of POWER9: 4 KiB 0, 2 MiB 1, 1 GiB 2, 64 KiB 5. 0 for a reserved one.</summary>
    public ulong PageSize => ((Rb >> 5) & 7) switch
    {
        0 => 1UL << 12,
        1 => 1UL << 21,
        2 => 1UL << 30,
        5 => 1UL << 16,
        _ => 0,
    };
}
