// SPDX-License-Identifier: MIT
/*
 * bench: prints the names of its programs. bench NAME [PART]: runs one, PART thousandths of its usual work, between the lines
 * "bench NAME begin ROUNDS" and "bench NAME end SUM". Time is taken by who reads them, for a machine under test has no time of its own to trust.
 */
#include "bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Rounds: some 3 to 6 s of QEMU 7.2 on a processor of 2023. */
static const struct {
	const char *name;
	uint64_t (*run)(uint64_t rounds);
	uint64_t rounds;
} programs[] = {
	{ "integer", integer, 60000 },
	{ "floating", floating, 450 },
	{ "vector", vector, 3500 },
	{ "chase", chase, 9000 },
	{ "system-calls", system_calls, 3000000 },
	{ "forks", forks, 1600 },
};

void fail(const char *what)
{
	printf("bench: %s\n", what);
	exit(1);
}

int main(int argc, char **argv)
{
	uint64_t part = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;

	if (argc > 2 && !strcmp(argv[1], CHILD))
		return child(atoi(argv[2]));
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		uint64_t rounds = (programs[i].rounds * part + 999) / 1000, sum;

		if (argc < 2) {
			puts(programs[i].name);
		} else if (!strcmp(argv[1], programs[i].name)) {
			printf("bench %s begin %" PRIu64 "\n", programs[i].name, rounds);
			fflush(stdout);
			sum = programs[i].run(rounds);
			printf("bench %s end %016" PRIx64 "\n", programs[i].name, sum);
			return 0;
		}
	}
	if (argc < 2)
		return 0;
	fail("no such program");
}
