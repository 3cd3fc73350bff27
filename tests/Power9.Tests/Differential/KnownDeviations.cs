using System.Numerics;

namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>
/// Where QEMU 7.2 is not what the ISA or POWER9 says, or the ISA leaves a result undefined: what is then not compared, and by which rule (section of ISA 3.0B, in short words).
/// </summary>
internal static class KnownDeviations
{
    /// <summary>Stands for a block of several instructions: only what is so for all rows applies.</summary>
    public const string AnyMnemonic = "*";

    private const ulong FX = 0x80000000;
    private const ulong OX = 0x10000000;
    private const ulong XX = 0x02000000;
    private const ulong FR = 0x00040000;
    private const ulong FI = 0x00020000;
    private const ulong FPRF = 0x0001F000;
    private const ulong C = 0x00010000;
    private const ulong UX = 0x08000000;
    private const ulong ZX = 0x04000000;
    private const ulong VXCVI = 0x00000100;
    private const ulong VXSNAN = 0x01000000;
    private const ulong VXIMZ = 0x00100000;
    private const ulong VXVC = 0x00080000;
    private const ulong VE = 0x00000080;
    private const ulong NI = 0x00000004;
    private const ulong StickyBits = 0x1FF80700;
    private const ulong EnableBits = 0xF8;
    private const int SigFpe = 8;

