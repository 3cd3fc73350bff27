using RenodeUvmem.Power9.Decimal;
using RenodeUvmem.Power9.FloatingPoint;
using RenodeUvmem.Power9.Isa;
using RenodeUvmem.Power9.Tests.Differential;

namespace RenodeUvmem.Power9.Tests.Decimal;

/// <summary>
/// Where QEMU 7.2 does not follow ISA 3.0B Book I chapter 5. What is left out here is tested by hand-derived cases.
/// </summary>
internal static class DecimalDeviations
{
    /// <summary>What to compare.</summary>
    /// <param name="row">The instruction.</param>
    /// <param name="input">State before.</param>
    /// <param name="expected">QEMU's state after.</param>
    /// <param name="actual">Ours.</param>
    public static Tolerance For(InstructionRow row, Case input, Case expected, Case actual)
    {
        string name = row.Declaration.Mnemonic.TrimEnd(']', '.', '[', 'q');
        if (Covers(row, name, input, expected, actual))
            return new Tolerance { Skip = true };
        ulong ignored = IgnoredStatus(name, input, expected);

        // FX and FEX are the first bits of CR1, too.
        const int cr1Distance = 4;
        return new Tolerance { FpscrMask = ~ignored, CrMask = ~((ignored & (Fpscr.FX | Fpscr.FEX)) >> cr1Distance) };
    }

    /// <summary>QEMU's state without its defects of plain form.</summary>
    public static Case Corrected(InstructionRow row, Case input, Case expected)
    {
        var corrected = new Case((byte[])expected.Bytes.Clone());

        // drdpq delivers the long number, then zeros. QEMU has them the other way round.
        if (row.Declaration.Mnemonic == "drdpq[.]")
        {
            int high = Scalar((int)FormFields.Bits(input.Word(0), 6, 10));
            int low = high + 16;
            (corrected[high], corrected[low]) = (expected[low], expected[high]);
        }

        // An enabled exception interrupts, after the result. QEMU goes on; here only the inexact exception is left.
        if ((expected[CaseLayout.Fpscr] & Fpscr.XX) != 0 && (expected[CaseLayout.Fpscr] & Fpscr.XE) != 0)
        {
            const ulong sigFpe = 8;
            corrected[CaseLayout.Signal] = sigFpe;
            corrected[CaseLayout.Nip] = CaseLayout.CodeAddress;
        }

        return corrected;
    }

    /// <summary>Where a case has an FPR.</summary>
    public static int Scalar(int fpr) => CaseLayout.Vsr + (16 * fpr) + 8;

    private static bool Covers(InstructionRow row, string name, Case input, Case expected, Case actual)
    {
        // 5.5.10: enabled exceptions leave the target unchanged or adjust the exponent. QEMU only takes note of them.
        const int enableDistance = 22;
        ulong raised = (expected[CaseLayout.Fpscr] | actual[CaseLayout.Fpscr]) >> enableDistance;
        if ((raised & input[CaseLayout.Fpscr] & (Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE)) != 0)
            return true;
        bool quad = row.Declaration.Opcode == 63;
        DecimalFormat format = quad ? DecimalFormat.Quad : DecimalFormat.Long;
        UInt128 Image(int first, int last)
        {
            int fpr = (int)FormFields.Bits(input.Word(0), first, last);
            return quad ? new UInt128(input[Scalar(fpr & ~1)], input[Scalar(fpr | 1)]) : input[Scalar(fpr)];
        }

        UInt128 b = Image(16, 20);
        switch (name)
        {
            // Short is a storage format: a NaN keeps its digits and signals on. QEMU drops the digits and quiets it.
            case "drsp":
                return DecimalEncoding.Unpack(b, format).IsNaN;

            // The significand of an infinity is its trailing significand. QEMU takes it for zero.
            case "ddedpd":
                return DecimalEncoding.Unpack(b, format).IsInfinity;

            // The same; and the rest of the combination field becomes zero. QEMU leaves it in infinities and NaNs.
            case "dscli" or "dscri":
                return !DecimalEncoding.Unpack(Image(11, 15), format).IsFinite;

            // The same; and results have preferred declets. QEMU copies those of the operand to a NaN.
            case "diex":
                return DecimalEncoding.Unpack(b, format).IsInfinity || DecimalEncoding.Pack(DecimalEncoding.Unpack(b, format), format) != b;

            // Of a payload that is too long QEMU keeps nothing, and then does not even note that it signals.
            case "drdp":
                return DecimalEncoding.Unpack(b, format) is { IsNaN: true, Digits: > 15 };

            // A digit that is none is an invalid operation. QEMU takes 0b1010 for ten.
            case "denbcd":
                int sign = FormFields.Bit(input.Word(0), 11) ? 1 : 0;
                return Enumerable.Range(sign, (format.Width / 4) - sign).Any(digit => (uint)(b >> (4 * digit)) % 16 == 10);

            default:
                return false;
        }
    }

    private static ulong IgnoredStatus(string name, Case input, Case expected)
    {
        // FR is never computed; FI is set, but never cleared.
        ulong ignored = Fpscr.FR | (input[CaseLayout.Fpscr] & Fpscr.FI);

        // FX is set by an exception whose bit was on already, too.
        ignored |= (input[CaseLayout.Fpscr] & Fpscr.Exceptions) != 0 ? Fpscr.FX : 0;

        // An invalid operation sets FEX even where it is not enabled, and FPRF is not that of the default NaN.
        if (name is "drrnd" or "denbcd" && (expected[CaseLayout.Fpscr] & Fpscr.VX) != 0)
            ignored |= Fpscr.FEX | (name == "denbcd" ? Fpscr.FPRF : 0);
        return ignored;
    }
}
