// SPDX-License-Identifier: MIT
/* Address spaces that change under threads that use them: what mprotect, mmap, mremap return from must hold for all. */
#include "smpstress.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long page;
static volatile bool over;

/* A fault on the page under test; the store is made again until it is allowed. */
static volatile char *tested;
static volatile long faults;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if ((uintptr_t)info->si_addr - (uintptr_t)tested >= (uintptr_t)page) {
		dprintf(1, "smpstress: fault at %p\nSMPSTRESS FAIL\n", info->si_addr);
		_exit(1);
	}
	__atomic_add_fetch(&faults, 1, __ATOMIC_RELAXED);
}

static void catch_faults(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* Thread 0 takes the others' right to store away; from then on nothing may change. */
static void store_or_protect(int self)
{
	volatile uint64_t *own = (volatile uint64_t *)(tested + self * LINE);

	if (self != 0) {
		while (!over)
			++*own;
		return;
	}
	for (long n = 0; n < 200 * scale; n++) {
		uint64_t before[MAX_THREADS];

		if (mprotect((void *)tested, page, PROT_READ))
			fail("mprotect");
		for (int k = 1; k < threads; k++)
			before[k] = *(volatile uint64_t *)(tested + k * LINE);
		for (int again = 0; again < 50; again++) {
			for (int k = 1; k < threads; k++) {
				if (*(volatile uint64_t *)(tested + k * LINE) != before[k])
					fail("thread %d stored to a page that was read-only, change %ld", k, n);
			}
		}
		if (mprotect((void *)tested, page, PROT_READ | PROT_WRITE))
			fail("mprotect back");
		for (volatile int wait = 0; wait < 200; wait++)
			;
	}
	over = true;
}

static char *map(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		fail("mmap of %zu bytes", size);
	return at;
}

void protection(void)
{
	page = sysconf(_SC_PAGESIZE);
	tested = map(page);
	over = false;
	faults = 0;
	catch_faults();
	together(store_or_protect);
	remark("%ld faults", faults);
	munmap((void *)tested, page);
}

/* Thread 0 puts other pages under one address; the others must not see one that it has replaced. */
static volatile uint64_t generation __attribute__((aligned(LINE)));

static void replace_or_look(int self)
{
	if (self != 0) {
		while (!over) {
			uint64_t least = generation, found;

			lwsync();
			found = *(volatile uint64_t *)tested;
			if (found != 0 && found < least)
				fail("found what was replaced: %" PRIu64 " after %" PRIu64, found, least);
		}
		return;
	}
	for (uint64_t n = 1; n <= (uint64_t)(200 * scale); n++) {
		if (n % 2) {
			if (mmap((void *)tested, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != tested)
				fail("mmap");
			*(volatile uint64_t *)tested = n;
		} else {
			char *other = map(page);

			*(volatile uint64_t *)other = n;
			if (mremap(other, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, tested) != tested)
				fail("mremap");
		}
		lwsync();
		generation = n;
	}
	over = true;
}

void remapping(void)
{
	page = sysconf(_SC_PAGESIZE);
	tested = map(page);
	generation = 0;
	over = false;
	catch_faults();
	together(replace_or_look);
	munmap((void *)tested, page);
}

#define PAGES 32

static char *area;

/* Each thread counts in words of its own in every page; no count may be lost while the pages move. */
static void count_in_pages(int self)
{
	for (long n = 1; n <= 40 * scale; n++) {
		for (int k = 0; k < PAGES; k++) {
			volatile uint64_t *own = (volatile uint64_t *)(area + k * page + self * LINE);

			if (*own != (uint64_t)n - 1)
				fail("page %d of thread %d holds %" PRIu64 " instead of %ld", k, self, *own, n - 1);
			*own = n;
			__atomic_add_fetch((uint64_t *)(area + k * page + MAX_THREADS * LINE), 1, __ATOMIC_RELAXED);
		}
		if (self == 0 && n % 4 == 0)
			madvise(area, PAGES * page, MADV_PAGEOUT);
		if (self == threads - 1 && n % 8 == 0) {
			int fd = open("/proc/sys/vm/compact_memory", O_WRONLY);

			if (fd >= 0) {
				if (write(fd, "1", 1) != 1)
					fail("compaction");
				close(fd);
			}
		}
	}
}

static void check_area(void)
{
	for (int k = 0; k < PAGES; k++) {
		uint64_t all = *(volatile uint64_t *)(area + k * page + MAX_THREADS * LINE);

		if (all != (uint64_t)(threads * 40 * scale))
			fail("page %d was counted %" PRIu64 " times instead of %ld", k, all, threads * 40 * scale);
	}
}

void paging(void)
{
	page = sysconf(_SC_PAGESIZE);
	area = map(PAGES * page);
	together(count_in_pages);
	check_area();
	munmap(area, PAGES * page);
}

/* Threads move pages of their own about, next to each other: the address space's page tables change all the time. */
static void move_own(int self)
{
	char *own = map(2 * page);

	for (long n = 0; n < 100 * scale; n++) {
		char *other = map(2 * page);

		memset(own, self * 16 + (n & 15), 2 * page);
		if (mremap(own, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, other + page) != other + page)
			fail("mremap");
		for (long at = 0; at < page; at += 512) {
			if (other[page + at] != (char)(self * 16 + (n & 15)) || own[page + at] != other[page + at] || other[at])
				fail("byte %ld of thread %d, move %ld", at, self, n);
		}
		munmap(own + page, page);
		own = other;
	}
	munmap(own, 2 * page);
}

void moving(void)
{
	page = sysconf(_SC_PAGESIZE);
	together(move_own);
}
