// SPDX-License-Identifier: MIT
/* A function that one thread changes while the others call it (ISA 3.0B Book II 1.8). */
#include "smpstress.h"

#include <stddef.h>
#include <sys/mman.h>

#define LI_R3 0x38600000
#define BLR 0x4e800020
#define FUNCTIONS 8

static uint32_t *code;
static volatile uint32_t version __attribute__((aligned(LINE)));
static volatile bool over;

static void change(uint32_t *at, uint32_t value)
{
	*(volatile uint32_t *)at = LI_R3 | value;
	__asm__ volatile("dcbst 0,%0\n	sync\n	icbi 0,%0\n	sync\n	isync" :: "r"(at) : "memory");
}

static uint32_t call(uint32_t *at)
{
	register uint64_t result __asm__("r3");

	__asm__ volatile("mtctr %1\n	bctrl" : "=r"(result) : "r"(at) : "lr", "ctr", "memory");
	return (uint32_t)result;
}

static void change_or_call(int self)
{
	if (self == 0) {
		for (uint32_t n = 1; n <= 500 * (uint32_t)scale && n < 0x8000; n++) {
			for (int k = 0; k < FUNCTIONS; k++)
				change(code + 2 * k, n);
			version = n;
		}
		over = true;
		return;
	}
	while (!over) {
		for (int k = 0; k < FUNCTIONS; k++) {
			uint32_t least = version, found;

			lwsync();
			isync();
			found = call(code + 2 * k);
			if (found < least)
				fail("function %d returns %u, after version %u", k, found, least);
		}
	}
}

void patching(void)
{
	code = mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (code == MAP_FAILED)
		fail("mmap");
	over = false;
	version = 0;
	for (int k = 0; k < FUNCTIONS; k++) {
		code[2 * k + 1] = BLR;
		change(code + 2 * k, 0);
	}
	__asm__ volatile("dcbst 0,%0\n	sync\n	icbi 0,%0\n	sync\n	isync" :: "r"(code) : "memory");
	together(change_or_call);
	munmap(code, 65536);
}
