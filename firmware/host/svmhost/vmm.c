// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pattern.h"

/* Two descriptors of a pipe in QEMU that holds a page of the guest's. */
static int32_t holding[2];

static bool advise(uint64_t gpa, uint64_t frames, int advice, char reason[REASON_SIZE])
{
	uint64_t arguments[6] = { 0, frames * FRAME_SIZE, advice };
	int64_t result;

	if (!memory_address(gpa, &arguments[0], reason) || !inject_call(SYS_madvise, arguments, &result, reason))
		return false;
	if (result)
		snprintf(reason, REASON_SIZE, "madvise in QEMU: %s", strerror(-result));
	return !result;
}

/* True in a process of its own, after a while. The guest gets its reply meanwhile: its CPU may be held, and takes no input then. */
static bool later(unsigned microseconds)
{
	pid_t child = fork();

	if (child) {
		waitpid(child, NULL, 0);
		return false;
	}
	/* A grandchild: nobody has to wait for it. */
	if (fork())
		_exit(0);
	usleep(microseconds);
	return true;
}

static void __attribute__((noreturn)) over(bool done, const char *what, uint64_t gpa, const char *reason)
{
	printf("svmhost: %s gpa %" PRIx64 "%s%s\n", what, gpa, done ? "" : ": ", done ? "" : reason);
	fflush(stdout);
	_exit(0);
}

/*
 * New pages wait in a batch of each processor, which holds a reference to them. madvise empties that of the processor it
 * runs on (mm/madvise.c, lru_add_drain); afterwards references can be counted.
 */
static bool drain(char reason[REASON_SIZE])
{
	long size = getpagesize();
	cpu_set_t before;
	bool done = true;
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	sched_getaffinity(0, sizeof(before), &before);
	for (int i = 0; i < get_nprocs(); i++) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(i, &one);
		done = done && !sched_setaffinity(0, sizeof(one), &one) && !madvise(page, size, MADV_COLD);
	}
	if (!done)
		snprintf(reason, REASON_SIZE, "drain: %s", strerror(errno));
	sched_setaffinity(0, sizeof(before), &before);
	munmap(page, size);
	return done;
}

/* A pipe takes a reference to a page that is spliced into it. */
static bool hold(uint64_t gpa, char reason[REASON_SIZE])
{
	uint64_t scratch, pipe[6] = { 0 }, splice[6] = { 0, 0, 1, 0 };
	struct iovec frame = { NULL, FRAME_SIZE };
	uint64_t address;
	int64_t result;

	if (!memory_address(gpa, &address, reason) || !inject_scratch(&scratch, reason))
		return false;
	pipe[0] = scratch;
	if (!inject_call(SYS_pipe2, pipe, &result, reason) || !inject_read(scratch, holding, sizeof(holding), reason))
		return false;
	frame.iov_base = (void *)address;
	splice[0] = holding[1];
	splice[1] = scratch + 64;
	if (!inject_write(splice[1], &frame, sizeof(frame), reason) || !inject_call(SYS_vmsplice, splice, &result, reason))
		return false;
	if (result != FRAME_SIZE)
		snprintf(reason, REASON_SIZE, "vmsplice in QEMU: %" PRId64, result);
	return result == FRAME_SIZE;
}

static bool let_go(char reason[REASON_SIZE])
{
	uint64_t read_end[6] = { holding[0] }, write_end[6] = { holding[1] };
	int64_t result;

	return inject_call(SYS_close, read_end, &result, reason) && inject_call(SYS_close, write_end, &result, reason);
}

/* QEMU's mappings change: its mmap lock is taken for writing, again and again. */
static void change_mappings(unsigned times)
{
	char reason[REASON_SIZE] = "";
	bool done = true;

	if (!later(0))
		return;
	for (unsigned i = 0; i < times && done; i++) {
		uint64_t unmap[6] = { 0, FRAME_SIZE };
		int64_t result;

		done = inject_map(FRAME_SIZE, &unmap[0], reason) && inject_call(SYS_munmap, unmap, &result, reason);
	}
	over(done, "QEMU changed its mappings; not about", 0, reason);
}

static bool serve(const char *request, char reason[REASON_SIZE])
{
	uint64_t gpa, count;
	unsigned number, flags;
	pid_t pid = qemu_pid();

	if (sscanf(request, "drop %" SCNx64 " %" SCNx64 " after %u", &gpa, &count, &number) == 3) {
		if (!memory_address(gpa, &(uint64_t){ 0 }, reason))
			return false;
		if (later(number))
			over(advise(gpa, count, MADV_DONTNEED, reason), "QEMU dropped", gpa, reason);
		return true;
	}
	if (sscanf(request, "touch %" SCNx64 " after %u", &gpa, &number) == 2) {
		if (later(number))
			over(look_now(gpa, false), "looked at", gpa, "failed");
		return true;
	}
	if (sscanf(request, "kill after %u", &number) == 1) {
		if (later(number))
			over(!kill(pid, SIGKILL), "killed QEMU; not about", 0, strerror(errno));
		return true;
	}
	if (sscanf(request, "busy %u", &number) == 1) {
		change_mappings(number);
		return true;
	}
	if (sscanf(request, "drop %" SCNx64 " %" SCNx64, &gpa, &count) == 2)
		return advise(gpa, count, MADV_DONTNEED, reason);
	if (sscanf(request, "split %" SCNx64 " %" SCNx64, &gpa, &count) == 2)
		return advise(gpa, count, MADV_DONTDUMP, reason);
	if (sscanf(request, "merge %" SCNx64 " %" SCNx64, &gpa, &count) == 2)
		return advise(gpa, count, MADV_MERGEABLE, reason);
	if (sscanf(request, "hold %" SCNx64, &gpa) == 1)
		return hold(gpa, reason);
	if (sscanf(request, "slot %u %" SCNx64 " %" SCNx64 " %u", &number, &gpa, &count, &flags) == 4)
		return vm_slot(number, gpa, count, flags, reason);
	if (sscanf(request, "dirty %u", &number) == 1)
		return vm_dirty_log(number, reason);
	if (sscanf(request, "mergeable %" SCNx64, &gpa) == 1)
		return vm_mergeable(gpa, reason);
	if (!strcmp(request, "let-go"))
		return let_go(reason);
	if (!strcmp(request, "svm-off"))
		return vm_svm_off(reason);
	if (!strcmp(request, "registers"))
		return vm_registers(reason);
	if (!strcmp(request, "drain"))
		return drain(reason);
	if (!strcmp(request, "pin"))
		return pin_threads(reason);
	reason[0] = 0;
	return false;
}

bool serve_vmm_request(const char *request)
{
	char reason[REASON_SIZE] = "bad request", word[16] = "";
	bool seen, same;
	uint64_t gpa;

	if (sscanf(request, "peek %" SCNx64 " %15s", &gpa, word) >= 1) {
		qemu_reply(REPLY_OK "read=%d", look_now(gpa, !strcmp(word, "twice")));
		return true;
	}
	if (sscanf(request, "fork %" SCNx64, &gpa) == 1 && look_forked(gpa, &seen, &same, reason)) {
		qemu_reply(REPLY_OK "read=%d same=%d", seen, same);
		return true;
	}
	if (serve(request, reason)) {
		qemu_reply(REPLY_OK);
		return true;
	}
	if (!reason[0])
		return false;
	printf("svmhost: %s: %s\n", request, reason);
	qemu_reply(REPLY_NO "%s", reason);
	return true;
}
