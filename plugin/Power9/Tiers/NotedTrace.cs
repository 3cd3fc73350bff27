namespace RenodeUvmem.Power9.Tiers;

/// <summary>A trace by what it was made of, so that it can be made again after its pages were given up.</summary>
/// <param name="Slots">Its instructions.</param>
/// <param name="Loops">Whether the first follows the last.</param>
internal sealed record NotedTrace(IReadOnlyList<NotedSlot> Slots, bool Loops);

/// <summary>An instruction of a trace.</summary>
/// <param name="RealPage">Real address of its page.</param>
/// <param name="Mode">Index from <see cref="Isa.DecodeMode"/>.</param>
/// <param name="Index">Number of its slot.</param>
/// <param name="Word">The instruction.</param>
internal readonly record struct NotedSlot(ulong RealPage, int Mode, int Index, uint Word);
