// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What the ultravisor writes, as Linux shows it (arch/powerpc/platforms/powernv/ultravisor.c, uv_msglog_read). */
static void show_log(void)
{
	FILE *file = fopen("/sys/firmware/ultravisor/msglog", "r");
	char line[LINE_MAX_SIZE] = "nothing\n";

	if (!file)
		return;
	fgets(line, sizeof(line), file);
	fclose(file);
	printf("svmhost: the ultravisor says: %s", line);
}

/* A VM may be given KVM_CAP_PPC_SECURE_GUEST just when uvmem has a pool; otherwise EINVAL. */
bool kvm_secure_capability(bool expected, char reason[REASON_SIZE])
{
	struct kvm_enable_cap enable = { .cap = KVM_CAP_PPC_SECURE_GUEST, .args = { 1 } };
	int kvm = open("/dev/kvm", O_RDWR), vm, offered, enabled;

	if (kvm < 0) {
		snprintf(reason, REASON_SIZE, "/dev/kvm: %s", strerror(errno));
		return false;
	}
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0) {
		snprintf(reason, REASON_SIZE, "KVM_CREATE_VM: %s", strerror(errno));
		close(kvm);
		return false;
	}
	show_log();
	offered = ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_SECURE_GUEST);
	enabled = ioctl(vm, KVM_ENABLE_CAP, &enable) ? -errno : 0;
	close(vm);
	close(kvm);
	snprintf(reason, REASON_SIZE, "capability %d offered=%d, enabling it gives %d", KVM_CAP_PPC_SECURE_GUEST, offered, enabled);
	printf("svmhost: %s\n", reason);
	return expected ? offered == 1 && enabled == 0 : offered == 0 && enabled == -EINVAL;
}

/* Without uvmem there is no KVM HV: no VM can be made. */
bool kvm_absent(char reason[REASON_SIZE])
{
	int kvm = open("/dev/kvm", O_RDWR), vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);

	snprintf(reason, REASON_SIZE, "/dev/kvm %s, a VM %s", kvm < 0 ? "is not there" : "is there", vm < 0 ? "is refused" : "is made");
	printf("svmhost: %s\n", reason);
	if (vm >= 0)
		close(vm);
	if (kvm >= 0)
		close(kvm);
	return vm < 0;
}
