// SPDX-License-Identifier: MIT
/* memcpy by vectors, in sizes and at alignments of all kinds; the C library's own moves misaligned data by shifts of doublewords. */
#include "bench.h"

#define SIZE 65536
#define TURNS 32

typedef uint8_t quad __attribute__((vector_size(16), aligned(1), may_alias));

static uint8_t from[SIZE + 64], to[SIZE + 64];

/* A loop that the compiler must not take for memcpy. */
__attribute__((noinline, optimize("no-tree-loop-distribute-patterns")))
static void copy(uint8_t *target, const uint8_t *source, size_t size)
{
	size_t at = 0;

	for (; at + 64 <= size; at += 64) {
		const quad *s = (const quad *)(source + at);
		quad *t = (quad *)(target + at), a = s[0], b = s[1], c = s[2], d = s[3];

		t[0] = a;
		t[1] = b;
		t[2] = c;
		t[3] = d;
	}
	for (; at < size; at++)
		target[at] = source[at];
}

uint64_t copy_round(uint64_t sum)
{
	for (int i = 0; i < 64; i++)
		from[scramble(sum + i) % SIZE] = (uint8_t)(sum >> i % 56);
	for (int turn = 0; turn < TURNS; turn++) {
		uint64_t random = scramble(sum + turn);

		copy(to + random % 48, from + random / 64 % 48, SIZE - random / 4096 % 4096);
		sum = scramble(sum ^ to[random % SIZE] ^ (uint64_t)to[random / SIZE % SIZE] << 8);
	}
	return sum;
}
