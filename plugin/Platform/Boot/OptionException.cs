namespace RenodeUvmem.Platform.Boot;

/// <summary>What the user gave can't be used. One line that names the option and says what would be right.</summary>
public sealed class OptionException(string option, string problem) : Exception($"{option}: {problem}")
{
    /// <summary>Option as on the command line, e.g. <c>--kernel</c>.</summary>
    public string Option { get; } = option;
}
