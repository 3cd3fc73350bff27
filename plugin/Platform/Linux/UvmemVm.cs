namespace RenodeUvmem.Platform.Linux;

/// <summary>A VM of the hypervisor.</summary>
/// <param name="Kvm">Address of its struct kvm.</param>
/// <param name="Lpid">Its partition.</param>
/// <param name="SecureGuest">arch.secure_guest: bit 0 H_SVM_INIT_START, bit 1 H_SVM_INIT_DONE.</param>
/// <param name="Slots">What uvmem keeps of its memory slots, in the order in which it looks them up.</param>
public sealed record UvmemVm(ulong Kvm, ulong Lpid, byte SecureGuest, IReadOnlyList<UvmemSlot> Slots)
{
    /// <summary>The word of a frame, or null where no slot is.</summary>
    public ulong? WordOf(ulong gfn) => Slots.FirstOrDefault(slot => gfn - slot.Base < (ulong)slot.Words.Count) is { } slot ? slot.Words[(int)(gfn - slot.Base)] : null;
}

/// <summary>A struct kvmppc_uvmem_slot.</summary>
/// <param name="Base">Number of its first frame.</param>
/// <param name="Words">A word for each frame.</param>
public sealed record UvmemSlot(ulong Base, IReadOnlyList<ulong> Words);

/// <summary>Counters of a struct page.</summary>
/// <param name="Pfn">Its page frame number.</param>
/// <param name="References">References (_refcount).</param>
/// <param name="Mappings">Page tables that map it.</param>
public sealed record UvmemPage(ulong Pfn, int References, int Mappings);

/// <summary>A device page in use, with its struct kvmppc_uvmem_page_pvt.</summary>
/// <param name="Index">Its number in the pool.</param>
/// <param name="References">References.</param>
/// <param name="Kvm">Address of the VM's struct kvm.</param>
/// <param name="Gpa">Guest address of the frame that it stands for.</param>
/// <param name="SkipPageOut">Whether it leaves secure memory without UV_PAGE_OUT.</param>
/// <param name="RemoveGfn">Whether its frame is forgotten then.</param>
public sealed record UvmemDevicePage(ulong Index, int References, ulong Kvm, ulong Gpa, bool SkipPageOut, bool RemoveGfn);
