// SPDX-License-Identifier: MIT
/* Litmus tests: outcomes that barriers forbid (ISA 3.0B Book II 1.7.1; Linux tools/memory-model/litmus-tests MP and SB). */
#include "smpstress.h"

#include <inttypes.h>
#include <stdlib.h>

#define PLACES 4096

/* Each attempt has its own two places, so nobody need wait for anybody between attempts. */
static struct place {
	volatile uint32_t x __attribute__((aligned(LINE)));
	volatile uint32_t y __attribute__((aligned(LINE)));
	uint32_t seen[2];
} *places;

static volatile long attempts;
static long mixed;

/* Keeps the threads of a pair together, if both run: outcomes that tell need two that are at one place at one time. */
static struct {
	volatile int at __attribute__((aligned(LINE)));
} progress[MAX_THREADS];

static void stay_together(int self, int place)
{
	progress[self].at = place;
	for (int n = 0; n < 100 && place % 8 == 0 && progress[self ^ 1].at < place; n++)
		;
}

static void reset(int self)
{
	meet();
	progress[self].at = 0;
	if (self == 0) {
		for (int n = 0; n < PLACES; n++)
			places[n].x = places[n].y = 0;
	}
	meet();
}

static void pass_messages(int self)
{
	for (long round = 0; round < scale; round++) {
		reset(self);
		for (int n = 0; n < PLACES; n++) {
			/* Pairs of threads go through the places in both directions, so that they come across each other. */
			struct place *at = &places[self / 2 % 2 ? PLACES - 1 - n : n];

			stay_together(self, n);
			if (self % 2 == 0) {
				at->x = 1;
				lwsync();
				at->y = 1;
			} else {
				uint32_t y = at->y, x;

				lwsync();
				x = at->x;
				if (y && !x)
					fail("the flag is there and the data is not, place %d", n);
				if (y && self == 1)
					__atomic_add_fetch(&mixed, 1, __ATOMIC_RELAXED);
			}
		}
	}
}

void message_passing(void)
{
	places = calloc(PLACES, sizeof(*places));
	mixed = 0;
	together(pass_messages);
	remark("%ld of %ld messages were there", mixed, scale * PLACES);
	free(places);
}

static void store_then_load(int self)
{
	for (long round = 0; round < scale; round++) {
		reset(self);
		for (int n = 0; n < PLACES && self < 2; n++) {
			struct place *at = &places[n];
			volatile uint32_t *mine = self ? &at->y : &at->x;
			volatile uint32_t *other = self ? &at->x : &at->y;

			stay_together(self, n);
			*mine = 1;
			hwsync();
			at->seen[self] = *other;
		}
		meet();
		if (self == 0) {
			for (int n = 0; n < PLACES; n++) {
				if (!places[n].seen[0] && !places[n].seen[1])
					fail("neither saw the other's store, place %d", n);
				mixed += places[n].seen[0] && places[n].seen[1];
			}
		}
	}
}

void store_buffers(void)
{
	places = calloc(PLACES, sizeof(*places));
	mixed = 0;
	together(store_then_load);
	remark("both saw the other's %ld times of %ld", mixed, scale * PLACES);
	free(places);
}

static struct {
	volatile uint32_t sequence;
	volatile uint64_t data[4];
} sequenced __attribute__((aligned(LINE)));

static void read_or_write(int self)
{
	static volatile bool over;

	meet();
	over = false;
	meet();
	if (self == 0) {
		for (long n = 1; n <= 5000 * scale; n++) {
			sequenced.sequence++;
			lwsync();
			for (int k = 0; k < 4; k++)
				sequenced.data[k] = n * (k + 1);
			lwsync();
			sequenced.sequence++;
		}
		over = true;
		return;
	}
	while (!over) {
		uint32_t before = sequenced.sequence;
		uint64_t data[4];

		lwsync();
		for (int k = 0; k < 4; k++)
			data[k] = sequenced.data[k];
		lwsync();
		if ((before & 1) || sequenced.sequence != before)
			continue;
		for (int k = 1; k < 4; k++) {
			if (data[k] != data[0] * (k + 1))
				fail("sequence %u: %" PRIu64 " and %" PRIu64, before, data[0], data[k]);
		}
		__atomic_add_fetch(&mixed, 1, __ATOMIC_RELAXED);
	}
}

void sequence_lock(void)
{
	mixed = 0;
	together(read_or_write);
	remark("%ld consistent reads", mixed);
}
