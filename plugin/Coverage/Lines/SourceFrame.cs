namespace RenodeUvmem.Coverage.Lines;

/// <summary>A place in the source that an instruction belongs to: the line itself, or one that calls a function which was inlined there.</summary>
/// <param name="Function">Function of the line.</param>
/// <param name="File">Path as the compiler was given it.</param>
/// <param name="Line">Line, from 1; 0: not known.</param>
public readonly record struct SourceFrame(string Function, string File, int Line);
