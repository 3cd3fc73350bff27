using System.Text;
using RenodeUvmem.Power9.Isa;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Compares two end states.</summary>
internal static class Comparison
{
    /// <summary>Differences by name, or an empty list.</summary>
    /// <param name="expected">State under QEMU.</param>
    /// <param name="actual">Ours.</param>
    /// <param name="tolerance">Bits that may differ.</param>
    public static List<string> Differences(Case expected, Case actual, Tolerance tolerance)
    {
        var list = new List<string>();
        if (tolerance.Skip)
            return list;
        void Check(string name, int offset, ulong mask = ulong.MaxValue)
        {
            if (((expected[offset] ^ actual[offset]) & mask) != 0)
                list.Add($"{name}: qemu {expected[offset]:x16}, ours {actual[offset]:x16}");
        }

        Check("signal", CaseLayout.Signal);
        Check("NIP", CaseLayout.Nip);
        for (int r = 0; r < 32; r++)
            Check($"r{r}", CaseLayout.Gpr + (8 * r), tolerance.GprMask);
        Check("CR", CaseLayout.Cr, tolerance.CrMask);
        Check("XER", CaseLayout.Xer, tolerance.XerMask);
        Check("LR", CaseLayout.Lr);
        Check("CTR", CaseLayout.Ctr);
        Check("VRSAVE", CaseLayout.Vrsave, tolerance.VrsaveMask);
        Check("FPSCR", CaseLayout.Fpscr, tolerance.FpscrMask);
        Check("VSCR", CaseLayout.Vscr, tolerance.VscrMask);
        for (int n = 0; n < 64; n++)
        {
            Check($"vs{n}.0", CaseLayout.Vsr + (16 * n) + 8, tolerance.VsrHighMask);
            Check($"vs{n}.1", CaseLayout.Vsr + (16 * n), tolerance.VsrLowMask);
        }

        for (int k = 0; tolerance.MemoryCompared && k < CaseLayout.WindowSize; k += 8)
            Check($"memory+{k}", CaseLayout.Memory + k);
        return list;
    }

    /// <summary>Instructions and operands of a case, for a report.</summary>
    public static string Describe(Case input)
    {
        var text = new StringBuilder();
        for (int k = 0; k < input.WordCount; k++)
        {
            uint word = input.Word(k);
            InstructionRow? row = InstructionTable.Instance.Find(word);
            text.Append($"{word:x8} {row?.MnemonicOf(word) ?? "?"}");
            if (row is not null)
            {
                foreach (OperandField field in new RowShape(row).Fields)
                    text.Append($" {field.Name}={Operand(input, field, word)}");
            }

            text.Append(k + 1 < input.WordCount ? "; " : "");
        }

        return text.Append($"; CR {input[CaseLayout.Cr]:x8} XER {input[CaseLayout.Xer]:x8} FPSCR {input[CaseLayout.Fpscr]:x} VSCR {(uint)input[CaseLayout.Vscr]:x}").ToString();
    }

    private static string Operand(Case input, OperandField field, uint word)
    {
        int value = field.Extract(word);
        if (RowShape.IsGpr(field.Name))
            return $"r{value}({input.Gpr(value):x})";
        int vsr = field.Name switch
        {
            "FRT" or "FRA" or "FRB" or "FRC" or "FRAp" or "FRBp" or "FRS" or "FRTp" or "FRSp" or "XT" or "XA" or "XB" or "XC" or "XS" => value,
            "VRT" or "VRA" or "VRB" or "VRC" or "VRS" => value + 32,
            _ => -1,
        };
        return vsr < 0 ? $"{value}" : $"vs{vsr}({input[CaseLayout.Vsr + (16 * vsr) + 8]:x16}_{input[CaseLayout.Vsr + (16 * vsr)]:x16})";
    }
}
