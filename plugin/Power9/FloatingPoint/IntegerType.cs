namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The integer types conversions name: signed and unsigned words and doublewords.</summary>
public enum IntegerType
{
    SignedWord,
    UnsignedWord,
    SignedDoubleword,
    UnsignedDoubleword,
}
