namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>Names of keywords and variables: case, spaces and underscores do not count.</summary>
internal static class Names
{
    /// <summary>Compares as Robot Framework does.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new NameComparer();

    /// <summary>Whether two names are one.</summary>
    public static bool AreEqual(string a, string b) => Plain(a) == Plain(b);

    private static string Plain(string name) => name.Replace(" ", "").Replace("_", "").ToUpperInvariant();

    private sealed class NameComparer : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x is null ? y is null : y is not null && AreEqual(x, y);

        public int GetHashCode(string obj) => Plain(obj).GetHashCode(StringComparison.Ordinal);
    }
}
