using System.Buffers.Binary;

namespace RenodeUvmem.Platform.Tests;

/// <summary>Makes small ELF-64 files with one segment, right or wrong in one detail.</summary>
internal sealed class ElfBuilder
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;

    public byte Class { get; set; } = 2;

    public bool LittleEndian { get; set; } = true;

    public ushort Machine { get; set; } = 21;

    public ushort Type { get; set; } = 2;

    public ulong Entry { get; set; } = 0xC000000000000000;

    public ulong Virtual { get; set; } = 0xC000000000000000;

    public ulong Physical { get; set; }

    public ulong? MemorySize { get; set; }

    public byte[] Code { get; set; } = [0x60, 0, 0, 0];

    /// <summary>Program of 32-bit big-endian instruction words, entered at its first.</summary>
    public static ElfBuilder OfWords(params uint[] words)
    {
        var code = new byte[words.Length * 4];
        for (int n = 0; n < words.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(code.AsSpan(n * 4), words[n]);
        return new ElfBuilder { Code = code };
    }

    public byte[] Build()
    {
        var bytes = new byte[HeaderSize + ProgramHeaderSize + Code.Length];
        "\u007fELF"u8.CopyTo(bytes);
        bytes[4] = Class;
        bytes[5] = (byte)(LittleEndian ? 1 : 2);
        bytes[6] = 1;
        Put16(bytes, 16, Type);
        Put16(bytes, 18, Machine);
        Put64(bytes, 24, Entry);
        Put64(bytes, 32, HeaderSize);
        Put16(bytes, 54, ProgramHeaderSize);
        Put16(bytes, 56, 1);
        Put32(bytes, HeaderSize, 1);
        Put64(bytes, HeaderSize + 8, HeaderSize + ProgramHeaderSize);
        Put64(bytes, HeaderSize + 16, Virtual);
        Put64(bytes, HeaderSize + 24, Physical);
        Put64(bytes, HeaderSize + 32, (ulong)Code.Length);
        Put64(bytes, HeaderSize + 40, MemorySize ?? (ulong)Code.Length);
        Code.CopyTo(bytes, HeaderSize + ProgramHeaderSize);
        return bytes;
    }

    private void Put16(byte[] bytes, int at, ushort value)
    {
        if (LittleEndian)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
    }

    private void Put32(byte[] bytes, int at, uint value)
    {
        if (LittleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
    }

    private void Put64(byte[] bytes, int at, ulong value)
    {
        if (LittleEndian)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), value);
    }
}
