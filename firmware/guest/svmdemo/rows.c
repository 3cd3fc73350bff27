// SPDX-License-Identifier: MIT
/*
 * Tasks of matrix rows beside those of the demonstration. Most need the machine to make a call fail or the ultravisor
 * ask for something; here is what the guest does, and that it still has its data.
 */
#include "svmdemo.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Linux: arch/powerpc/include/asm/ultravisor-api.h, hvcall.h */
#define UV_ESM 0xF110
#define UV_SHARE_PAGE 0xF130
#define UV_UNSHARE_PAGE 0xF134
#define H_SVM_PAGE_IN 0xEF00
#define H_SVM_PAGE_OUT 0xEF04
#define H_SVM_INIT_START 0xEF08
#define H_SVM_INIT_DONE 0xEF0C
#define H_SVM_INIT_ABORT 0xEF14
#define H_REGISTER_VPA 0xDC
#define H_VPA_REG_DTL (2ul << 45)
#define H_VPA_DEREG_DTL (6ul << 45)

/* Linux: arch/powerpc/include/asm/lppaca.h, struct dtl_entry */
#define DISPATCH_LOG_ENTRY 48

#define FEW_FRAMES 16

static void name_frame(const struct frames *frames)
{
	say("demo: row about gpa %" PRIx64, frames->gpa);
}

static int64_t share(const struct frames *frames)
{
	return ultracall(UV_SHARE_PAGE, frames->gpa / FRAME_SIZE, frames->count, false);
}

static int64_t unshare(const struct frames *frames)
{
	return ultracall(UV_UNSHARE_PAGE, frames->gpa / FRAME_SIZE, frames->count, false);
}

/* Shares; whatever comes of it, the guest goes on with zeros or with its secret. */
static void share_any(void)
{
	struct frames frames = secret_frame(10);
	int64_t result;

	name_frame(&frames);
	result = share(&frames);
	check(result == 0 ? frames_zero(&frames) : frames_hold_secret(&frames, 10), "the guest's data is wrong");
	host_ask("drain");
	host_checkpoint("row-over");
	say("demo: share returned %" PRId64, result);
}

/* The host looks at a frame whose share was refused. */
static void share_refused_look(void)
{
	struct frames frames = secret_frame(11);
	const char *seen;

	name_frame(&frames);
	check(share(&frames) != 0, "the share was not refused");
	host_checkpoint("refused");
	seen = host_ask("peek %" PRIx64, frames.gpa);
	say("demo: the host's look: %s", seen);
	check(frames_hold_secret(&frames, 11), "the guest lost its data");
	host_checkpoint("row-over");
}

/* A shared frame is unshared; a refusal leaves it shared. */
static void unshare_any(void)
{
	struct frames frames = shared_frame();
	int64_t result;

	name_frame(&frames);
	result = unshare(&frames);
	if (!result)
		check(frames_zero(&frames), "the unshared frame is not zero");
	host_ask("drain");
	host_checkpoint("row-over");
	say("demo: unshare returned %" PRId64, result);
}

/* Unshare of a frame that is secure: nothing to do, but it is where the machine makes the ultravisor ask for something. */
static void unshare_secret(void)
{
	struct frames frames = secret_frame(12);

	name_frame(&frames);
	unshare(&frames);
	host_checkpoint("asked");
	check(frames_hold_secret(&frames, 12), "the guest lost its data");
	host_checkpoint("row-over");
}

static void share_paged_out(void)
{
	struct frames frames = secret_frame(13);
	struct scan scan = host_scan(frames.gpa);

	check(scan.pieces == 0, "the host sees the secret");
	name_frame(&frames);
	check(share(&frames) == 0 && frames_zero(&frames), "the paged-out frame was not shared");
	host_checkpoint("row-over");
}

/* All or none: if one frame is refused, all are secure again with their data. */
static void share_few_refused(void)
{
	struct frames frames = frames_alloc(FEW_FRAMES);

	frames_fill_secret(&frames, 14);
	name_frame(&frames);
	check(share(&frames) != 0, "the share was not refused");
	check(frames_hold_secret(&frames, 14), "the guest lost its data");
	host_checkpoint("row-over");
}

/* QEMU drops the page of a shared frame; with look, the host's next look puts the zero page there. */
static void drop_shared(bool look)
{
	struct frames frames = shared_frame();

	name_frame(&frames);
	host_ask("drop %" PRIx64 " 1", frames.gpa);
	if (look)
		host_scan(frames.gpa);
	check(unshare(&frames) == 0 && frames_zero(&frames), "the dropped frame was not unshared");
	host_checkpoint("row-over");
}

static void unshare_hole(void)
{
	drop_shared(false);
}

static void unshare_zero_page(void)
{
	drop_shared(true);
}

