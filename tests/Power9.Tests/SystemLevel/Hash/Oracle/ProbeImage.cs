using System.Buffers.Binary;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash.Oracle;

/// <summary>Random segments, hashed page tables and accesses, from a seed.</summary>
internal sealed class ProbeImage
{
    public const int CaseCount = 4000;

    private const int Mappings = 500;
    private const ulong PageSize64K = 0xA0;
    private static readonly Segment KernelSegment = new(BareMachine.KernelBase, 0x123456, 16, IsLarge: true, Flags: 0);
    private static readonly Segment VrmaSegment = new(0, 0x1FFFFFF, 16, IsLarge: true, Flags: 0);
    private readonly Random random;
    private readonly List<Segment> segments = [];
    private readonly List<(ulong Ea, bool Real)> places = [];

    public ProbeImage(int seed)
    {
        random = new Random(seed);
        Bytes = new byte[ProbeLayout.ImageSize];
        foreach ((int lpid, int table) in ((int, int)[])[(0, ProbeLayout.HostTable), (1, ProbeLayout.GuestTable)])
            ProbeProgram.Put64(Bytes, ProbeLayout.PartitionTable + (16 * lpid), (ulong)table | PageSize64K);
        MakeSegments();
        foreach (int table in (int[])[ProbeLayout.HostTable, ProbeLayout.GuestTable])
        {
            for (int k = 0; k < Mappings; k++)
                MapSomething(table);

            // Code must be there, in first places.
            Map(table, KernelSegment, KernelSegment.Esid, 0, 16, HashTable.OpenPage, secondary: false, slot: 0, spoilt: false);
            Map(table, VrmaSegment, 0, 0, 16, HashTable.OpenPage, secondary: false, slot: 0, spoilt: false);
        }

        for (int k = 0; k < CaseCount; k++)
            MakeCase(ProbeLayout.Cases + (k * ProbeLayout.CaseSize));
        ProbeProgram.WriteTo(Bytes, CaseCount);
    }

    public byte[] Bytes { get; }

