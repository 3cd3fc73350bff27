namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>The four fused operations of Power, by their instruction's letters.</summary>
[Flags]
public enum MultiplyAddForm
{
    /// <summary>madd: a * c + b.</summary>
    Add = 0,

    /// <summary>msub: a * c - b.</summary>
    Subtract = 1,

    /// <summary>nmadd: -(a * c + b), negated after rounding unless NaN.</summary>
    NegativeAdd = 2,

    /// <summary>nmsub: -(a * c - b), negated after rounding unless NaN.</summary>
    NegativeSubtract = Subtract | NegativeAdd,
}
