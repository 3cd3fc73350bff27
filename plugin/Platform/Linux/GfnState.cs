namespace RenodeUvmem.Platform.Linux;

/// <summary>What a word of kvmppc_uvmem_slot.pfns says of a frame (Linux arch/powerpc/kvm/book3s_hv_uvmem.c, "States of a GFN").</summary>
public enum GfnState
{
    /// <summary>Not transitioned, or removed.</summary>
    None,

    /// <summary>Secure, and in secure memory: a device page stands for it.</summary>
    Uvmem,

    /// <summary>Secure, with an ordinary page for its ciphertext.</summary>
    Mem,

    /// <summary>Shared.</summary>
    Shared,
}
