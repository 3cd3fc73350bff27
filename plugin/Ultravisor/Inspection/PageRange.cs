using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Ultravisor.Inspection;

/// <summary>Frames behind each other that are alike.</summary>
public readonly record struct PageRange
{
    /// <summary>Guest real address of the first.</summary>
    public required ulong Gpa { get; init; }

    /// <summary>How many.</summary>
    public required ulong Count { get; init; }

    /// <summary>Their state; null where no slot is registered.</summary>
    public required PageState? State { get; init; }

    /// <summary>Flags of each.</summary>
    public required PageFlags Flags { get; init; }

    /// <summary>Real address in secure memory of the first; 0: none.</summary>
    public required ulong Secure { get; init; }

    /// <summary>Real address of the hypervisor's page for the first; 0: none.</summary>
    public required ulong Normal { get; init; }

    /// <summary>Whether the real addresses of all follow that of the first without gaps.</summary>
    public required bool IsContiguous { get; init; }
}
