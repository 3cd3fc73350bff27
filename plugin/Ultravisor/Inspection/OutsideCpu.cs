namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>A CPU of an SVM that is out of the guest: the hypervisor has its thread, the ultravisor its registers.</summary>
/// <param name="Index">Number of its context, unique among those that live.</param>
/// <param name="Nia">Where the guest goes on.</param>
/// <param name="Reason">What the hypervisor is asked for, and which operations wait for it, the innermost first.</param>
public readonly record struct OutsideCpu(int Index, ulong Nia, string Reason);
