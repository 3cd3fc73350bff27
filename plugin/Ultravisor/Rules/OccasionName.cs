namespace RenodeUvmem.Ultravisor.Rules;

/// <summary>Names of the moments that are no calls.</summary>
internal static class OccasionName
{
    private static readonly Dictionary<string, Occasion> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["svm-start"] = Occasion.SvmStart,
        ["svm-secure"] = Occasion.SvmSecure,
        ["svm-abort"] = Occasion.SvmAbort,
        ["svm-kill"] = Occasion.SvmKill,
        ["svm-terminate"] = Occasion.SvmTerminate,
        ["violation"] = Occasion.Violation,
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Names.Keys;

    /// <summary>The moment of a name, or null.</summary>
    public static Occasion? Find(string text) => Names.TryGetValue(text, out Occasion occasion) ? occasion : null;

    /// <summary>The name of a moment that is no call.</summary>
    public static string Of(Occasion occasion) => Names.First(entry => entry.Value == occasion).Key;
}
