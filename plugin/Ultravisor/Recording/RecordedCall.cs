using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Recording;

/// <summary>A call of a record.</summary>
/// <param name="Name">Which.</param>
/// <param name="Kind">Who called whom.</param>
/// <param name="Text">Its name.</param>
/// <param name="Cpu">CPU that made it.</param>
/// <param name="Lpid">Partition that it is about.</param>
/// <param name="Begin">Tick in which it was made.</param>
/// <param name="Arguments">Its arguments as a person reads them, in parentheses.</param>
/// <param name="Caller">Function that made it, or null.</param>
public sealed record RecordedCall(CallName Name, CallKind Kind, string Text, int Cpu, ulong Lpid, ulong Begin, string Arguments, string? Caller)
{
    /// <summary>Tick in which it was answered.</summary>
    public ulong End { get; internal set; } = Begin;

    /// <summary>The answer, or null if there was none.</summary>
    public long? Result { get; internal set; }
}
