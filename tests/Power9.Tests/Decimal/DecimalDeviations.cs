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
    /// <summary>Cases that are not compared at all.</summary>
    /// <param name="mnemonic">Name of the row.</param>
    /// <param name="start">State before.</param>
    /// <param name="expected">QEMU's state after.</param>
    /// <param name="actual">Ours.</param>
    /// <param name="a">Image of the first operand.</param>
    /// <param name="b">Image of the second operand.</param>
    /// <param name="format">Format of the instruction.</param>
    public static bool Covers(
        string mnemonic, InstructionRecord start, InstructionRecord expected, InstructionRecord actual, UInt128 a, UInt128 b, DecimalFormat format)
    {
        // 5.5.10: enabled exceptions leave the target unchanged or adjust the exponent. QEMU only takes note of them.
        const int enableDistance = 22;
        ulong raised = (expected.Fpscr | actual.Fpscr) >> enableDistance;
        if ((raised & start.Fpscr & (Fpscr.VE | Fpscr.OE | Fpscr.UE | Fpscr.ZE)) != 0)
            return true;
        switch (mnemonic.TrimEnd(']', '.', '[', 'q'))
        {
            // Short is a storage format: a NaN keeps its digits and signals on. QEMU drops the digits and quiets it.
            case "drsp":
                return DecimalEncoding.Unpack(b, DecimalFormat.Long).IsNaN;

            // The significand of an infinity is its trailing significand. QEMU takes it for zero.
            case "ddedpd":
                return DecimalEncoding.Unpack(b, format).IsInfinity;

            // The same; and the rest of the combination field becomes zero. QEMU leaves it in infinities and NaNs.
            case "dscli" or "dscri":
                return !DecimalEncoding.Unpack(a, format).IsFinite;

            // The same; and results have preferred declets. QEMU copies those of the operand to a NaN.
            case "diex":
                return DecimalEncoding.Unpack(b, format).IsInfinity || DecimalEncoding.Pack(DecimalEncoding.Unpack(b, format), format) != b;

            // Of a payload that is too long QEMU keeps nothing, and then not even notes that it signals.
            case "drdp":
                return DecimalEncoding.Unpack(b, format) is { IsNaN: true, Digits: > 15 };

            // A digit that is none is an invalid operation. QEMU takes 0b1010 for ten.
            case "denbcd":
                bool signed = FormFields.Bit((uint)start.Word, 11);
                return Enumerable.Range(signed ? 1 : 0, (format.Width / 4) - (signed ? 1 : 0)).Any(digit => (uint)(b >> (4 * digit)) % 16 == 10);

            default:
                return false;
        }
    }

    /// <summary>FPSCR bits that are not compared.</summary>
    public static ulong IgnoredStatus(string mnemonic, InstructionRecord start, InstructionRecord expected)
    {
        // FR is never computed; FI is set, but never cleared.
        ulong ignored = Fpscr.FR | (start.Fpscr & Fpscr.FI);

        // FX is set by an exception whose bit was on already, too.
        ignored |= (start.Fpscr & Fpscr.Exceptions) != 0 ? Fpscr.FX : 0;

        // An invalid operation sets FEX even where it is not enabled, and FPRF is not that of the default NaN.
        string name = mnemonic.TrimEnd(']', '.', '[', 'q');
        if (name is "drrnd" or "denbcd" && (expected.Fpscr & Fpscr.VX) != 0)
            ignored |= Fpscr.FEX | (name == "denbcd" ? Fpscr.FPRF : 0);
        return ignored;
    }

    /// <summary>QEMU's state with the halves of drdpq's target in the ISA's order: the long number, then zeros.</summary>
    public static InstructionRecord Corrected(string mnemonic, InstructionRecord expected, uint word)
    {
        if (mnemonic == "drdpq[.]")
            expected.SwapScalars((int)FormFields.Bits(word, 6, 10));
        return expected;
    }
}
