using RenodeUvmem.Power9.Interrupts;
using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Where the performance monitor meets registers, time and interrupts.</summary>
public sealed unsafe partial class Cpu
{
    private readonly PerformanceMonitor monitor;

    private ulong ReadCounter(int number)
    {
        monitor.Settle();
        return State->Spr[number];
    }

    // MMCR0, MMCR1, MMCR2, a PMC, or CTRL with its run latch.
    private void WriteMonitor(int number, ulong value)
    {
        monitor.Settle();
        State->Spr[number] = number is SprNumber.MMCR0 or (>= SprNumber.PMC1 and < SprNumber.PMC1 + PerformanceMonitor.Count) ? (uint)value : value;
        monitor.Select();
        ShowAlert();
        State->StopAfterThisInstruction();
    }

    // Conditions are levels: a counter that is negative when alerts are enabled causes one.
    private void UpdateMonitor()
    {
        if (monitor.TakeConditions())
            ShowAlert();
    }

    // With EBE=1 the alert is an event for problem state instead (ISA 3.0B Book III 9.2).
    private void ShowAlert()
    {
        ulong mmcr0 = State->Spr[SprNumber.MMCR0];
        bool alert = (mmcr0 & Mmcr0.PMAO) != 0;
        bool branches = (mmcr0 & Mmcr0.EBE) != 0;
        SetPending(PendingInterrupt.PerformanceMonitor, alert && !branches);
        if (!alert || !branches)
            return;
        State->Spr[SprNumber.BESCR] |= Bescr.PMEO;
        CheckEventsSoon();
    }
}
