using RenodeUvmem.Platform.Diagnostics;
using RenodeUvmem.Platform.Probes;
using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Platform.Linux;

/// <summary>
/// Counts the bytes that Linux guests copy between their memory and their bounce buffers. Linux does it in one place, swiotlb_bounce(device, bounce
/// address, size, direction) of kernel/dma/swiotlb.c; a breakpoint there looks at the arguments and changes nothing.
/// </summary>
public sealed unsafe class BounceMeter
{
    private const string Function = "swiotlb_bounce";

    // enum dma_data_direction, include/linux/dma-direction.h.
    private const ulong ToDevice = 1;

    private readonly SortedDictionary<ulong, BounceCount> counts = [];
    private readonly HashSet<ulong> addresses;

    /// <summary>Begins to count.</summary>
    /// <param name="cpus">CPUs of the machine.</param>
    /// <param name="guest">Functions of the guests' kernel. What their entries look like is read from the hypervisor's memory: it runs the same kernel.</param>
    internal BounceMeter(IReadOnlyList<Cpu> cpus, SymbolTable guest)
    {
        addresses = [.. new KernelPlaces(guest, cpus[0].Memory).Find(new ProbePlace(Function, 0, AtReturn: false))];
        foreach (Cpu cpu in cpus)
        {
            foreach (ulong address in addresses)
                cpu.Breakpoints.Add(address, DebugContext.Any);
        }
    }

    /// <summary>Counts by LPID.</summary>
    public IReadOnlyDictionary<ulong, BounceCount> Counts => counts;

    /// <summary>A CPU stands at a breakpoint.</summary>
    internal void Stopped(Cpu cpu)
    {
        CpuState* state = cpu.State;
        if (!addresses.Contains(state->Nia) || DebugContext.Of(state).World != DebugWorld.Guest)
            return;
        ulong lpid = state->Spr[SprNumber.LPIDR];
        (ulong size, ulong direction) = (state->Gpr[5], state->Gpr[6]);
        BounceCount before = counts.GetValueOrDefault(lpid);
        counts[lpid] = direction == ToDevice
            ? before with { ToDevices = before.ToDevices + size, Copies = before.Copies + 1 }
            : before with { FromDevices = before.FromDevices + size, Copies = before.Copies + 1 };
    }
}
