// SPDX-License-Identifier: MIT
/*
 * The demonstration and the matrix rows that need something done in the guest.
 * Every step checks both sides: the guest what it sees, the host what it sees.
 */
#include "svmdemo.h"

#include <inttypes.h>
#include <stdio.h>

#define U_P2 (-55)
#define H_FUNCTION (-2)

/* Both go through shared frames, so they are no secret. */
static const char message[32] = "hello hypervisor, this is public";
static const char answer[32] = "hello guest, the host wrote this";

static void put(const struct frames *frames, const char *text)
{
	for (size_t i = 0; i < sizeof(message); i++)
		frames->bytes[i] = text[i];
}

static bool holds(const struct frames *frames, const char *text)
{
	for (size_t i = 0; i < sizeof(message); i++)
		if (frames->bytes[i] != (uint8_t)text[i])
			return false;
	return true;
}

/* Rows F1 and P19: a host's look pages a secure frame out, the guest's next touch pages it in. */
static void host_sees_ciphertext(const struct frames *frames, uint64_t salt)
{
	struct scan first, second;

	first = host_scan(frames->gpa);
	check(first.pieces == 0, "the host sees the secret in %lu places at gpa %" PRIx64, first.pieces, frames->gpa);
	check(!first.zero, "the host sees zeros instead of ciphertext at gpa %" PRIx64, frames->gpa);
	second = host_scan(frames->gpa);
	check(second.hash == first.hash, "the ciphertext at gpa %" PRIx64 " changed by being read", frames->gpa);
	host_checkpoint("paged-out");
	check(frames_hold_secret(frames, salt), "the guest lost its data at gpa %" PRIx64, frames->gpa);
	host_checkpoint("paged-in");
	say("demo: the host reads %lu bytes of ciphertext at gpa %" PRIx64 ", no piece of the secret; the guest still reads its data",
	    FRAME_SIZE, frames->gpa);
}

struct frames secret_frame(uint64_t salt)
{
	struct frames frames = frames_alloc(1);

	frames_fill_secret(&frames, salt);
	host_checkpoint("secret-written");
	return frames;
}

/* Row S1: the frame held a secret; shared, both sides see zeros, then each other's writes. */
struct frames shared_frame(void)
{
	struct frames frames = secret_frame(1);
	char seen[sizeof(message)];
	struct scan scan;

	frames_share(&frames);
	scan = host_scan(frames.gpa);
	check(scan.zero, "the host sees old bytes in the shared frame (%lu pieces of the secret)", scan.pieces);
	check(frames_zero(&frames), "the guest sees old bytes in the shared frame");
	put(&frames, message);
	host_read(frames.gpa, seen, sizeof(seen));
	check(!memcmp(seen, message, sizeof(seen)), "the host does not see what the guest wrote");
	host_write(frames.gpa, answer, sizeof(answer));
	check(holds(&frames, answer), "the guest does not see what the host wrote");
	host_checkpoint("shared");
	say("demo: shared gpa %" PRIx64 ": zeroed, the host read the guest's message, the guest read the host's answer", frames.gpa);
	return frames;
}

static void page_out_by_host(const struct frames *frames)
{
	unsigned swapped = 0;
	const char *reply = host_ask("pageout %" PRIx64, frames->gpa);

	check(sscanf(reply, "swapped=%u", &swapped) == 1 && swapped == 1, "the host could not swap out gpa %" PRIx64, frames->gpa);
}

/* Rows U1 and U2: the host swaps a shared frame out; the guest's touch brings it back unchanged. */
static void shared_survives_swap(const struct frames *frames)
{
	put(frames, message);
	page_out_by_host(frames);
	check(holds(frames, message), "the shared frame lost its data when the host swapped it out");
	put(frames, answer);
	check(holds(frames, answer), "the guest cannot write the shared frame after it was swapped out");
	host_checkpoint("swapped");
	say("demo: the host swapped shared gpa %" PRIx64 " out, the guest's touch brought it back unchanged", frames->gpa);
}

/* Row P20: back to secure and zero; the host sees nothing of what comes after. */
static void unshare(const struct frames *frames)
{
	struct scan scan;

	frames_unshare(frames);
	check(frames_zero(frames), "the unshared frame is not zero");
	frames_fill_secret(frames, 2);
	host_checkpoint("unshared");
	scan = host_scan(frames->gpa);
	check(scan.pieces == 0, "the host sees new guest data in %lu places after unshare", scan.pieces);
	check(frames_hold_secret(frames, 2), "the guest lost its data after unshare");
	say("demo: unshared gpa %" PRIx64 ": zeroed, the host does not see the guest's new data", frames->gpa);
}

