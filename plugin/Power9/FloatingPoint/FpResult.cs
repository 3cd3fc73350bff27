namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// What an operation of at most 64 bits delivers: the image for the target and the status for the FPSCR.
/// </summary>
/// <param name="Bits">The target's image in the storage format; 0 when the status is <see cref="Suppressed"/>.</param>
/// <param name="Status">
/// FPSCR exception bits to raise, FR, FI and FPRF at their places in the register's low word, plus the marks
/// <see cref="HasFprf"/> and <see cref="Suppressed"/>, which lie where the register has its enables.
/// </param>
public readonly record struct FpResult(ulong Bits, uint Status)
{
    /// <summary>Status mark: FPRF is to be replaced by the status' one.</summary>
    public const uint HasFprf = 1;

    /// <summary>
    /// Status mark: an enabled invalid operation or zero divide exception leaves the target register unchanged
    /// (Power ISA 3.0B, Book I, 4.4.1.2 and 4.4.2.2). Vector instructions write no element if any has it.
    /// </summary>
    public const uint Suppressed = 2;
}

/// <summary>As <see cref="FpResult"/>, for quad precision.</summary>
/// <param name="Bits">The target's image.</param>
/// <param name="Status">As <see cref="FpResult.Status"/>.</param>
public readonly record struct FpResult128(UInt128 Bits, uint Status);
