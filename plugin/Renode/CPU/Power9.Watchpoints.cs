using System.Numerics;
using System.Runtime.InteropServices;
using Antmicro.Migrant;
using Antmicro.Renode.Peripherals.Bus;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Mmu;
using PowerCpu = RenodeUvmem.Power9.Execution.Cpu;
using SysbusAccessWidth = Antmicro.Renode.Peripherals.Bus.SysbusAccessWidth;

namespace Antmicro.Renode.Peripherals.CPU;

/// <summary>
/// Watchpoints of the bus. Their addresses are real, as everywhere in Renode, or effective in the world of <see cref="DebugContext"/>, as a debugger means them: the bus
/// does not say which. They are called behind the instruction.
/// </summary>
public sealed partial class Power9 : IAccessWatcher
{
    private const ulong PageMask = ~0xFFFUL;
    private const int LargestPiece = sizeof(ulong);

    // A snapshot keeps them, as it keeps the bus's hooks.
    private readonly HashSet<ulong> watchedPages = [];

    [Transient]
    private bool watchpointHit;

    /// <summary>Called by the bus for each address with a watchpoint, again and again.</summary>
    public void SetPageAccessViaIo(ulong address)
    {
        if (watchedPages.Add(address & PageMask) && shared is not null)
            Change(core => Watch(core, address));
    }

    /// <inheritdoc/>
    public void ClearPageAccessViaIo(ulong address)
    {
        if (watchedPages.Remove(address & PageMask) && shared is not null)
        {
            Change(core =>
            {
                core.Watch.RemoveEffective(address);
                core.Watch.RemoveReal(address);
            });
        }
    }

    // Whoever watches some bytes has a hook for each aligned unit that they are part of (Renode's GDB stub), or for one exact unit (a user): an access that is no such unit,
    // being larger or not aligned, is told as itself and as the units it is made of.
    unsafe void IAccessWatcher.Accessed(PowerCpu cpu, in WatchedAccess access)
    {
        bool effective = context.Matches(cpu.State);
        if (access.Size <= LargestPiece && BitOperations.IsPow2(access.Size))
            Tell(access, 0, access.Size, access.Value, effective);
        for (int done = 0, size; done < access.Size; done += size)
        {
            size = PieceAt(access.Ea + (ulong)done, access.Size - done);
            if (size != access.Size)
                Tell(access, done, size, ValueAt(cpu, access, done, size), effective);
        }
    }

    private static int PieceAt(ulong address, int most)
    {
        int size = LargestPiece;
        while (size > most || (address & (ulong)(size - 1)) != 0)
            size >>= 1;
        return size;
    }

    // The access holds the first 8 bytes of larger ones; they are in memory by now.
    private static ulong ValueAt(PowerCpu cpu, in WatchedAccess access, int done, int size)
    {
        ulong value = 0;
        if (done < LargestPiece)
            value = access.Value >> (8 * done);
        else
            cpu.Memory.CopyOut(access.Real + (ulong)done, MemoryMarshal.AsBytes(new Span<ulong>(ref value))[..size]);
        return size == LargestPiece ? value : value & ((1UL << (8 * size)) - 1);
    }

    private void Tell(in WatchedAccess access, int offset, int size, ulong value, bool effective)
    {
        Access kind = access.Kind == AccessKind.Store ? Access.Write : Access.Read;
        if (effective)
            Tell(access.Ea + (ulong)offset, size, value, kind);
        if (access.Real != access.Ea || !effective)
            Tell(access.Real + (ulong)offset, size, value, kind);
    }

    private void Tell(ulong address, int size, ulong value, Access kind)
    {
        if (!Bus.TryGetWatchpointsAt(address, kind, out List<BusHookHandler> handlers))
            return;
        BusHookHandler[] now = [.. handlers];
        watchpointHit = true;
        shared!.Defer(() =>
        {
            foreach (BusHookHandler handler in now)
                CallOut("watchpoint", address, () => handler.Invoke(this, address, (SysbusAccessWidth)size, value));
        });
    }

    private bool TakeWatchpointHit()
    {
        bool hit = watchpointHit;
        watchpointHit = false;
        return hit;
    }

    private void ApplyWatchpoints()
    {
        PowerCpu core = processor!.Cpu;
        core.Watch.Watcher = this;
        foreach (ulong page in watchedPages)
            Watch(core, page);
    }

    private static void Watch(PowerCpu core, ulong page)
    {
        core.Watch.AddEffective(page);
        core.Watch.AddReal(page);
    }
}
