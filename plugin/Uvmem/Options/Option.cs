namespace RenodeUvmem.Uvmem.Options;

/// <summary>How many words follow an option.</summary>
internal enum OptionArgument
{
    None,
    Optional,
    Required,
}

/// <summary>One option: its help and what it does stand together.</summary>
/// <param name="Name">With dashes.</param>
/// <param name="Argument">What follows.</param>
/// <param name="Placeholder">Name of the argument in the help, or empty.</param>
/// <param name="Help">Text of the help, without line breaks.</param>
/// <param name="Apply">Takes the argument, or null.</param>
internal sealed record Option(string Name, OptionArgument Argument, string Placeholder, string Help, Action<string?> Apply);
