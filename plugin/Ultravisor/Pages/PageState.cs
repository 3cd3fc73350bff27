using RenodeUvmem.Ultravisor.Abi;

namespace RenodeUvmem.Ultravisor.Pages;

/// <summary>State of a 64 KiB guest frame, with the names and numbers of the PEF firmware.</summary>
public enum PageState : byte
{
    [Purpose("Content in secure memory, or all zero and not allocated yet.")]
    [KvmGfn("KVMPPC_GFN_UVMEM_PFN")]
    SECURE = 0,

    [Purpose("Content encrypted in a page of the hypervisor.")]
    [KvmGfn("KVMPPC_GFN_MEM_PFN")]
    PAGEDOUT = 1,

    [Purpose("The guest shares it with the hypervisor: a normal page is mapped.")]
    [KvmGfn("KVMPPC_GFN_SHARED")]
    SHARED = 2,

    [Purpose("Shared, but the hypervisor took its page away; the guest's next touch brings it back.")]
    [KvmGfn("KVMPPC_GFN_SHARED")]
    SHARED_INV = 3,

    [Purpose("Shared by the ultravisor for its own exchange with the hypervisor (RTAS); the guest has no access.")]
    [KvmGfn("KVMPPC_GFN_SHARED")]
    SHARED_IMPLICIT = 4,

    [Purpose("As SHARED_IMPLICIT, but the hypervisor took its page away.")]
    [KvmGfn("KVMPPC_GFN_SHARED")]
    SHARED_IMPLICIT_INV = 5,

    [Purpose("Share under way: the hypervisor has not given its page yet.")]
    HV_SHARING = 6,

    [Purpose("Share under way: the hypervisor has given its page.")]
    HV_SHARED = 7,

    [Purpose("Share under way: the hypervisor has given its page and taken it away again.")]
    HV_SHARED_INV = 8,

    [Purpose("Unshare under way: the hypervisor has not agreed yet.")]
    HV_UNSHARING = 9,

    [Purpose("Unshare under way: the hypervisor has taken its page away, and not agreed yet.")]
    HV_UNSHARING_INV = 10,

    [Purpose("Unshare under way: the hypervisor has agreed.")]
    HV_UNSHARED = 11,

    [Purpose("The hypervisor thinks it is shared; the guest has its secure copy.")]
    [KvmGfn("KVMPPC_GFN_SHARED")]
    PSEUDO_SHARED = 12,

    [Purpose("As PSEUDO_SHARED, but the hypervisor took its page away.")]
    [KvmGfn("KVMPPC_GFN_SHARED")]
    PSEUDO_SHARED_INV = 13,
}
