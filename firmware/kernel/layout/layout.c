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

	SIZE(page);
	FIELD(page, _refcount);
	FIELD(page, _mapcount);
	FIELD(page, zone_device_data);
	return 0;
}
