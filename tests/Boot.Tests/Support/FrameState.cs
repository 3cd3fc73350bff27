using RenodeUvmem.Platform.Linux;
using RenodeUvmem.Ultravisor.Pages;

namespace RenodeUvmem.Boot.Tests.Support;

/// <summary>A frame for both sides.</summary>
/// <param name="Word">The hypervisor's word for it.</param>
/// <param name="Hypervisor">What the word says.</param>
internal sealed record FrameState(ulong Word, GfnState Hypervisor)
{
    /// <summary>The ultravisor's state, or null where it has no frame.</summary>
    public PageState? Ultravisor { get; init; }

    /// <summary>The hypervisor's page that the ultravisor knows of, or null.</summary>
    public UvmemPage? Normal { get; init; }
}
