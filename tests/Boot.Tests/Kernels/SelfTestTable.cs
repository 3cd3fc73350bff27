using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests.Kernels;

/// <summary>selftests.txt: what becomes of each of the kernel's self-test programs, a line for each: path, "pass", "skip" or "out", and for the latter two why.</summary>
internal sealed record SelfTestTable(string Program, string Becomes, string Why)
{
    /// <summary>All lines.</summary>
    public static IReadOnlyList<SelfTestTable> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Images.Repository, "tests", "Boot.Tests", "Kernels", "selftests.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries))
            .Select(words => new SelfTestTable(words[0], words[1], words.Length > 2 ? words[2] : "")),
    ];

    /// <summary>Those that run.</summary>
    public static IEnumerable<SelfTestTable> Run => All.Where(line => line.Becomes != "out");
}
