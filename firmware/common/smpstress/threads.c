// SPDX-License-Identifier: MIT
/* Interrupts from one processor to another, by what Linux makes of them: signals, wake-ups, moved threads; and one time for all. */
#include "smpstress.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile uint64_t latest __attribute__((aligned(LINE)));

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static uint64_t time_base(void)
{
	uint64_t value;

	__asm__ volatile("mftb %0" : "=r"(value) :: "memory");
	return value;
}

/* Who has read another's time must not read an earlier one. */
static void look_at_clock(int self)
{
	(void)self;
	for (long n = 0; n < 3000 * scale; n++) {
		uint64_t seen = latest, mine;

		lwsync();
		mine = time_base();
		if (mine < seen)
			fail("time %" PRIu64 " after %" PRIu64, mine, seen);
		while (mine > seen && !__atomic_compare_exchange_n(&latest, &seen, mine, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			;
	}
}

static void look_at_time(int self)
{
	(void)self;
	for (long n = 0; n < 3000 * scale; n++) {
		uint64_t seen = __atomic_load_n(&latest, __ATOMIC_ACQUIRE), mine = now();

		if (mine < seen)
			fail("clock_gettime says %" PRIu64 " after %" PRIu64, mine, seen);
		while (mine > seen && !__atomic_compare_exchange_n(&latest, &seen, mine, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			;
	}
}

void time_goes_on(void)
{
	latest = 0;
	together(look_at_clock);
	latest = 0;
	together(look_at_time);
}

static pthread_t members[MAX_THREADS];
static volatile int caught[MAX_THREADS];
static __thread int own;

static void on_signal(int number)
{
	(void)number;
	caught[own]++;
}

/* Each sends its neighbour a signal and waits for that one's handler. */
static void send_signals(int self)
{
	int next = (self + 1) % threads;

	own = self;
	members[self] = pthread_self();
	caught[self] = 0;
	meet();
	for (int n = 1; n <= 100 * scale; n++) {
		if (pthread_kill(members[next], SIGUSR1))
			fail("pthread_kill");
		while (caught[next] < n)
			;
		if (caught[next] > n)
			fail("%d signals instead of %d", caught[next], n);
	}
	meet();
}

void signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &action, NULL);
	together(send_signals);
}

static uint32_t turn __attribute__((aligned(LINE)));

/* A token goes round; who waits for it sleeps. Now and then the thread changes its processor. */
static void pass_on(int self)
{
	for (uint32_t n = 0; n < 100 * (uint32_t)scale; n++) {
		uint32_t mine = n * threads + self, found;

		while ((found = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) != mine) {
			if (syscall(SYS_futex, &turn, FUTEX_WAIT, found, NULL, NULL, 0) && errno != EAGAIN && errno != EINTR)
				fail("futex: %d", errno);
		}
		__atomic_store_n(&turn, mine + 1, __ATOMIC_RELEASE);
		syscall(SYS_futex, &turn, FUTEX_WAKE, MAX_THREADS, NULL, NULL, 0);
		if (n % 16 == 15) {
			cpu_set_t one;

			CPU_ZERO(&one);
			CPU_SET((self + n) % threads, &one);
			if (sched_setaffinity(0, sizeof(one), &one))
				fail("sched_setaffinity");
		}
	}
}

void futexes(void)
{
	turn = 0;
	together(pass_on);
}
