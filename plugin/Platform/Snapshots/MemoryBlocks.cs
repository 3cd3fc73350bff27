using System.Buffers.Binary;
using System.IO.Compression;
using RenodeUvmem.Power9.Memory;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Snapshots;

/// <summary>Contents of memory as blocks of a snapshot file.</summary>
internal sealed unsafe class MemoryBlocks(PhysicalMemory memory, IProgress<double> progress)
{
    // Fast before small: a snapshot is read some times, and its pages are mostly text and pointers.
    private const int Quality = 1;
    private const int WindowBits = 20;

    private readonly byte[] pages = new byte[SnapshotFileFormat.BlockSize];
    private readonly byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(SnapshotFileFormat.BlockSize)];

    /// <summary>Writes all RAM.</summary>
    public void Write(Stream stream)
    {
        long total = memory.Ranges.Sum(range => (long)range.Size);
        long done = 0;
        foreach (RamRange range in memory.Ranges)
        {
            for (ulong offset = 0; offset < range.Size; offset += SnapshotFileFormat.BlockSize)
            {
                int size = (int)Math.Min(SnapshotFileFormat.BlockSize, range.Size - offset);
                WriteBlock(stream, range.Base + offset, new ReadOnlySpan<byte>(range.Host + offset, size));
                done += size;
                progress.Report((double)done / total);
            }
        }

        WriteNumber(stream, SnapshotFileFormat.NoMoreBlocks);
    }

    /// <summary>Reads into RAM that is all zero.</summary>
    /// <exception cref="SnapshotException">A block is not of this memory.</exception>
    public void Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[sizeof(ulong)];
        Span<byte> map = stackalloc byte[SnapshotFileFormat.MapSize];
        while (true)
        {
            stream.ReadExactly(header);
            ulong real = BinaryPrimitives.ReadUInt64LittleEndian(header);
            if (real == SnapshotFileFormat.NoMoreBlocks)
                return;
            stream.ReadExactly(map);
            stream.ReadExactly(header[..sizeof(int)]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length < 0 || length > packed.Length)
                throw new SnapshotException($"the block of memory at 0x{real:x} can't have {length} bytes");
            stream.ReadExactly(packed, 0, length);
            ReadBlock(real, map, length);
            progress.Report((double)stream.Position / stream.Length);
        }
    }

    private void WriteBlock(Stream stream, ulong real, ReadOnlySpan<byte> block)
    {
        Span<byte> map = stackalloc byte[SnapshotFileFormat.MapSize];
        map.Clear();
        int used = 0;
        for (int offset = 0; offset < block.Length; offset += SnapshotFileFormat.PageSize)
        {
            ReadOnlySpan<byte> page = block.Slice(offset, SnapshotFileFormat.PageSize);
            if (!page.ContainsAnyExcept((byte)0))
                continue;
            int number = offset / SnapshotFileFormat.PageSize;
            map[number / 8] |= (byte)(1 << (number % 8));
            page.CopyTo(pages.AsSpan(used));
            used += SnapshotFileFormat.PageSize;
        }

        if (used == 0)
            return;
        if (!BrotliEncoder.TryCompress(pages.AsSpan(0, used), packed, out int length, Quality, WindowBits))
            throw new InvalidOperationException("a block of memory does not compress");
        WriteNumber(stream, real);
        stream.Write(map);
        Span<byte> size = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, length);
        stream.Write(size);
        stream.Write(packed, 0, length);
    }

    private void ReadBlock(ulong real, ReadOnlySpan<byte> map, int length)
    {
        if (!BrotliDecoder.TryDecompress(packed.AsSpan(0, length), pages, out int used))
            throw new SnapshotException($"the block of memory at 0x{real:x} is damaged");
        int next = 0;
        for (int number = 0; number < map.Length * 8; number++)
        {
            if ((map[number / 8] & (1 << (number % 8))) == 0)
                continue;
            ulong place = real + ((ulong)number * SnapshotFileFormat.PageSize);
            byte* page = memory.Pointer(place, SnapshotFileFormat.PageSize);
            if (page == null || next + SnapshotFileFormat.PageSize > used)
                throw new SnapshotException($"the block of memory at 0x{real:x} has a page at 0x{place:x}, which is not of this machine");
            pages.AsSpan(next, SnapshotFileFormat.PageSize).CopyTo(new Span<byte>(page, SnapshotFileFormat.PageSize));
            next += SnapshotFileFormat.PageSize;
        }

        if (next != used)
            throw new SnapshotException($"the block of memory at 0x{real:x} has {used - next} bytes too many");
    }

    private static void WriteNumber(Stream stream, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
