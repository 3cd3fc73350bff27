using RenodeUvmem.Platform.Console;
using RenodeUvmem.Platform.Probes;

namespace RenodeUvmem.Renode.Machines;

/// <summary>Gates and overrides in the hypervisor's kernel.</summary>
internal sealed unsafe partial class PowerMachine
{
    private ConsoleLines? consoleLines;

    /// <summary>What is set; null if nothing ever was.</summary>
    public ProbeSet? Probes { get; private set; }

    /// <summary>Makes <see cref="Probes"/>, none yet. The kernel is in memory and its symbols are known.</summary>
    public ProbeSet UseProbes()
    {
        if (Probes is not null)
            return Probes;
        Probes = new ProbeSet([.. members.Select(member => member.Processor.Cpu)], Symbols.Hypervisor, Ultravisor);
        consoleLines = new ConsoleLines();
        consoleLines.Completed += Probes.SeeLine;
        return Probes;
    }

    /// <summary>Shows console output to the probes.</summary>
    public void SeeConsole(byte[] bytes) => consoleLines?.Add(bytes);

    // The machine is built anew, and nothing of the old kernel's places is right.
    private void ForgetProbes()
    {
        Probes?.Clear();
        (Probes, consoleLines) = (null, null);
    }
}
