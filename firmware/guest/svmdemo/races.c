// SPDX-License-Identifier: MIT
/*
 * Tasks of two CPUs at the same frame. Who is where when is the machine's to arrange, by gates; here each side only
 * does its part: the second CPU begins when the first one has had time to come as far as it does.
 */
#include "svmdemo.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Linux: arch/powerpc/include/asm/ultravisor-api.h */
#define UV_UNSHARE_PAGE 0xF134

/* What the first CPU has before the hypervisor does its part, and that before the second CPU does. */
#define HEAD_START_US 20000

/* Shared by the two: the second one is on its CPU; the first one has begun. */
static volatile struct {
	int ready;
	int begun;
} *flags;

static void on_cpu(int number)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(number, &one);
	check(!sched_setaffinity(0, sizeof(one), &one), "there is no CPU %d", number);
}

/* The other CPU: waits for the first one to begin, and has its turn. */
static pid_t second(void (*turn)(const struct frames *frames), const struct frames *frames)
{
	pid_t pid;

	flags = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(flags != MAP_FAILED, "no shared memory");
	pid = fork();
	check(pid >= 0, "no second process");
	if (pid) {
		on_cpu(0);
		while (!flags->ready)
			usleep(HEAD_START_US / 20);
		return pid;
	}
	on_cpu(1);
	flags->ready = 1;
	while (!flags->begun)
		usleep(HEAD_START_US / 20);
	usleep(2 * HEAD_START_US);
	turn(frames);
	_exit(0);
}

static void wait_for(pid_t pid)
{
	int status;

	check(waitpid(pid, &status, 0) == pid && status == 0, "the second CPU's part failed");
}

/*
 * An unshare of a frame whose share is under way is refused. It is where the machine makes the ultravisor ask for the
 * frame: H_SVM_PAGE_IN, from another CPU than the one that shares.
 */
static void page_in(const struct frames *frames)
{
	int64_t result = ultracall(UV_UNSHARE_PAGE, frames->gpa / FRAME_SIZE, 1, false);

	say("demo: unshare by the other CPU meanwhile: %" PRId64, result);
}

static void share_against(void (*turn)(const struct frames *frames), bool dropped)
{
	struct frames frames = frames_alloc(1);
	struct scan scan;
	pid_t other;

	frames_fill_secret(&frames, 5);
	/* Once, so that the host knows where the guest's memory is. */
	scan = host_scan(frames.gpa);
	check(scan.pieces == 0, "the host sees the secret");
	check(frames_hold_secret(&frames, 5), "the guest lost its data");
	say("demo: race for gpa %" PRIx64, frames.gpa);
	host_ask("pin");
	host_checkpoint("race-begins");
	if (dropped)
		host_ask("drop %" PRIx64 " 1 after %u", frames.gpa, HEAD_START_US);
	other = second(turn, &frames);
	flags->begun = 1;
	frames_share(&frames);
	wait_for(other);
	check(frames_zero(&frames), "the guest sees old bytes in the shared frame");
	scan = host_scan(frames.gpa);
	check(scan.zero, "the host sees old bytes in the shared frame");
	host_ask("drain");
	host_checkpoint("race-over");
	frames_unshare(&frames);
	check(frames_zero(&frames), "the unshared frame is not zero");
}

/* Row S9: QEMU drops the page between gfn_to_pfn and uvmem_lock, and the frame becomes secure again as a hole. */
static void race_dropped(void)
{
	share_against(page_in, true);
}

/* As S9, but the page stays: the reference that gfn_to_pfn has taken keeps it from becoming secure. */
static void race_pinned(void)
{
	share_against(page_in, false);
}

static void really_unshare(const struct frames *frames)
{
	int64_t result = ultracall(UV_UNSHARE_PAGE, frames->gpa / FRAME_SIZE, 1, false);

	check(result == 0, "unshare by the other CPU returned %" PRId64, result);
}

/* Row U6: the first CPU touches a shared frame that is in swap; before the hypervisor gives its page, the second one unshares the frame. */
static void race_touch(void)
{
	struct frames frames = shared_frame();
	pid_t other;

	say("demo: race for gpa %" PRIx64, frames.gpa);
	host_ask("pageout %" PRIx64, frames.gpa);
	host_ask("pin");
	host_checkpoint("race-begins");
	host_ask("drop %" PRIx64 " 1 after %u", frames.gpa, HEAD_START_US);
	other = second(really_unshare, &frames);
	flags->begun = 1;
	(void)frames.bytes[0];
	wait_for(other);
	check(frames_zero(&frames), "the unshared frame is not zero");
	host_checkpoint("race-over");
}

static void share_other(const struct frames *frames)
{
	struct frames mine = { .gpa = frames->gpa + FRAME_SIZE, .count = 1 };

	frames_share(&mine);
}

/* Row S17: both CPUs share, each its own frame. */
static void race_two(void)
{
	struct frames both = frames_alloc(2), mine;
	pid_t other;

	frames_fill_secret(&both, 6);
	mine = both;
	mine.count = 1;
	say("demo: second share is of gpa %" PRIx64, both.gpa + FRAME_SIZE);
	say("demo: race for gpa %" PRIx64, both.gpa);
	host_ask("pin");
	host_checkpoint("race-begins");
	other = second(share_other, &both);
	flags->begun = 1;
	frames_share(&mine);
	wait_for(other);
	check(frames_zero(&both), "the shared frames are not zero");
	host_ask("drain");
	host_checkpoint("race-over");
	frames_unshare(&both);
}

static const struct task tasks[] = {
	{ "race-dropped", race_dropped, IN_SVM },
	{ "race-pinned", race_pinned, IN_SVM },
	{ "race-touch", race_touch, IN_SVM },
	{ "race-two", race_two, IN_SVM },
};

bool run_race_task(const char *name)
{
	return RUN_TASK_OF(tasks, name);
}
