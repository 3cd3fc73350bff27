using System.Buffers.Binary;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Tests.SystemLevel.Hash.Oracle;

/// <summary>Random segments, hashed page tables, changes of both and accesses, from a seed.</summary>
internal sealed class ProbeImage
{
    public const int CaseCount = 4000;

    private const int Mappings = 500;

    // Pages that are accessed again and again, so that what was cached could be wrong.
    private const int WorkingSet = 16;

    private const ulong PageSize64K = 0xA0;
    private static readonly Segment KernelSegment = new(BareMachine.KernelBase, 0x123456, 16, IsLarge: true, Flags: 0);
    private static readonly Segment VrmaSegment = new(0, 0x1FFFFFF, 16, IsLarge: true, Flags: 0);
    private readonly Random random;
    private readonly List<Segment> segments = [];
    private readonly List<Mapping> mappings = [];

    // The mapping that a place of a table is of; those that are spoilt are of none.
    private readonly Dictionary<int, Mapping> owners = [];

    public ProbeImage(int seed)
    {
        random = new Random(seed);
        Bytes = new byte[ProbeLayout.ImageSize];
        for (int lpid = 0; lpid < 2; lpid++)
            ProbeProgram.Put64(Bytes, ProbeLayout.PartitionTable + (16 * lpid), (ulong)TableOf(lpid) | PageSize64K);
        MakeSegments();
        for (int lpid = 0; lpid < 2; lpid++)
        {
            for (int k = 0; k < Mappings; k++)
                Place(AnyMapping(lpid), spoilt: random.Next(8) == 0);

            // Code must be there, in first places.
            Place(new Mapping(lpid, KernelSegment, KernelSegment.Esid, 16, Secondary: false, 0), 0, HashTable.OpenPage);
            Place(new Mapping(lpid, VrmaSegment, 0, 16, Secondary: false, 0), 0, HashTable.OpenPage);
        }

        var near = Enumerable.Range(0, WorkingSet).Select(_ => AnyOf(mappings)).ToList();
        for (int k = 0; k < CaseCount; k++)
        {
            if (k % 8 == 0)
                near[random.Next(WorkingSet)] = AnyOf(mappings);
            MakeCase(ProbeLayout.Cases + (k * ProbeLayout.CaseSize), AnyOf(near));
        }

        ProbeProgram.WriteTo(Bytes, CaseCount);
    }

    public byte[] Bytes { get; }

