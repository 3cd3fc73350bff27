namespace RenodeUvmem.Power9.Tiers.X86;

/// <summary>A place in code, and the jumps that wait for it.</summary>
internal sealed class CodeLabel
{
    /// <summary>Offset from the beginning of the code; -1 until it is marked.</summary>
    public int Position { get; set; } = -1;

    /// <summary>Offsets of 32-bit displacements to fill in.</summary>
    public List<int>? Waiting { get; set; }
}
