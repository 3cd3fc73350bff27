using System.Buffers.Binary;
using System.Security.Cryptography;
using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Power9.Snapshots;

namespace RenodeUvmem.Platform.Snapshots;

/// <summary>A machine in a file: its state and the contents of its memory. What else a host wants to keep with it are extra parts, the same ones for writing and reading.</summary>
public static class SnapshotFile
{
    private const string TemporaryEnd = ".tmp";

    /// <summary>Checks that a file can be written, and leaves nothing behind.</summary>
    /// <exception cref="OptionException">It can't be.</exception>
    public static void CheckWritable(string option, string path)
    {
        if (Directory.Exists(path))
            throw new OptionException(option, $"{path} is a directory, expected a file");
        try
        {
            new FileStream(path + TemporaryEnd, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            throw new OptionException(option, $"can't write {path}: {e.Message}");
        }
    }

    /// <summary>Writes a machine that is at rest. The file appears under its name when it is complete; one that was there is replaced then.</summary>
    /// <exception cref="IOException">It can't be written; nothing is left behind.</exception>
    public static void Write(string path, Machine machine, IMachineLog log, params ISnapshotted[] extras)
    {
        string temporary = path + TemporaryEnd;
        var writer = new SnapshotWriter(machine.Fingerprint);
        machine.SaveAll(writer);
        foreach (ISnapshotted extra in extras)
            extra.Save(writer);
        byte[] state = writer.ToArray();
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                using var hashed = new HashedStream(file);
                Span<byte> header = stackalloc byte[SnapshotFileFormat.HeaderSize];
                SnapshotFileFormat.Magic.CopyTo(header);
                BinaryPrimitives.WriteUInt32LittleEndian(header[8..], SnapshotFileFormat.Version);
                BinaryPrimitives.WriteUInt64LittleEndian(header[12..], (ulong)state.Length);
                hashed.Write(header);
                hashed.Write(state);
                new MemoryBlocks(machine.Memory, new SlowProgress($"writing {path}", log)).Write(hashed);
                file.Write(hashed.Hash);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Builds the machine of a file. The whole file is checked before anything is built.</summary>
    /// <param name="option">Option that named the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="console">The host's end of the console.</param>
    /// <param name="log">Takes remarks.</param>
    /// <param name="extras">Parts that were written with it, in the same order; left as they are if the file has none.</param>
    /// <exception cref="OptionException">It is no snapshot, a damaged one, or one that this host has no room for.</exception>
    public static Machine Read(string option, string path, IConsole console, IMachineLog log, params ISnapshotted[] extras)
    {
        if (Directory.Exists(path))
            throw new OptionException(option, $"{path} is a directory, expected a file");
        if (!File.Exists(path))
            throw new OptionException(option, $"no file {path}");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            byte[] state = ReadState(file);
            var reader = new SnapshotReader(state);
            var progress = new SlowProgress($"reading {path}", log);
            Machine machine = Machine.Restore(reader, made => FillMemory(made, file, progress), console, log);
            try
            {
                foreach (ISnapshotted extra in reader.HasMore ? extras : [])
                    extra.Load(reader);
                return machine;
            }
            catch
            {
                machine.Dispose();
                throw;
            }
        }
        catch (SnapshotException e)
        {
            throw new OptionException(option, $"{path}: {e.Message}");
        }
        catch (OptionException e)
        {
            throw new OptionException(option, $"{path}: {e.Message}");
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            throw new OptionException(option, $"can't read {path}: {e.Message}");
        }
    }

    // Checks frame and hash, and leaves the file at the first block of memory.
    private static byte[] ReadState(FileStream file)
    {
        const int Least = SnapshotFileFormat.HeaderSize + sizeof(ulong) + SnapshotFileFormat.HashSize;
        Span<byte> header = stackalloc byte[SnapshotFileFormat.HeaderSize];
        int count = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (count < SnapshotFileFormat.Magic.Length || !header.StartsWith(SnapshotFileFormat.Magic))
            throw new SnapshotException("this is no snapshot of a machine");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (count == header.Length && version != SnapshotFileFormat.Version)
            throw new SnapshotException($"the file has format {version}, this program reads format {SnapshotFileFormat.Version}");
        if (file.Length < Least || !HasGoodHash(file))
            throw new SnapshotException("the snapshot is damaged or cut off: its checksum does not fit");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header[12..]);
        if (length > SnapshotFileFormat.MaximumState || length > (ulong)(file.Length - Least))
            throw new SnapshotException($"a state of {length} bytes can't be in it");
        var state = new byte[length];
        file.Position = SnapshotFileFormat.HeaderSize;
        file.ReadExactly(state);
        return state;
    }

    private static void FillMemory(Machine machine, FileStream file, IProgress<double> progress)
    {
        new MemoryBlocks(machine.Memory, progress).Read(file);
        if (file.Position != file.Length - SnapshotFileFormat.HashSize)
            throw new SnapshotException("there is more behind the last block of memory");
    }

    private static bool HasGoodHash(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        file.Position = 0;
        for (long left = file.Length - SnapshotFileFormat.HashSize; left > 0;)
        {
            int count = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (count == 0)
                return false;
            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        file.ReadExactly(buffer, 0, SnapshotFileFormat.HashSize);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(buffer.AsSpan(0, SnapshotFileFormat.HashSize));
    }

    private static bool IsFileProblem(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
