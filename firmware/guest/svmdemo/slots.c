// SPDX-License-Identifier: MIT
/* Tasks of matrix rows about memory slots, and about what QEMU sees and may ask of KVM while the guest runs. */
#include "svmdemo.h"

#include <inttypes.h>
#include <stdio.h>

/* Linux: arch/powerpc/include/asm/ultravisor-api.h */
#define UV_SHARE_PAGE 0xF130
#define UV_UNSHARE_PAGE 0xF134

/* What QEMU is asked to do about slots and the VM; the host writes the answers on its console. */
static void vmm_calls(const char *const requests[])
{
	struct frames frames = secret_frame(20);

	for (; *requests; requests++)
		host_ask("%s", *requests);
	check(frames_hold_secret(&frames, 20), "the guest lost its data");
	host_checkpoint("row-over");
}

static void slot_create(void)
{
	static const char *const requests[] = { "slot 30 100000000 20 0", "checkpoint slot-created", "slot 30 100000000 0 0", NULL };

	vmm_calls(requests);
}

static void slot_log(void)
{
	static const char *const requests[] = {
		"slot 30 100000000 20 0", "checkpoint slot-created", "slot 30 100000000 20 1", "checkpoint logging", "dirty 30", "slot 30 100000000 0 0", NULL
	};

	vmm_calls(requests);
}

static void slot_move(void)
{
	static const char *const requests[] = {
		"slot 30 100000000 20 0", "checkpoint slot-created", "slot 30 200000000 20 0", "checkpoint moved", "slot 30 200000000 0 0", NULL
	};

	vmm_calls(requests);
}

static void svm_off_busy(void)
{
	static const char *const requests[] = { "svm-off", NULL };

	vmm_calls(requests);
}

static void registers(void)
{
	static const char *const requests[] = { "registers", NULL };

	vmm_calls(requests);
}

static void mergeable(void)
{
	static const char *const requests[] = { "mergeable 0", NULL };

	vmm_calls(requests);
}

/* The hypervisor has a slot that it did not register, or not as the guest has it: what it says to other calls. */
static void slot_share(void)
{
	struct frames frames = secret_frame(25);

	host_ask("slot 30 100000000 20 0");
	host_checkpoint("slot-created");
	say("demo: row about gpa %" PRIx64, frames.gpa);
	frames_share(&frames);
	host_checkpoint("row-over");
	host_ask("slot 30 100000000 0 0");
}

/* Row S16: the last frame of one slot and the first one of the next. Nobody has touched them yet. */
static void slots_share(void)
{
	const uint64_t last = 0x1001f;
	int64_t shared, unshared;

	host_ask("slot 30 100000000 20 0");
	host_ask("slot 31 100200000 20 0");
	say("demo: row about gpa %" PRIx64, last * FRAME_SIZE);
	shared = ultracall(UV_SHARE_PAGE, last, 2, false);
	host_checkpoint("shared");
	unshared = ultracall(UV_UNSHARE_PAGE, last, 2, false);
	host_checkpoint("row-over");
	host_ask("slot 31 100200000 0 0");
	host_ask("slot 30 100000000 0 0");
	check(!shared && !unshared, "the frames were not shared and unshared: %" PRId64 ", %" PRId64, shared, unshared);
}

static const struct task tasks[] = {
	{ "slot-create", slot_create, IN_SVM },
	{ "slot-log", slot_log, IN_SVM },
	{ "slot-move", slot_move, IN_SVM },
	{ "slot-share", slot_share, IN_SVM },
	{ "slots-share", slots_share, IN_SVM },
	{ "svm-off-busy", svm_off_busy, IN_SVM },
	{ "registers", registers, IN_SVM },
	{ "mergeable", mergeable, IN_SVM },
	{ "mergeable-normal", mergeable, IN_NORMAL_GUEST },
};

bool run_slot_task(const char *name)
{
	return RUN_TASK_OF(tasks, name);
}
