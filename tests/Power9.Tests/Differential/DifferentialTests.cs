using System.Globalization;
using NUnit.Framework;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>
/// Random instructions on random state, run by qemu-ppc64le -cpu power9 and by our interpreter; everything a user program can see is compared.
/// UVMEM_DIFFERENTIAL_SEED and UVMEM_DIFFERENTIAL_CASES (for each row) change the fixed choice.
/// </summary>
[TestFixture]
public sealed class DifferentialTests
{
    private const int ReportedPerRow = 2;
    private const int SequenceLength = 12;
    private static readonly int Seed = Setting("UVMEM_DIFFERENTIAL_SEED", 20231101);
    private static readonly int CasesPerRow = Setting("UVMEM_DIFFERENTIAL_CASES", 60);

    private QemuRunner? qemu;

    /// <summary>Parts of the table, each a test of its own.</summary>
    public enum Part
    {
        FixedPoint,
        FloatingPoint,
        Vector,
        Vsx,
    }

    [OneTimeSetUp]
    public void BuildRunner()
    {
        if (QemuRunner.Missing() is { } reason)
            Oracles.Missing(reason);
        else
            qemu = QemuRunner.Build();
    }

    [OneTimeTearDown]
    public void RemoveRunner() => qemu?.Dispose();

    [Test]
    public void Every_operand_of_a_user_instruction_has_a_place() =>
        Assert.That(
            Selection.Singles().Concat(Selection.Branches()).Where(shape => shape.Unknown is not null).Select(shape => $"{shape.Mnemonic}: {shape.Unknown}"),
            Is.Empty);

    [Test]
    public void Single_instructions([Values] Part part)
    {
        var generator = new BlockGenerator(Seed + (int)part);
        RowShape[] shapes = [.. Selection.Singles().Where(shape => PartOf(shape) == part)];
        Compare(shapes.SelectMany(shape => Enumerable.Range(0, CasesPerRow).Select(_ => (shape.Mnemonic, generator.Single(shape)))));
    }

    [Test]
    public void Branches()
    {
        var generator = new BlockGenerator(Seed + 10);
        Compare(Selection.Branches().SelectMany(shape => Enumerable.Range(0, 10 * CasesPerRow).Select(_ => (shape.Mnemonic, generator.Branch(shape)))));
    }

    [Test]
    public void Sequences()
    {
        var generator = new BlockGenerator(Seed + 20);
        RowShape[] shapes = [.. Selection.Sequenceable()];
        Compare(Enumerable.Range(0, 100 * CasesPerRow).Select(_ => (KnownDeviations.AnyMnemonic, generator.Sequence(shapes, SequenceLength))));
    }

    private static Part PartOf(RowShape shape) => shape.Row.Declaration.Facility switch
    {
        Facility.None => Part.FixedPoint,
        Facility.FloatingPoint => Part.FloatingPoint,
        Facility.Vector => Part.Vector,
        _ => Part.Vsx,
    };

    private static int Setting(string name, int value) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : value;

    private void Compare(IEnumerable<(string Mnemonic, Case Input)> generated)
    {
        (string Mnemonic, Case Input)[] cases = [.. generated];
        List<Case> expected = qemu!.Run([.. cases.Select(one => one.Input)]);
        using var emulator = new EmulatorRunner();
        var mismatches = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        for (int k = 0; k < cases.Length; k++)
        {
            (string mnemonic, Case input) = cases[k];
            List<string> differences = Comparison.Differences(expected[k], emulator.Run(input), KnownDeviations.For(mnemonic, input, expected[k]));
            if (differences.Count == 0)
                continue;
            if (!mismatches.TryGetValue(mnemonic, out List<string>? reports))
                mismatches[mnemonic] = reports = [];
            reports.Add($"{Comparison.Describe(input)}\n    {string.Join("\n    ", differences.Take(6))}");
        }

        int failed = mismatches.Sum(row => row.Value.Count);
        TestContext.Out.WriteLine($"{cases.Length} cases of {cases.Select(one => one.Mnemonic).Distinct().Count()} rows, {failed} mismatches in {mismatches.Count} rows");
        Assert.That(
            failed,
            Is.Zero,
            () => string.Join("\n", mismatches.SelectMany(row => row.Value.Take(ReportedPerRow).Prepend($"{row.Key}: {row.Value.Count} mismatches"))));
    }
}
