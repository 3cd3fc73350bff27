using System.Numerics;
using RenodeUvmem.Ultravisor.Memory;

namespace RenodeUvmem.Platform.Linux;

/// <summary>
/// The hypervisor's own account of secure memory, read from its memory by symbol: book3s_hv_uvmem.c's words for each frame, its pool of device pages, and
/// the pages behind them.
/// </summary>
public sealed class UvmemView(HypervisorMemory memory, KernelLayout layout)
{
    /// <summary>Whether the kernel has a pool: before kvmppc_uvmem_init, and without secure memory, it has none.</summary>
    public bool HasPool => memory.Read64(memory.AddressOf("kvmppc_uvmem_bitmap")) != 0;

    /// <summary>Page frame number of the pool's first device page.</summary>
    public ulong PoolBase => memory.Read64(Pgmap + layout["dev_pagemap.range.start"]) / SecureHeap.FrameSize;

    /// <summary>Number of device pages in the pool.</summary>
    public ulong PoolSize => HasPool ? ((memory.Read64(Pgmap + layout["dev_pagemap.range.end"]) + 1) / SecureHeap.FrameSize) - PoolBase : 0;

    /// <summary>Numbers of the pool's pages that are in use, ascending.</summary>
    public IReadOnlyList<ulong> PoolUsed()
    {
        ulong[] words = HasPool ? memory.ReadArray(memory.Read64(memory.AddressOf("kvmppc_uvmem_bitmap")), (PoolSize + 63) / 64) : [];
        var used = new List<ulong>();
        for (int n = 0; n < words.Length; n++)
        {
            for (ulong left = words[n]; left != 0; left &= left - 1)
                used.Add(((ulong)n * 64) + (ulong)BitOperations.TrailingZeroCount(left));
        }

        return used;
    }

    /// <summary>All VMs of the hypervisor, the newest first.</summary>
    public IReadOnlyList<UvmemVm> Vms() =>
        [.. memory.List(memory.AddressOf("vm_list"), layout["kvm.vm_list"]).Select(kvm => new UvmemVm(
            kvm,
            (ulong)memory.Read32(kvm + layout["kvm.arch.lpid"]),
            memory.Read8(kvm + layout["kvm.arch.secure_guest"]),
            [.. memory.List(kvm + layout["kvm.arch.uvmem_pfns"], layout["kvmppc_uvmem_slot.list"]).Select(Slot)]))];

    /// <summary>The VM of a partition, or null.</summary>
    public UvmemVm? Vm(ulong lpid) => Vms().FirstOrDefault(vm => vm.Lpid == lpid);

    /// <summary>What a word of a slot says.</summary>
    public GfnState StateOf(ulong word)
    {
        bool Has(string flag) => (word & Flag(flag)) != 0;
        return Has("KVMPPC_GFN_UVMEM_PFN") ? GfnState.Uvmem : Has("KVMPPC_GFN_MEM_PFN") ? GfnState.Mem : Has("KVMPPC_GFN_SHARED") ? GfnState.Shared : GfnState.None;
    }

    /// <summary>Number in the pool of the device page that a word in state <see cref="GfnState.Uvmem"/> names.</summary>
    public ulong PoolIndexOf(ulong word) => (word & ~(Flag("KVMPPC_GFN_UVMEM_PFN") | Flag("KVMPPC_GFN_MEM_PFN") | Flag("KVMPPC_GFN_SHARED"))) - PoolBase;

    /// <summary>The struct page of a page frame number.</summary>
    public UvmemPage Page(ulong pfn)
    {
        ulong page = AddressOfPage(pfn);

        // _mapcount begins at -1.
        return new UvmemPage(pfn, memory.Read32(page + layout["page._refcount"]), memory.Read32(page + layout["page._mapcount"]) + 1);
    }

    /// <summary>What is kept with a device page in use.</summary>
    /// <param name="index">Its number in the pool.</param>
    public UvmemDevicePage DevicePage(ulong index)
    {
        ulong pvt = memory.Read64(AddressOfPage(PoolBase + index) + layout["page.zone_device_data"]);

        // A page that is just being taken has none yet.
        if (pvt == 0)
            return new UvmemDevicePage(index, Page(PoolBase + index).References, 0, ulong.MaxValue, false, false);
        return new UvmemDevicePage(
            index,
            Page(PoolBase + index).References,
            memory.Read64(pvt + layout["kvmppc_uvmem_page_pvt.kvm"]),
            memory.Read64(pvt + layout["kvmppc_uvmem_page_pvt.gpa"]),
            memory.Read8(pvt + layout["kvmppc_uvmem_page_pvt.skip_page_out"]) != 0,
            memory.Read8(pvt + layout["kvmppc_uvmem_page_pvt.remove_gfn"]) != 0);
    }

    private ulong Flag(string name) => 1UL << (int)layout[name];

    private ulong AddressOfPage(ulong pfn) => memory.Read64(memory.AddressOf("vmemmap")) + (pfn * layout["page"]);

    private ulong Pgmap => memory.AddressOf("kvmppc_uvmem_pgmap");

    private UvmemSlot Slot(ulong slot) => new(
        memory.Read64(slot + layout["kvmppc_uvmem_slot.base_pfn"]),
        memory.ReadArray(memory.Read64(slot + layout["kvmppc_uvmem_slot.pfns"]), memory.Read64(slot + layout["kvmppc_uvmem_slot.nr_pfns"])));
}
