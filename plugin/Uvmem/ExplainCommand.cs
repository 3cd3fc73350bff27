using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Ultravisor.Contracts;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem explain</c>: what a call or page state is.</summary>
internal static class ExplainCommand
{
    /// <summary>Prints the contract of a name, or all names.</summary>
    /// <exception cref="OptionException">There is no such name.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words.Length > 1)
            throw new OptionException(words[1], "expected one name at most");
        Console.Out.Write(words.Length == 0 ? ContractText.List() : Explain(words[0]));
        return ExitCode.Done;
    }

    private static string Explain(string name)
    {
        if (ContractBook.FindCall(name) is { } contract)
            return ContractText.Of(contract);
        return ContractBook.FindState(name) is { } state
            ? ContractText.Of(state)
            : throw new OptionException(name, "no call or page state has this name" + CloseMatch.Hint(name, ContractBook.Names, "; uvmem explain lists all"));
    }
}
