using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Power9.Debug;

namespace RenodeUvmem.Coverage.Recording;

/// <summary>
/// <see cref="CoverageData"/> in a file. All numbers are little-endian: 8 bytes of magic, format (4), identity of the kernel (32), address of its code (8),
/// number of instructions (4), number of worlds (4); compressed by zlib for each world its LPID (4) and two bits an instruction, the first one lowest; SHA-256 of
/// all that.
/// </summary>
public static class CoverageFile
{
    private const uint Version = 1;
    private const int VersionAt = 8;
    private const int IdentityAt = 12;
    private const int StartAt = IdentityAt + KernelCode.IdentitySize;
    private const int CountAt = StartAt + 8;
    private const int WorldsAt = CountAt + 4;
    private const int HeaderSize = WorldsAt + 4;
    private const int HashSize = SHA256.HashSizeInBytes;

    // Of code, as KernelCode has it at most.
    private const int MostInstructions = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "UVMEMCOV"u8;

    /// <summary>Writes data to a stream.</summary>
    public static void Write(Stream stream, CoverageData data)
    {
        using var file = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[VersionAt..], Version);
        data.Identity.CopyTo(header[IdentityAt..]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[StartAt..], data.Start);
        BinaryPrimitives.WriteInt32LittleEndian(header[CountAt..], data.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[WorldsAt..], data.Worlds.Count());
        file.Write(header);
        using (var body = new ZLibStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            Span<byte> number = stackalloc byte[4];
            foreach (int lpid in data.Worlds)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, lpid);
                body.Write(number);
                body.Write(Pack(data.Of(lpid)));
            }
        }

        file.Write(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
        file.WriteTo(stream);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="option">What named it.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="OptionException">It can't be read, or it is damaged or something else.</exception>
    public static CoverageData Read(string option, string path)
    {
        using InputFile file = InputFile.Open(option, path);
        if (file.Length < (ulong)(HeaderSize + HashSize) || file.Length > int.MaxValue)
            file.Fail("this is no coverage file of uvmem boot --coverage");
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        if (!bytes.AsSpan().StartsWith(Magic))
            file.Fail("this is no coverage file of uvmem boot --coverage");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(VersionAt));
        if (version != Version)
            file.Fail($"the file has format {version}, this program reads format {Version}");
        ReadOnlySpan<byte> hashed = bytes.AsSpan(0, bytes.Length - HashSize);
        if (!SHA256.HashData(hashed).AsSpan().SequenceEqual(bytes.AsSpan(hashed.Length)))
            file.Fail("the file is damaged or cut off: its checksum does not fit");
        int count = BinaryPrimitives.ReadInt32LittleEndian(hashed[CountAt..]);
        int worlds = BinaryPrimitives.ReadInt32LittleEndian(hashed[WorldsAt..]);
        if (count is < 0 or > MostInstructions || worlds is < 0 or > DebugContext.MaximumLpid + 1)
            file.Fail($"{count} instructions in {worlds} worlds can't be");
        var data = new CoverageData(
            hashed[IdentityAt..StartAt].ToArray(),
            BinaryPrimitives.ReadUInt64LittleEndian(hashed[StartAt..]),
            count);
        try
        {
            using var body = new ZLibStream(new MemoryStream(bytes, HeaderSize, hashed.Length - HeaderSize), CompressionMode.Decompress);
            Span<byte> number = stackalloc byte[4];
            var packed = new byte[(count + 3) / 4];
            for (int n = 0; n < worlds; n++)
            {
                body.ReadExactly(number);
                int lpid = BinaryPrimitives.ReadInt32LittleEndian(number);
                if (lpid is < 0 or > DebugContext.MaximumLpid)
                    file.Fail($"a world of LPID {lpid} can't be");
                body.ReadExactly(packed);
                data.Add(lpid, Unpack(packed, count));
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            file.Fail("the file is damaged: what is in it can't be unpacked");
        }

        return data;
    }

    private static byte[] Pack(ReadOnlySpan<byte> notes)
    {
        var packed = new byte[(notes.Length + 3) / 4];
        for (int n = 0; n < notes.Length; n++)
            packed[n >> 2] |= (byte)((notes[n] & (byte)CoverageBits.Both) << (2 * (n & 3)));
        return packed;
    }

    private static byte[] Unpack(byte[] packed, int count)
    {
        var notes = new byte[count];
        for (int n = 0; n < count; n++)
            notes[n] = (byte)((packed[n >> 2] >> (2 * (n & 3))) & (byte)CoverageBits.Both);
        return notes;
    }
}
