// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Where things lie in the structures of this kernel, for those who read them in its memory. Compiled to assembler text
 * in the kernel's tree, as its own asm-offsets.c is, and never linked. Each line is a name and a number.
 * Two of the structures are private to the file that is included here.
 */
#include "arch/powerpc/kvm/book3s_hv_uvmem.c"

#define VALUE(name, number) asm volatile("\n.ascii \"->" name " %0\"" : : "i" (number))
#define FIELD(type, field) VALUE(#type "." #field, offsetof(struct type, field))
#define SIZE(type) VALUE(#type, sizeof(struct type))

int main(void);

int main(void)
{
	FIELD(kvm, vm_list);
	FIELD(kvm, mm);
	FIELD(kvm, arch.lpid);
	FIELD(kvm, arch.secure_guest);
	FIELD(kvm, arch.svm_enabled);
	FIELD(kvm, arch.uvmem_pfns);

	FIELD(kvmppc_uvmem_slot, list);
	FIELD(kvmppc_uvmem_slot, nr_pfns);
	FIELD(kvmppc_uvmem_slot, base_pfn);
	FIELD(kvmppc_uvmem_slot, pfns);
	VALUE("KVMPPC_GFN_UVMEM_PFN", ilog2(KVMPPC_GFN_UVMEM_PFN));
	VALUE("KVMPPC_GFN_MEM_PFN", ilog2(KVMPPC_GFN_MEM_PFN));
	VALUE("KVMPPC_GFN_SHARED", ilog2(KVMPPC_GFN_SHARED));

	FIELD(kvmppc_uvmem_page_pvt, gpa);
	FIELD(kvmppc_uvmem_page_pvt, kvm);
	FIELD(kvmppc_uvmem_page_pvt, skip_page_out);
	FIELD(kvmppc_uvmem_page_pvt, remove_gfn);

	FIELD(dev_pagemap, range.start);
	FIELD(dev_pagemap, range.end);

	FIELD(paca_struct, __current);
	FIELD(task_struct, comm);
	FIELD(task_struct, mm);
	FIELD(mm_struct, mm_mt.ma_root);
	FIELD(maple_range_64, pivot);
	FIELD(maple_range_64, slot);
	FIELD(maple_arange_64, pivot);
	FIELD(maple_arange_64, slot);
	VALUE("MAPLE_RANGE64_SLOTS", MAPLE_RANGE64_SLOTS);
	VALUE("MAPLE_ARANGE64_SLOTS", MAPLE_ARANGE64_SLOTS);
	FIELD(vm_area_struct, vm_start);
	FIELD(vm_area_struct, vm_end);
	FIELD(vm_area_struct, vm_pgoff);
	FIELD(vm_area_struct, vm_file);
	FIELD(file, f_path.dentry);
	FIELD(dentry, d_name.name);
	VALUE("PAGE_SHIFT", PAGE_SHIFT);

	SIZE(page);
	FIELD(page, _refcount);
	FIELD(page, _mapcount);
	FIELD(page, zone_device_data);
	return 0;
}
