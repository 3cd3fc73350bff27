// SPDX-License-Identifier: MIT
/*
 * One line per matrix row: what drives its stimulus. What the ultravisor is
 * made to answer, and the order of calls, is set and checked by the machine.
 */
#include "svmhost.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
enum kind {
	KVM,	/* no guest; task is unused */
	FRESH,	/* a guest of its own */
	SHARED,	/* in the guest that runs, or a new one */
};

enum expect {
	RUNS,		/* the guest runs, secure if it was asked to be */
	STAYS_OUT,	/* the guest does not become secure: it ends by itself, or runs on as a normal one */
	EITHER,		/* the machine decides, by what it injects */
	ENDS,		/* the guest runs, secure if it was asked to be, and ends in its task */
	KILLED,		/* QEMU is killed; the machine may hold the guest at a gate */
};

static const struct row {
	const char *name;
	enum kind kind;
	enum expect expect;
	const char *task;	/* of firmware/guest/svmdemo/tasks.c */
	bool no_pef;		/* QEMU does not offer secure execution */
	unsigned cpus;		/* the guest's; one if not given */
} rows[] = {
	{ "demo", SHARED, RUNS, "demo", false, 0 },
	{ "no-ultravisor", SHARED, RUNS, "no-ultravisor", false, 0 },
	{ "I1", KVM, STAYS_OUT, NULL, false, 0 },
	{ "I9", KVM, RUNS, NULL, false, 0 },
	{ "A3", FRESH, STAYS_OUT, "boot", true, 0 },
	{ "A9", FRESH, STAYS_OUT, "boot", false, 0 },
	{ "P2", SHARED, RUNS, "share", false, 0 },
	{ "P3", SHARED, RUNS, "share", false, 0 },
	{ "P13", FRESH, STAYS_OUT, "boot", false, 0 },
	{ "P15", FRESH, RUNS, "boot", false, 0 },
	{ "P17", FRESH, RUNS, "boot", false, 0 },
	{ "P19", SHARED, RUNS, "ciphertext", false, 0 },
	{ "P20", SHARED, RUNS, "unshare", false, 0 },
	{ "S1", SHARED, RUNS, "share", false, 0 },
	{ "S2", FRESH, RUNS, "boot", false, 0 },
	{ "S3", FRESH, RUNS, "boot", false, 0 },
	{ "S6", SHARED, RUNS, "share-outside", false, 0 },
	{ "S14", SHARED, RUNS, "share-many", false, 0 },
	{ "F1", SHARED, RUNS, "ciphertext", false, 0 },
	{ "S9", SHARED, RUNS, "race-dropped", false, 2 },
	{ "S9-pinned", SHARED, RUNS, "race-pinned", false, 2 },
	{ "U1", SHARED, RUNS, "swap", false, 0 },
	{ "U2", SHARED, RUNS, "swap", false, 0 },
	{ "D1", SHARED, RUNS, "reset", false, 0 },
	{ "E2", FRESH, RUNS, "boot", false, 0 },
	{ "T3", SHARED, RUNS, "reset", false, 0 },
	{ "T5", SHARED, RUNS, "kill", false, 0 },
};

static bool running_without_pef;

static bool failed(char reason[REASON_SIZE], const char *text)
{
	snprintf(reason, REASON_SIZE, "%s", text);
	return false;
}

/*
 * By the time of the kill the guest's CPU, alone on its processor, has come to the gate, or is secure and waits for a
 * reply. The line comes first: what is held goes on because of it, and QEMU does not end before.
 */
static bool kill_guest(char reason[REASON_SIZE])
{
	for (int tries = 1000; !pin_threads(reason); tries--) {
		if (!tries)
			return false;
		usleep(1000);
	}
	usleep(1500000);
	kill(qemu_pid(), SIGKILL);
	printf("svmhost: QEMU dies\n");
	qemu_end(false);
	return true;
}

