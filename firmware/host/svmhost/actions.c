// SPDX-License-Identifier: MIT
/* What the hypervisor does because the guest asks for it: the guest knows when, the hypervisor knows how. */
#include "svmhost.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define ACTIONS "/uvmem/actions/"

static void chomp(char *line)
{
	line[strcspn(line, "\r\n")] = 0;
}

/* A script of /uvmem/actions; its last line is the reply. */
static void run(const char *words)
{
	char command[LINE_MAX_SIZE], line[LINE_MAX_SIZE - 8], last[LINE_MAX_SIZE - 8] = "";
	FILE *output;
	int status;

	/* A name and plain words: nothing that a shell takes for more. */
	for (const char *at = words; *at; at++) {
		if (!isalnum(*at) && !strchr("-_ ", *at)) {
			qemu_reply(REPLY_NO "bad character in run");
			return;
		}
	}
	snprintf(command, sizeof(command), "QEMU_PID=%d " ACTIONS "%s 2>&1 </dev/null", qemu_pid(), words);
	output = popen(command, "r");
	while (output && fgets(line, sizeof(line), output)) {
		chomp(line);
		printf("action| %s\n", line);
		strcpy(last, line);
	}
	status = output ? pclose(output) : -1;
	if (status)
		qemu_reply(REPLY_NO "%s ends with status %d: %.200s", words, WEXITSTATUS(status), last);
	else
		qemu_reply(REPLY_OK "%s", last);
}

static void monitor(const char *command)
{
	const char *answer = qemu_monitor(command);

	printf("svmhost: monitor: %s: %.300s\n", command, answer ? answer : "no answer");
	if (answer)
		qemu_reply(REPLY_OK "%.300s", answer);
	else
		qemu_reply(REPLY_NO "QEMU does not answer");
}

bool serve_action_request(const char *request)
{
	char reason[REASON_SIZE];
	uint64_t gpa, entry;

	if (!strncmp(request, "run ", 4)) {
		run(request + 4);
	} else if (!strncmp(request, "monitor ", 8)) {
		monitor(request + 8);
	} else if (sscanf(request, "frame %" SCNx64, &gpa) == 1) {
		if (memory_pagemap(gpa, &entry, reason))
			qemu_reply(REPLY_OK "entry=%" PRIx64, entry);
		else
			qemu_reply(REPLY_NO "%s", reason);
	} else {
		return false;
	}
	return true;
}
