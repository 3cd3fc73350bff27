namespace RenodeUvmem.Coverage.Lines;

/// <summary>A line of a source file that something is compiled to.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Function">Function it is in.</param>
/// <param name="Starts">Addresses that are executed when and only when the line is.</param>
/// <param name="Instructions">Addresses of its own instructions, wherever the line was inlined to, ascending. None if all it does is call an inlined function.</param>
public sealed record SourceLine(int Number, string Function, IReadOnlyList<ulong> Starts, IReadOnlyList<ulong> Instructions);
