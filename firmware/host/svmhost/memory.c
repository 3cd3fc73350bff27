// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <unistd.h>

#include "pattern.h"

/* Bit 62 of a /proc/PID/pagemap entry (Linux Documentation/admin-guide/mm/pagemap.rst). */
#define PAGEMAP_SWAPPED (1ull << 62)
#define PAGE_OUT_TRIES 10

static pid_t mapped_pid;
static uint64_t base;

static bool no(char reason[REASON_SIZE], const char *what)
{
	snprintf(reason, REASON_SIZE, "%s: %s", what, strerror(errno));
	return false;
}

static int open_proc(const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", qemu_pid(), name);
	return open(path, flags);
}

/* QEMU names the place; it must be private anonymous memory that holds all of the guest's. */
static bool check_mapping(char reason[REASON_SIZE])
{
	uint64_t size = (uint64_t)options.memory << 20, start, end, inode;
	char path[64], line[512], permissions[5];
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", qemu_pid());
	maps = fopen(path, "r");
	if (!maps)
		return no(reason, path);
	while (!found && fgets(line, sizeof(line), maps))
		found = sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*x %*s %" SCNu64, &start, &end, permissions, &inode) == 4 &&
			start <= base && base + size <= end && !strcmp(permissions, "rw-p") && inode == 0;
	fclose(maps);
	if (!found)
		snprintf(reason, REASON_SIZE, "no anonymous mapping of %u MiB at %" PRIx64 " in QEMU", options.memory, base);
	return found;
}

bool memory_find(char reason[REASON_SIZE])
{
	const char *answer, *at;

	if (mapped_pid == qemu_pid())
		return true;
	answer = qemu_monitor("gpa2hva 0");
	at = answer ? strstr(answer, " is 0x") : NULL;
	if (!at) {
		snprintf(reason, REASON_SIZE, "QEMU does not say where the guest's memory is: %.100s", answer ? answer : "no answer");
		return false;
	}
	base = strtoull(at + 4, NULL, 16);
	if (!check_mapping(reason))
		return false;
	mapped_pid = qemu_pid();
	printf("svmhost: guest memory is at %" PRIx64 " in QEMU, process %d\n", base, mapped_pid);
	return true;
}

static bool in_memory(uint64_t gpa, size_t size, char reason[REASON_SIZE])
{
	uint64_t end = (uint64_t)options.memory << 20;

	if (gpa <= end && size <= end - gpa)
		return memory_find(reason);
	snprintf(reason, REASON_SIZE, "gpa %" PRIx64 " is outside the guest's memory", gpa);
	return false;
}

bool memory_address(uint64_t gpa, uint64_t *address, char reason[REASON_SIZE])
{
	if (!in_memory(gpa, FRAME_SIZE, reason))
		return false;
	*address = base + gpa;
	return true;
}

static bool through_proc(uint64_t gpa, void *bytes, size_t size, bool write, char reason[REASON_SIZE])
{
	int fd = open_proc("mem", O_RDWR);
	ssize_t done;

	if (fd < 0)
		return no(reason, "/proc/PID/mem");
	done = write ? pwrite(fd, bytes, size, base + gpa) : pread(fd, bytes, size, base + gpa);
	close(fd);
	return done == (ssize_t)size || no(reason, "/proc/PID/mem");
}

static bool through_call(uint64_t gpa, void *bytes, size_t size, bool write, char reason[REASON_SIZE])
{
	struct iovec local = { bytes, size }, remote = { (void *)(base + gpa), size };
	ssize_t done = write ? process_vm_writev(qemu_pid(), &local, 1, &remote, 1, 0)
			     : process_vm_readv(qemu_pid(), &local, 1, &remote, 1, 0);

	return done == (ssize_t)size || no(reason, write ? "process_vm_writev" : "process_vm_readv");
}

/* Both ways a process has must show the same bytes. */
bool memory_read(uint64_t gpa, void *bytes, size_t size, char reason[REASON_SIZE])
{
	static uint8_t again[FRAME_SIZE];

	if (size > sizeof(again) || !in_memory(gpa, size, reason))
		return false;
	if (!through_call(gpa, bytes, size, false, reason) || !through_proc(gpa, again, size, false, reason))
		return false;
	if (!memcmp(bytes, again, size))
		return true;
	snprintf(reason, REASON_SIZE, "process_vm_readv and /proc/PID/mem differ at gpa %" PRIx64, gpa);
	return false;
}

/* The first half by one way, the rest by the other. */
bool memory_write(uint64_t gpa, const void *bytes, size_t size, char reason[REASON_SIZE])
{
	size_t half = size / 2;
	uint8_t *from = (uint8_t *)bytes;

	return in_memory(gpa, size, reason) && through_call(gpa, from, half, true, reason) &&
	       through_proc(gpa + half, from + half, size - half, true, reason);
}

static uint64_t pagemap(uint64_t address)
{
	uint64_t entry = 0;
	int fd = open_proc("pagemap", O_RDONLY);

	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry), address / FRAME_SIZE * sizeof(entry)) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry;
}

bool memory_pagemap(uint64_t gpa, uint64_t *entry, char reason[REASON_SIZE])
{
	if (!in_memory(gpa, FRAME_SIZE, reason))
		return false;
	*entry = pagemap(base + gpa);
	return true;
}

bool memory_page_out(uint64_t gpa, char reason[REASON_SIZE])
{
	struct iovec frame = { NULL, FRAME_SIZE };
	cpu_set_t before;
	bool out = false;
	int fd;

	if (!in_memory(gpa, FRAME_SIZE, reason))
		return false;
	frame.iov_base = (void *)(base + gpa);
	fd = pidfd_open(qemu_pid(), 0);
	if (fd < 0)
		return no(reason, "pidfd_open");
	/*
	 * A page that sits in a processor's batch of new pages is passed over; madvise empties the batch of
	 * the processor it runs on (mm/madvise.c, lru_add_drain), so each gets its turn.
	 */
	sched_getaffinity(0, sizeof(before), &before);
	for (int i = 0; i < PAGE_OUT_TRIES && !out; i++) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(i % get_nprocs(), &one);
		sched_setaffinity(0, sizeof(one), &one);
		if (process_madvise(fd, &frame, 1, MADV_PAGEOUT, 0) < 0) {
			no(reason, "process_madvise");
			break;
		}
		out = pagemap(base + gpa) & PAGEMAP_SWAPPED;
		if (!out)
			snprintf(reason, REASON_SIZE, "gpa %" PRIx64 " is still in memory after MADV_PAGEOUT", gpa);
	}
	sched_setaffinity(0, sizeof(before), &before);
	close(fd);
	return out;
}
