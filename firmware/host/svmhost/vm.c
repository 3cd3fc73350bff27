// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pattern.h"

/* QEMU's descriptor of the VM. */
static int vm_descriptor(char reason[REASON_SIZE])
{
	char path[320], target[64];
	struct dirent *entry;
	int found = -1;
	DIR *all;

	snprintf(path, sizeof(path), "/proc/%d/fd", qemu_pid());
	all = opendir(path);
	while (all && found < 0 && (entry = readdir(all))) {
		ssize_t size;

		snprintf(path, sizeof(path), "/proc/%d/fd/%s", qemu_pid(), entry->d_name);
		size = readlink(path, target, sizeof(target) - 1);
		target[size < 0 ? 0 : size] = 0;
		if (!strcmp(target, "anon_inode:kvm-vm"))
			found = atoi(entry->d_name);
	}
	if (all)
		closedir(all);
	if (found < 0)
		snprintf(reason, REASON_SIZE, "QEMU has no descriptor of a VM");
	return found;
}

static bool vm_ioctl(unsigned long request, const void *argument, size_t size, int64_t *result, char reason[REASON_SIZE])
{
	uint64_t arguments[6] = { vm_descriptor(reason), request };

	if ((int64_t)arguments[0] < 0 || !inject_scratch(&arguments[2], reason))
		return false;
	if (size && !inject_write(arguments[2], argument, size, reason))
		return false;
	return inject_call(SYS_ioctl, arguments, result, reason);
}

/* The most frames of a slot; those with odd numbers have memory of their own. */
#define SLOT_ROOM 32

/* A slot of memory of its own; with no frames it is deleted. */
bool vm_slot(unsigned id, uint64_t gpa, uint64_t frames, unsigned flags, char reason[REASON_SIZE])
{
	static pid_t pid;
	static uint64_t memory;
	struct kvm_userspace_memory_region region = {
		.slot = id, .flags = flags, .guest_phys_addr = gpa, .memory_size = frames * FRAME_SIZE,
	};
	int64_t result;

	if (pid != qemu_pid() && !inject_map(2 * SLOT_ROOM * FRAME_SIZE, &memory, reason))
		return false;
	pid = qemu_pid();
	region.userspace_addr = memory + id % 2 * SLOT_ROOM * FRAME_SIZE;
	if (!vm_ioctl(KVM_SET_USER_MEMORY_REGION, &region, sizeof(region), &result, reason))
		return false;
	printf("svmhost: slot %u at gpa %" PRIx64 ", %" PRIu64 " frames, flags %u: %" PRId64 "\n", id, gpa, frames, flags, result);
	return true;
}

bool vm_dirty_log(unsigned id, char reason[REASON_SIZE])
{
	struct kvm_dirty_log log = { .slot = id };
	uint64_t scratch, bits;
	int64_t result;

	if (!inject_scratch(&scratch, reason))
		return false;
	log.dirty_bitmap = (void *)(scratch + 256);
	if (!vm_ioctl(KVM_GET_DIRTY_LOG, &log, sizeof(log), &result, reason) || !inject_read(scratch + 256, &bits, sizeof(bits), reason))
		return false;
	printf("svmhost: dirty log of slot %u: %" PRId64 ", bits %" PRIx64 "\n", id, result, bits);
	return true;
}

bool vm_svm_off(char reason[REASON_SIZE])
{
	int64_t result;

	if (!vm_ioctl(KVM_PPC_SVM_OFF, NULL, 0, &result, reason))
		return false;
	printf("svmhost: KVM_PPC_SVM_OFF while the guest runs: %" PRId64 "\n", result);
	return true;
}

bool vm_registers(char reason[REASON_SIZE])
{
	const char *answer = qemu_monitor("info registers"), *at = answer ? strstr(answer, "NIP") : NULL;

	if (!at) {
		snprintf(reason, REASON_SIZE, "QEMU does not tell registers");
		return false;
	}
	printf("svmhost: registers %.40s\n", at);
	for (const char *line = strstr(at, "GPR"); line; line = strstr(line + 3, "GPR"))
		printf("svmhost: registers %.73s\n", line);
	return true;
}

/* Whether KSM may merge the mapping that a frame is in: "mg" among its flags in /proc/PID/smaps. */
bool vm_mergeable(uint64_t gpa, char reason[REASON_SIZE])
{
	uint64_t address, start, end;
	char path[64], line[512];
	bool inside = false;
	FILE *maps;

	if (!memory_address(gpa, &address, reason))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/smaps", qemu_pid());
	maps = fopen(path, "r");
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &start, &end) == 2)
			inside = start <= address && address < end;
		else if (inside && !strncmp(line, "VmFlags:", 8))
			printf("svmhost: mergeable=%d\n", strstr(line, " mg") != NULL);
	}
	if (maps)
		fclose(maps);
	return true;
}
