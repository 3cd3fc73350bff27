using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Interpreter;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.State;
using RenodeUvmem.Power9.Tests.Differential;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>
/// Every decimal instruction of the table against qemu-ppc64le, whose arithmetic is IBM's decNumber: encoding, operands,
/// results, CR and FPSCR.
/// </summary>
public unsafe class DecimalDifferentialTests
{
    private const int Samples = 2000;
    private const int FirstA = 26;
    private const int FirstB = 28;

    private static readonly Type[] Handlers =
        [typeof(DfpArithmetic), typeof(DfpTest), typeof(DfpQuantum), typeof(DfpConversion), typeof(DfpFormat)];

    private static IEnumerable<string> Mnemonics() => Handlers
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .SelectMany(method => method.GetCustomAttributes<InsnAttribute>())
        .Select(row => row.Mnemonic);

    [TestCaseSource(nameof(Mnemonics))]
    public void MatchesQemu(string mnemonic)
    {
        InstructionRow row = InstructionTable.Instance.Rows.Single(r => r.Declaration.Mnemonic == mnemonic);
        var source = new DecimalSource(mnemonic.Aggregate(17, (hash, letter) => (hash * 31) + letter));
        var starts = new InstructionRecord[Samples];
        for (int k = 0; k < Samples; k++)
            starts[k] = MakeRecord(row, source);
        InstructionRecord[] expected = QemuUser.Run(starts);
        int compared = 0;
        int failures = 0;
        var report = new StringBuilder();
        for (int k = 0; k < Samples; k++)
        {
            InstructionRecord actual = Execute(starts[k]);
            if (Covered(row, starts[k], expected[k], actual))
                continue;
            compared++;
            InstructionRecord wanted = DecimalDeviations.Corrected(mnemonic, expected[k], (uint)starts[k].Word);
            string difference = Describe(DecimalDeviations.IgnoredStatus(mnemonic, starts[k], wanted), wanted, actual);
            if (difference.Length != 0 && failures++ < 4)
                report.AppendLine($"word {starts[k].Word:X8} fpscr {starts[k].Fpscr:X}:{Registers(starts[k])}\n  {difference}");
        }

        Assert.That(failures, Is.Zero, () => $"{mnemonic}: {failures} of {compared} differ\n{report}");

        // A tolerance that swallows most cases would make this no test.
        Assert.That(compared, Is.GreaterThan(Samples / 2));
    }

    private static bool Covered(InstructionRow row, InstructionRecord start, InstructionRecord expected, InstructionRecord actual)
    {
        uint word = (uint)start.Word;
        bool quad = row.Declaration.Opcode == 63;
        ulong[] scalars = [start.Vsr[0], start.Vsr[2], start.Vsr[4], start.Vsr[6]];
        UInt128 Operand(int first, int last)
        {
            int n = (int)FormFields.Bits(word, first, last) - FirstA;
            return n is < 0 or > 3 ? 0 : quad && n % 2 == 0 ? new UInt128(scalars[n], scalars[n + 1]) : scalars[n];
        }

        return DecimalDeviations.Covers(
            row.Declaration.Mnemonic, start, expected, actual, Operand(11, 15), Operand(16, 20), quad ? DecimalFormat.Quad : DecimalFormat.Long);
    }

