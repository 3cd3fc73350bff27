namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>A memory slot of an SVM.</summary>
/// <param name="Id">The hypervisor's number for it.</param>
/// <param name="Gpa">First guest real address.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct SlotInfo(ulong Id, ulong Gpa, ulong Size);
