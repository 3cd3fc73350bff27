namespace RenodeUvmem.Power9.Tiers;

/// <summary>What was executed from a hot slot on.</summary>
/// <param name="Slots">The instructions.</param>
/// <param name="Loops">Whether the first follows the last.</param>
/// <param name="Pages">Their pages, the first one's first.</param>
internal sealed record RecordedTrace(IReadOnlyList<RecordedSlot> Slots, bool Loops, RecordedPage[] Pages);
