namespace RenodeUvmem.Power9.Tests.Tiers;

/// <summary>Makes random sequences of instructions, the same for the same seed.</summary>
internal interface ISequenceGenerator
{
    /// <summary>Words of a sequence.</summary>
    /// <param name="length">How many.</param>
    uint[] Sequence(int length);
}
