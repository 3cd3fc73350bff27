using RenodeUvmem.Power9.Execution;

namespace RenodeUvmem.Platform.Profiling;

/// <summary>What the host was seen to do.</summary>
/// <param name="Work">For a CPU; none: what the machine does beside them.</param>
/// <param name="Owner">Whose code the CPU executes.</param>
/// <param name="Beside">What the machine does if no CPU executes.</param>
public readonly record struct HostActivity(HostWork Work, CodeOwner Owner, MachineWork Beside);
