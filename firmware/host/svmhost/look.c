// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pattern.h"

/* What the other processor has before this one looks. */
#define HEAD_START_NS 20000000

static bool look(uint64_t gpa)
{
	static uint8_t bytes[FRAME_SIZE];
	char reason[REASON_SIZE];

	return memory_read(gpa, bytes, sizeof(bytes), reason);
}

static void on_cpu(int number)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(number, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/* Without sleeping: Linux would have the timer on the processor that is busy, and that one may be held. */
static void spin(long nanoseconds)
{
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec < nanoseconds);
}

bool look_now(uint64_t gpa, bool twice)
{
	pid_t other = 0;
	int status = 0;
	bool done;

	if (twice && !(other = fork())) {
		on_cpu(1);
		_exit(look(gpa) ? 0 : 1);
	}
	/* The other one first: the machine may hold it. */
	if (twice) {
		on_cpu(0);
		spin(HEAD_START_NS);
	}
	done = look(gpa);
	if (twice)
		waitpid(other, &status, 0);
	return done && status == 0;
}
