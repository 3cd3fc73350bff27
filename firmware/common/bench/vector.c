// SPDX-License-Identifier: MIT
/* VMX and VSX: AES, SHA-256 of four messages at a time, and a copy. */
#include "bench.h"

uint64_t vector(uint64_t rounds)
{
	uint64_t sum = 0;

	aes_check();
	sha_check();
	for (uint64_t round = 0; round < rounds; round++) {
		sum = aes_round(sum);
		sum = sha_round(sum);
		sum = copy_round(sum);
	}
	return sum;
}
