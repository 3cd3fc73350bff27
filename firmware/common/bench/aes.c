// SPDX-License-Identifier: MIT
/* AES-128 in counter mode, four blocks at a time: POWER's vcipher where there is one, FIPS 197 to the letter elsewhere. */
#include "bench.h"

#define ROUNDS 10
#define BLOCKS 4
#define TURNS 512

struct block { uint8_t bytes[16]; };

static uint8_t box[256];

static uint8_t twice(uint8_t x)
{
	return (uint8_t)(x << 1 ^ (x & 0x80 ? 0x1b : 0));
}

static uint8_t times(uint8_t x, uint8_t y)
{
	uint8_t product = 0;

	for (; y; y >>= 1, x = twice(x))
		product ^= y & 1 ? x : 0;
	return product;
}

/* FIPS 197, 5.1.1: the inverse in the field, then an affine map. */
static void make_box(void)
{
	for (int x = 0; x < 256; x++) {
		uint8_t inverse = 1, mapped;

		for (int i = 0; i < 254; i++)
			inverse = times(inverse, (uint8_t)x);
		mapped = inverse;
		for (int i = 1; i < 5; i++)
			mapped ^= (uint8_t)(inverse << i | inverse >> (8 - i));
		box[x] = mapped ^ 0x63;
	}
}

/* FIPS 197, 5.2. */
static void expand(struct block keys[ROUNDS + 1], const struct block *key)
{
	uint8_t *bytes = keys[0].bytes, constant = 1;

	keys[0] = *key;
	for (int i = 16; i < 16 * (ROUNDS + 1); i += 4) {
		uint8_t word[4];

		for (int k = 0; k < 4; k++)
			word[k] = i % 16 ? bytes[i - 4 + k] : (uint8_t)(box[bytes[i - 4 + (k + 1) % 4]] ^ (k ? 0 : constant));
		if (i % 16 == 0)
			constant = twice(constant);
		for (int k = 0; k < 4; k++)
			bytes[i + k] = bytes[i - 16 + k] ^ word[k];
	}
}

#ifdef __CRYPTO__
#include <altivec.h>

typedef vector unsigned char quad;
#undef vector

/* The instructions take a block's first byte for the most significant one. */
static void encrypt(const struct block keys[ROUNDS + 1], struct block blocks[BLOCKS])
{
	quad state[BLOCKS], key = vec_xl_be(0, keys[0].bytes);

	for (int n = 0; n < BLOCKS; n++)
		state[n] = vec_xl_be(0, blocks[n].bytes) ^ key;
	for (int i = 1; i < ROUNDS; i++) {
		key = vec_xl_be(0, keys[i].bytes);
		for (int n = 0; n < BLOCKS; n++)
			state[n] = (quad)__builtin_crypto_vcipher((__vector unsigned long long)state[n], (__vector unsigned long long)key);
	}
	key = vec_xl_be(0, keys[ROUNDS].bytes);
	for (int n = 0; n < BLOCKS; n++)
		vec_xst_be((quad)__builtin_crypto_vcipherlast((__vector unsigned long long)state[n], (__vector unsigned long long)key), 0, blocks[n].bytes);
}

#else

static void add_key(struct block *state, const struct block *key)
{
	for (int i = 0; i < 16; i++)
		state->bytes[i] ^= key->bytes[i];
}

/* SubBytes and ShiftRows: row r of column c comes from column c + r. */
static void substitute(struct block *state)
{
	struct block old = *state;

	for (int i = 0; i < 16; i++)
		state->bytes[i] = box[old.bytes[(i + 4 * (i % 4)) % 16]];
}

static void mix_columns(struct block *state)
{
	for (int c = 0; c < 16; c += 4) {
		uint8_t column[4];

		memcpy(column, state->bytes + c, 4);
		for (int r = 0; r < 4; r++)
			state->bytes[c + r] = (uint8_t)(twice(column[r]) ^ twice(column[(r + 1) % 4]) ^ column[(r + 1) % 4] ^ column[(r + 2) % 4] ^ column[(r + 3) % 4]);
	}
}

static void encrypt(const struct block keys[ROUNDS + 1], struct block blocks[BLOCKS])
{
	for (int n = 0; n < BLOCKS; n++) {
		add_key(&blocks[n], &keys[0]);
		for (int i = 1; i <= ROUNDS; i++) {
			substitute(&blocks[n]);
			if (i < ROUNDS)
				mix_columns(&blocks[n]);
			add_key(&blocks[n], &keys[i]);
		}
	}
}

#endif

/* FIPS 197, appendix C.1. */
void aes_check(void)
{
	static const struct block expected = { { 0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a } };
	struct block key, keys[ROUNDS + 1], blocks[BLOCKS];

	make_box();
	for (int i = 0; i < 16; i++) {
		key.bytes[i] = (uint8_t)i;
		for (int n = 0; n < BLOCKS; n++)
			blocks[n].bytes[i] = (uint8_t)(i * 0x11);
	}
	expand(keys, &key);
	encrypt(keys, blocks);
	for (int n = 0; n < BLOCKS; n++)
		if (memcmp(&blocks[n], &expected, sizeof(expected)))
			fail("AES is not that of FIPS 197");
}

uint64_t aes_round(uint64_t sum)
{
	struct block keys[ROUNDS + 1], key, blocks[BLOCKS], all = { { 0 } };
	uint64_t words[2] = { sum, scramble(sum) };

	memcpy(&key, words, sizeof(key));
	expand(keys, &key);
	for (int turn = 0; turn < TURNS; turn++) {
		for (int n = 0; n < BLOCKS; n++) {
			words[0] = turn * BLOCKS + n;
			memcpy(&blocks[n], words, sizeof(blocks[n]));
		}
		encrypt(keys, blocks);
		for (int n = 0; n < BLOCKS; n++)
			for (int i = 0; i < 16; i++)
				all.bytes[i] ^= blocks[n].bytes[i];
	}
	memcpy(words, &all, sizeof(words));
	return scramble(sum ^ words[0]) ^ words[1];
}
