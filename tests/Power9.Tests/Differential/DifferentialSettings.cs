using System.Globalization;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>How much is compared with QEMU: a fixed choice, or what the environment asks for.</summary>
internal static class DifferentialSettings
{
    /// <summary>UVMEM_DIFFERENTIAL_SEED.</summary>
    public static readonly int Seed = Setting("UVMEM_DIFFERENTIAL_SEED") ?? 20231101;

    /// <summary>Random blocks for each instruction, UVMEM_DIFFERENTIAL_CASES.</summary>
    public static int Cases(int usual) => Setting("UVMEM_DIFFERENTIAL_CASES") ?? usual;

    /// <summary>The same, and fewer where each case costs a compilation.</summary>
    public static int Cases(int usual, CaseTier tier) => tier == CaseTier.Interpreter ? Cases(usual) : Math.Max(1, Cases(usual) / 10);

    /// <summary>A seed for the cases of one name: the same in every run that has the same <see cref="Seed"/>.</summary>
    public static int SeedOf(string name, GuestOrder order) => name.Aggregate(17 + Seed + (int)order, (hash, letter) => (hash * 31) + letter);

    /// <summary>A line that scripts/differential.sh adds up.</summary>
    public static string Summary(int cases, int rows, int mismatches, int skipped) =>
        $"{cases} cases of {rows} rows, {mismatches} mismatches, {skipped} cases not compared";

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
