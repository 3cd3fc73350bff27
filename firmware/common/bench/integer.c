// SPDX-License-Identifier: MIT
/* What integer code of embedded processors is said to be: lists, matrices, a state machine, and a CRC over it all. */
#include "bench.h"

uint64_t integer(uint64_t rounds)
{
	uint16_t sum = 0;
	uint64_t all = 0;

	list_begin();
	matrix_begin();
	states_begin();
	for (uint64_t round = 0; round < rounds; round++) {
		uint16_t seed = (uint16_t)(round * 0x1b5 + 1);

		sum = list_round(sum, seed);
		sum = matrix_round(sum, seed);
		sum = states_round(sum, seed);
		all = scramble(all ^ sum);
	}
	return all;
}