    private static readonly Rule[] Rules =
    [
        // I 3.3.9: mulhw ... RT[0:31] are undefined. POWER9: the high word again; Rc looks at all 64 bits.
        new(Names("mulhw[.]", "mulhwu[.]"), (t, _, _) => t with { GprMask = uint.MaxValue, CrMask = 0x1FFFFFFF }),

        // I 3.3.9: divwe: RT[0:31] are undefined. QEMU sign-extends, POWER9 zero-extends.
        new(Names("divwe[o][.]", "divweu[o][.]", "divw[o][.]", "divwu[o][.]"), (t, _, _) => t with { GprMask = uint.MaxValue, CrMask = 0x1FFFFFFF }),

        // I 3.3.9: If an attempt is made to perform any of the divisions ... then the contents of RT are undefined, as are ... LT, GT, EQ of CR0. POWER9: 0.
        new(name => name.StartsWith("div", StringComparison.Ordinal), (t, input, _) => IsUndefinedDivision(input) ? t with { GprMask = 0, CrMask = 0x1FFFFFFF } : t),

        // I 3.3.9: OV is set if the quotient cannot be represented in 64 bits. QEMU misses cases of divde.
        new(Names("divde[o][.]"), (t, input, _) => IsUndefinedDivision(input) ? t with { CrMask = 0x0FFFFFFF, XerMask = 0x3FF7FFFF } : t),
        new(name => name.StartsWith("mod", StringComparison.Ordinal), (t, input, _) => IsUndefinedModulo(input) ? t with { GprMask = 0 } : t),

        // I 3.2.4: VRSAVE is a 32-bit register.
        new(Names("mtvrsave"), (t, _, _) => t with { VrsaveMask = uint.MaxValue }),

        // I 3.2.2: reserved bits of XER; POWER9 keeps 0xE00FFFFF.
        new(Names("mtxer"), (t, _, _) => t with { XerMask = 0xE00FFFFF }),

        // I 6.3.2: VSCR has NJ and SAT; other bits are reserved.
        new(Names("mtvscr"), (t, _, _) => t with { VscrMask = 0x10001 }),

        // II 4.5: a bounded increment that is not done returns the most negative number of the operand's length. QEMU sign-extends that of a word.
        new(Names("ldat", "lwat"), (t, _, expected) => HasGpr(expected, 0xFFFFFFFF80000000) ? t with { GprMask = 0 } : t),

        // II 4.5: minimum and maximum signed compare words; QEMU compares them zero-extended.
        new(Names("lwat", "stwat"), (t, input, _) => Field(input, 16, 20) is 5 or 7 ? t with { MemoryCompared = false } : t),

        // II 4.5: the bound of a decrement is mem(EA - s). QEMU takes mem(EA + s).
        new(Names("lwat", "ldat"), (t, input, _) => Field(input, 16, 20) == 28 ? t with { MemoryCompared = false, GprMask = 0 } : t),

        // I 6.10: the result is within 1/32 (logarithm), 1/16 (exponential), 1/4096 (reciprocal square root) of the exact one.
        new(Names("vexptefp", "vlogefp", "vrsqrtefp", "vrefp"), (t, _, _) => t with { VsrHighMask = 0, VsrLowMask = 0 }),

        // I 6.14.2: vrldmi: result <- (r & m) | (VRT & ~m). QEMU forgets VRT.
        new(Names("vrldmi"), (t, _, _) => t with { VsrHighMask = 0, VsrLowMask = 0 }),

        // I 4.2.2: FR ... incremented the fraction. QEMU never sets it.
        new(_ => true, (t, _, _) => t with { FpscrMask = t.FpscrMask & ~FR }),

        // A signal frame of qemu-user holds the low word of FPSCR only.
        new(_ => true, (t, _, expected) => expected[CaseLayout.Signal] != 0 ? t with { FpscrMask = t.FpscrMask & uint.MaxValue } : t),

        // I 4.2.2: FX is set if an exception bit changes from 0 to 1. QEMU sets it for bits that are 1 already.
        new(_ => true, (t, input, _) => (input[CaseLayout.Fpscr] & StickyBits) != 0 ? t with { FpscrMask = t.FpscrMask & ~FX, CrMask = t.CrMask & ~0x08000000UL } : t),

        // I 4.4: an enabled overflow, underflow or inexact exception still delivers its result, adjusted by 192 or 1536, and CR1. QEMU raises it first
        // and adjusts nothing.
        new(_ => true, (t, _, expected) => expected[CaseLayout.Signal] == SigFpe
            ? t with { VsrHighMask = 0, VsrLowMask = 0, CrMask = t.CrMask & 0xF0FFFFFF, FpscrMask = t.FpscrMask & ~(FPRF | FI | FR) }
            : t),

        // With enables QEMU misses or invents exceptions of these: it looks at what the conversion to single, or an earlier element, left behind.
        new(name => IsSingle(name) || IsEstimate(name) || IsMinimumOrMaximum(name) || name.StartsWith("xv", StringComparison.Ordinal),
            (t, input, _) => (input[CaseLayout.Fpscr] & EnableBits) != 0 ? t with { Skip = true } : t),

        // I 7.6.1: each element of a vector sets its exceptions; FR, FI and FPRF stay. QEMU sets one of overflow, underflow, division by zero; clears FI.
        new(name => name.StartsWith("xv", StringComparison.Ordinal), (t, _, _) => t with { FpscrMask = t.FpscrMask & ~(UX | ZX | FI) }),

        // I 7.6.1.8: a NaN converts to the most negative number. QEMU gives an element what an earlier one's overflow left.
        new(name => name.StartsWith("xvcv", StringComparison.Ordinal) && IsConversionToInteger(name),
            (t, _, expected) => (expected[CaseLayout.Fpscr] & VXCVI) != 0 ? t with { VsrHighMask = 0xFFFFFFFF00000000, VsrLowMask = 0 } : t),

        // I 4.6.7: fctiw: FRT[0:31] are undefined.
        new(name => name.StartsWith("fctiw", StringComparison.Ordinal), (t, _, _) => t with { VsrHighMask = uint.MaxValue }),

        // I 4.6.9: mtfsb1 ... FX is set with any exception bit; NI is implemented.
        new(Names("mtfsb1[.]"), (t, _, _) => t with { FpscrMask = t.FpscrMask & ~(FX | NI), CrMask = t.CrMask & ~0x08000000UL }),

        // I 7.6.1.3: with R=0 RMC=3 stands for FPSCR[RN], 1 and 2 are reserved. QEMU takes RN for its own numbering.
        new(Names("xsrqpi", "xsrqpix", "xsrqpxp"), (t, input, _) => (input.Word(0) & 0x10000) == 0 && Field(input, 21, 22) != 0 ? t with { Skip = true } : t),

        // I 7.6.1.3: below 2^-126 (exponent under 0x381) xststdcsp sees a denormal single. QEMU rounds the value to single first.
        // Whether a NaN is a single-precision value is not compared.
        new(Names("xststdcsp"), (t, input, _) => IsNaN(input, 16, 20, 30) ? t with { Skip = true } : t with { CrMask = 0xDDDDDDDD, FpscrMask = t.FpscrMask & ~0x2000UL }),

        // I 4.6.7: fctid: FPRF ... undefined.
        new(IsConversionToInteger, (t, _, _) => t with { FpscrMask = t.FpscrMask & ~FPRF }),

        // I 4.6.7: fcfid and its kin set FPRF. QEMU does for fcfid alone.
        new(Names("fcfids[.]", "fcfidu[.]", "fcfidus[.]"), (t, _, _) => t with { FpscrMask = t.FpscrMask & ~FPRF }),

        // I 4.4.1: If the operation is a compare, FR, FI, and C are unchanged. QEMU clears FI and with VXVC sets C.
        new(name => name.Contains("cmp", StringComparison.Ordinal), (t, _, _) => t with { FpscrMask = t.FpscrMask & ~(FI | C) }),

        // I 4.6.8: fcmpo on a signalling NaN sets VXVC only if VE=0.
        new(Names("fcmpo", "xscmpodp", "xscmpoqp"), (t, input, _) => (input[CaseLayout.Fpscr] & VE) != 0 ? t with { FpscrMask = t.FpscrMask & ~VXVC } : t),

        // I 7.6.1: xsaddsp and its kin round once. QEMU rounds to double, then to single.
        new(name => name.StartsWith("xs", StringComparison.Ordinal) && IsSingle(name), (t, _, expected) => (expected[CaseLayout.Fpscr] & XX) != 0
            ? t with { VsrHighMask = 0, FpscrMask = t.FpscrMask & ~(OX | UX | FPRF | FI) }
            : t),

        // I 4.6.6: estimates; XX, FR and FI are undefined. QEMU misses ZX.
        new(IsEstimate, (t, _, _) => t with { FpscrMask = t.FpscrMask & ~(FX | XX | ZX | FI | FPRF), CrMask = t.CrMask & ~0x08000000UL, VsrHighMask = 0, VsrLowMask = 0 }),

        // I 4.6.6: fnmadd is fmadd, rounded, then negated. QEMU rounds the negated sum: wrong in directed modes.
        new(name => name.Contains("nmadd", StringComparison.Ordinal) || name.Contains("nmsub", StringComparison.Ordinal),
            (t, input, _) => (input[CaseLayout.Fpscr] & 2) != 0 ? t with { VsrHighMask = 0, VsrLowMask = 0, FpscrMask = t.FpscrMask & ~(FPRF | FI | OX | UX), CrMask = t.CrMask & ~0x01000000UL } : t),

        // The same: then overflow and underflow differ, too, and with them, if they are enabled, the interrupt.
        new(name => name.Contains("nmadd", StringComparison.Ordinal) || name.Contains("nmsub", StringComparison.Ordinal),
            (t, input, _) => (input[CaseLayout.Fpscr] & 2) != 0 && (input[CaseLayout.Fpscr] & EnableBits) != 0 ? t with { Skip = true } : t),

        // I 7.6.1.3: an inexact result of round to odd is odd. QEMU's is not always.
        new(Names("xsnmsubqpo"), (t, _, _) => t with { VsrHighMask = 0, VsrLowMask = 0, FpscrMask = t.FpscrMask & ~FPRF }),

        // I 4.4.1: an invalid rounding to integer sets FR and FI to 0. QEMU keeps FI.
        new(name => name.StartsWith("fri", StringComparison.Ordinal), (t, _, _) => t with { FpscrMask = t.FpscrMask & ~FI }),

        // I 7.6.1: a product of infinity and zero sets VXIMZ, a signalling NaN as addend VXSNAN, too. QEMU notes the first.
        new(name => name.Contains("madd", StringComparison.Ordinal) || name.Contains("msub", StringComparison.Ordinal),
            (t, _, expected) => (expected[CaseLayout.Fpscr] & VXIMZ) != 0 ? t with { FpscrMask = t.FpscrMask & ~VXSNAN } : t),

        // I 7.6.1.4: xsmaxcdp: the first operand if it is greater, else the second. QEMU takes the first of two zeros.
        new(Names("xsmaxcdp"), (t, input, _) => IsZero(input, 11, 15, 29) && IsZero(input, 16, 20, 30) ? t with { VsrHighMask = ulong.MaxValue >> 1 } : t),

        // I 7.6.1.4: a signalling NaN in either operand sets VXSNAN here. QEMU does not look at the second when the first is a quiet NaN.
        new(Names("xsmaxjdp", "xsminjdp"), (t, input, _) => IsNaN(input, 11, 15, 29) && IsNaN(input, 16, 20, 30) ? t with { FpscrMask = 0 } : t),

        // I 4.2.2: FPRF tells the class of the result in its format. QEMU looks at the double that holds a denormal single.
        new(IsSingle, (t, _, _) => t with { FpscrMask = t.FpscrMask & ~C }),
    ];