/* Serves the guest until it is through with the task. Task "off" ends with QEMU. */
static bool serve(const char *task, enum expect expect, char reason[REASON_SIZE])
{
	bool asked = false, want_secure = options.secure && (expect == RUNS || expect == ENDS);
	char line[LINE_MAX_SIZE];
	int secure;

	for (;;) {
		enum line_result result = qemu_line(line);
		const char *request;

		if (result == LINE_TIMEOUT) {
			qemu_end(true);
			return failed(reason, "the guest is silent for too long");
		}
		if (result == LINE_END) {
			int status = qemu_end(false);

			if (status == 0 && (!strcmp(task, "off") || (asked ? expect == ENDS : expect == STAYS_OUT || expect == EITHER)))
				return true;
			snprintf(reason, REASON_SIZE, "QEMU ended with status %d during %s", status, task);
			return false;
		}
		request = strstr(line, REQUEST);
		if (!request) {
			printf("guest| %s\n", line);
			continue;
		}
		request += strlen(REQUEST);
		if (sscanf(request, "next secure=%d", &secure) == 1) {
			/* A guest that is in the wrong state is turned off, and the row has failed. */
			bool wrong = strcmp(task, "off") && !asked &&
				     ((want_secure && !secure) || (expect == STAYS_OUT && secure));

			if (wrong) {
				char ignored[REASON_SIZE];

				qemu_reply(REPLY_OK "off");
				serve("off", EITHER, ignored);
				return failed(reason, secure ? "the guest is secure" : "the guest is not secure");
			}
			asked = true;
			qemu_reply(REPLY_OK "%s", task);
		} else if (!strncmp(request, "done ok", 7)) {
			qemu_reply(REPLY_OK);
			return expect != ENDS || failed(reason, "the guest still runs");
		} else if (!strncmp(request, "done fail ", 10)) {
			char ignored[REASON_SIZE];

			snprintf(reason, REASON_SIZE, "%.200s", request + 10);
			serve("off", EITHER, ignored);
			return false;
		} else if (!strncmp(request, "checkpoint ", 11)) {
			printf(CHECKPOINT "%s\n", request + 11);
			qemu_reply(REPLY_OK);
		} else if (!strcmp(request, "reset")) {
			/* The guest starts again from the beginning, and must come as far as before. */
			if (!qemu_monitor("system_reset"))
				return failed(reason, "QEMU does not take system_reset");
			task = "boot";
			asked = false;
		} else if (!strcmp(request, "reboots")) {
			/* As after a reset, but the guest does it. */
			qemu_reply(REPLY_OK);
			task = "boot";
			asked = false;
		} else if (!strcmp(request, "kill")) {
			qemu_end(true);
			return true;
		} else if (!serve_memory_request(request) && !serve_vmm_request(request) && !serve_action_request(request)) {
			qemu_reply(REPLY_NO "unknown request");
		}
	}
}

static bool end_guest(char reason[REASON_SIZE])
{
	return !qemu_running() || serve("off", EITHER, reason);
}

static bool run_row(const struct row *row, char reason[REASON_SIZE])
{
	unsigned cpus = row->cpus ? row->cpus : 1;
	bool other = running_without_pef != row->no_pef || options.cpus != cpus;

	if (row->kind == KVM)
		return kvm_secure_capability(row->expect == RUNS, reason);
	if (qemu_running() && (row->kind == FRESH || other) && !end_guest(reason))
		return false;
	if (!qemu_running()) {
		options.cpus = cpus;
		running_without_pef = row->no_pef;
		qemu_start(options.secure && !row->no_pef);
	}
	return row->expect == KILLED ? kill_guest(reason) : serve(row->task, row->expect, reason);
}

/* task:NAME and ends:NAME: a task of the guest that is not a row of the matrix. killed: its end by kill -9. */
static const struct row *task_row(const char *name)
{
	static struct row row;
	bool ends = !strncmp(name, "ends:", 5);

	if (!strcmp(name, "killed")) {
		row = (struct row){ .name = name, .kind = FRESH, .expect = KILLED, .task = "boot" };
		return &row;
	}
	if (!ends && strncmp(name, "task:", 5))
		return NULL;
	row = (struct row){ .name = name, .kind = SHARED, .expect = ends ? ENDS : RUNS, .task = name + 5 };
	return &row;
}

/* NAME=ROW: the stimulus of a row under another name. */
static const struct row *find_row(const char *name)
{
	static struct row renamed;
	const char *equals = strchr(name, '=');
	const struct row *row = equals ? find_row(equals + 1) : NULL;

	if (row) {
		static char names[64];

		snprintf(names, sizeof(names), "%.*s", (int)(equals - name), name);
		renamed = *row;
		renamed.name = names;
		return &renamed;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return task_row(name);
}

bool run_rows(char **names, int count)
{
	char reason[REASON_SIZE] = "";
	bool all = true, demo = false;

	for (int i = 0; i < count; i++) {
		const struct row *row = find_row(names[i]);
		bool ok;

		if (!row) {
			printf("CASE %s END FAIL no such row\n", names[i]);
			all = false;
			continue;
		}
		demo = demo || !strcmp(row->name, "demo");
		printf("CASE %s BEGIN\n", row->name);
		ok = run_row(row, reason);
		printf(ok ? "CASE %s END ok\n" : "CASE %s END FAIL %s\n", row->name, reason);
		all = all && ok;
	}
	if (!end_guest(reason)) {
		printf("svmhost: the guest did not power off: %s\n", reason);
		all = false;
	}
	if (demo && all)
		printf("DEMO PASS\n");
	else if (demo)
		printf("DEMO FAIL: %s\n", reason);
	return all;
}
