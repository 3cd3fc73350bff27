namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash;

/// <summary>A segment as software describes it to the CPU.</summary>
/// <param name="Esid">First effective address.</param>
/// <param name="Vsid">Virtual segment identifier.</param>
/// <param name="BaseShift">Base page size.</param>
/// <param name="IsLarge">1 TiB instead of 256 MiB.</param>
/// <param name="Flags">Ks 0x800, Kp 0x400, N 0x200, C 0x80.</param>
internal sealed record Segment(ulong Esid, ulong Vsid, int BaseShift, bool IsLarge, ulong Flags = 0x400)
{
    public int Shift => IsLarge ? 40 : 28;

    /// <summary>B.</summary>
    public int SizeCode => IsLarge ? 1 : 0;

    /// <summary>RS of slbmte. L || LP: 4 KiB 0, 64 KiB L=1 LP=01, 16 MiB L=1 LP=00 (Linux mmu_psize_defs[].sllp).</summary>
    public ulong Descriptor => ((ulong)SizeCode << 62) | (Vsid << (IsLarge ? 24 : 12)) | Flags | BaseShift switch
    {
        12 => 0x000UL,
        16 => 0x110,
        _ => 0x100,
    };

    /// <summary>RB of slbmte.</summary>
    public ulong Entry(int index) => Esid | (1UL << 27) | (uint)index;

    /// <summary>Linux hpt_vpn: the virtual address without its low 12 bits.</summary>
    public ulong Vpn(ulong ea) => (Vsid << (Shift - 12)) | ((ea & ((1UL << Shift) - 1)) >> 12);

    /// <summary>Linux hpt_hash.</summary>
    public ulong Hash(ulong vpn)
    {
        if (!IsLarge)
            return ((vpn >> (28 - 12)) ^ ((vpn & ((1UL << (28 - 12)) - 1)) >> (BaseShift - 12))) & 0x7FFFFFFFFF;
        ulong vsid = vpn >> (40 - 12);
        return (vsid ^ (vsid << 25) ^ ((vpn & ((1UL << (40 - 12)) - 1)) >> (BaseShift - 12))) & 0x7FFFFFFFFF;
    }

    /// <summary>RB of tlbie for a page, as Linux ___tlbie (hash_native.c) makes it.</summary>
    public ulong Tlbie(ulong ea, int actualShift)
    {
        ulong vpn = Vpn(ea);
        ulong va = vpn << 12;
        if (BaseShift == 12)
        {
            // get_sllp_encoding(apsize): SLB[L] at 0b100, SLB[LP] below.
            ulong sllp = actualShift switch
            {
                12 => 0,
                16 => 5,
                _ => 4,
            };
            return (va & ~0xFFFUL) | ((ulong)SizeCode << 8) | (sllp << 5);
        }

        va &= ~((1UL << actualShift) - 1);
        return va | (HashTable.Encoding(BaseShift, actualShift) << 12) | ((ulong)SizeCode << 8) | (vpn & 0xFE) | 1;
    }
}
