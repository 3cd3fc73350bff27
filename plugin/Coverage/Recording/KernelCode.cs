using System.Buffers.Binary;
using System.Security.Cryptography;
using RenodeUvmem.Platform.Boot;

namespace RenodeUvmem.Coverage.Recording;

/// <summary>
/// The code of a kernel. Two files have the same <see cref="Identity"/> if addresses and bytes of all their code are the same, with or without debug information.
/// </summary>
public sealed class KernelCode
{
    /// <summary>Length of <see cref="Identity"/>.</summary>
    public const int IdentitySize = SHA256.HashSizeInBytes;

    private const ulong PageSize = 4096;

    // A kernel's code with what lies between its parts; a file that claims more is damaged.
    private const ulong LargestSpan = 256UL << 20;

    private readonly bool littleEndian;
    private readonly Dictionary<ulong, ulong> localEntries = [];

    private KernelCode(ulong start, byte[] bytes, byte[] identity, ElfImage image)
    {
        Start = start;
        Bytes = bytes;
        Identity = identity;
        littleEndian = image.IsLittleEndian;
        foreach ((ulong global, ulong local) in image.LocalEntries())
            localEntries[global] = local;
    }

    /// <summary>Address of the page in which the code begins.</summary>
    public ulong Start { get; }

    /// <summary>All pages of 4 KiB from the first to the last that holds code; what is no code is zero.</summary>
    public byte[] Bytes { get; }

    /// <summary>A hash of addresses and bytes.</summary>
    public byte[] Identity { get; }

    /// <summary>Reads the code of an executable.</summary>
    /// <param name="option">Option that named the file.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="OptionException">It is no such executable, or has no sections with code.</exception>
    public static KernelCode Read(string option, string path)
    {
        using InputFile file = InputFile.Open(option, path);
        var image = ElfImage.Read(file);
        (ulong Address, ulong Size)[] sections = [.. image.CodeSections().OrderBy(section => section.Address)];
        if (sections.Length == 0)
            file.Fail("no section with code, expected a vmlinux with its section headers");
        ulong start = sections[0].Address & ~(PageSize - 1);
        ulong end = sections.Max(section => section.Address + section.Size);
        ulong size = (end - start + PageSize - 1) & ~(PageSize - 1);
        if (end < start || size > LargestSpan)
            file.Fail($"its code spans {ByteSize.Text(end - start)}, at most {ByteSize.Text(LargestSpan)} are possible");
        var bytes = new byte[size];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> place = stackalloc byte[16];
        foreach ((ulong address, ulong length) in sections)
        {
            Span<byte> code = bytes.AsSpan((int)(address - start), (int)length);
            if (!image.TryRead(address, code))
                file.Fail($"the code at 0x{address:x} lies in no segment");
            BinaryPrimitives.WriteUInt64LittleEndian(place, address);
            BinaryPrimitives.WriteUInt64LittleEndian(place[8..], length);
            hash.AppendData(place);
            hash.AppendData(code);
        }

        return new KernelCode(start, bytes, hash.GetHashAndReset(), image);
    }

    /// <summary>Whether an address lies between the first and the last page with code.</summary>
    public bool Contains(ulong address) => address - Start < (ulong)Bytes.Length;

    /// <summary>Where every call of a function comes by if it begins at an address; otherwise the address.</summary>
    public ulong EntryOf(ulong address) => localEntries.GetValueOrDefault(address, address);

    /// <summary>The instruction at an address, or 0 where there is no code.</summary>
    public uint WordAt(ulong address)
    {
        ulong offset = address - Start;
        if (offset > (ulong)Bytes.Length - sizeof(uint))
            return 0;
        ReadOnlySpan<byte> word = Bytes.AsSpan((int)offset, sizeof(uint));
        return littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(word) : BinaryPrimitives.ReadUInt32BigEndian(word);
    }
}