    private static IEnumerable<Rule> AllRules => Rules.Concat(KnownVectorDeviations.Rules);

    /// <summary>Whether something of this row is not compared.</summary>
    public static bool Concerns(string mnemonic) => AllRules.Any(rule => rule.Applies(mnemonic) && !rule.Applies(AnyMnemonic));

    /// <summary>What to compare for an instruction.</summary>
    /// <param name="mnemonic">As its row spells it.</param>
    /// <param name="input">State before.</param>
    /// <param name="expected">State under QEMU.</param>
    public static Tolerance For(string mnemonic, Case input, Case expected) =>
        AllRules.Where(rule => rule.Applies(mnemonic)).Aggregate(Tolerance.None, (tolerance, rule) => rule.Adapt(tolerance, input, expected));

    private static Func<string, bool> Names(params string[] names) => name => names.Contains(name);

    // fctidz, xvcvdpsxws, xscvqpudz.
    private static bool IsConversionToInteger(string name) =>
        name.StartsWith("fcti", StringComparison.Ordinal)
        || name.EndsWith("xds", StringComparison.Ordinal)
        || name.EndsWith("xws", StringComparison.Ordinal)
        || (name.StartsWith("xscvqp", StringComparison.Ordinal) && name[^1] == 'z');

    private static bool IsEstimate(string name) =>
        name is "fre[.]" or "fres[.]" or "frsqrte[.]" or "frsqrtes[.]" or "xsredp" or "xsresp" or "xsrsqrtedp" or "xsrsqrtesp" or "xvredp" or "xvresp" or "xvrsqrtedp" or "xvrsqrtesp";

