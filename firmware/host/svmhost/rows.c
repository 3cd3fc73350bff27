// SPDX-License-Identifier: MIT
/*
 * One line per matrix row: what drives its stimulus. What the ultravisor is
 * made to answer, and the order of calls, is set and checked by the machine.
 */
#include "svmhost.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* NUMA nodes of pseries have multiples of 256 MiB. */
#define TWO_SLOTS "-object memory-backend-ram,id=m0,size=256M -object memory-backend-ram,id=m1,size=256M -numa node,memdev=m0 -numa node,memdev=m1"
#define SHARED_MEMORY "-object memory-backend-ram,id=m0,size=256M,share=on -numa node,memdev=m0"

enum kind {
	KVM,	/* no guest; task is unused */
	FRESH,	/* a new guest, for the rows behind it, too */
	LAST,	/* in the guest that runs, or a new one; killed when the row is over: it is not as it should be then */
	SHARED,	/* in the guest that runs, or a new one */
};

enum expect {
	RUNS,		/* the guest runs, secure if it was asked to be */
	STAYS_OUT,	/* the guest does not become secure: it ends by itself, or runs on as a normal one */
	EITHER,		/* the machine decides, by what it injects */
	BREAKS,		/* the guest runs, and QEMU has to give it up */
	ENDS,		/* the guest runs, secure if it was asked to be, and ends in its task */
	KILLED,		/* QEMU is killed; the machine may hold the guest at a gate */
};

#define ROW(name_, kind_, expect_, task_, ...) { .name = name_, .kind = kind_, .expect = expect_, .task = task_, __VA_ARGS__ }

