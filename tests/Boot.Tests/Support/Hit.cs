using RenodeUvmem.Platform.Probes;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A gate or an override acted.</summary>
/// <param name="Act">What it did.</param>
/// <param name="Event">Number of the boot's events before it; its own included.</param>
/// <param name="Registers">Of the CPU, which stands at the place.</param>
/// <param name="State">What hypervisor and ultravisor hold of all frames; with the page whose number is in R3.</param>
internal sealed record Hit(ProbeHit Act, int Event, Registers Registers, MemoryState State);
