// SPDX-License-Identifier: MIT
/* SHA-256 of four messages at once, one in each word of a vector: POWER's vshasigmaw where there is one, shifts elsewhere. */
#include "bench.h"

#define TURNS 64

typedef uint32_t words __attribute__((vector_size(16)));

static uint32_t constants[64], initial[8];

#ifdef __CRYPTO__
#define SIGMA(x, kind, mask, r1, r2, r3) ((words)__builtin_crypto_vshasigmaw((__vector unsigned)(x), kind, mask))
#define BIG(x, r1, r2, r3, mask) SIGMA(x, 1, mask, r1, r2, r3)
#define SMALL(x, r1, r2, s3, mask) SIGMA(x, 0, mask, r1, r2, s3)
#else
#define ROTATE(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define BIG(x, r1, r2, r3, mask) (ROTATE(x, r1) ^ ROTATE(x, r2) ^ ROTATE(x, r3))
#define SMALL(x, r1, r2, s3, mask) (ROTATE(x, r1) ^ ROTATE(x, r2) ^ (x) >> (s3))
#endif

/* The greatest number whose power is not above a prime times 2^(32 * power): 32 bits behind the point of a root. */
static uint32_t root(unsigned prime, int power)
{
	unsigned __int128 low = 0, high = (unsigned __int128)1 << 40;

	while (high - low > 1) {
		unsigned __int128 middle = (low + high) / 2, product = middle * middle;

		if (power == 3 ? product * middle > (unsigned __int128)prime << 96 : product > (unsigned __int128)prime << 64)
			high = middle;
		else
			low = middle;
	}
	return (uint32_t)low;
}

/* FIPS 180-4, 4.2.2 and 5.3.3: from the roots of the first primes. */
static void make_constants(void)
{
	unsigned prime = 2;

	for (int n = 0; n < 64; prime++) {
		int is_prime = 1;

		for (unsigned d = 2; d < prime; d++)
			is_prime &= prime % d != 0;
		if (!is_prime)
			continue;
		constants[n] = root(prime, 3);
		if (n < 8)
			initial[n] = root(prime, 2);
		n++;
	}
}

/* FIPS 180-4, 6.2.2. */
static void digest(words state[8], const words message[16])
{
	words w[64], s[8];

	memcpy(s, state, sizeof(s));
	for (int t = 0; t < 64; t++) {
		words one, two;

		w[t] = t < 16 ? message[t] : SMALL(w[t - 2], 17, 19, 10, 15) + w[t - 7] + SMALL(w[t - 15], 7, 18, 3, 0) + w[t - 16];
		one = s[7] + BIG(s[4], 6, 11, 25, 15) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[t] + w[t];
		two = BIG(s[0], 2, 13, 22, 0) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		s[7] = s[6];
		s[6] = s[5];
		s[5] = s[4];
		s[4] = s[3] + one;
		s[3] = s[2];
		s[2] = s[1];
		s[1] = s[0];
		s[0] = one + two;
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

static void begin(words state[8])
{
	for (int i = 0; i < 8; i++)
		state[i] = (words) { initial[i], initial[i], initial[i], initial[i] };
}

/* FIPS 180-2, B.1: "abc". */
void sha_check(void)
{
	static const uint32_t expected[8] = { 0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad };
	words state[8], message[16] = { { 0x61626380, 0x61626380, 0x61626380, 0x61626380 }, [15] = { 24, 24, 24, 24 } };

	make_constants();
	begin(state);
	digest(state, message);
	for (int i = 0; i < 8; i++)
		for (int lane = 0; lane < 4; lane++)
			if (state[i][lane] != expected[i])
				fail("SHA-256 is not that of FIPS 180");
}

uint64_t sha_round(uint64_t sum)
{
	words state[8], message[16];

	begin(state);
	for (int turn = 0; turn < TURNS; turn++) {
		for (int t = 0; t < 16; t++)
			message[t] = state[t % 8] ^ (words) { (uint32_t)sum, (uint32_t)(sum >> 32), turn, t };
		digest(state, message);
	}
	for (int i = 0; i < 8; i++)
		for (int lane = 0; lane < 4; lane++)
			sum = scramble(sum ^ state[i][lane]);
	return sum;
}