/* The ciphertext is gone: the guest's touch never ends, until the host ends the guest. */
static void drop_ciphertext(void)
{
	struct frames frames = secret_frame(15);

	host_scan(frames.gpa);
	name_frame(&frames);
	host_ask("drop %" PRIx64 " 1", frames.gpa);
	host_ask("kill after 20000");
	frames_hold_secret(&frames, 15);
	fail("a frame whose ciphertext is gone could be read");
}

/* The ciphertext is in swap: the touch is refused until the host has it in memory again. */
static void swap_ciphertext(void)
{
	struct frames frames = secret_frame(16);

	host_scan(frames.gpa);
	name_frame(&frames);
	host_ask("pageout %" PRIx64, frames.gpa);
	host_ask("touch %" PRIx64 " after 20000", frames.gpa);
	check(frames_hold_secret(&frames, 16), "the guest lost its data");
	host_checkpoint("row-over");
}

/* The host's look fails; its next one does not. */
static void look_refused(void)
{
	struct frames frames = secret_frame(17);
	const char *seen;

	name_frame(&frames);
	seen = host_ask("peek %" PRIx64, frames.gpa);
	check(!strcmp(seen, "read=0"), "the host could look");
	host_checkpoint("refused");
	seen = host_ask("peek %" PRIx64, frames.gpa);
	check(!strcmp(seen, "read=1"), "the host could not look again");
	check(frames_hold_secret(&frames, 17), "the guest lost its data");
	host_checkpoint("row-over");
}

/* As above, but the guest must not touch the frame any more. */
static void look_lost(void)
{
	struct frames frames = secret_frame(18);

	name_frame(&frames);
	say("demo: the host's look: %s", host_ask("peek %" PRIx64, frames.gpa));
	host_checkpoint("row-over");
	host_ask("kill");
	fail("still running after the kill");
}

/* Two looks at once, from two processors of the hypervisor. The guest must not touch the frame any more. */
static void look_twice(void)
{
	struct frames frames = secret_frame(19);

	name_frame(&frames);
	/* Else a CPU of the guest may move to the other processor, and wait for the one that is held. */
	host_ask("pin");
	say("demo: the host's looks: %s", host_ask("peek %" PRIx64 " twice", frames.gpa));
	host_checkpoint("row-over");
	host_ask("kill");
	fail("still running after the kill");
}

/* Row P8: somebody holds the page of a shared frame. */
static void unshare_held(void)
{
	struct frames frames = shared_frame();

	name_frame(&frames);
	host_ask("hold %" PRIx64, frames.gpa);
	check(unshare(&frames) != 0, "the unshare of a page that is held was not refused");
	host_checkpoint("refused");
	host_ask("let-go");
	check(unshare(&frames) == 0 && frames_zero(&frames), "the page was let go, and the unshare is refused still");
	host_checkpoint("row-over");
}

/* Row P8b: the page of a shared frame is pinned as long as the frame holds a buffer that the hypervisor writes to. */
static void unshare_registered(void)
{
	struct frames frames = shared_frame();
	uint32_t size = htobe32(16 * DISPATCH_LOG_ENTRY);

	memcpy((void *)(frames.bytes + sizeof(uint32_t)), &size, sizeof(size));
	name_frame(&frames);
	check(hypercall(H_REGISTER_VPA, H_VPA_REG_DTL, 0, frames.gpa) == 0, "H_REGISTER_VPA is refused");
	check(unshare(&frames) != 0, "the unshare of a page that is pinned was not refused");
	host_checkpoint("refused");
	check(hypercall(H_REGISTER_VPA, H_VPA_DEREG_DTL, 0, 0) == 0, "H_REGISTER_VPA is refused");
	check(unshare(&frames) == 0 && frames_zero(&frames), "the page is pinned no more, and the unshare is refused still");
	host_checkpoint("row-over");
}

/* Row F10: a child of QEMU's looks at the frame. */
static void look_forked(void)
{
	struct frames frames = secret_frame(23);

	name_frame(&frames);
	check(!strcmp(host_ask("fork %" PRIx64, frames.gpa), "read=1 same=1"), "parent and child do not see the same");
	host_checkpoint("paged-out");
	check(frames_hold_secret(&frames, 23), "the guest lost its data");
	host_checkpoint("row-over");
}

/* Row U10: the hypervisor merges its pages of two shared frames that are equal. */
static void share_merged(void)
{
	struct frames frames = frames_alloc(2);

	frames_share(&frames);
	frames_fill(&frames, 0x5a);
	name_frame(&frames);
	host_ask("drain");
	host_ask("merge %" PRIx64 " 2", frames.gpa);
	check(strstr(host_ask("run merge"), "merged=1"), "the hypervisor did not merge the two pages");
	host_checkpoint("merged");
	check(frames_filled(&frames, 0x5a), "the frames have changed");
	frames_fill(&frames, 0xa5);
	check(frames_filled(&frames, 0xa5), "the frames can't be written");
	host_checkpoint("row-over");
}

/* The guest's CPU has nothing to do, then the host talks to it. */
static void idle(void)
{
	for (int i = 0; i < 3; i++) {
		usleep(20000);
		host_ask("drain");
	}
	host_checkpoint("row-over");
}

