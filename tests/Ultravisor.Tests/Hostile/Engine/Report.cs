using System.Text;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

/// <summary>Says what broke and how to see it again.</summary>
internal static class Report
{
    /// <summary>Shrinks a failing case and tells it.</summary>
    public static string Of(Case failing, Failure failure)
    {
        Case small = Shrinker.Shrink(failing, failure);
        var story = new Story(kept: true);
        Failure again = small.Run(story) ?? failure;
        var text = new StringBuilder();
        text.AppendLine($"{failing.Generator.Name}, seed {failing.Seed}: after {failure.Operation + 1} operations");
        text.AppendLine(again.Message);
        text.AppendLine($"Shrunk to {small.Operations!.Count} operations:");
        foreach (string line in story.Lines)
            text.AppendLine($"  {line}");
        text.AppendLine($"Again: {Command(small)}");
        return text.ToString();
    }

    /// <summary>What to type to run a case again.</summary>
    public static string Command(Case again)
    {
        string command = $"./scripts/fuzz.sh --generator {again.Generator.Name} --case {again.Seed}";
        return again.Operations is { } only ? $"{command} --only {string.Join(',', only)}" : command;
    }
}
