namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>A memory operand: base + index * 2^scale + displacement.</summary>
internal readonly record struct Operand(Register Base, Register Index, int Scale, int Displacement)
{
    public static Operand At(Register place, int displacement = 0) => new(place, Register.None, 0, displacement);
}
