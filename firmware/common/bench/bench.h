/* SPDX-License-Identifier: MIT */
/*
 * Work whose speed is measured from outside. A function does as many rounds as it is told and gives a sum over all that it computed: the same on every processor
 * and by every compiler, so each of them is a check of the others.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

uint64_t integer(uint64_t rounds);
uint64_t floating(uint64_t rounds);
uint64_t vector(uint64_t rounds);
uint64_t chase(uint64_t rounds);
uint64_t system_calls(uint64_t rounds);
uint64_t forks(uint64_t rounds);

/* Parts of the integer program. Each takes the sum so far and gives the next one. */
void list_begin(void);
uint16_t list_round(uint16_t sum, uint16_t seed);
void matrix_begin(void);
uint16_t matrix_round(uint16_t sum, uint16_t seed);
void states_begin(void);
uint16_t states_round(uint16_t sum, uint16_t seed);

/* Parts of the vector program. */
uint64_t aes_round(uint64_t sum);
uint64_t sha_round(uint64_t sum);
uint64_t copy_round(uint64_t sum);
/* Make constants and compare with the standards' own examples; they end the program if the result is another one. */
void aes_check(void);
void sha_check(void);

/* What forks.c has its child do: exec of this program with a number, whose answer is the exit code. */
#define CHILD "child"
int child(int number);

/* Ends the program with a message. */
void fail(const char *what) __attribute__((noreturn));

/* splitmix64, a step of which is also a hash of its argument. */
static inline uint64_t scramble(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

/* CRC-16/ARC, bit by bit: shifts and branches that no predictor likes. */
static inline uint16_t crc(uint16_t sum, uint16_t value)
{
	for (int bit = 0; bit < 16; bit++, value >>= 1)
		sum = (sum ^ value) & 1 ? sum >> 1 ^ 0xa001 : sum >> 1;
	return sum;
}

#endif