    private static InstructionRecord Execute(InstructionRecord record)
    {
        var s = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 64);
        try
        {
            NativeMemory.Clear(s, (nuint)sizeof(CpuState));
            record.Load(s);
            s->Msr = Msr.SF | Msr.LE | Msr.FP | Msr.VEC | Msr.VSX;
            Insn slot = Power9.Isa.Decoder.Decode((uint)record.Word, DecodeMode.Of(s->Msr), 0);
            slot.Fn(s, &slot);
            record.Store(s);
            record.Word = 0;
            return record;
        }
        finally
        {
            NativeMemory.AlignedFree(s);
        }
    }

    // Operand A is in FPRs 26 and 27, B in 28 and 29; the target is any of them.
    private static InstructionRecord MakeRecord(InstructionRow row, DecimalSource source)
    {
        InstructionRecord record = default;
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

        record.Word = word;
        record.Cr = (uint)source.Bits64();
        record.Fpscr = Status(source);
        for (int n = 0; n < InstructionRecord.Registers; n++)
            record.Gpr[n] = source.Bits64();
        string name = row.Declaration.Mnemonic;
        bool quad = row.Declaration.Opcode == 63;
        bool sameAgain = source.OneIn(10) && row.Declaration.Operands.Contains("FRA", StringComparison.Ordinal);
        DecimalFormat format = quad ? DecimalFormat.Quad : DecimalFormat.Long;
        int near = source.Exponent(format, 0);
        for (int n = 0; n < 4; n += 2)
        {
            bool isA = n == 0;
            UInt128 value = new(source.Bits64(), source.Bits64());
            if ((isA && (name.StartsWith("diex", StringComparison.Ordinal) || name.StartsWith("drrnd", StringComparison.Ordinal) || name.StartsWith("dtstsf", StringComparison.Ordinal)))
                || name.StartsWith("dcffix", StringComparison.Ordinal))
            {
                value = new(
                    name.StartsWith("diex", StringComparison.Ordinal) && source.OneIn(2) ? (ulong)source.Below(format.MaxBiased + 3) : source.Integer(),
                    source.Integer());
            }
            else if (name.StartsWith("denbcd", StringComparison.Ordinal))
            {
                value = new(quad && source.OneIn(2) ? source.Packed() & ~0xFUL : source.Packed(), source.Packed());
            }
            else if (name == "dctdp[.]")
            {
                value = (source.Image(DecimalFormat.Short, 0) << 64) | source.Image(DecimalFormat.Short, 0);
            }
            else if (quad && name != "dctqpq[.]")
            {
                value = source.Image(DecimalFormat.Quad, name == "drdpq[.]" ? source.Exponent(DecimalFormat.Long, 0) : near);
            }
            else
            {
                int around = name == "drsp[.]" ? source.Exponent(DecimalFormat.Short, 0) : near;
                value = (source.Image(DecimalFormat.Long, around) << 64) | source.Image(DecimalFormat.Long, around);
            }

            if (!isA && sameAgain)
                value = new(record.Vsr[0], record.Vsr[2]);
            record.Vsr[2 * n] = (ulong)(value >> 64);
            record.Vsr[(2 * n) + 2] = (ulong)value;
        }

        return record;
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

    private static string Describe(ulong ignoredStatus, InstructionRecord expected, InstructionRecord actual)
    {
        var text = new StringBuilder();

        // FX and FEX are the first bits of CR1, too.
        const int cr1Distance = 4;
        ulong ignoredCr = (ignoredStatus & (Fpscr.FX | Fpscr.FEX)) >> cr1Distance;
        Add("signal", expected.Word, actual.Word);
        Add("CR", expected.Cr & ~ignoredCr, actual.Cr & ~ignoredCr);
        Add("FPSCR", expected.Fpscr & ~ignoredStatus, actual.Fpscr & ~ignoredStatus);
        for (int n = 0; n < InstructionRecord.Registers; n++)
            Add($"r{InstructionRecord.FirstRegister + n}", expected.Gpr[n], actual.Gpr[n]);
        for (int n = 0; n < 4 * InstructionRecord.Registers; n++)
            Add($"v{InstructionRecord.VsrNumber(n / 2)}.{n % 2}", expected.Vsr[n], actual.Vsr[n]);
        return text.ToString();

        void Add(string name, ulong wanted, ulong got)
        {
            if (wanted != got)
                text.Append($" {name}: QEMU {wanted:X} got {got:X};");
        }
    }

    private static string Registers(InstructionRecord record)
    {
        var text = new StringBuilder();
        for (int n = 0; n < 4; n++)
            text.Append($" f{FirstA + n}={record.Vsr[2 * n]:X16}");
        return text.ToString();
    }
}
