// SPDX-License-Identifier: MIT
/* The guest's program: asks the host what to do next, until there is nothing left. */
#include "svmdemo.h"

#include <stdio.h>

int main(void)
{
	char task[64];

	host_open();
	frames_open();
	for (;;) {
		const char *reply = host_ask("next secure=%d", secure);

		check(sscanf(reply, "%63s", task) == 1, "bad reply to next: %s", reply);
		if (!strcmp(task, "off"))
			return 0;
		if (!run_row_task(task) && !run_race_task(task))
			run_task(task);
		host_ask("done ok");
	}
}
