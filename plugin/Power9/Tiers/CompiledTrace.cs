namespace RenodeUvmem.Power9.Tiers;

/// <summary>A trace as host code.</summary>
/// <param name="Slots">Its instructions.</param>
/// <param name="Loops">Whether the first follows the last.</param>
/// <param name="Entry">A handler for the first slot.</param>
/// <param name="Translated">Instructions that are no calls of handlers.</param>
/// <param name="Owner">Keeps the code alive; null if it lives as long as its back end.</param>
internal sealed record CompiledTrace(IReadOnlyList<RecordedSlot> Slots, bool Loops, nint Entry, int Translated, object? Owner);
