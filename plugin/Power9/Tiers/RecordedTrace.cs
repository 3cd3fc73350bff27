namespace RenodeUvmem.Power9.Tiers;

/// <summary>What was executed from a hot slot on.</summary>
/// <param name="Slots">The instructions.</param>
/// <param name="Loops">Whether the first follows the last.</param>
/// <param name="Generations">Pages and their generations at that moment.</param>
/// <param name="Drops">How often all pages had been dropped.</param>
internal sealed record RecordedTrace(IReadOnlyList<RecordedSlot> Slots, bool Loops, (nint Page, int Generation)[] Generations, int Drops);
