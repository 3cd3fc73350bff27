namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>How an instruction, or a trace, uses a place of the state.</summary>
internal sealed class PlaceUse(MemoryType access)
{
    public MemoryType Access { get; } = access;

    public int Reads { get; set; }

    public int Writes { get; set; }

    /// <summary>Written on every way before it is read.</summary>
    public bool WrittenFirst { get; set; }

    /// <summary>First instruction of the trace that writes it.</summary>
    public int FirstWriter { get; set; } = int.MaxValue;

    /// <summary>Its register in the trace, or None if it stays in memory.</summary>
    public Register Register { get; set; } = Register.None;
}
