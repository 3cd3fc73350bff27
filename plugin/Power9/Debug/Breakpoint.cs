namespace RenodeUvmem.Power9.Debug;

/// <summary>Where a thread stops before it executes.</summary>
/// <param name="Address">Effective address of the instruction. One that is no multiple of 4 is never reached.</param>
/// <param name="Context">In which world.</param>
public readonly record struct Breakpoint(ulong Address, DebugContext Context);
