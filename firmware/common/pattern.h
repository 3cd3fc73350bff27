/* SPDX-License-Identifier: MIT */
/*
 * The marker: 16 bytes that stand for the guest's secret. Both programs know it
 * only masked (marker.h, made from firmware/marker.hex); the bytes themselves
 * are put together nowhere but in the guest's secure frames, so that whoever
 * finds them elsewhere has found a leak.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "marker.h"

#define FRAME_SIZE 65536ul
#define MARKER_SIZE 16
/* A stretch this long does not turn up in random bytes by chance. */
#define PIECE_SIZE 8
#define PIECES (MARKER_SIZE - PIECE_SIZE + 1)

static inline uint8_t marker_mask(void)
{
	/* Volatile, or the compiler would put the unmasked bytes into the image. */
	static volatile const uint8_t mask = MARKER_MASK;

	return mask;
}

struct scan {
	unsigned long pieces;	/* places where 8 or more bytes of the marker stand */
	int zero;		/* every byte is 0 */
	uint64_t hash;
};

static inline struct scan scan_bytes(const uint8_t *bytes, size_t size)
{
	static const uint8_t masked[MARKER_SIZE] = MARKER_MASKED;
	struct scan result = { .zero = 1, .hash = 0xcbf29ce484222325ull };
	uint64_t mask = marker_mask() * 0x0101010101010101ull;
	uint64_t pieces[PIECES], word, window = 0;

	for (int i = 0; i < PIECES; i++)
		memcpy(&pieces[i], masked + i, PIECE_SIZE);
	for (size_t at = 0; at + 8 <= size; at += 8) {
		memcpy(&word, bytes + at, 8);
		if (word)
			result.zero = 0;
		result.hash = (result.hash ^ word) * 0x100000001b3ull;
		word ^= mask;
		for (int byte = 0; byte < 8; byte++) {
			window = window >> 8 | (word >> 8 * byte) << 56;
			if (at + byte < PIECE_SIZE - 1)
				continue;
			for (int i = 0; i < PIECES; i++)
				result.pieces += window == pieces[i];
		}
	}
	return result;
}

#endif
