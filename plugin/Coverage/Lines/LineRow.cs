namespace RenodeUvmem.Coverage.Lines;

/// <summary>A row of a DWARF line table (DWARF 5, 6.2.2).</summary>
/// <param name="Unit">Path of the file that was compiled.</param>
/// <param name="Address">Of an instruction.</param>
/// <param name="File">Path of the file that the line is in, as the compiler was given it.</param>
/// <param name="Line">Line in the file, from 1; 0: the end of a sequence, no instruction.</param>
/// <param name="IsStatement">Whether a statement of the line begins here. Other instructions of it may have been moved before a branch that decides about it.</param>
public readonly record struct LineRow(string Unit, ulong Address, string File, int Line, bool IsStatement);
