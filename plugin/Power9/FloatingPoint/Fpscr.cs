namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The bits of the Floating-Point Status and Control Register (Power ISA 3.0B, Book I, 4.2.2) and the rules by which
/// an instruction's <see cref="FpResult.Status"/> enters it. The register is 64 bits; all bits here lie in its low word.
/// </summary>
public static class Fpscr
{
    public const uint FX = 0x8000_0000;
    public const uint FEX = 0x4000_0000;
    public const uint VX = 0x2000_0000;
    public const uint OX = 0x1000_0000;
    public const uint UX = 0x0800_0000;
    public const uint ZX = 0x0400_0000;
    public const uint XX = 0x0200_0000;
    public const uint VXSNAN = 0x0100_0000;
    public const uint VXISI = 0x0080_0000;
    public const uint VXIDI = 0x0040_0000;
    public const uint VXZDZ = 0x0020_0000;
    public const uint VXIMZ = 0x0010_0000;
    public const uint VXVC = 0x0008_0000;
    public const uint FR = 0x0004_0000;
    public const uint FI = 0x0002_0000;

    /// <summary>The class descriptor C, the top bit of FPRF.</summary>
    public const uint C = 0x0001_0000;

    /// <summary>The condition code FL FG FE FU, the low four bits of FPRF.</summary>
    public const uint FPCC = 0x0000_F000;

    public const uint FPRF = C | FPCC;
    public const int FpccShift = 12;

    public const uint VXSOFT = 0x0000_0400;
    public const uint VXSQRT = 0x0000_0200;
    public const uint VXCVI = 0x0000_0100;
    public const uint VE = 0x0000_0080;
    public const uint OE = 0x0000_0040;
    public const uint UE = 0x0000_0020;
    public const uint ZE = 0x0000_0010;
    public const uint XE = 0x0000_0008;
    public const uint NI = 0x0000_0004;
    public const uint RN = 0x0000_0003;

    /// <summary>All causes of an invalid operation exception; VX is their summary.</summary>
    public const uint InvalidCauses = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI;

    /// <summary>All sticky exception bits an instruction can raise; FX notes the change of any of them to 1.</summary>
    public const uint Exceptions = OX | UX | ZX | XX | InvalidCauses;

    /// <summary>Decimal rounding mode DRN, bits 29:31 of the register.</summary>
    public const ulong DRN = 0x0000_0007_0000_0000;

    /// <summary>
    /// Enters the status of a scalar arithmetic, rounding or conversion instruction: exceptions accumulate, FR and FI
    /// are replaced, FPRF is replaced if the status carries one.
    /// </summary>
    public static ulong Apply(ulong fpscr, uint status)
    {
        var replaced = FR | FI | ((status & FpResult.HasFprf) != 0 ? FPRF : 0);
        return Accumulate((fpscr & ~(ulong)replaced) | (status & replaced), status);
    }

    /// <summary>Enters the status of a vector instruction: exceptions accumulate, FR, FI and FPRF stay.</summary>
    public static ulong ApplyVector(ulong fpscr, uint status) => Accumulate(fpscr, status);

    /// <summary>Enters the status of a scalar comparison: exceptions accumulate, FPCC is replaced, FR, FI and C stay.</summary>
    public static ulong ApplyCompare(ulong fpscr, uint status) =>
        Accumulate((fpscr & ~(ulong)FPCC) | (status & FPCC), status);

    /// <summary>The register with VX and FEX recomputed from the exception and enable bits (they cannot be set directly).</summary>
    public static ulong Summarize(ulong fpscr)
    {
        var low = (uint)fpscr & ~(VX | FEX);
        if ((low & InvalidCauses) != 0)
        {
            low |= VX;
        }

        // VX OX UX ZX XX stand in the same order as VE OE UE ZE XE, 22 bits higher.
        const int enableDistance = 22;
        if (((low >> enableDistance) & low & (VE | OE | UE | ZE | XE)) != 0)
        {
            low |= FEX;
        }

        return (fpscr & 0xFFFF_FFFF_0000_0000) | low;
    }

    private static ulong Accumulate(ulong fpscr, uint status)
    {
        var raised = status & Exceptions;
        if ((raised & ~(uint)fpscr) == 0)
        {
            return fpscr;
        }

        return Summarize(fpscr | raised | FX);
    }
}
