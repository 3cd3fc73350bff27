using System.Buffers.Binary;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>
/// A hashed page table of 256 KiB with the hypervisor's memory, a guest's, and the guest's virtual real mode area in 64 KiB pages: built sound, then spoilt
/// (hashes and entries as Linux makes them, arch/powerpc/include/asm/book3s/64/mmu-hash.h).
/// </summary>
internal sealed unsafe class HashArea
{
    private const ulong Origin = 0x100000;
    private const int Size = 0x40000;
    private const ulong HypervisorVsid = 0x1234;
    private const ulong GuestVsid = 0x5678;
    private const ulong RealModeVsid = 0x1FFFFFF;

    // L || LP = 101: 64 KiB pages.
    private const ulong PageSize = 0x110;

    // PP=010, R, C.
    private const ulong Open = 0x182;

    private readonly PhysicalMemory memory;
    private readonly List<int> written = [];
    private readonly ulong[] sound;

    public HashArea(PhysicalMemory memory)
    {
        this.memory = memory;
        for (ulong page = 0; page < World.NormalSize; page += World.Frame)
            Map(HypervisorVsid, page, page);
        for (ulong frame = 0; frame < Guest.Size; frame += World.Frame)
        {
            Map(GuestVsid, frame, World.PageOf(3, frame));
            Map(RealModeVsid, frame, World.PageOf(3, frame));
        }

        sound = [.. Enumerable.Range(0, Size / 8).Select(n => Read(8 * n))];
    }

    /// <summary>Doubleword 0 of a partition table entry: PS=101, HTABSIZE=0.</summary>
    public static ulong Pate => Origin | 0xA0;

    /// <summary>Makes the table again what it was.</summary>
    public void Restore()
    {
        for (int n = 0; n < sound.Length; n++)
            Put(8 * n, sound[n]);
    }

    /// <summary>Loads the segments that lead to the memory of hypervisor or guest, in quadrants 0 and 3, and no others.</summary>
    public static void Load(Cpu cpu, bool isHypervisor)
    {
        cpu.InvalidateSegments(4);
        ulong segment = DescriptorOf(isHypervisor);
        cpu.WriteSegment(0xC000000000000000 | (1UL << 27), segment);
        cpu.WriteSegment((1UL << 27) | 1, segment);
    }

    /// <summary>Writes a segment anywhere, over those that are needed too.</summary>
    public static void LoadAny(Cpu cpu, FuzzRandom random)
    {
        ulong segment = random.OneIn(2) ? random.Next() : DescriptorOf(random.OneIn(2)) ^ (1UL << random.Below(64));
        cpu.WriteSegment(CodeTarget.Address(random) | (1UL << 27), segment);
    }

    /// <summary>Spoils an entry: a bit, a page elsewhere, anything.</summary>
    public string Spoil(FuzzRandom random)
    {
        int at = random.OneIn(4) ? 8 * random.Below(Size / 8) : random.PickOf(written) + (8 * random.Below(2));
        ulong before = Read(at);
        ulong entry = random.Below(4) switch
        {
            0 => random.Next(),
            1 => (before & 0xFC00000000000FFF) | (CodeTarget.Address(random) & 0x01FFFFFFFFFFF000),
            _ => before ^ (1UL << random.Below(64)),
        };
        Put(at, entry);
        return $"hashed entry 0x{Origin + (ulong)at:x} = 0x{entry:x}";
    }

    private static ulong DescriptorOf(bool hypervisor) => (1UL << 62) | ((hypervisor ? HypervisorVsid : GuestVsid) << 24) | PageSize;

    private void Map(ulong vsid, ulong offset, ulong real)
    {
        ulong hash = vsid ^ (vsid << 25) ^ (offset >> 16);
        int group = (int)(hash & 0x7FF) * 128;
        int at = group;
        while (Read(at) != 0)
            at += 16;
        if (at >= group + 128)
            throw new InvalidOperationException("a group is full");

        // V, L; AVA from bit 23 on. LP=1: 64 KiB. B=1.
        Put(at, (((vsid << 17) | (offset >> 23)) << 7) | 5);
        Put(at + 8, (1UL << 58) | real | 0x1000 | Open);
        written.Add(at);
    }

    private ulong Read(int at) => BinaryPrimitives.ReadUInt64BigEndian(Entry(at));

    private void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Entry(at), value);

    // The host's memory is in pieces.
    private Span<byte> Entry(int at) => new(memory.Pointer(Origin + (ulong)at, 8), 8);
}
