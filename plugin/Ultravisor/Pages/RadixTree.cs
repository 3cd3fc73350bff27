using System.Buffers.Binary;
using RenodeUvmem.Power9.Mmu;
using RenodeUvmem.Power9.Snapshots;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>
/// Partition-scoped radix tree of an SVM, as real tables in secure memory, so that the one table walker serves SVMs too.
/// 52 bits in 13, 9, 9, 5 index bits over 64 KiB pages (ISA 3.0B Book III 5.7.6).
/// </summary>
public sealed unsafe class RadixTree : IDisposable
{
    /// <summary>Bytes of the root.</summary>
    public const ulong RootBytes = 8UL << RootBits;

    private const int AddressBits = 52;
    private const int RootBits = 13;

    // Index bits from the root down.
    private static readonly byte[] LevelBits = [RootBits, 9, 9, 5];

    private readonly SecureHeap heap;
    private readonly List<(ulong Real, ulong Size)> tables = [];

    /// <summary>Allocates the root; <see cref="Root"/> is 0 if there is no room.</summary>
    public RadixTree(SecureHeap heap)
    {
        this.heap = heap;
        Root = NewTable(LevelBits[0]);
    }

    /// <summary>A tree whose tables are in memory already.</summary>
    internal RadixTree(SecureHeap heap, SnapshotReader reader)
    {
        this.heap = heap;
        for (int left = reader.ReadCount(int.MaxValue, 2 * sizeof(ulong)); left > 0; left--)
        {
            (ulong real, ulong size) = (reader.ReadUInt64(), reader.ReadUInt64());
            if (size > SecureHeap.FrameSize || heap.Pointer(real, size) == null)
                throw reader.Problem($"table 0x{real:x} of 0x{size:x} bytes is not in secure memory");
            tables.Add((real, size));
        }

        if (tables.Count == 0)
            throw reader.Problem("a tree without a root");
        Root = tables[0].Real;
    }

    /// <summary>Real address of the root table.</summary>
    public ulong Root { get; private set; }

    /// <summary>Doubleword 0 of the SVM's partition table entry: HR, RTS for 52 bits, root, root size 13.</summary>
    public ulong Pate0 => RadixFormat.PateHR | Rts | Root | LevelBits[0];

    // RTS is the number of address bits less 31, split over bits 1:2 and 56:58.
    private static ulong Rts
    {
        get
        {
            const ulong Value = AddressBits - 31;
            return ((Value >> 3) << 61) | ((Value & 7) << 5);
        }
    }

    /// <summary>Maps a guest frame to a real page of 64 KiB, readable, writable and executable; false if there is no room for a table.</summary>
    public bool Map(ulong gpa, ulong real)
    {
        ulong* entry = Entry(gpa, create: true);
        if (entry == null)
            return false;

        // R and C are set beforehand: neither the model nor Linux reads them, and it saves the update.
        *entry = BinaryPrimitives.ReverseEndianness(
            RadixFormat.Valid | RadixFormat.Leaf | real | RadixFormat.Referenced | RadixFormat.Changed
            | RadixFormat.ReadBit | RadixFormat.WriteBit | RadixFormat.ExecuteBit);
        return true;
    }

    /// <summary>Bytes that the tables below the root take for a range at most.</summary>
    public static ulong TableBytes(ulong gpa, ulong size)
    {
        ulong bytes = 0;
        int shift = AddressBits - LevelBits[0];
        for (int level = 1; level < LevelBits.Length; shift -= LevelBits[level++])
            bytes += (((gpa + size - 1) >> shift) - (gpa >> shift) + 1) * (8UL << LevelBits[level]);
        return bytes;
    }

    /// <summary>Makes the tables for a range.</summary>
    public void Prepare(ulong gpa, ulong size)
    {
        ulong table = SecureHeap.FrameSize << LevelBits[^1];
        for (ulong at = gpa & ~(table - 1); at < gpa + size; at += table)
            Entry(at, create: true);
    }

    /// <summary>Removes a mapping; true if there was one.</summary>
    public bool Unmap(ulong gpa)
    {
        ulong* entry = Entry(gpa, create: false);
        if (entry == null || *entry == 0)
            return false;
        *entry = 0;
        return true;
    }

    /// <summary>Real page that a guest frame is mapped to, or 0.</summary>
    public ulong Mapped(ulong gpa)
    {
        ulong* entry = Entry(gpa, create: false);
        return entry == null ? 0 : BinaryPrimitives.ReverseEndianness(*entry) & RadixFormat.RealPage & ~(SecureHeap.FrameSize - 1);
    }

    /// <summary>Frees all tables.</summary>
    public void Dispose()
    {
        foreach ((ulong real, ulong size) in tables)
            heap.Free(real, size);
        tables.Clear();
        Root = 0;
    }

    private ulong* Entry(ulong gpa, bool create)
    {
        if (gpa >> AddressBits != 0)
            return null;
        ulong table = Root;
        int shift = AddressBits;
        for (int level = 0; table != 0; level++)
        {
            shift -= LevelBits[level];
            ulong index = (gpa >> shift) & ((1UL << LevelBits[level]) - 1);
            ulong* entry = (ulong*)heap.Pointer(table + (index * 8), 8);
            if (level == LevelBits.Length - 1)
                return entry;
            ulong value = BinaryPrimitives.ReverseEndianness(*entry);
            if (value == 0)
            {
                ulong below = create ? NewTable(LevelBits[level + 1]) : 0;
                if (below == 0)
                    return null;
                value = RadixFormat.Valid | below | LevelBits[level + 1];
                *entry = BinaryPrimitives.ReverseEndianness(value);
            }

            table = value & RadixFormat.NextBase;
        }

        return null;
    }

    private ulong NewTable(int bits)
    {
        ulong size = 8UL << bits;
        ulong real = heap.Allocate(size);
        if (real != 0)
            tables.Add((real, size));
        return real;
    }

    /// <summary>Which tables there are; what is in them is in memory. The first is the root.</summary>
    internal void Save(SnapshotWriter writer)
    {
        writer.Write(tables.Count);
        foreach ((ulong real, ulong size) in tables)
        {
            writer.Write(real);
            writer.Write(size);
        }
    }
}