    /// <summary>What a case was, for messages.</summary>
    public string Describe(int number)
    {
        int at = ProbeLayout.Cases + (number * ProbeLayout.CaseSize) + ProbeLayout.Access;
        ulong[] words = [.. Enumerable.Range(0, 7).Select(k => BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(at + (8 * k))))];
        return $"case {number}: EA 0x{words[0]:x}, MSR 0x{words[1]:x}, AMR 0x{words[2]:x}, IAMR 0x{words[3]:x}, LPID {words[4]}, at 0x{words[5]:x}, LPCR 0x{words[6]:x}";
    }

    private static int TableOf(int lpid) => lpid == 0 ? ProbeLayout.HostTable : ProbeLayout.GuestTable;

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
            segments.Add(new Segment(esid, AnyVsid(), baseShift, large, AnyFlags()));
        }

        for (int k = 0; k < 32; k++)
        {
            Segment? segment = k < segments.Count ? segments[k] : null;
            ProbeProgram.Put64(Bytes, ProbeLayout.Segments + (16 * k), segment?.Entry(k) ?? (ulong)k);
            ProbeProgram.Put64(Bytes, ProbeLayout.Segments + (16 * k) + 8, segment?.Descriptor ?? 0);
        }
    }

    // Few identifiers, so that segments share pages and hashes collide.
    private ulong AnyVsid() => (ulong)random.Next(1, 9) * 0x1111;

    // Class, no-execute, keys.
    private ulong AnyFlags() => ((ulong)random.Next(2) << 7) | (random.Next(6) == 0 ? 0x200UL : 0) | ((ulong)random.Next(4) << 10);

    private ulong AnyTarget() => ProbeLayout.Data | ((ulong)random.NextInt64((long)ProbeLayout.DataSize) & ~0xFFFUL);

    private ulong AnyRights()
    {
        ulong bits = ((ulong)random.NextInt64() & 0x1FF & ~0x60UL & (random.Next(2) == 0 ? ~0xCUL : ulong.MaxValue)) | (random.Next(4) == 0 ? 1UL << 63 : 0);
        int key = random.Next(2) == 0 ? 0 : random.Next(32);
        return bits | ((ulong)(uint)(key >> 3) << 60) | ((ulong)(uint)(key & 7) << 9);
    }

    private T AnyOf<T>(List<T> list) => list[random.Next(list.Count)];

    private Mapping AnyMapping(int lpid)
    {
        Segment segment = random.Next(8) == 0 ? VrmaSegment : segments[random.Next(1, segments.Count)];
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
        var mapping = new Mapping(lpid, segment, ea, actualShift, random.Next(3) == 0, random.Next(8));
        mappings.Add(mapping);
        return mapping;
    }

    private void Place(Mapping mapping, bool spoilt)
    {
        int at = Place(mapping, AnyTarget(), AnyRights());
        if (!spoilt)
            return;
        owners.Remove(at);
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(at));
        ulong second = BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(at + 8));

        // V, H, L=0 or one of AVA that counts for every page size; B, LP or a bit of the page's place in the data. With L=1 a page's place could mean 16 MiB, and
        // have other bits below that: QEMU finds no match then, the ISA's LP has only eight bits.
        if (random.Next(2) == 0)
            first ^= 1UL << (random.Next(3) == 0 ? random.Next((first & 4) != 0 ? 3 : 2) : random.Next(8, 52));
        else
            second ^= 1UL << (random.Next(3) == 0 ? random.Next(58, 60) : random.Next(12, 20));
        ProbeProgram.Put64(Bytes, at, first);
        ProbeProgram.Put64(Bytes, at + 8, second);
    }

    private int Place(Mapping mapping, ulong target, ulong rights)
    {
        (int at, ulong first, ulong second) = mapping.Entry(target, rights);
        ProbeProgram.Put64(Bytes, at, first);
        ProbeProgram.Put64(Bytes, at + 8, second);
        owners[at] = mapping;
        return at;
    }

    private void MakeCase(int at, Mapping mapping)
    {
        int index = segments.IndexOf(mapping.Segment);
        MakePageChange(at, mapping);
        MakeSegmentChange(at, index);
        bool real = index < 0;
        ulong ea = random.Next(10) switch
        {
            0 => mapping.Ea ^ (1UL << random.Next(12, 46)),
            1 => mapping.Ea + 0x1000,
            _ => mapping.Ea,
        };
        ea |= (ulong)random.Next(511) << 3;
        bool host = mapping.Lpid == 0 && !real;
        bool problem = !real && random.Next(2) == 0;
        ulong msr = Msr.SF | Msr.ME | (host ? Msr.HV : 0) | (real ? 0 : Msr.IR | Msr.DR) | (problem ? Msr.PR | Msr.EE : 0);
        int routine = random.Next(3) switch
        {
            0 => ProbeLayout.LoadRoutine,
            1 => ProbeLayout.StoreRoutine,
            _ => ProbeLayout.FetchRoutine,
        };

        // Few values of AMR and IAMR, and key 0, which is the code's own, is never denied.
        ulong amr = ((ulong)random.Next(3) * 0x1234567895A5A5A5) & 0x3FFFFFFFFFFFFFFF;
        ulong iamr = ((ulong)random.Next(3) * 0x4321567895A5A5A5) & 0x1555555555555555;
        ulong lpcr = (random.Next(2) == 0 ? Lpcr.VPM : 0) | (0x11UL << 47);
        ulong value = 0x3940_0000_4400_0022 | ((ulong)random.Next(0x7FFF) << 32);
        Put(at + ProbeLayout.Access, ea, msr, amr, iamr, host ? 0UL : 1UL, (real ? 0 : KernelSegment.Esid) + (ulong)routine, lpcr, value);
    }

    // Another page or other rights behind an entry, none, or a new one; the page that will be accessed, or another.
    private void MakePageChange(int at, Mapping mapping)
    {
        Mapping changed = random.Next(3) == 0 ? AnyOf(mappings) : mapping;
        (int entry, ulong first, ulong second) = changed.Entry(AnyTarget(), AnyRights());
        if (random.Next(2) == 0 || !owners.TryGetValue(entry, out Mapping? owner) || owner != changed)
        {
            Put(at, ProbeLayout.Scratch, 0, 0, 0, 0);
            return;
        }

        Put(at, (ulong)entry, random.Next(3) == 0 ? 0 : first, second, changed.Segment.Tlbie(changed.Ea, changed.ActualShift), (ulong)changed.Lpid);
    }

    // Another segment at the place of one.
    private void MakeSegmentChange(int at, int index)
    {
        int changed = random.Next(4) == 0 ? random.Next(1, segments.Count) : index;
        if (changed < 1 || random.Next(4) != 0)
        {
            // Entry 31 stays invalid; no segment is at the address.
            Put(at + 40, 0xE000000000000000, 31, 0);
            return;
        }

        Segment old = segments[changed];
        bool own = random.Next(2) == 0;
        Segment now = old with { Vsid = own ? old.Vsid : AnyVsid(), Flags = AnyFlags() };
        ulong valid = random.Next(8) == 0 ? 0 : 1UL << 27;
        Put(at + 40, old.Esid | ((ulong)old.SizeCode << 25), old.Esid | valid | (uint)changed, now.Descriptor);
    }

    private void Put(int at, params ulong[] words)
    {
        for (int k = 0; k < words.Length; k++)
            ProbeProgram.Put64(Bytes, at + (8 * k), words[k]);
    }

    private sealed record Mapping(int Lpid, Segment Segment, ulong Ea, int ActualShift, bool Secondary, int Slot)
    {
        /// <summary>Real address of the entry and its doublewords.</summary>
        public (int At, ulong First, ulong Second) Entry(ulong target, ulong rights)
        {
            (ulong offset, ulong first, ulong second) = HashTable.Encode(Segment, Ea, target, ActualShift, rights, 0, Secondary, Slot);
            return (TableOf(Lpid) + (int)offset, first, second);
        }
    }
}
