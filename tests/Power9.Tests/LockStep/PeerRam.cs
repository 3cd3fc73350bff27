using System.IO.MemoryMappedFiles;

namespace RenodeUvmem.Power9.Tests.LockStep;

/// <summary>QEMU's RAM, which is a file.</summary>
internal sealed unsafe class PeerRam : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    public PeerRam(string path)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>From real address 0, as they are now.</summary>
    public ReadOnlySpan<byte> Bytes => new(start, (int)Peer.Memory);

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
