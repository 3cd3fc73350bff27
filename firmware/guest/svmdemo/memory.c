// SPDX-License-Identifier: MIT
/*
 * What the hypervisor's memory management does to pages that are shared with it: it moves them, merges them, swaps
 * them. Shared frames must keep their content, and secure frames must not be touched.
 */
#include "svmdemo.h"

#include <inttypes.h>
#include <stdio.h>

#define FRAMES 64
/* A page's entry in the hypervisor's /proc/PID/pagemap. */
#define PFN_MASK ((1ull << 55) - 1)
#define SWAPPED (1ull << 62)

/* Frames that hold a secret, and frames that the hypervisor sees (in a normal guest: all). */
struct both {
	struct frames secret, seen;
};

static struct both alloc_both(void)
{
	struct both both = { frames_alloc(FRAMES), frames_alloc(FRAMES) };

	frames_fill_secret(&both.secret, 7);
	if (secure)
		frames_share(&both.seen);
	return both;
}

static struct frames part(const struct frames *frames, uint64_t first)
{
	return (struct frames){ frames->gpa + first * FRAME_SIZE, FRAMES / 2, frames->bytes + first * FRAME_SIZE };
}

static volatile uint64_t *words_of(const struct frames *frames, uint64_t frame)
{
	return (volatile uint64_t *)(frames->bytes + frame * FRAME_SIZE);
}

/* Each frame the same, but for salt * its number. */
static void stamp(const struct frames *frames, uint64_t salt)
{
	for (uint64_t frame = 0; frame < frames->count; frame++)
		for (uint64_t i = 0; i < FRAME_SIZE / 8; i++)
			words_of(frames, frame)[i] = i * 0x9e3779b97f4a7c15ull + salt * (frame + 1);
}

static void check_stamps(const struct frames *frames, uint64_t salt, const char *when)
{
	for (uint64_t frame = 0; frame < frames->count; frame++)
		for (uint64_t i = 0; i < FRAME_SIZE / 8; i++)
			check(words_of(frames, frame)[i] == i * 0x9e3779b97f4a7c15ull + salt * (frame + 1),
			      "frame %" PRIu64 " has changed: %s", frame, when);
}

static void check_both(const struct both *both, uint64_t salt, const char *when)
{
	check_stamps(&both->seen, salt, when);
	check(frames_hold_secret(&both->secret, 7), "the secret has changed: %s", when);
}

static unsigned long host_number(const char *request, const char *name)
{
	unsigned long number;
	const char *reply = host_ask("%s", request), *at = strstr(reply, name);

	check(at && sscanf(at + strlen(name), "=%lu", &number) == 1, "%s: no %s in '%s'", request, name, reply);
	return number;
}

static uint64_t host_entry(uint64_t gpa)
{
	uint64_t entry;
	const char *reply = host_ask("frame %" PRIx64, gpa);

	check(sscanf(reply, "entry=%" SCNx64, &entry) == 1, "bad reply to frame: %s", reply);
	return entry;
}

static uint64_t host_page(uint64_t gpa)
{
	return host_entry(gpa) & PFN_MASK;
}

static unsigned long swapped_frames(const struct frames *frames)
{
	unsigned long count = 0;

	for (uint64_t frame = 0; frame < frames->count; frame++)
		count += !!(host_entry(frames->gpa + frame * FRAME_SIZE) & SWAPPED);
	return count;
}

/* The hypervisor moves one page on purpose, then all it can to make free memory contiguous. */
static void moved(void)
{
	struct both both = alloc_both();
	uint64_t before, after;
	unsigned long pages;

	stamp(&both.seen, 1);
	before = host_page(both.seen.gpa);
	host_ask("run offline %" PRIx64, before);
	check_both(&both, 1, "a page of the hypervisor was taken out of use");
	after = host_page(both.seen.gpa);
	check(after && after != before, "the hypervisor's page %" PRIx64 " was not moved", before);
	say("memory: the hypervisor moved its page of gpa %" PRIx64 " from %" PRIx64 " to %" PRIx64, both.seen.gpa, before, after);
	pages = host_number("run compact", "moved");
	check_both(&both, 1, "compaction");
	say("memory: compaction moved %lu pages, all frames are right", pages);
}

/* Frames of equal content. The hypervisor merges those of a normal guest; uvmem takes an SVM's memory out of that. */
static void merged(void)
{
	struct both both = alloc_both();
	unsigned long pages;

	stamp(&both.seen, 0);
	pages = host_number("run merge", "merged");
	check_both(&both, 0, "merging");
	stamp(&both.seen, 1);
	check_both(&both, 1, "writes to what had been merged");
	check(secure ? pages == 0 : pages >= FRAMES / 2, "the hypervisor merged %lu pages of %d that are equal", pages, FRAMES);
	say("memory: the hypervisor merged %lu of %d equal frames, all frames are right", pages, FRAMES);
}

/* The hypervisor's memory is full. Of what was swapped the guest reads the first half and writes the second. */
static void pressed(void)
{
	struct both both = alloc_both();
	struct frames first = part(&both.seen, 0), second = part(&both.seen, FRAMES / 2);
	unsigned long pages, to_read, to_write;

	stamp(&first, 3);
	stamp(&second, 4);
	pages = host_number("run press", "swapped");
	to_read = swapped_frames(&first);
	to_write = swapped_frames(&second);
	say("memory: the hypervisor swapped %lu pages, %lu of them frames to read and %lu to write", pages, to_read, to_write);
	check(to_read && to_write, "no frame was swapped");
	check_stamps(&first, 3, "swapping");
	stamp(&second, 5);
	check_stamps(&second, 5, "writing to what had been swapped");
	check(frames_hold_secret(&both.secret, 7), "the secret has changed");
}

static const struct task tasks[] = {
	{ "moved", moved, ANYWHERE },
	{ "merged", merged, ANYWHERE },
	{ "pressed", pressed, ANYWHERE },
};

bool run_memory_task(const char *name)
{
	return RUN_TASK_OF(tasks, name);
}
