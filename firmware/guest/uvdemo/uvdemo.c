// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Lets a program in the guest own whole frames, know where they lie in guest
 * real memory, and issue any ultracall about them.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/asm-prototypes.h>
#include <asm/hvcall.h>
#include <asm/svm.h>
#include <asm/ultravisor.h>

#include "uvdemo.h"

#define MAX_FRAMES 256

struct run {
	struct list_head list;
	unsigned long address;
	unsigned int order;
};

struct owner {
	struct mutex lock;
	struct list_head runs;
};

static long do_alloc(struct owner *owner, struct uvdemo_alloc *request)
{
	struct run *run;

	if (!request->frames || request->frames > MAX_FRAMES ||
	    !is_power_of_2(request->frames))
		return -EINVAL;
	run = kmalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return -ENOMEM;
	run->order = ilog2(request->frames);
	run->address = __get_free_pages(GFP_KERNEL | __GFP_ZERO, run->order);
	if (!run->address) {
		kfree(run);
		return -ENOMEM;
	}
	request->gpa = __pa(run->address);
	mutex_lock(&owner->lock);
	list_add(&run->list, &owner->runs);
	mutex_unlock(&owner->lock);
	return 0;
}

static long do_ucall(struct uvdemo_ucall *call)
{
	/* Without the ultravisor sc 2 goes to the hypervisor or, on machines
	 * that ignore LEV, to this very kernel: not something to try lightly.
	 */
	if (!is_secure_guest() && !(call->flags & UVDEMO_FORCE))
		return -ENODEV;
	call->ret = ucall_norets(call->number, call->args[0], call->args[1],
				 call->args[2], call->args[3], call->args[4],
				 call->args[5]);
	return 0;
}

static void do_hcall(struct uvdemo_ucall *call)
{
	call->ret = plpar_hcall_norets(call->number, call->args[0], call->args[1], call->args[2], call->args[3]);
}

static long do_repeat(struct uvdemo_repeat *repeat)
{
	long ret = 0;

	repeat->succeeded = 0;
	for (u64 i = 0; i < repeat->times && !ret; i++) {
		if (repeat->hypercall)
			do_hcall(&repeat->call);
		else
			ret = do_ucall(&repeat->call);
		repeat->succeeded += !ret && !repeat->call.ret;
	}
	return ret;
}

static long uvdemo_ioctl(struct file *file, unsigned int command,
			 unsigned long argument)
{
	void __user *user = (void __user *)argument;
	union {
		struct uvdemo_alloc alloc;
		struct uvdemo_ucall ucall;
		struct uvdemo_repeat repeat;
		__u64 secure;
	} u;
	long ret;

	if (_IOC_SIZE(command) > sizeof(u))
		return -ENOTTY;
	if ((_IOC_DIR(command) & _IOC_WRITE) &&
	    copy_from_user(&u, user, _IOC_SIZE(command)))
		return -EFAULT;

	switch (command) {
	case UVDEMO_ALLOC:
		ret = do_alloc(file->private_data, &u.alloc);
		break;
	case UVDEMO_UCALL:
		ret = do_ucall(&u.ucall);
		break;
	case UVDEMO_HCALL:
		do_hcall(&u.ucall);
		ret = 0;
		break;
	case UVDEMO_REPEAT:
		ret = do_repeat(&u.repeat);
		break;
	case UVDEMO_SECURE:
		u.secure = is_secure_guest();
		ret = 0;
		break;
	default:
		return -ENOTTY;
	}
	if (!ret && copy_to_user(user, &u, _IOC_SIZE(command)))
		return -EFAULT;
	return ret;
}

/* The mmap offset is the guest real address that UVDEMO_ALLOC returned. */
static int uvdemo_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct owner *owner = file->private_data;
	unsigned long gpa = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long size = vma->vm_end - vma->vm_start;
	bool found = false;
	struct run *run;

	mutex_lock(&owner->lock);
	list_for_each_entry(run, &owner->runs, list)
		if (__pa(run->address) == gpa && size <= PAGE_SIZE << run->order)
			found = true;
	mutex_unlock(&owner->lock);
	if (!found)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, size,
			       vma->vm_page_prot);
}

static int uvdemo_open(struct inode *inode, struct file *file)
{
	struct owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return -ENOMEM;
	mutex_init(&owner->lock);
	INIT_LIST_HEAD(&owner->runs);
	file->private_data = owner;
	return 0;
}

/* Frames go back secure: one that stayed shared would leak its next owner's data. */
static int uvdemo_release(struct inode *inode, struct file *file)
{
	struct owner *owner = file->private_data;
	struct run *run, *next;

	list_for_each_entry_safe(run, next, &owner->runs, list) {
		if (is_secure_guest())
			uv_unshare_page(PHYS_PFN(__pa(run->address)),
					1UL << run->order);
		free_pages(run->address, run->order);
		kfree(run);
	}
	kfree(owner);
	return 0;
}

static const struct file_operations uvdemo_fops = {
	.owner = THIS_MODULE,
	.open = uvdemo_open,
	.release = uvdemo_release,
	.unlocked_ioctl = uvdemo_ioctl,
	.mmap = uvdemo_mmap,
};

static struct miscdevice uvdemo_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "uvdemo",
	.fops = &uvdemo_fops,
	.mode = 0600,
};

module_misc_device(uvdemo_device);
MODULE_DESCRIPTION("Frames and ultracalls for a program in a secure guest");
MODULE_LICENSE("Dual MIT/GPL");
