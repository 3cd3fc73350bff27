namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A line on the hypervisor's console.</summary>
/// <param name="Text">Without its end.</param>
/// <param name="Event">Number of events before it was complete.</param>
internal sealed record ConsoleLine(string Text, int Event);
