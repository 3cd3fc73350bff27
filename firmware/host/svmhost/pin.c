// SPDX-License-Identifier: MIT
/*
 * Who runs where. A processor that the machine holds at a gate takes no interrupts and runs none of its other threads:
 * nothing but the thread that the gate is for may be on it.
 */
#include "svmhost.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* QEMU's name for the thread of the first CPU, with -name debug-threads=on. */
#define FIRST_CPU "CPU 0/KVM"

static bool is_first_cpu(const char *thread)
{
	char path[320], name[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/comm", qemu_pid(), thread);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = 0;
	fclose(file);
	return !strncmp(name, FIRST_CPU, strlen(FIRST_CPU));
}

static bool pin(pid_t thread, int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return !sched_setaffinity(thread, sizeof(one), &one);
}

bool pin_threads(char reason[REASON_SIZE])
{
	bool found = false, done = pin(0, 0);
	struct dirent *entry;
	char path[64];
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", qemu_pid());
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		bool first = is_first_cpu(entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		found = found || first;
		done = done && pin(atoi(entry->d_name), first ? 1 : 0);
	}
	if (threads)
		closedir(threads);
	if (!done)
		snprintf(reason, REASON_SIZE, "sched_setaffinity: %s", strerror(errno));
	else if (!found)
		snprintf(reason, REASON_SIZE, "QEMU has no thread %s", FIRST_CPU);
	return done && found;
}
