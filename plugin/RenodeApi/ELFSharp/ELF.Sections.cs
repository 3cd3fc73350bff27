using System.Collections.Generic;

namespace ELFSharp.ELF.Sections;

public enum SymbolType
{
    NotSpecified = 0,
    Object = 1,
    Function = 2,
    Section = 3,
    File = 4,
    ProcessorSpecific = 5,
}

public interface ISection
{
}

public class SymbolEntry<T>
    where T : struct
{
    private SymbolEntry() => throw null;

    public string Name => throw null;

    public SymbolType Type => throw null;

    public T Value => throw null;
}

public sealed class SymbolTable<T> : ISection
    where T : struct
{
    private SymbolTable() => throw null;

    public IEnumerable<SymbolEntry<T>> Entries => throw null;
}
