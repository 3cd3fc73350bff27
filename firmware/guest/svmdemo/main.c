// SPDX-License-Identifier: MIT
/*
 * The guest's program: asks the host what to do next, until there is nothing left.
 * "svmdemo ask WORDS" makes one request for a task that is a script.
 */
#include "svmdemo.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int ask(char **words, int count)
{
	char line[256] = "";
	const char *reply;

	for (int i = 0; i < count; i++) {
		check(strlen(line) + strlen(words[i]) + 2 < sizeof(line), "svmdemo ask: too long");
		strcat(strcat(line, words[i]), i + 1 < count ? " " : "");
	}
	host_open();
	reply = host_ask("%s", line);
	if (*reply)
		puts(reply);
	return 0;
}

/* A task may be a script in the guest's root. */
static bool run_script(const char *name)
{
	char command[128];
	int status;

	snprintf(command, sizeof(command), "/tasks/%s", name);
	if (access(command, X_OK))
		return false;
	snprintf(command, sizeof(command), "/tasks/%s </dev/null", name);
	status = system(command);
	check(!status, "%s ends with status %d", name, WEXITSTATUS(status));
	return true;
}

bool run_task_of(const struct task *tasks, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, tasks[i].name))
			continue;
		check(tasks[i].where != IN_SVM || secure, "the guest is not secure");
		check(tasks[i].where != IN_NORMAL_GUEST || !secure, "the guest is secure");
		tasks[i].run();
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	char task[64];

	if (argc > 2 && !strcmp(argv[1], "ask"))
		return ask(argv + 2, argc - 2);
	host_open();
	frames_open();
	for (;;) {
		const char *reply = host_ask("next secure=%d", secure);

		check(sscanf(reply, "%63s", task) == 1, "bad reply to next: %s", reply);
		if (!strcmp(task, "off"))
			return 0;
		check(run_script(task) || run_memory_task(task) || run_row_task(task) || run_slot_task(task) || run_race_task(task) || run_basic_task(task),
		      "unknown task %s", task);
		host_ask("done ok");
	}
}
