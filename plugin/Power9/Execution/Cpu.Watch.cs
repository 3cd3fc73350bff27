using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Watched pages: never in a data TLB, so that every access to them takes the slow path, which ends here.</summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Which pages are watched, and by whom. Kept over <see cref="Reset"/>.</summary>
    public WatchSet Watch { get; }

    private void Tell(ulong cia, ulong ea, ulong real, byte* buffer, int size, AccessKind kind)
    {
        if (!Watch.Covers(ea, real) || Watch.Watcher is not { } watcher)
            return;
        ulong value = 0;
        Buffer.MemoryCopy(buffer, &value, sizeof(ulong), Math.Min(size, sizeof(ulong)));
        watcher.Accessed(this, new WatchedAccess(ea, real, size, kind, value, cia));
    }
}
