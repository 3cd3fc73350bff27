namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>Where a variable of a template is while its instruction executes.</summary>
internal sealed class NativeVariable
{
    public int Assigns { get; set; }

    public int Reads { get; set; }

    public bool AddressTaken { get; set; }

    /// <summary>First and last place where it is alive, counted over the blocks in their order.</summary>
    public int First { get; set; } = int.MaxValue;

    public int Last { get; set; } = -1;

    /// <summary>Its register, or None if it lies below the stack pointer.</summary>
    public Register Register { get; set; } = Register.None;

    /// <summary>Its XMM register, if it is a vector.</summary>
    public int Vector { get; set; } = -1;

    /// <summary>Offset from the stack pointer, if it has no register.</summary>
    public int Spill { get; set; }
}
