using RenodeUvmem.Ultravisor.Breaks;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A pause at a break.</summary>
/// <param name="Hit">What was hit.</param>
/// <param name="Registers">The processor's registers while the machine was paused.</param>
/// <param name="Event">Number of the boot's events before it.</param>
internal sealed record Stop(BreakHit Hit, Registers Registers, int Event);
