namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>Use of secure memory, in bytes.</summary>
/// <param name="Size">All.</param>
/// <param name="Used">Given to frames, page tables and seals.</param>
/// <param name="Promised">Not used, but promised to registered slots.</param>
public readonly record struct HeapInfo(ulong Size, ulong Used, ulong Promised)
{
    /// <summary>What a new slot can get.</summary>
    public ulong Free => Size - Used - Promised;
}