    /// <summary>What a case was, for messages.</summary>
    public string Describe(int number)
    {
        int at = ProbeLayout.Cases + (number * ProbeLayout.CaseSize);
        ulong[] words = [.. Enumerable.Range(0, 7).Select(k => BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(at + (8 * k))))];
        return $"case {number}: EA 0x{words[0]:x}, MSR 0x{words[1]:x}, AMR 0x{words[2]:x}, IAMR 0x{words[3]:x}, LPID {words[4]}, at 0x{words[5]:x}, LPCR 0x{words[6]:x}";
    }

    private void MakeSegments()
    {
        segments.Add(KernelSegment);
        for (int k = 1; k < 30; k++)
        {
            bool large = random.Next(2) == 0;
            ulong esid = large ? (ulong)k << 40 : (ulong)k << 28;
            if (random.Next(3) == 0)
                esid |= 0xD000000000000000;
            int baseShift = random.Next(4) switch
            {
                0 => 16,
                1 => 24,
                _ => 12,
            };

            // Few identifiers, so that segments share pages and hashes collide.
            segments.Add(new Segment(esid, (ulong)random.Next(1, 9) * 0x1111, baseShift, large, Flags()));
        }

        for (int k = 0; k < 32; k++)
        {
            Segment? segment = k < segments.Count ? segments[k] : null;
            ProbeProgram.Put64(Bytes, ProbeLayout.Segments + (16 * k), segment?.Entry(k) ?? (ulong)k);
            ProbeProgram.Put64(Bytes, ProbeLayout.Segments + (16 * k) + 8, segment?.Descriptor ?? 0);
        }
    }

    // Class, no-execute, keys.
    private ulong Flags() => ((ulong)random.Next(2) << 7) | (random.Next(6) == 0 ? 0x200UL : 0) | ((ulong)random.Next(4) << 10);

    private void MapSomething(int table)
    {
        bool real = random.Next(8) == 0;
        Segment segment = real ? VrmaSegment : segments[random.Next(1, segments.Count)];
        int actualShift = (segment.BaseShift, random.Next(3)) switch
        {
            (24, _) => 24,
            (16, 0) => 24,
            (16, _) => 16,
            (_, 0) => 24,
            (_, 1) => 16,
            _ => 12,
        };
        ulong ea = segment.Esid | ((ulong)random.NextInt64(1L << 28) & ~0xFFFUL) | 0x1000000;
        ulong target = ProbeLayout.Data | ((ulong)random.NextInt64((long)ProbeLayout.DataSize) & ~0xFFFUL);
        ulong bits = ((ulong)random.NextInt64() & 0x1FF & ~0x60UL & (random.Next(2) == 0 ? ~0xCUL : ulong.MaxValue)) | (random.Next(4) == 0 ? 1UL << 63 : 0);
        int key = random.Next(2) == 0 ? 0 : random.Next(32);
        bits |= ((ulong)(uint)(key >> 3) << 60) | ((ulong)(uint)(key & 7) << 9);
        Map(table, segment, ea, target, actualShift, bits, random.Next(3) == 0, random.Next(8), spoilt: random.Next(8) == 0);
        places.Add((ea, real));
    }

    private void Map(int table, Segment segment, ulong ea, ulong real, int actualShift, ulong bits, bool secondary, int slot, bool spoilt)
    {
        (ulong offset, ulong first, ulong second) = HashTable.Encode(segment, ea, real, actualShift, bits, 0, secondary, slot);
        if (spoilt)
        {
            // V, H, L=0 or one of AVA that counts for every page size; B, LP or a bit of the page's place in the data. With L=1 a page's place could mean 16 MiB, and
            // have other bits below that: QEMU finds no match then, the ISA's LP has only eight bits.
            if (random.Next(2) == 0)
                first ^= 1UL << (random.Next(3) == 0 ? random.Next((first & 4) != 0 ? 3 : 2) : random.Next(8, 52));
            else
                second ^= 1UL << (random.Next(3) == 0 ? random.Next(58, 60) : random.Next(12, 20));
        }

        ProbeProgram.Put64(Bytes, table + (int)offset, first);
        ProbeProgram.Put64(Bytes, table + (int)offset + 8, second);
    }

    private void MakeCase(int at)
    {
        (ulong ea, bool isReal) = places[random.Next(places.Count)];
        ea = random.Next(10) switch
        {
            0 => ea ^ (1UL << random.Next(12, 46)),
            1 => ea + 0x1000,
            _ => ea,
        };
        ea |= (ulong)random.Next(511) << 3;
        bool host = random.Next(2) == 0 && !isReal;
        bool real = isReal || (!host && random.Next(20) == 0);
        bool problem = !real && random.Next(2) == 0;
        if (real)
            ea &= 0x0FFFFFFFFFFFFFFF;
        ulong msr = Msr.SF | Msr.ME | (host ? Msr.HV : 0) | (real ? 0 : Msr.IR | Msr.DR) | (problem ? Msr.PR | Msr.EE : 0);
        int routine = random.Next(3) switch
        {
            0 => ProbeLayout.LoadRoutine,
            1 => ProbeLayout.StoreRoutine,
            _ => ProbeLayout.FetchRoutine,
        };

        // Key 0 is the code's own.
        ulong amr = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64();
        ulong iamr = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64() & 0x1555555555555555;
        ulong lpcr = (random.Next(2) == 0 ? Lpcr.VPM : 0) | (0x11UL << 47);
        ulong[] words = [ea, msr, amr, iamr, host ? 0UL : 1UL, (real ? 0 : KernelSegment.Esid) + (ulong)routine, lpcr, 0x3940_0000_4400_0022 | ((ulong)random.Next(0x7FFF) << 32)];
        for (int k = 0; k < words.Length; k++)
            ProbeProgram.Put64(Bytes, at + (8 * k), words[k]);
    }
}
