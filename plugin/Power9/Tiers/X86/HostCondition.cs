namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Conditions by their numbers in encodings; the lowest bit negates.</summary>
internal enum HostCondition
{
    Below = 2,
    AboveOrEqual = 3,
    Equal = 4,
    NotEqual = 5,
    BelowOrEqual = 6,
    Above = 7,
    Less = 12,
    GreaterOrEqual = 13,
    LessOrEqual = 14,
    Greater = 15,
}