static const struct row {
	const char *name;
	enum kind kind;
	enum expect expect;
	const char *task;	/* of firmware/guest/svmdemo/tasks.c */
	bool no_pef;		/* QEMU does not offer secure execution */
	unsigned cpus;		/* the guest's; one if not given */
	bool normal;		/* a guest that does not ask to be secure */
	bool offered;		/* but QEMU offers it secure execution */
	bool (*paused)(char reason[REASON_SIZE]);	/* what is done before the guest runs; with -S */
	const char *qemu;	/* more arguments for QEMU */
	unsigned memory;	/* MiB, if other than usual */
	const char *append;	/* more words for the guest's command line */
} rows[] = {
	ROW("demo", SHARED, RUNS, "demo"),
	ROW("no-ultravisor", SHARED, RUNS, "no-ultravisor"),
	ROW("I1", KVM, STAYS_OUT, NULL),
	ROW("I9", KVM, RUNS, NULL),
	ROW("A3", FRESH, STAYS_OUT, "boot", .no_pef = true),
	ROW("A9", FRESH, STAYS_OUT, "boot"),
	ROW("P2", SHARED, RUNS, "share"),
	ROW("P3", SHARED, RUNS, "share"),
	ROW("P13", FRESH, STAYS_OUT, "boot"),
	ROW("P15", FRESH, RUNS, "boot"),
	ROW("P17", FRESH, RUNS, "boot"),
	ROW("P19", SHARED, RUNS, "ciphertext"),
	ROW("P20", SHARED, RUNS, "unshare"),
	ROW("S1", SHARED, RUNS, "share"),
	ROW("S2", FRESH, RUNS, "boot"),
	ROW("S3", FRESH, RUNS, "boot"),
	ROW("S6", SHARED, RUNS, "share-outside"),
	ROW("S14", SHARED, RUNS, "share-many"),
	ROW("F1", SHARED, RUNS, "ciphertext"),
	ROW("S9", SHARED, RUNS, "race-dropped", .cpus = 2),
	ROW("S9-pinned", SHARED, RUNS, "race-pinned", .cpus = 2),
	ROW("U1", SHARED, RUNS, "swap"),
	ROW("U2", SHARED, RUNS, "swap"),
	ROW("D1", SHARED, RUNS, "reset"),
	ROW("E2", FRESH, RUNS, "boot"),
	ROW("T3", SHARED, RUNS, "reset"),
	ROW("T5", SHARED, RUNS, "kill"),

	/* Stimuli that rows of the machine name for themselves. */
	ROW("ready", SHARED, RUNS, "boot"),
	ROW("ready-two", SHARED, RUNS, "boot", .cpus = 2),
	ROW("ready-normal", SHARED, RUNS, "boot", .normal = true),
	ROW("boot", FRESH, RUNS, "boot"),
	ROW("up", FRESH, RUNS, "up"),
	ROW("slof", FRESH, RUNS, "demo", .qemu = "-machine x-vof=off"),
	ROW("stays-out", FRESH, STAYS_OUT, "boot"),
	ROW("stays-out-breaks", FRESH, BREAKS, "boot"),
	ROW("stays-out-no-pef", FRESH, STAYS_OUT, "boot", .no_pef = true),
	ROW("stays-out-two-slots", FRESH, STAYS_OUT, "boot", .qemu = TWO_SLOTS, .memory = 512),
	ROW("stays-out-hash", FRESH, STAYS_OUT, "boot", .append = "disable_radix"),
	ROW("reset-two-slots", FRESH, RUNS, "reset-again", .qemu = TWO_SLOTS, .memory = 512),
	ROW("stays-out-shmem", FRESH, STAYS_OUT, "boot", .qemu = SHARED_MEMORY),
	ROW("no-kvm", KVM, STAYS_OUT, "no-kvm"),
	ROW("share", SHARED, RUNS, "share"),
	ROW("last-share", LAST, RUNS, "share"),
	ROW("share-any", SHARED, RUNS, "share-any"),
	ROW("last-share-any", LAST, RUNS, "share-any"),
	ROW("share-refused-look", LAST, RUNS, "share-refused-look"),
	ROW("share-paged-out", SHARED, RUNS, "share-paged-out"),
	ROW("share-few-refused", LAST, RUNS, "share-few-refused"),
	ROW("share-busy", SHARED, RUNS, "share-busy"),
	ROW("unshare-any", SHARED, RUNS, "unshare-any"),
	ROW("last-unshare-any", LAST, RUNS, "unshare-any"),
	ROW("unshare-secret", SHARED, RUNS, "unshare-secret"),
	ROW("unshare-hole", SHARED, RUNS, "unshare-hole"),
	ROW("unshare-zero-page", SHARED, RUNS, "unshare-zero-page"),
	ROW("unshare-held", SHARED, RUNS, "unshare-held"),
	ROW("drop-ciphertext", LAST, BREAKS, "drop-ciphertext"),
	ROW("swap-ciphertext", SHARED, RUNS, "swap-ciphertext"),
	ROW("swap-shared", LAST, BREAKS, "swap-shared"),
	ROW("swap", SHARED, RUNS, "swap"),
	ROW("look-refused", SHARED, RUNS, "look-refused"),
	ROW("look-lost", LAST, RUNS, "look-lost"),
	ROW("look-twice", LAST, RUNS, "look-twice", .cpus = 2),
	ROW("slot-create", SHARED, RUNS, "slot-create"),
	ROW("slot-log", LAST, RUNS, "slot-log"),
	ROW("slot-move", LAST, RUNS, "slot-move"),
	ROW("svm-off-busy", SHARED, RUNS, "svm-off-busy"),
	ROW("registers", SHARED, RUNS, "registers"),
	ROW("mergeable", SHARED, RUNS, "mergeable"),
	ROW("reset", LAST, RUNS, "reset"),
	ROW("reset-split", LAST, RUNS, "reset-split"),
	ROW("reset-breaks", LAST, BREAKS, "reset"),
	ROW("race-touch", SHARED, RUNS, "race-touch", .cpus = 2),
	ROW("race-two", SHARED, RUNS, "race-two", .cpus = 2),
	ROW("stays-out-swapped", FRESH, STAYS_OUT, "boot", .qemu = "-S", .paused = paused_swap),
	ROW("slot-goes", FRESH, RUNS, "boot", .qemu = "-S", .paused = paused_slot),
	ROW("reset-again", LAST, RUNS, "reset-again"),
	ROW("unshare-registered", SHARED, RUNS, "unshare-registered"),
	ROW("look-forked", SHARED, RUNS, "look-forked"),
	ROW("share-merged", SHARED, RUNS, "share-merged"),
	ROW("slot-share", LAST, RUNS, "slot-share"),
	ROW("slots-share", SHARED, RUNS, "slots-share"),
	ROW("last-slot-create", LAST, RUNS, "slot-create"),
	ROW("idle", SHARED, RUNS, "idle"),
	ROW("forged-calls", SHARED, RUNS, "forged-calls", .normal = true),
	ROW("mergeable-normal", SHARED, RUNS, "mergeable-normal", .normal = true),
	ROW("esm-twice", SHARED, RUNS, "esm-twice", .normal = true, .offered = true),
	ROW("esm-early", LAST, BREAKS, "esm-early", .normal = true, .offered = true),
	ROW("dispatch-log", SHARED, RUNS, "dispatch-log"),
	ROW("reset-normal", SHARED, RUNS, "reset", .normal = true),
};

