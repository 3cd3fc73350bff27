namespace RenodeUvmem.Ultravisor.Fdt;

/// <summary>Bytes that are no flattened device tree, or a tree that can't be written.</summary>
public sealed class FdtException(string message) : Exception(message);
