namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>A refused access of a record.</summary>
/// <param name="Ticks">When.</param>
/// <param name="Cpu">CPU, -1 for a device.</param>
/// <param name="Kind">What was tried.</param>
/// <param name="Real">Real address.</param>
/// <param name="Instruction">Effective address of the instruction.</param>
/// <param name="World">Whose code.</param>
/// <param name="Function">Its function, or null.</param>
public sealed record RecordedViolation(ulong Ticks, int Cpu, string Kind, ulong Real, ulong Instruction, string World, string? Function);