/* Row S14: many frames in one call. The host checks each stamp and answers with its complement. */
static void share_many(uint64_t count)
{
	struct frames frames = frames_alloc(count);
	const uint64_t stamp = 0x1122334400000000ull;

	frames_fill_secret(&frames, 3);
	frames_share(&frames);
	check(frames_zero(&frames), "shared frames are not zero");
	for (uint64_t i = 0; i < count; i++)
		*(volatile uint64_t *)(frames.bytes + i * FRAME_SIZE) = stamp + i;
	host_ask("stamps %" PRIx64 " %" PRIx64 " %" PRIx64, frames.gpa, count, stamp);
	for (uint64_t i = 0; i < count; i++)
		check(*(volatile uint64_t *)(frames.bytes + i * FRAME_SIZE) == ~(stamp + i),
		      "frame %" PRIu64 " of %" PRIu64 " lacks the host's answer", i, count);
	host_checkpoint("shared-many");
	frames_unshare(&frames);
	check(frames_zero(&frames), "unshared frames are not zero");
	say("demo: shared and unshared %" PRIu64 " frames in one call each", count);
}

static void secure_demo(void)
{
	struct frames secret = secret_frame(0), shared;

	host_sees_ciphertext(&secret, 0);
	shared = shared_frame();
	shared_survives_swap(&shared);
	unshare(&shared);
	share_many(16);
	check(frames_hold_secret(&secret, 0), "the first secret is gone");
}

/* The contrast: in a normal guest the host sees and changes everything. */
static void normal_demo(void)
{
	struct frames frames = secret_frame(0);
	struct scan scan = host_scan(frames.gpa);
	char seen[sizeof(message)];

	check(scan.pieces > 0, "the host does not see a normal guest's memory");
	say("demo: not secure: the host sees the secret in %lu places", scan.pieces);
	put(&frames, message);
	host_read(frames.gpa, seen, sizeof(seen));
	check(!memcmp(seen, message, sizeof(seen)), "the host does not see what the guest wrote");
	host_write(frames.gpa, answer, sizeof(answer));
	check(holds(&frames, answer), "the guest does not see what the host wrote");
	page_out_by_host(&frames);
	check(holds(&frames, answer), "the frame lost its data when the host swapped it out");
	say("demo: not secure: host and guest read each other's writes at gpa %" PRIx64, frames.gpa);
}

static void demo(void)
{
	if (secure)
		secure_demo();
	else
		normal_demo();
}

/* sc 2 with no ultravisor goes to the hypervisor, which does not know the number. */
static void no_ultravisor(void)
{
	int64_t result;

	check(!secure, "the guest is secure");
	result = ultracall(0xF130, 1, 1, true);
	check(result == H_FUNCTION, "sc 2 returned %" PRId64 " instead of H_FUNCTION", result);
	say("demo: no ultravisor: sc 2 reached the hypervisor, H_FUNCTION");
}

static void row_ciphertext(void)
{
	struct frames frames = secret_frame(0);

	host_sees_ciphertext(&frames, 0);
}

static void row_share(void)
{
	shared_frame();
}

static void row_swap(void)
{
	struct frames frames = shared_frame();

	shared_survives_swap(&frames);
}

static void row_unshare(void)
{
	struct frames frames = shared_frame();

	unshare(&frames);
}

static void row_share_many(void)
{
	share_many(256);
}

/* UV_SHARE_PAGE past the end of memory: refused, nothing changed. */
static void row_share_outside(void)
{
	int64_t result = ultracall(0xF130, 1ul << 30, 1, false);

	check(result == U_P2 || result == 0xF130, "sharing a frame outside memory returned %" PRId64, result);
}

/* Frames in every state that the end of the guest can meet: secure, paged out, shared. */
static void frames_in_all_states(void)
{
	struct frames secret = secret_frame(0), paged_out = secret_frame(1);

	if (secure)
		shared_frame();
	host_scan(paged_out.gpa);
	check(frames_hold_secret(&secret, 0), "the first secret is gone");
}

/* Rows D1 and T3; T1 in a normal guest. The fresh boot is given "boot". */
static void row_reset(void)
{
	frames_in_all_states();
	host_ask("reset");
	fail("still running after the reset");
}

/* Row T5. */
static void row_kill(void)
{
	frames_in_all_states();
	host_ask("kill");
	fail("still running after the kill");
}

/* The boot itself was the stimulus; what is left is to see that the guest works. */
static void row_boot(void)
{
	struct frames frames = secret_frame(0);

	check(frames_hold_secret(&frames, 0), "the guest's memory does not hold what it wrote");
}

/* A guest that has come up; without the kernel's module it can do no more. */
static void up(void)
{
}

static const struct task tasks[] = {
	{ "demo", demo, ANYWHERE },
	{ "no-ultravisor", no_ultravisor, ANYWHERE },
	{ "up", up, ANYWHERE },
	{ "boot", row_boot, ANYWHERE },
	{ "ciphertext", row_ciphertext, IN_SVM },
	{ "share", row_share, IN_SVM },
	{ "swap", row_swap, IN_SVM },
	{ "unshare", row_unshare, IN_SVM },
	{ "share-many", row_share_many, IN_SVM },
	{ "share-outside", row_share_outside, IN_SVM },
	{ "reset", row_reset, ANYWHERE },
	{ "kill", row_kill, ANYWHERE },
};

bool run_basic_task(const char *name)
{
	return RUN_TASK_OF(tasks, name);
}
