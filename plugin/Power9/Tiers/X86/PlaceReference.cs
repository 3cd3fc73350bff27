namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>A read or a write of the state by an instruction.</summary>
/// <param name="Base">Offset in the state.</param>
/// <param name="Index">What the slot adds to it, or null.</param>
/// <param name="Access">How the place lies in memory.</param>
/// <param name="IsWrite">A write.</param>
/// <param name="Always">In the first block, so that it happens if the instruction executes.</param>
internal sealed record PlaceReference(int Base, Node? Index, MemoryType Access, bool IsWrite, bool Always)
{
    public int OffsetFor(SlotValues slot) => Index is null ? Base : Base + (int)slot.Number(Index);
}