    private static bool IsMinimumOrMaximum(string name) =>
        name[0] == 'x' && (name.Contains("max", StringComparison.Ordinal) || name.Contains("min", StringComparison.Ordinal));

    private static bool IsSingle(string name) =>
        name is "fadds[.]" or "fsubs[.]" or "fmuls[.]" or "fdivs[.]" or "fsqrts[.]" or "fmadds[.]" or "fmsubs[.]" or "fnmadds[.]" or "fnmsubs[.]" or "frsp[.]"
        || (name.StartsWith("xs", StringComparison.Ordinal) && name.EndsWith("sp", StringComparison.Ordinal));

    private static int Field(Case input, int first, int last) => (int)(input.Word(0) >> (31 - last)) & ((1 << (last - first + 1)) - 1);

    private static bool IsNaN(Case input, int first, int last, int highBit)
    {
        int vsr = Field(input, first, last) | (Field(input, highBit, highBit) << 5);
        return double.IsNaN(BitConverter.UInt64BitsToDouble(input[CaseLayout.Vsr + (16 * vsr) + 8]));
    }

    private static bool IsZero(Case input, int first, int last, int highBit) =>
        input[CaseLayout.Vsr + (16 * (Field(input, first, last) | (Field(input, highBit, highBit) << 5))) + 8] << 1 == 0;

    private static bool HasGpr(Case state, ulong value) => Enumerable.Range(0, 32).Any(r => state.Gpr(r) == value);

    private static bool IsUndefinedModulo(Case input)
    {
        ulong a = input.Gpr(Field(input, 11, 15));
        ulong b = input.Gpr(Field(input, 16, 20));
        bool word = (Field(input, 21, 30) & 2) != 0;
        bool signed = (Field(input, 21, 30) & 0x200) != 0;
        if (word)
            return (uint)b == 0 || (signed && (int)a == int.MinValue && (int)b == -1);
        return b == 0 || (signed && (long)a == long.MinValue && (long)b == -1);
    }

    // Extended opcodes: 0x02 set divides words, 0x60 says extended or not, 0x20 signed or not.
    private static bool IsUndefinedDivision(Case input)
    {
        ulong a = input.Gpr(Field(input, 11, 15));
        ulong b = input.Gpr(Field(input, 16, 20));
        int xo = Field(input, 22, 30);
        bool word = (xo & 2) != 0;
        bool extended = xo is 425 or 393 or 427 or 395;
        bool signed = xo is 489 or 491 or 425 or 427;
        int bits = word ? 32 : 64;
        BigInteger dividend = word ? (signed ? (int)a : (uint)a) : (signed ? (long)a : a);
        BigInteger divisor = word ? (signed ? (int)b : (uint)b) : (signed ? (long)b : b);
        if (divisor.IsZero)
            return true;
        BigInteger quotient = (extended ? dividend << bits : dividend) / divisor;
        BigInteger low = signed ? -(BigInteger.One << (bits - 1)) : 0;
        BigInteger high = BigInteger.One << (signed ? bits - 1 : bits);
        return quotient < low || quotient >= high;
    }

    /// <summary>A deviation: the rows it concerns, and what it takes out of the comparison for an input and QEMU's end state.</summary>
    internal sealed record Rule(Func<string, bool> Applies, Func<Tolerance, Case, Case, Tolerance> Adapt);
}
