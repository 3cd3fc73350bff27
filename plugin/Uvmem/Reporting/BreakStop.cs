using RenodeUvmem.Platform;
using RenodeUvmem.Ultravisor.Breaks;
using RenodeUvmem.Ultravisor.Events;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>--break: the first hit ends the run.</summary>
internal sealed class BreakStop(Machine machine, ISymbols symbols) : IBreakListener
{
    public void Hit(in BreakHit hit)
    {
        int cpu = hit.Cpu;
        machine.Stop(new RunResult(RunEnd.Break, BreakText.Format(hit, symbols), machine.All.FirstOrDefault(processor => processor.Cpu.Pir == cpu)));
    }
}
