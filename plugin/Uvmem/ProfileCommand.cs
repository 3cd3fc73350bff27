using RenodeUvmem.Platform.Boot;
using RenodeUvmem.Platform.Profiling;
using RenodeUvmem.Uvmem.Options;
using RenodeUvmem.Uvmem.Profiling;

namespace RenodeUvmem.Uvmem;

/// <summary><c>uvmem profile</c>: sums of a profile of <c>uvmem boot --profile</c>, of two beside each other, or one in another form.</summary>
internal static class ProfileCommand
{
    private const string OutOption = "-o";

    /// <summary>Prints the table, and writes the other form if one is asked for.</summary>
    /// <exception cref="OptionException">The options can't be met, or a file is no profile.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        int count = 0;
        while (count < words.Length && !words[count].StartsWith('-'))
            count++;
        if (count is not (1 or 2))
            throw new OptionException("profile", "expected one file that uvmem boot --profile wrote, or two");
        string? to = null;
        string? title = null;
        OptionParser.Parse(
            words[count..],
            [
                new(OutOption, OptionArgument.Required, "FILE", "", v => to = v),
                new("--title", OptionArgument.Required, "TEXT", "", v => title = v),
            ]);
        if (count == 2)
        {
            if (to is not null)
                throw new OptionException(OutOption, "takes one profile, not two");
            Console.Out.Write(ProfileTable.Of(Read(words[0]), NameOf(words[0]), Read(words[1]), NameOf(words[1])));
            return ExitCode.Done;
        }

        Profile profile = Read(words[0]);
        if (to is null)
        {
            Console.Out.Write(ProfileTable.Of(profile));
            return ExitCode.Done;
        }

        using var files = new OutputFiles();
        Stream stream = files.Create(OutOption, to);
        files.Keep();
        ProfileForm.Of(to).Write(profile, title ?? NameOf(words[0]), stream);
        return ExitCode.Done;
    }

    private static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    private static Profile Read(string path)
    {
        try
        {
            return SpeedscopeReader.Read(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw new OptionException(path, $"can't be read as a profile for speedscope: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException(path, $"can't be read: {e.Message}");
        }
    }
}
