using System.Runtime.InteropServices;

namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>
/// Memory for host code, mapped twice: written through one view, executed through the other, so that no page is both. Filled once from the front, emptied as a whole.
/// </summary>
internal sealed unsafe partial class CodeArena : IDisposable
{
    private const int ReadWrite = 3, ReadExecute = 5, Shared = 1;
    private readonly byte* writable;
    private readonly byte* executable;
    private readonly int size;
    private int used;

    private CodeArena(byte* writable, byte* executable, int size)
    {
        this.writable = writable;
        this.executable = executable;
        this.size = size;
    }

    /// <summary>Where code is executed: first address and bytes in all.</summary>
    public (long Start, int Size) Extent => ((long)executable, size);

    /// <summary>Bytes in use.</summary>
    public int Used => used;

    /// <summary>An arena, or null where the host gives no such memory.</summary>
    public static CodeArena? TryCreate(int size)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        int file = CreateMemoryFile("uvmem-traces", 1);
        if (file < 0)
            return null;
        try
        {
            if (Truncate(file, size) != 0)
                return null;
            nint written = Map(0, (nuint)size, ReadWrite, Shared, file, 0);
            nint executed = Map(0, (nuint)size, ReadExecute, Shared, file, 0);
            if (written != -1 && executed != -1)
                return new CodeArena((byte*)written, (byte*)executed, size);
            foreach (nint view in (nint[])[written, executed])
            {
                if (view != -1)
                    _ = Unmap(view, (nuint)size);
            }

            return null;
        }
        finally
        {
            _ = Close(file);
        }
    }

    /// <summary>Puts code into the arena and returns where it is executed, or 0 if the arena is full.</summary>
    public nint Add(ReadOnlySpan<byte> code)
    {
        int start = (used + 15) & ~15;
        if (start + code.Length > size)
            return 0;
        code.CopyTo(new Span<byte>(writable + start, code.Length));
        used = start + code.Length;
        return (nint)(executable + start);
    }

    /// <summary>Forgets all code. Nobody may be in it, or have its address.</summary>
    public void Clear() => used = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Unmap((nint)writable, (nuint)size);
        _ = Unmap((nint)executable, (nuint)size);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    private static partial int Truncate(int file, long size);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
