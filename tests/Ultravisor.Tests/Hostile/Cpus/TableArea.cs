using System.Buffers.Binary;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;
using RenodeUvmem.Ultravisor.Tests.Hostile.Model;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Cpus;

/// <summary>
/// Page tables of one address space in a piece of memory: built sound, then spoilt. Trees are those that POWER9 has: 13 + 9 + 9 bits, then 5 for 64 KiB
/// pages, or leaves of 2 MiB a level above (POWER9 User's Manual 4.10.4.1; entries ISA 3.0B Book III 5.7.10).
/// </summary>
/// <param name="memory">The machine's memory.</param>
/// <param name="address">Address of the area as the tables themselves name it: real, or guest real.</param>
/// <param name="pages">Real addresses of its pages.</param>
internal sealed unsafe class TableArea(PhysicalMemory memory, ulong address, ulong[] pages)
{
    /// <summary>A leaf that allows everything.</summary>
    public const ulong Open = 0x187;

    /// <summary>The same for privileged state only.</summary>
    public const ulong Kernel = Open | 8;

    /// <summary>RTS for 52 bits (ISA 3.0B Book III 5.7.6.1) and index bits of the root.</summary>
    public const ulong RootBits = (2UL << 61) | (5UL << 5) | 13;

    private const ulong Valid = 1UL << 63;
    private const ulong Leaf = 1UL << 62;

    private readonly int size = pages.Length * (int)World.Frame;
    private readonly List<int> written = [];
    private byte[][] sound = [];
    private int next;
    private int keptNext;
    private int keptEntries;

    /// <summary>Real addresses of its pages.</summary>
    public IReadOnlyList<ulong> Pages => pages;

    /// <summary>Doubleword 0 of a partition or process table entry for a new tree.</summary>
    public ulong NewRoot() => RootBits | Take(0x10000);

    /// <summary>A process table of 4 KiB; its address.</summary>
    public ulong NewProcessTable() => Take(0x1000);

    /// <summary>Sets a process's tree.</summary>
    public void SetProcess(ulong table, ulong pid, ulong root) => Write(table + (pid * 16), root);

    /// <summary>Maps pages of 64 KiB or 2 MiB.</summary>
    public void Map(ulong root, ulong from, ulong to, ulong pageSize, ulong authority)
    {
        ulong table = root & 0x0FFFFFFFFFFF0000;
        table = Below(table + (((from >> 39) & 0x1FFF) * 8), 9);
        table = Below(table + (((from >> 30) & 0x1FF) * 8), 9);
        ulong entry = table + (((from >> 21) & 0x1FF) * 8);
        if (pageSize == World.Frame)
            entry = Below(entry, 5) + (((from >> 16) & 0x1F) * 8);
        Write(entry, Valid | Leaf | to | authority);
    }

    /// <summary>Begins with nothing.</summary>
    public TableArea Clear()
    {
        foreach (ulong page in pages)
            new Span<byte>(memory.Pointer(page, World.Frame), (int)World.Frame).Clear();
        return this;
    }

    /// <summary>Remembers the tables as they are now.</summary>
    public void Keep()
    {
        sound = [.. pages.Select(page => new ReadOnlySpan<byte>(memory.Pointer(page, World.Frame), (int)World.Frame).ToArray())];
        (keptNext, keptEntries) = (next, written.Count);
    }

    /// <summary>Makes them again what they were.</summary>
    public void Restore()
    {
        for (int n = 0; n < pages.Length; n++)
            sound[n].CopyTo(new Span<byte>(memory.Pointer(pages[n], World.Frame), (int)World.Frame));
        next = keptNext;
        written.RemoveRange(keptEntries, written.Count - keptEntries);
    }

    /// <summary>Spoils an entry: a bit, a table or page elsewhere, absurd sizes, anything.</summary>
    public string Spoil(FuzzRandom random)
    {
        int at = random.OneIn(4) ? 8 * random.Below(size / 8) : random.PickOf(written);
        ulong before = Read(at);
        ulong entry = random.Below(6) switch
        {
            0 => random.Next(),
            1 => Valid | Leaf | (Values.Address(random) & ~0xFFFUL) | Open,
            2 => Valid | (Values.Address(random) & ~0xFFUL & ~Leaf) | (uint)random.Pick(5, 9, 13, random.Below(32)),
            3 => Valid | ((address + (ulong)random.Below(size)) & ~0xFFUL) | (uint)random.Pick(5, 9, 13),
            _ => before ^ (1UL << random.Below(64)),
        };
        Put(at, entry);
        return $"table entry 0x{address + (ulong)at:x} = 0x{entry:x}";
    }

    private ulong Below(ulong entry, int bits)
    {
        ulong value = Read((int)(entry - address));
        if (value == 0)
        {
            value = Valid | Take(Math.Max(0x100, 8 << bits)) | (uint)bits;
            Write(entry, value);
        }

        return value & 0x0FFFFFFFFFFFFF00;
    }

    private ulong Take(int bytes)
    {
        next = (next + bytes - 1) & ~(bytes - 1);
        ulong taken = address + (ulong)next;
        next += bytes;
        return next <= size ? taken : throw new InvalidOperationException("the area is too small");
    }

    private void Write(ulong at, ulong value)
    {
        written.Add((int)(at - address));
        Put((int)(at - address), value);
    }

    private ulong Read(int at) => BinaryPrimitives.ReadUInt64BigEndian(Entry(at));

    private void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Entry(at), value);

    private Span<byte> Entry(int at) => new(memory.Pointer(pages[at / (int)World.Frame] + (ulong)(at % (int)World.Frame), 8), 8);
}
