using System.Buffers.Binary;

namespace RenodeUvmem.Platform.Boot;

/// <summary>A segment to load (ELF PT_LOAD).</summary>
/// <param name="FileOffset">Where its bytes stand in the file.</param>
/// <param name="FileSize">How many bytes.</param>
/// <param name="Virtual">Virtual address of the first.</param>
/// <param name="Physical">Real address of the first.</param>
/// <param name="MemorySize">Bytes in memory; those beyond the file size are zero.</param>
public readonly record struct ElfSegment(ulong FileOffset, ulong FileSize, ulong Virtual, ulong Physical, ulong MemorySize);

/// <summary>
/// A 64-bit PowerPC ELF executable of either byte order (System V ABI, ELF-64 object file format). Strict: what it does not understand it refuses.
/// </summary>
public sealed class ElfImage
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int IdentClass = 4;
    private const int IdentData = 5;
    private const byte Class64 = 2;
    private const byte LittleEndianData = 1;
    private const byte BigEndianData = 2;
    private const ushort MachinePpc64 = 21;
    private const ushort TypeExecutable = 2;
    private const ushort TypeShared = 3;
    private const uint SegmentLoad = 1;
    private const uint SectionSymbols = 2;
    private const uint SectionNoBits = 8;
    private const ulong SectionAlloc = 2;
    private const ulong SectionExecutable = 4;
    private const int SymbolFunction = 2;
    private const int SymbolNoType = 0;

    private readonly InputFile file;
    private readonly bool littleEndian;
    private readonly ulong sectionOffset;
    private readonly int sectionCount;
    private readonly List<ElfSegment> segments = [];

    private ElfImage(InputFile file, byte[] header)
    {
        this.file = file;
        littleEndian = header[IdentData] == LittleEndianData;
        Entry = Get64(header, 24);
        sectionOffset = Get64(header, 40);
        sectionCount = Get16(header, 58) == SectionHeaderSize ? Get16(header, 60) : 0;
    }

    /// <summary>Segments to load, in file order.</summary>
    public IReadOnlyList<ElfSegment> Segments => segments;

    /// <summary>Entry point as in the header: a virtual address.</summary>
    public ulong Entry { get; }

    /// <summary>Entry point as a real address.</summary>
    public ulong RealEntry { get; private set; }

    /// <summary>Reads headers and checks them.</summary>
    /// <exception cref="OptionException">The file is not such an executable.</exception>
    public static ElfImage Read(InputFile file)
    {
        const string Wanted = "expected a 64-bit PowerPC ELF executable such as vmlinux";
        var header = new byte[HeaderSize];
        if (file.Length < HeaderSize)
            file.Fail($"{file.Length} bytes are too short for an ELF file, {Wanted}");
        file.Read(0, header);
        if (!header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            file.Fail($"not an ELF file, {Wanted} (not a compressed zImage)");
        if (header[IdentClass] != Class64)
            file.Fail($"a 32-bit ELF file, {Wanted}");
        if (header[IdentData] is not (LittleEndianData or BigEndianData))
            file.Fail($"ELF byte order {header[IdentData]} is unknown, {Wanted}");
        var image = new ElfImage(file, header);
        int machine = image.Get16(header, 18);
        if (machine != MachinePpc64)
            file.Fail($"an ELF file for machine {machine}, {Wanted} (machine {MachinePpc64})");
        int type = image.Get16(header, 16);
        if (type is not (TypeExecutable or TypeShared))
            file.Fail($"ELF type {type} is not an executable, {Wanted}");
        image.ReadSegments(header);
        return image;
    }

    /// <summary>Whether words in it are little-endian.</summary>
    public bool IsLittleEndian => littleEndian;

    /// <summary>Reads bytes at a virtual address; false where the file has none.</summary>
    public bool TryRead(ulong address, Span<byte> bytes)
    {
        foreach (ElfSegment segment in segments)
        {
            ulong offset = address - segment.Virtual;
            if (offset < segment.FileSize && (ulong)bytes.Length <= segment.FileSize - offset)
            {
                file.Read(segment.FileOffset + offset, bytes);
                return true;
            }
        }

        return false;
    }

    /// <summary>Sections that hold code (SHF_ALLOC, SHF_EXECINSTR), in file order; none if the section headers were stripped or are damaged.</summary>
    public IEnumerable<(ulong Address, ulong Size)> CodeSections()
    {
        const ulong Code = SectionAlloc | SectionExecutable;
        var section = new byte[SectionHeaderSize];
        for (int n = 0; n < sectionCount; n++)
        {
            if (!TryReadFile(sectionOffset + (ulong)(n * SectionHeaderSize), section))
                yield break;
            if ((Get64(section, 8) & Code) == Code && Get32(section, 4) != SectionNoBits && Get64(section, 32) != 0)
                yield return (Get64(section, 16), Get64(section, 32));
        }
    }

    /// <summary>Functions and labels of the symbol table, with their names' characters; none if it was stripped or is damaged.</summary>
    public IEnumerable<(ulong Address, ReadOnlyMemory<byte> Name)> Symbols() => Code().Select(symbol => (symbol.Address, symbol.Name));

    /// <summary>
    /// Functions that are entered at their address from elsewhere and at a second place by code that has the same TOC pointer (ELFv2 ABI 3.4.1, st_other).
    /// </summary>
    public IEnumerable<(ulong Global, ulong Local)> LocalEntries() =>
        from symbol in Code()
        let offset = (1UL << (symbol.Other >> 5)) & ~3UL
        where offset != 0
        select (symbol.Address, symbol.Address + offset);

    private IEnumerable<(ulong Address, ReadOnlyMemory<byte> Name, byte Other)> Code()
    {
        for (int n = 0; n < sectionCount; n++)
        {
            var section = new byte[SectionHeaderSize];
            if (!TryReadFile(sectionOffset + (ulong)(n * SectionHeaderSize), section) || Get32(section, 4) != SectionSymbols)
                continue;
            uint link = Get32(section, 40);
            var strings = new byte[SectionHeaderSize];
            if (link >= sectionCount || !TryReadFile(sectionOffset + (link * SectionHeaderSize), strings)
                || !TryReadSection(section, out byte[] symbols) || !TryReadSection(strings, out byte[] names))
                continue;
            for (int at = 0; at + SymbolSize <= symbols.Length; at += SymbolSize)
            {
                uint name = Get32(symbols, at);
                if ((symbols[at + 4] & 0xF) is not (SymbolFunction or SymbolNoType) || name == 0 || name >= names.Length)
                    continue;
                int end = Array.IndexOf(names, (byte)0, (int)name);
                if (end > name)
                    yield return (Get64(symbols, at + 8), names.AsMemory((int)name, end - (int)name), symbols[at + 5]);
            }
        }
    }

    private void ReadSegments(byte[] header)
    {
        ulong offset = Get64(header, 32);
        int count = Get16(header, 56);
        if (count != 0 && Get16(header, 54) != ProgramHeaderSize)
            file.Fail($"program headers of {Get16(header, 54)} bytes, expected {ProgramHeaderSize}");
        var entry = new byte[ProgramHeaderSize];
        for (int n = 0; n < count; n++)
        {
            file.Read(offset + (ulong)(n * ProgramHeaderSize), entry);
            if (Get32(entry, 0) != SegmentLoad)
                continue;
            var segment = new ElfSegment(Get64(entry, 8), Get64(entry, 32), Get64(entry, 16), Get64(entry, 24), Get64(entry, 40));
            if (segment.MemorySize == 0)
                continue;
            if (segment.FileSize > segment.MemorySize)
                file.Fail($"segment {n} has more bytes in the file than in memory");
            if (segment.FileOffset > file.Length || segment.FileSize > file.Length - segment.FileOffset)
                file.Fail($"segment {n} ends beyond the end of the file; is it truncated?");
            segments.Add(segment);
        }

        if (segments.Count == 0)
            file.Fail("no segment to load, expected an executable such as vmlinux");
        foreach (ElfSegment segment in segments)
        {
            if (Entry - segment.Virtual < segment.MemorySize)
            {
                RealEntry = Entry - segment.Virtual + segment.Physical;
                return;
            }
        }

        file.Fail($"entry point 0x{Entry:x} lies in no segment");
    }

    private bool TryReadSection(byte[] section, out byte[] bytes)
    {
        ulong size = Get64(section, 32);
        bytes = size <= Math.Min(file.Length, int.MaxValue / 2) ? new byte[size] : [];
        return bytes.Length != 0 && TryReadFile(Get64(section, 24), bytes);
    }

    private bool TryReadFile(ulong offset, byte[] buffer)
    {
        if (offset > file.Length || (ulong)buffer.Length > file.Length - offset)
            return false;
        file.Read(offset, buffer);
        return true;
    }

    private ushort Get16(byte[] bytes, int at) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));

    private uint Get32(byte[] bytes, int at) =>
        littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private ulong Get64(byte[] bytes, int at) =>
        littleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at));
}
