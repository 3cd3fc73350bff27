namespace RenodeUvmem.Ultravisor.Events;

/// <summary>Names for addresses of code. Hypervisor and guests have tables of their own: the same kernel may run in both at the same addresses.</summary>
public interface ISymbols
{
    /// <summary>name+0xoffset, or null.</summary>
    /// <param name="address">Effective address.</param>
    /// <param name="world">Whose code it is.</param>
    /// <param name="lpid">Partition of a guest.</param>
    string? Describe(ulong address, World world, ulong lpid);
}
