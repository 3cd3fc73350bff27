// SPDX-License-Identifier: MIT
/* smpstress [SCALE [TEST...]]: runs the tests on all processors; exit code 0 if what they saw was as it must be. */
#include "smpstress.h"

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "counters", counters },
	{ "neighbours", neighbours },
	{ "locks", locks },
	{ "message-passing", message_passing },
	{ "store-buffers", store_buffers },
	{ "sequence-lock", sequence_lock },
	{ "protection", protection },
	{ "remapping", remapping },
	{ "moving", moving },
	{ "paging", paging },
	{ "patching", patching },
	{ "time", time_goes_on },
	{ "signals", signals },
	{ "futexes", futexes },
};

int threads;
long scale = 1;

static const char *current;
static char remarks[200];
static pthread_barrier_t barrier;
static void (*common)(int self);

void fail(const char *format, ...)
{
	char text[300];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	dprintf(1, "smpstress: %s FAIL: %s\nSMPSTRESS FAIL\n", current, text);
	_exit(1);
}

void remark(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(remarks, sizeof(remarks), format, arguments);
	va_end(arguments);
}

void meet(void)
{
	pthread_barrier_wait(&barrier);
}

static void *start(void *number)
{
	int self = (int)(intptr_t)number;
	cpu_set_t mine;

	CPU_ZERO(&mine);
	CPU_SET(self, &mine);
	if (sched_setaffinity(0, sizeof(mine), &mine))
		fail("no processor %d", self);
	meet();
	common(self);
	return NULL;
}

void together(void (*body)(int self))
{
	pthread_t all[MAX_THREADS];

	common = body;
	pthread_barrier_init(&barrier, NULL, threads);
	for (int n = 0; n < threads; n++) {
		if (pthread_create(&all[n], NULL, start, (void *)(intptr_t)n))
			fail("no thread %d", n);
	}
	for (int n = 0; n < threads; n++)
		pthread_join(all[n], NULL);
	pthread_barrier_destroy(&barrier);
}

static bool wanted(const char *name, int count, char **names)
{
	for (int n = 0; n < count; n++) {
		if (!strcmp(names[n], name))
			return true;
	}
	return count == 0;
}

int main(int count, char **words)
{
	if (count > 1)
		scale = atol(words[1]);
	threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	if (threads < 2 || scale < 1) {
		puts("smpstress: needs two processors at least, and a scale of 1 or more\nSMPSTRESS FAIL");
		return 2;
	}
	printf("smpstress: %d threads, scale %ld\n", threads, scale);
	fflush(stdout);
	for (unsigned n = 0; n < sizeof(tests) / sizeof(tests[0]); n++) {
		if (!wanted(tests[n].name, count - 2 > 0 ? count - 2 : 0, words + 2))
			continue;
		current = tests[n].name;
		remarks[0] = 0;
		tests[n].run();
		printf("smpstress: %s ok%s%s\n", current, remarks[0] ? ", " : "", remarks);
		fflush(stdout);
	}
	puts("SMPSTRESS PASS");
	return 0;
}
