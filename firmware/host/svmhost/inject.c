// SPDX-License-Identifier: MIT
/*
 * System calls in QEMU's place. QEMU's main thread waits in a system call nearly always: it is taken out of it by
 * ptrace, does the call that is wanted with the same instruction, and is put back so that its own call starts again.
 */
#include "svmhost.h"

#include <errno.h>
#include <linux/elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asm/ptrace.h>

#include "pattern.h"

/* Linux arch/powerpc/include/asm/ptrace.h: what brought the thread into the kernel. */
#define TRAP_SC 0xc00
#define TRAP_SCV 0x3000
#define SUMMARY_OVERFLOW 0x10000000

/* Linux include/linux/errno.h: an interrupted call that starts again. */
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516
#define RESTART_SYSCALL 0

#define TRIES 100

static bool no(char reason[REASON_SIZE], const char *what)
{
	snprintf(reason, REASON_SIZE, "%s: %s", what, strerror(errno));
	return false;
}

static bool stopped(pid_t pid)
{
	int status;

	return waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status);
}

static bool step(pid_t pid)
{
	return !ptrace(PTRACE_SYSCALL, pid, 0, 0) && stopped(pid);
}

/* Register sets as the kernel names them; sizes differ between C libraries. */
static bool registers(int request, pid_t pid, struct pt_regs *regs)
{
	struct iovec at = { regs, sizeof(*regs) };

	return !ptrace(request, pid, NT_PRSTATUS, &at);
}

static int64_t result_of(const struct pt_regs *regs)
{
	bool failed = (regs->trap & ~0xful) != TRAP_SCV && (regs->ccr & SUMMARY_OVERFLOW);

	return failed ? -(int64_t)regs->gpr[3] : (int64_t)regs->gpr[3];
}

/* What the kernel does with an interrupted call when there is no handler to run (arch/powerpc/kernel/signal.c, check_syscall_restart). */
static void restart(struct pt_regs *regs)
{
	switch (-result_of(regs)) {
	case ERESTARTSYS:
	case ERESTARTNOINTR:
	case ERESTARTNOHAND:
		regs->gpr[3] = regs->orig_gpr3;
		regs->nip -= 4;
		break;
	case ERESTART_RESTARTBLOCK:
		regs->gpr[0] = RESTART_SYSCALL;
		regs->nip -= 4;
		break;
	}
}

static bool in_system_call(const struct pt_regs *regs)
{
	unsigned long trap = regs->trap & ~0xful;

	return trap == TRAP_SC || trap == TRAP_SCV;
}

static bool call_once(pid_t pid, long number, const uint64_t arguments[6], int64_t *result, char reason[REASON_SIZE])
{
	struct pt_regs before, during;

	if (!registers(PTRACE_GETREGSET, pid, &before))
		return no(reason, "PTRACE_GETREGSET");
	if (!in_system_call(&before)) {
		snprintf(reason, REASON_SIZE, "QEMU's main thread is not in a system call");
		return false;
	}
	during = before;
	during.nip = before.nip - 4;
	during.gpr[0] = number;
	for (int i = 0; i < 6; i++)
		during.gpr[3 + i] = arguments[i];
	/* No restart of the call that was interrupted. */
	during.trap = 0;
	if (!registers(PTRACE_SETREGSET, pid, &during) || !step(pid) || !step(pid) || !registers(PTRACE_GETREGSET, pid, &during))
		return no(reason, "the call was not made");
	*result = result_of(&during);
	restart(&before);
	before.trap = 0;
	return registers(PTRACE_SETREGSET, pid, &before) || no(reason, "PTRACE_SETREGSET");
}

bool inject_write(uint64_t at, const void *bytes, size_t size, char reason[REASON_SIZE])
{
	struct iovec local = { (void *)bytes, size }, remote = { (void *)at, size };

	return process_vm_writev(qemu_pid(), &local, 1, &remote, 1, 0) == (ssize_t)size || no(reason, "process_vm_writev");
}

bool inject_read(uint64_t at, void *bytes, size_t size, char reason[REASON_SIZE])
{
	struct iovec local = { bytes, size }, remote = { (void *)at, size };

	return process_vm_readv(qemu_pid(), &local, 1, &remote, 1, 0) == (ssize_t)size || no(reason, "process_vm_readv");
}

bool inject_map(size_t size, uint64_t *address, char reason[REASON_SIZE])
{
	uint64_t arguments[6] = { 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 };
	int64_t result;

	if (!inject_call(SYS_mmap, arguments, &result, reason))
		return false;
	if (result < 0 && result > -4096) {
		snprintf(reason, REASON_SIZE, "mmap in QEMU: %s", strerror(-result));
		return false;
	}
	*address = result;
	return true;
}

bool inject_scratch(uint64_t *address, char reason[REASON_SIZE])
{
	static pid_t pid;
	static uint64_t at;

	if (pid != qemu_pid() && !inject_map(FRAME_SIZE, &at, reason))
		return false;
	pid = qemu_pid();
	*address = at;
	return true;
}

bool inject_call(long number, const uint64_t arguments[6], int64_t *result, char reason[REASON_SIZE])
{
	pid_t pid = qemu_pid();

	for (int i = 0; i < TRIES; i++) {
		bool done;

		if (ptrace(PTRACE_SEIZE, pid, 0, 0) || ptrace(PTRACE_INTERRUPT, pid, 0, 0) || !stopped(pid))
			return no(reason, "PTRACE_SEIZE");
		done = call_once(pid, number, arguments, result, reason);
		ptrace(PTRACE_DETACH, pid, 0, 0);
		if (done)
			return true;
		usleep(1000);
	}
	return false;
}
