// SPDX-License-Identifier: MIT
/* A state machine that tells numbers in a text apart; in each round other characters are wrong. */
#include "bench.h"

enum state { START, SIGN, WHOLE, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, POWER, WRONG, STATES };

static const char pieces[][16] = { "5012", "1234", "-874", "+122", "35.54400", ".1234500", "-110.700", "+0.64400", "5.500e+3", "-.123e-2", "-87e+832", "+0.6e-12", "T0.3e-1F",
	"-T.T++Tq", "1T3.4e4z", "34.0e-T^" };

static char text[512];
static uint32_t visits[STATES], ends[STATES];

void states_begin(void)
{
	size_t at = 0;

	for (uint64_t n = 0; ; n++) {
		const char *piece = pieces[scramble(n) % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t length = strlen(piece);

		if (at + length + 2 > sizeof(text))
			break;
		memcpy(text + at, piece, length);
		at += length;
		text[at++] = ',';
	}
	memset(text + at, 0, sizeof(text) - at);
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum state step(enum state state, char c)
{
	switch (state) {
	case START:
		if (c == '+' || c == '-')
			return SIGN;
		/* fall through */
	case SIGN:
		return is_digit(c) ? WHOLE : c == '.' ? POINT : WRONG;
	case WHOLE:
		return is_digit(c) ? WHOLE : c == '.' ? POINT : c == 'e' ? EXPONENT : WRONG;
	case POINT:
	case FRACTION:
		return is_digit(c) ? FRACTION : c == 'e' && state == FRACTION ? EXPONENT : WRONG;
	case EXPONENT:
		if (c == '+' || c == '-')
			return EXPONENT_SIGN;
		/* fall through */
	case EXPONENT_SIGN:
	case POWER:
		return is_digit(c) ? POWER : WRONG;
	default:
		return WRONG;
	}
}

static void scan(void)
{
	enum state state = START;

	for (const char *at = text; *at; at++) {
		if (*at == ',') {
			ends[state]++;
			state = START;
		} else {
			state = step(state, *at);
			visits[state]++;
		}
	}
}

/* Its own inverse. */
static void spoil(uint16_t seed, int stride)
{
	for (size_t at = seed % 7; at < sizeof(text) && text[at]; at += stride)
		if (text[at] != ',' && (text[at] ^ 1) != ',')
			text[at] ^= 1;
}

uint16_t states_round(uint16_t sum, uint16_t seed)
{
	scan();
	spoil(seed, 11);
	scan();
	spoil(seed, 11);
	for (int i = 0; i < STATES; i++) {
		sum = crc(sum, (uint16_t)visits[i]);
		sum = crc(sum, (uint16_t)ends[i]);
	}
	return sum;
}
