using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Ultravisor.Formatting;

namespace RenodeUvmem.Uvmem.Options;

/// <summary>Walks over the words of a command line by a table of options. Values may follow as the next word or behind "=".</summary>
internal static class OptionParser
{
    /// <summary>Applies all words and returns the names of the options that were given.</summary>
    /// <exception cref="OptionException">A word is no option, or an option lacks or does not take a value.</exception>
    public static IReadOnlySet<string> Parse(ReadOnlySpan<string> words, IReadOnlyList<Option> options)
    {
        var given = new HashSet<string>();
        for (int n = 0; n < words.Length; n++)
        {
            string word = words[n];
            int equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
            string name = equals < 0 ? word : word[..equals];
            Option option = options.FirstOrDefault(o => o.Name == name) ?? throw Unknown(name, options);
            string? value = equals < 0 ? null : word[(equals + 1)..];
            if (value is not null && option.Argument == OptionArgument.None)
                throw new OptionException(name, "takes no value");
            bool nextIsValue = n + 1 < words.Length && (option.Argument == OptionArgument.Required || !words[n + 1].StartsWith("--", StringComparison.Ordinal));
            if (value is null && option.Argument != OptionArgument.None && nextIsValue)
                value = words[++n];
            if (value is null && option.Argument == OptionArgument.Required)
                throw new OptionException(name, $"expected {option.Placeholder} to follow");
            option.Apply(value);
            given.Add(name);
        }

        return given;
    }

    private static OptionException Unknown(string name, IReadOnlyList<Option> options)
    {
        if (!name.StartsWith('-'))
            return new OptionException(name, "expected an option, one that begins with --");
        return new OptionException(name, "no such option" + CloseMatch.Hint(name, options.Select(o => o.Name), "; uvmem --help lists all"));
    }
}
