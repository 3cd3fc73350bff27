// SPDX-License-Identifier: MIT
/* A child of QEMU's, with a copy of its page tables, that never runs. */
#include "svmhost.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "pattern.h"

static bool read_of(pid_t pid, uint64_t address, uint8_t bytes[FRAME_SIZE])
{
	struct iovec local = { bytes, FRAME_SIZE }, remote = { (void *)address, FRAME_SIZE };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) == FRAME_SIZE;
}

/* QEMU keeps the guest's memory from its children (MADV_DONTFORK): not this frame. CLONE_PTRACE: the child begins stopped, as ours. */
static bool fork_qemu(uint64_t address, int64_t *child, char reason[REASON_SIZE])
{
	uint64_t advise[6] = { address, FRAME_SIZE, MADV_DOFORK }, clone[6] = { CLONE_PTRACE };

	if (!inject_call(SYS_madvise, advise, child, reason) || !inject_call(SYS_clone, clone, child, reason))
		return false;
	if (*child < 0)
		snprintf(reason, REASON_SIZE, "clone in QEMU: %s", strerror(-*child));
	return *child > 0;
}

bool look_forked(uint64_t gpa, bool *seen, bool *same, char reason[REASON_SIZE])
{
	static uint8_t child_sees[FRAME_SIZE], qemu_sees[FRAME_SIZE];
	uint64_t address;
	int64_t child;

	if (!memory_address(gpa, &address, reason) || !fork_qemu(address, &child, reason))
		return false;
	*seen = waitpid(child, NULL, __WALL) == child && read_of(child, address, child_sees);
	*same = read_of(qemu_pid(), address, qemu_sees) && !memcmp(child_sees, qemu_sees, FRAME_SIZE);
	kill(child, SIGKILL);
	waitpid(child, NULL, __WALL);
	return true;
}
