namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>What the ultravisor keeps about one 64 KiB guest frame.</summary>
public struct GuestFrame
{
    /// <summary>State.</summary>
    public PageState State;

    /// <summary>The hypervisor was asked for its content and agreed; before INIT_DONE.</summary>
    public bool Requested;

    /// <summary>The next normal page that the hypervisor gives must be zeroed before the guest sees it.</summary>
    public bool ZeroOnArrival;

    /// <summary>Real address of the secure frame; 0: none, the content is zero (SECURE) or elsewhere.</summary>
    public ulong Secure;

    /// <summary>Real address of the hypervisor's page for the shared states; 0: none.</summary>
    public ulong Normal;

    /// <summary>Real address of the seal of a PAGEDOUT frame; 0: none.</summary>
    public ulong Seal;
}
