// SPDX-License-Identifier: MIT
/* larx and stcx. of all sizes: no update is lost, neither of the operand nor of what lies beside it. */
#include "smpstress.h"

#include <inttypes.h>

#define ROUNDS (2000 * scale)

#define ADD(size, type)                                                                                       \
	static void add_##size(type *place)                                                                    \
	{                                                                                                      \
		uint64_t value;                                                                                \
		__asm__ volatile("1:	l" #size "arx %0,0,%1\n	addi %0,%0,1\n	st" #size "cx. %0,0,%1\n	bne- 1b" \
				 : "=&r"(value) : "r"(place) : "cr0", "memory");                               \
	}

ADD(b, uint8_t)
ADD(h, uint16_t)
ADD(w, uint32_t)
ADD(d, uint64_t)

/* Both doublewords go up by one, so that a torn pair is seen. */
static bool add_pair(uint64_t *place)
{
	uint64_t high, low;

	__asm__ volatile("1:	lqarx 8,0,%2\n	mr %0,8\n	mr %1,9\n	addi 8,8,1\n	addi 9,9,1\n	stqcx. 8,0,%2\n	bne- 1b"
			 : "=&r"(high), "=&r"(low) : "r"(place) : "r8", "r9", "cr0", "memory");
	return high == low;
}

static bool load_pair(uint64_t *place)
{
	uint64_t high, low;

	__asm__ volatile("lq 8,0(%2)\n	mr %0,8\n	mr %1,9" : "=&r"(high), "=&r"(low) : "b"(place) : "r8", "r9", "memory");
	return high == low;
}

static struct {
	uint8_t byte;
	uint16_t half;
	uint32_t word;
	uint64_t doubleword;
	uint64_t pair[2] __attribute__((aligned(16)));
	uint64_t fetched;
} shared __attribute__((aligned(LINE)));

/* lwat/ldat, function 0: fetch and add. Only where the processor has them in problem state; Linux does not use them. */
static void fetch_and_add(uint64_t *place)
{
	register uint64_t result __asm__("r8");
	register uint64_t operand __asm__("r9") = 1;

	__asm__ volatile("ldat %0,%2,0" : "=r"(result), "+r"(operand) : "b"(place) : "memory");
}

static void count(int self)
{
	(void)self;
	for (long n = 0; n < ROUNDS; n++) {
		add_b(&shared.byte);
		add_h(&shared.half);
		add_w(&shared.word);
		add_d(&shared.doubleword);
		if (n % 8)
			continue;
		fetch_and_add(&shared.fetched);
		if (!add_pair(shared.pair) || !load_pair(shared.pair))
			fail("the doublewords of a pair are not the same");
	}
}

void counters(void)
{
	uint64_t all = (uint64_t)threads * ROUNDS;
	uint64_t eighth = (uint64_t)threads * ((ROUNDS + 7) / 8);

	__builtin_memset(&shared, 0, sizeof(shared));
	together(count);
	if (shared.byte != (uint8_t)all || shared.half != (uint16_t)all || shared.word != (uint32_t)all || shared.doubleword != all)
		fail("%" PRIu64 " times one is %u, %u, %u, %" PRIu64, all, shared.byte, shared.half, shared.word, shared.doubleword);
	if (shared.pair[0] != eighth || shared.pair[1] != eighth || shared.fetched != eighth)
		fail("%" PRIu64 " times one is %" PRIu64 " in a pair, %" PRIu64 " by ldat", eighth, shared.pair[0], shared.fetched);
}

/* Each thread has a byte and a halfword of its own, by stores or by larx and stcx. */
static uint8_t bytes[MAX_THREADS] __attribute__((aligned(LINE)));
static uint16_t halves[MAX_THREADS] __attribute__((aligned(LINE)));

static void count_own(int self)
{
	volatile uint8_t *byte = &bytes[self];
	volatile uint16_t *half = &halves[self];

	for (long n = 1; n <= ROUNDS * 4; n++) {
		if (self % 2) {
			add_b((uint8_t *)byte);
			add_h((uint16_t *)half);
		} else {
			*byte = (uint8_t)n;
			*half = (uint16_t)n;
		}
		if (*byte != (uint8_t)n || *half != (uint16_t)n)
			fail("%ld is %u and %u: somebody else's update changed it", n, *byte, *half);
	}
}

void neighbours(void)
{
	__builtin_memset(bytes, 0, sizeof(bytes));
	__builtin_memset(halves, 0, sizeof(halves));
	together(count_own);
}

static uint32_t lock __attribute__((aligned(LINE)));
static struct {
	uint64_t one, two, owner;
} guarded __attribute__((aligned(LINE)));

static void take(uint32_t *place, uint32_t owner)
{
	uint32_t before;

	__asm__ volatile("1:	lwarx %0,0,%1\n	cmpwi %0,0\n	bne- 1b\n	stwcx. %2,0,%1\n	bne- 1b\n	isync"
			 : "=&r"(before) : "r"(place), "r"(owner) : "cr0", "memory");
}

static void give_back(uint32_t *place)
{
	lwsync();
	*(volatile uint32_t *)place = 0;
}

static void use(int self)
{
	for (long n = 0; n < ROUNDS; n++) {
		take(&lock, self + 1);
		if (guarded.one != guarded.two || guarded.owner != 0)
			fail("somebody else has the lock: %" PRIu64 " and %" PRIu64 ", thread %" PRIu64, guarded.one, guarded.two, guarded.owner);
		guarded.owner = self + 1;
		guarded.one++;
		__asm__ volatile("" ::: "memory");
		guarded.two++;
		guarded.owner = 0;
		give_back(&lock);
	}
}

void locks(void)
{
	guarded.one = guarded.two = 0;
	together(use);
	if (guarded.one != (uint64_t)threads * ROUNDS)
		fail("%" PRIu64 " instead of %ld", guarded.one, threads * ROUNDS);
}
