// SPDX-License-Identifier: MIT
/* The C library's memcpy, in sizes and at alignments of all kinds. */
#include "bench.h"

#define SIZE 65536
#define TURNS 16

static uint8_t from[SIZE + 64], to[SIZE + 64];

uint64_t copy_round(uint64_t sum)
{
	for (int i = 0; i < 64; i++)
		from[scramble(sum + i) % SIZE] = (uint8_t)(sum >> i % 56);
	for (int turn = 0; turn < TURNS; turn++) {
		uint64_t random = scramble(sum + turn);

		memcpy(to + random % 48, from + random / 64 % 48, SIZE - random / 4096 % 4096);
		sum = scramble(sum ^ to[random % SIZE] ^ (uint64_t)to[random / SIZE % SIZE] << 8);
	}
	return sum;
}
