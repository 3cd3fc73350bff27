// SPDX-License-Identifier: MIT
/* A chain of pointers through 64 MiB: each load's address is the one before, and no cache or TLB holds it all. */
#include "bench.h"

#include <stdlib.h>

/* One for each cache line of POWER9. */
struct link {
	uint32_t next;
	uint32_t value;
	uint64_t rest[15];
};

#define COUNT (64 * 1024 * 1024 / sizeof(struct link))

uint64_t chase(uint64_t rounds)
{
	struct link *links = malloc(COUNT * sizeof(*links));
	uint32_t at = 0;
	uint64_t sum = 0;

	if (!links)
		fail("no memory");
	for (uint32_t i = 0; i < COUNT; i++)
		links[i].next = i;
	/* Sattolo's shuffle makes one cycle of them all. */
	for (uint32_t i = COUNT - 1; i > 0; i--) {
		uint32_t j = (uint32_t)(scramble(i) % i), next = links[i].next;

		links[i].next = links[j].next;
		links[j].next = next;
		links[i].value = (uint32_t)scramble(next);
	}
	for (uint64_t round = 0; round < rounds; round++) {
		for (int i = 0; i < 1000; i++) {
			sum = sum * 3 + links[at].value;
			at = links[at].next;
		}
	}
	free(links);
	return scramble(sum) ^ at;
}
