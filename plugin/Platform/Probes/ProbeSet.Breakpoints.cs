using RenodeUvmem.Power9.Debug;
using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Probes;

/// <summary>Breakpoints that probes need; several may need the same one.</summary>
public sealed unsafe partial class ProbeSet
{
    private readonly Dictionary<ulong, int> breaks = [];

    /// <summary>Whether a stop at an address may be for a probe.</summary>
    public bool Watches(ulong address) => breaks.ContainsKey(address);

    /// <summary>Sets the breakpoints at an address again, if there are any: another owner of one may have removed it.</summary>
    public void Rearm(ulong address)
    {
        if (Watches(address))
            Arm(address);
    }

    private void Break(ulong address)
    {
        breaks[address] = breaks.GetValueOrDefault(address) + 1;
        if (breaks[address] == 1)
            Arm(address);
    }

    private void Arm(ulong address)
    {
        foreach (Cpu cpu in cpus)
            cpu.Breakpoints.Add(address, DebugContext.Hypervisor);
    }

    private void Unbreak(ulong address)
    {
        if (--breaks[address] > 0)
            return;
        breaks.Remove(address);
        foreach (Cpu cpu in cpus)
            cpu.Breakpoints.Remove(address, DebugContext.Hypervisor);
    }

    // A function that was entered returns to an address, with the stack where it was. The thread may be on another CPU by then.
    private sealed record Returning(PlaceWatch Watch, ulong Address, ulong Stack);
}