static const struct row *running;
static bool secure_asked;

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
	bool asked = false, want_secure = options.secure && (expect == RUNS || expect == ENDS || expect == BREAKS);
	char line[LINE_MAX_SIZE];
	unsigned resets = 0;
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

			if (status != 0 && asked && expect == BREAKS)
				return true;
			if (status == 0 && (!strcmp(task, "off") || (asked ? expect == ENDS : expect == STAYS_OUT || expect == EITHER)))
				return true;
			snprintf(reason, REASON_SIZE, "QEMU ended with status %d during %s", status, task);
			return false;
		}
		request = strstr(line, REQUEST);
		if (!request) {
			printf("guest| %s\n", line);
			if (strstr(line, "kvm run failed")) {
				qemu_end(true);
				return expect == BREAKS || failed(reason, "QEMU can't run the guest");
			}
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
		} else if (!strncmp(request, "done ok", 7) && resets > 1) {
			resets--;
			asked = false;
			qemu_monitor("system_reset");
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
		} else if (!strcmp(request, "reset") || !strncmp(request, "reset ", 6)) {
			/* The guest starts again from the beginning, and must come as far as before; so many times. */
			sscanf(request, "reset %u", &resets);
			if (!qemu_monitor("system_reset"))
				return expect == BREAKS ? qemu_end(false) != 0 : failed(reason, "QEMU does not take system_reset");
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

/* Whether a guest that was started for one row does for another. */
static bool alike(const struct row *one, const struct row *other)
{
	return one->no_pef == other->no_pef && one->normal == other->normal && one->offered == other->offered && one->cpus == other->cpus && one->qemu == other->qemu;
}

static void start_for(const struct row *row)
{
	static const char *usual_qemu, *usual_append;
	static unsigned usual;
	static struct row copy;

	usual = usual ? usual : options.memory;
	usual_qemu = usual_qemu ? usual_qemu : options.qemu;
	usual_append = usual_append ? usual_append : options.append;
	copy = *row;
	running = &copy;
	options.secure = secure_asked && !row->normal;
	options.cpus = row->cpus ? row->cpus : 1;
	options.qemu = row->qemu ? row->qemu : usual_qemu;
	options.memory = row->memory ? row->memory : usual;
	options.append = row->append ? row->append : usual_append;
	qemu_start((options.secure || row->offered) && !row->no_pef);
}

static bool run_row(const struct row *row, char reason[REASON_SIZE])
{
	bool done;

	if (row->kind == KVM)
		return row->task ? kvm_absent(reason) : kvm_secure_capability(row->expect == RUNS, reason);
	if (qemu_running() && (row->kind == FRESH || !alike(running, row)) && !end_guest(reason))
		return false;
	if (!qemu_running())
		start_for(row);
	if (row->paused && !row->paused(reason)) {
		qemu_end(true);
		return false;
	}
	done = row->expect == KILLED ? kill_guest(reason) : serve(row->task, row->expect, reason);
	if (row->kind == LAST && qemu_running())
		qemu_end(true);
	return done;
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
	row = (struct row)ROW(name, SHARED, ends ? ENDS : RUNS, name + 5);
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

/* The console may lose the end of a long line that it echoes: the row's first line would stand behind it. */
static void no_echo(void)
{
	struct termios settings;

	if (tcgetattr(0, &settings))
		return;
	settings.c_lflag &= ~ECHO;
	tcsetattr(0, TCSANOW, &settings);
}

/* A row's name: of those given, and where "-" stands, one that is typed. NULL when there are no more. */
static const char *next_name(char **names, int count)
{
	static int at;
	static char typed[LINE_MAX_SIZE];

	while (at < count) {
		if (strcmp(names[at], "-"))
			return names[at++];
		no_echo();
		printf(NEXT_ROW "\n");
		if (fgets(typed, sizeof(typed), stdin)) {
			typed[strcspn(typed, "\r\n")] = 0;
			if (*typed)
				return typed;
		}
		at++;
	}
	return NULL;
}

bool run_rows(char **names, int count)
{
	char reason[REASON_SIZE] = "";
	bool all = true, demo = false;
	const char *name;

	secure_asked = options.secure;

	while ((name = next_name(names, count))) {
		const struct row *row = find_row(name);
		bool ok;

		if (!row) {
			printf("CASE %s END FAIL no such row\n", name);
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
