using RenodeUvmem.Power9.State;

namespace RenodeUvmem.Power9.Execution;

/// <summary>Watching whose code the CPU executes.</summary>
public sealed unsafe partial class Cpu
{
    private bool stopped;

    /// <summary>Raised when S, HV or <see cref="Stopped"/> changes; the CPU's time is that of the change. A CPU that nobody watches pays one comparison for each new MSR.</summary>
    public event Action<Cpu>? ActivityChanged;

    /// <summary>What it does now.</summary>
    public Activity Activity => stopped
        ? Activity.Stopped
        : (State->Msr & (Msr.S | Msr.HV)) switch
        {
            Msr.HV => Activity.Hypervisor,
            Msr.S => Activity.SecureGuest,
            Msr.S | Msr.HV => Activity.Ultravisor,
            _ => Activity.Guest,
        };

    private void TellActivity() => ActivityChanged?.Invoke(this);
}
