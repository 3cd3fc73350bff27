namespace RenodeUvmem.Renode.Tests.Robot;

/// <summary>What executes keywords that are in no file: Renode.</summary>
internal interface IKeywordServer
{
    /// <summary>Runs a keyword.</summary>
    /// <exception cref="Support.KeywordException">It failed, or there is none of that name.</exception>
    object? Run(string keyword, params object?[] arguments);
}
