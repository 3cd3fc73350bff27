using NUnit.Framework;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tests.InstructionRecord;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>
/// Random instructions on random state, run by qemu-ppc64le or qemu-ppc64 -cpu power9 and by our interpreter, some also as traces of the translator; everything a user program
/// can see is compared.
/// <see cref="DifferentialSettings"/> says how many.
/// </summary>
[Oracle("qemu-user")]
[TestFixture(GuestOrder.Little, CaseTier.Interpreter)]
[TestFixture(GuestOrder.Big, CaseTier.Interpreter)]
[TestFixture(GuestOrder.Little, CaseTier.Translator)]
[TestFixture(GuestOrder.Big, CaseTier.Translator)]
[TestFixture(GuestOrder.Little, CaseTier.PortableTranslator)]
public sealed class DifferentialTests(GuestOrder order, CaseTier tier)
{
    private const int CasesAtOnce = 20_000;
    private const int ReportedPerRow = 2;
    private const int SequenceLength = 12;

    private readonly int casesPerRow = DifferentialSettings.Cases(100, tier);

    // The two orders do not run the same cases.
    private readonly int seed = DifferentialSettings.Seed + (100 * (int)order);

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
        if (QemuRunner.Missing(order) is { } reason)
            Oracles.Missing(reason);
        else
            qemu = QemuRunner.Build(order);
    }

    [OneTimeTearDown]
    public void RemoveRunner() => qemu?.Dispose();

    [Test]
    public void Every_operand_of_a_user_instruction_has_a_place() =>
        Assert.That(
            Selection.Singles(order).Concat(Selection.Branches()).Where(shape => shape.Unknown is not null).Select(shape => $"{shape.Mnemonic}: {shape.Unknown}"),
            Is.Empty);

    [Test]
    public void Single_instructions([Values] Part part)
    {
        var generator = new BlockGenerator(seed + (int)part);
        RowShape[] shapes = [.. Selection.Singles(order).Where(shape => PartOf(shape) == part)];
        Compare(shapes.SelectMany(shape => Enumerable.Range(0, casesPerRow).Select(_ => (shape.Mnemonic, generator.Single(shape)))));
    }

    [Test]
    public void Branches()
    {
        var generator = new BlockGenerator(seed + 10);
        Compare(Selection.Branches().SelectMany(shape => Enumerable.Range(0, 10 * casesPerRow).Select(_ => (shape.Mnemonic, generator.Branch(shape)))));
    }

    [Test]
    public void Sequences()
    {
        var generator = new BlockGenerator(seed + 20);
        RowShape[] shapes = [.. Selection.Sequenceable()];
        Compare(Enumerable.Range(0, 100 * casesPerRow).Select(_ => (KnownDeviations.AnyMnemonic, generator.Sequence(shapes, SequenceLength))));
    }

    private static Part PartOf(RowShape shape) => shape.Row.Declaration.Facility switch
    {
        Facility.None => Part.FixedPoint,
        Facility.FloatingPoint => Part.FloatingPoint,
        Facility.Vector => Part.Vector,
        _ => Part.Vsx,
    };

    private void Compare(IEnumerable<(string Mnemonic, Case Input)> generated)
    {
        using var emulator = new EmulatorRunner(order, tier);
        var mismatches = new SortedDictionary<string, (int Count, string Reports)>(StringComparer.Ordinal);
        var rows = new HashSet<string>();
        int total = 0;
        int skipped = 0;
        foreach ((string Mnemonic, Case Input)[] cases in generated.Chunk(CasesAtOnce))
        {
            List<Case> expected = qemu!.Run([.. cases.Select(one => one.Input)]);
            for (int k = 0; k < cases.Length; k++)
            {
                (string mnemonic, Case input) = cases[k];
                rows.Add(mnemonic);
                total++;
                Tolerance tolerance = KnownDeviations.For(mnemonic, input, expected[k]);
                skipped += tolerance.Skip ? 1 : 0;
                List<string> differences = Comparison.Differences(expected[k], emulator.Run(input), tolerance);
                if (differences.Count == 0)
                    continue;
                (int count, string reports) = mismatches.GetValueOrDefault(mnemonic, (0, ""));
                if (count < ReportedPerRow)
                    reports += $"\n{Comparison.Describe(input)}\n    {string.Join("\n    ", differences.Take(6))}";
                mismatches[mnemonic] = (count + 1, reports);
            }
        }

        emulator.Dispose();
        if (tier != CaseTier.Interpreter)
        {
            Assert.That(emulator.Failure, Is.Null);

            // A code generator leaves instructions out that it has no code for, where the runtime's compiler calls handlers.
            int least = tier == CaseTier.PortableTranslator ? total : total / 8;
            Assert.That(emulator.InTraces, Is.GreaterThan(least), "instructions executed in traces");
        }

        int failed = mismatches.Sum(row => row.Value.Count);
        TestContext.Out.WriteLine(DifferentialSettings.Summary(total, rows.Count, failed, skipped));
        Assert.That(failed, Is.Zero, () => string.Join("\n", mismatches.Select(row => $"{row.Key}: {row.Value.Count} mismatches{row.Value.Reports}")));
    }
}
