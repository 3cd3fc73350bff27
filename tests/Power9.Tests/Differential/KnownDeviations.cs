namespace RenodeUvmem.Power9.Tests.Differential;

/// <summary>Where QEMU 7.2 is not what the ISA or POWER9 says, or the ISA leaves a result undefined: what is then not compared.</summary>
internal static class KnownDeviations
{
    /// <summary>What to compare for an instruction.</summary>
    public static Tolerance For(string mnemonic) => Tolerance.None;
}