/* Row T7. */
static void reset_again(void)
{
	secret_frame(24);
	host_ask("reset 3");
	fail("still running after the reset");
}

/* QEMU can't run the guest any more: the host sees that and ends it. */
static void swap_shared(void)
{
	struct frames frames = shared_frame();

	name_frame(&frames);
	host_ask("pageout %" PRIx64, frames.gpa);
	(void)frames.bytes[0];
	fail("the guest could go on");
}

/* Rows Z and IA1: calls that only an ultravisor may make, from a normal guest. */
static void forged_calls(void)
{
	say("demo: from a normal guest: H_SVM_PAGE_IN %" PRId64 " H_SVM_PAGE_OUT %" PRId64 " H_SVM_INIT_START %" PRId64 " H_SVM_INIT_DONE %" PRId64
	    " H_SVM_INIT_ABORT %" PRId64,
	    hypercall(H_SVM_PAGE_IN, 0, 0, 16), hypercall(H_SVM_PAGE_OUT, 0, 0, 16), hypercall(H_SVM_INIT_START, 0, 0, 0),
	    hypercall(H_SVM_INIT_DONE, 0, 0, 0), hypercall(H_SVM_INIT_ABORT, 0, 0, 0));
}

/* Row IA5: a guest asks for secure execution with a device tree that is none, twice. */
static void esm_twice(void)
{
	struct frames frames = frames_alloc(1);
	int64_t first = ultracall(UV_ESM, frames.gpa, frames.gpa, true), second = ultracall(UV_ESM, frames.gpa, frames.gpa, true);

	say("demo: UV_ESM without a device tree returned %" PRId64 " and %" PRId64, first, second);
	host_checkpoint("row-over");
}

/* The machine makes the ultravisor call the hypervisor before H_SVM_INIT_START: neither comes back to this guest, and QEMU is killed. */
static void esm_early(void)
{
	struct frames frames = frames_alloc(1);

	host_ask("kill after 20000");
	fail("UV_ESM returned %" PRId64, ultracall(UV_ESM, frames.gpa, frames.gpa, true));
}

/* The kernel's own log of dispatches is in pages that it shares. */
static void dispatch_log(void)
{
	FILE *file = fopen("/proc/powerpc/vcpudispatch_stats", "w");

	check(file && fputs("1", file) > 0 && !fclose(file), "the kernel has no log of dispatches");
	host_checkpoint("row-over");
}

/* The guest's memory in two mappings of QEMU, then a reset. */
static void reset_split(void)
{
	struct frames frames = secret_frame(21);

	host_ask("split %" PRIx64 " 100", frames.gpa & ~0xffffffful);
	host_ask("reset");
	fail("still running after the reset");
}

/* While QEMU changes its mappings all the time. */
static void share_busy(void)
{
	struct frames frames = frames_alloc(FEW_FRAMES);

	frames_fill_secret(&frames, 22);
	host_ask("busy 200");
	name_frame(&frames);
	check(share(&frames) == 0 && frames_zero(&frames), "the frames were not shared");
	host_checkpoint("row-over");
}

static const struct task tasks[] = {
	{ "unshare-registered", unshare_registered, IN_SVM },
	{ "look-forked", look_forked, IN_SVM },
	{ "share-merged", share_merged, IN_SVM },
	{ "idle", idle, IN_SVM },
	{ "reset-again", reset_again, IN_SVM },
	{ "share-any", share_any, IN_SVM },
	{ "share-refused-look", share_refused_look, IN_SVM },
	{ "unshare-any", unshare_any, IN_SVM },
	{ "unshare-secret", unshare_secret, IN_SVM },
	{ "share-paged-out", share_paged_out, IN_SVM },
	{ "share-few-refused", share_few_refused, IN_SVM },
	{ "unshare-hole", unshare_hole, IN_SVM },
	{ "unshare-zero-page", unshare_zero_page, IN_SVM },
	{ "drop-ciphertext", drop_ciphertext, IN_SVM },
	{ "swap-ciphertext", swap_ciphertext, IN_SVM },
	{ "look-refused", look_refused, IN_SVM },
	{ "look-lost", look_lost, IN_SVM },
	{ "look-twice", look_twice, IN_SVM },
	{ "unshare-held", unshare_held, IN_SVM },
	{ "swap-shared", swap_shared, IN_SVM },
	{ "forged-calls", forged_calls, IN_NORMAL_GUEST },
	{ "esm-twice", esm_twice, IN_NORMAL_GUEST },
	{ "esm-early", esm_early, IN_NORMAL_GUEST },
	{ "dispatch-log", dispatch_log, IN_SVM },
	{ "reset-split", reset_split, IN_SVM },
	{ "share-busy", share_busy, IN_SVM },
};

bool run_row_task(const char *name)
{
	return RUN_TASK_OF(tasks, name);
}
