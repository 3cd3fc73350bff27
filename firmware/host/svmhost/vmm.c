// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pattern.h"

/* Frames that QEMU gives up: their content is gone, the next touch finds a new page (as a balloon does). */
static bool drop(uint64_t gpa, uint64_t frames, char reason[REASON_SIZE])
{
	uint64_t arguments[6] = { 0, frames * FRAME_SIZE, MADV_DONTNEED };
	int64_t result;

	if (!memory_address(gpa, &arguments[0], reason) || !inject_call(SYS_madvise, arguments, &result, reason))
		return false;
	if (result)
		snprintf(reason, REASON_SIZE, "madvise in QEMU: %s", strerror(-result));
	return !result;
}

/* The same after a while, with no word to the guest: its first CPU may be held, and takes no input then. */
static bool drop_later(uint64_t gpa, uint64_t frames, unsigned microseconds, char reason[REASON_SIZE])
{
	uint64_t address;
	pid_t child;

	if (!memory_address(gpa, &address, reason))
		return false;
	child = fork();
	if (child) {
		waitpid(child, NULL, 0);
		return true;
	}
	/* A grandchild: nobody has to wait for it. */
	if (fork())
		_exit(0);
	usleep(microseconds);
	if (!drop(gpa, frames, reason))
		printf("svmhost: %s\n", reason);
	else
		printf("svmhost: QEMU dropped gpa %" PRIx64 "\n", gpa);
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

bool serve_vmm_request(const char *request)
{
	char reason[REASON_SIZE] = "bad request";
	uint64_t gpa, count;
	unsigned delay;
	bool done;

	if (sscanf(request, "drop %" SCNx64 " %" SCNx64 " after %u", &gpa, &count, &delay) == 3)
		done = drop_later(gpa, count, delay, reason);
	else if (sscanf(request, "drop %" SCNx64 " %" SCNx64, &gpa, &count) == 2)
		done = drop(gpa, count, reason);
	else if (!strcmp(request, "drain"))
		done = drain(reason);
	else if (!strcmp(request, "pin"))
		done = pin_threads(reason);
	else
		return false;
	if (done) {
		qemu_reply(REPLY_OK);
	} else {
		printf("svmhost: %s: %s\n", request, reason);
		qemu_reply(REPLY_NO "%s", reason);
	}
	return true;
}
