namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>An entry of the memory reservation block: bytes of real memory that the kernel must leave alone.</summary>
public readonly record struct FdtReservation(ulong Address, ulong Size);
