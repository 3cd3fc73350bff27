// SPDX-License-Identifier: MIT
/* Children that become another program, one after the other. */
#include "bench.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int child(int number)
{
	return (number * 37 + 11) & 0x7f;
}

uint64_t forks(uint64_t rounds)
{
	uint64_t sum = 0;

	for (uint64_t round = 0; round < rounds; round++) {
		char number[24];
		int status;
		pid_t pid;

		snprintf(number, sizeof(number), "%d", (int)(round & 0xffff));
		pid = fork();
		if (pid < 0)
			fail("fork");
		if (!pid) {
			execl("/proc/self/exe", "bench", CHILD, number, (char *)NULL);
			_exit(127);
		}
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
			fail("a child came to harm");
		sum = scramble(sum ^ WEXITSTATUS(status));
	}
	return sum;
}
