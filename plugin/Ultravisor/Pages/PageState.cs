namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>State of a 64 KiB guest frame, with the names and numbers of the PEF firmware.</summary>
public enum PageState : byte
{
    /// <summary>Content in secure memory (or all zero and not allocated yet).</summary>
    SECURE = 0,

    /// <summary>Content encrypted in a page of the hypervisor.</summary>
    PAGEDOUT = 1,

    /// <summary>Guest shares it with the hypervisor: a normal page is mapped.</summary>
    SHARED = 2,

    /// <summary>Shared, but the hypervisor took its page away.</summary>
    SHARED_INV = 3,

    /// <summary>Shared by the ultravisor for its own exchange with the hypervisor (RTAS); the guest has no access.</summary>
    SHARED_IMPLICIT = 4,
    SHARED_IMPLICIT_INV = 5,

    /// <summary>Share under way: the hypervisor has not given its page yet.</summary>
    HV_SHARING = 6,

    /// <summary>Share under way: the hypervisor has given its page.</summary>
    HV_SHARED = 7,
    HV_SHARED_INV = 8,

    /// <summary>Unshare under way: the hypervisor has not agreed yet.</summary>
    HV_UNSHARING = 9,
    HV_UNSHARING_INV = 10,

    /// <summary>Unshare under way: the hypervisor has agreed.</summary>
    HV_UNSHARED = 11,

    /// <summary>The hypervisor thinks it is shared; the guest has its secure copy (RTAS stub).</summary>
    PSEUDO_SHARED = 12,
    PSEUDO_SHARED_INV = 13,
}
