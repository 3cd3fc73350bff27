using System.Reflection;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tests.Differential;
using RenodeUvmem.Power9.Tests.InstructionRecord;
using Comparison = RenodeUvmem.Power9.Tests.Differential.Comparison;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>
/// Every decimal instruction of the table against qemu-ppc64le and qemu-ppc64, whose arithmetic is IBM's decNumber: encoding, operands,
/// results, CR and FPSCR.
/// </summary>
[Oracle("qemu-user")]
[TestFixture(GuestOrder.Little)]
[TestFixture(GuestOrder.Big)]
public sealed class DecimalDifferentialTests(GuestOrder order)
{
    private static readonly int Samples = DifferentialSettings.Cases(500);

    // Operand A is in FPRs 26 and 27, B in 28 and 29; the target is any of them.
    private const int FirstA = 26;
    private const int FirstB = 28;

    private static readonly Type[] Handlers =
        [typeof(DfpArithmetic), typeof(DfpTest), typeof(DfpQuantum), typeof(DfpConversion), typeof(DfpFormat)];

    private QemuRunner? qemu;

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

    [TestCaseSource(nameof(Mnemonics))]
    public void MatchesQemu(string mnemonic)
    {
        InstructionRow row = InstructionTable.Instance.Rows.Single(r => r.Declaration.Mnemonic == mnemonic);
        var source = new DecimalSource(DifferentialSettings.SeedOf(mnemonic, order));
        Case[] inputs = [.. Enumerable.Range(0, Samples).Select(_ => MakeCase(row, source))];
        List<Case> expected = qemu!.Run(inputs);
        using var emulator = new EmulatorRunner(order);
        int compared = 0;
        int failures = 0;
        var report = new StringBuilder();
        for (int k = 0; k < Samples; k++)
        {
            Case actual = emulator.Run(inputs[k]);
            Tolerance tolerance = DecimalDeviations.For(row, inputs[k], expected[k], actual);
            compared += tolerance.Skip ? 0 : 1;
            List<string> differences = Comparison.Differences(DecimalDeviations.Corrected(row, inputs[k], expected[k]), actual, tolerance);
            if (differences.Count != 0 && failures++ < 4)
                report.AppendLine($"{Comparison.Describe(inputs[k])}\n    {string.Join("\n    ", differences)}");
        }

        TestContext.Out.WriteLine(DifferentialSettings.Summary(Samples, 1, failures, Samples - compared));
        Assert.That(failures, Is.Zero, () => $"{mnemonic}: {failures} of {compared} differ\n{report}");

        // A tolerance that swallows most cases would make this no test.
        Assert.That(compared, Is.GreaterThan(Samples / 2));
    }

    private static IEnumerable<string> Mnemonics() => Handlers
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .SelectMany(method => method.GetCustomAttributes<InsnAttribute>())
        .Select(row => row.Mnemonic);

    private static Case MakeCase(InstructionRow row, DecimalSource source)
    {
        var state = Case.New();
        uint word = row.Value;
        foreach (OperandField field in new RowShape(row).Fields)
        {
            int value = field.Name switch
            {
                "FRT" => FirstA + source.Below(4),
                "FRTp" => source.OneIn(2) ? FirstA : FirstB,
                "FRA" => FirstA + source.Below(2),
                "FRAp" => FirstA,
                "FRB" => FirstB + source.Below(2),
                "FRBp" => FirstB,
                _ => source.Below(field.Range),
            };
            word = field.Insert(word, value);
        }

        state.AddWord(word);
        state[CaseLayout.Cr] = (uint)source.Bits64();
        state[CaseLayout.Fpscr] = Status(source);
        string name = row.Declaration.Mnemonic.TrimEnd(']', '.', '[');
        DecimalFormat format = row.Declaration.Opcode == 63 ? DecimalFormat.Quad : DecimalFormat.Long;
        int near = source.Exponent(format, 0);
        (ulong High, ulong Low) a = OperandA(name, format, near, source);
        bool bothDecimal = row.Declaration.Operands.Contains("FRAp", StringComparison.Ordinal) || (format == DecimalFormat.Long && !TakesNumberInA(name));
        (ulong High, ulong Low) b = bothDecimal && source.OneIn(10) ? a : OperandB(name, format, near, source);
        state[DecimalDeviations.Scalar(FirstA)] = a.High;
        state[DecimalDeviations.Scalar(FirstA + 1)] = a.Low;
        state[DecimalDeviations.Scalar(FirstB)] = b.High;
        state[DecimalDeviations.Scalar(FirstB + 1)] = b.Low;
        return state;
    }

    private static bool TakesNumberInA(string name) => name.TrimEnd('q') is "diex" or "drrnd" or "dtstsf";

    private static (ulong High, ulong Low) OperandA(string name, DecimalFormat format, int near, DecimalSource source)
    {
        if (!TakesNumberInA(name))
            return Decimal(name, format, near, source);
        bool exponents = name.StartsWith("diex", StringComparison.Ordinal) && source.OneIn(2);
        return (exponents ? (ulong)source.Below(format.MaxBiased + 3) : source.Integer(), source.Integer());
    }

    private static (ulong High, ulong Low) OperandB(string name, DecimalFormat format, int near, DecimalSource source) => name switch
    {
        "dcffix" or "dcffixq" => (source.Integer(), source.Integer()),
        "denbcd" => (source.Packed(), source.Packed()),
        "denbcdq" => (source.OneIn(2) ? 0 : source.Packed() & ~0xFUL, source.Packed()),
        _ => Decimal(name, format, near, source),
    };

    // Two long images or a quad one; for a conversion such that the target's limits are near.
    private static (ulong High, ulong Low) Decimal(string name, DecimalFormat format, int near, DecimalSource source)
    {
        switch (name)
        {
            case "dctdp":
                return ((ulong)source.Image(DecimalFormat.Short, 0), (ulong)source.Image(DecimalFormat.Short, 0));
            case "dctqpq":
                format = DecimalFormat.Long;
                break;
            case "drsp":
                near = source.Exponent(DecimalFormat.Short, 0);
                break;
            case "drdpq":
                near = source.Exponent(DecimalFormat.Long, 0);
                break;
        }

        if (format == DecimalFormat.Long)
            return ((ulong)source.Image(format, near), (ulong)source.Image(format, near));
        UInt128 image = source.Image(format, near);
        return ((ulong)(image >> 64), (ulong)image);
    }

    // Any rounding mode and enables, but no enabled exception pending.
    private static ulong Status(DecimalSource source)
    {
        ulong fpscr = source.Bits64() & (Fpscr.DRN | Fpscr.RN);
        if (source.OneIn(2))
            fpscr |= source.Bits64() & (Fpscr.FX | Fpscr.Exceptions | Fpscr.FPRF | Fpscr.FR | Fpscr.FI);
        if (source.OneIn(4))
            fpscr |= source.Bits64() & (Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE | Fpscr.XE);
        fpscr = Fpscr.Summarize(fpscr);
        return (fpscr & Fpscr.FEX) == 0 ? fpscr : Fpscr.Summarize(fpscr & ~(ulong)Fpscr.Exceptions);
    }
}
