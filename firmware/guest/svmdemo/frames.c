// SPDX-License-Identifier: MIT
#include "svmdemo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "uvdemo.h"

/* Linux: arch/powerpc/include/asm/ultravisor-api.h */
#define UV_SHARE_PAGE 0xF130
#define UV_UNSHARE_PAGE 0xF134

#define RECORD_SIZE 32

bool secure;

static int device;

void frames_open(void)
{
	uint64_t flag = 0;

	device = open(UVDEMO_PATH, O_RDWR);
	/* A kernel of another make does not take the module; such a guest is a normal one, with tasks that need no frames. */
	if (device < 0)
		return;
	check(!ioctl(device, UVDEMO_SECURE, &flag), "UVDEMO_SECURE failed");
	secure = flag;
}

struct frames frames_alloc(uint64_t count)
{
	struct uvdemo_alloc request = { .frames = count };
	struct frames frames = { .count = count };
	void *at;

	check(device >= 0, "cannot open " UVDEMO_PATH);
	check(!ioctl(device, UVDEMO_ALLOC, &request), "no %" PRIu64 " contiguous frames", count);
	at = mmap(NULL, count * FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, device, request.gpa);
	check(at != MAP_FAILED, "cannot map frames at %" PRIx64, (uint64_t)request.gpa);
	frames.gpa = request.gpa;
	frames.bytes = at;
	return frames;
}

int64_t ultracall(uint64_t number, uint64_t arg0, uint64_t arg1, bool force)
{
	struct uvdemo_ucall call = { .number = number, .args = { arg0, arg1 }, .flags = force ? UVDEMO_FORCE : 0 };

	if (ioctl(device, UVDEMO_UCALL, &call))
		fail("ultracall %" PRIx64 " not issued: %s", number,
		     errno == ENODEV ? "the guest is not secure" : "the module refuses");
	return call.ret;
}

int64_t hypercall(uint64_t number, uint64_t arg0, uint64_t arg1, uint64_t arg2)
{
	struct uvdemo_ucall call = { .number = number, .args = { arg0, arg1, arg2 } };

	check(!ioctl(device, UVDEMO_HCALL, &call), "hypercall %" PRIx64 " not issued", number);
	return call.ret;
}

/* The published ultravisor leaves the number in R3, whatever came of the call; the frames tell then. */
static void ultracall_on(const struct frames *frames, uint64_t number, const char *name)
{
	int64_t result = ultracall(number, frames->gpa / FRAME_SIZE, frames->count, false);

	check(result == 0 || (uint64_t)result == number, "%s of gpa %" PRIx64 " returned %" PRId64, name, frames->gpa,
	      result);
}

void frames_share(const struct frames *frames)
{
	ultracall_on(frames, UV_SHARE_PAGE, "UV_SHARE_PAGE");
}

void frames_unshare(const struct frames *frames)
{
	ultracall_on(frames, UV_UNSHARE_PAGE, "UV_UNSHARE_PAGE");
}

bool frames_filled(const struct frames *frames, uint8_t byte)
{
	const volatile uint64_t *words = (const volatile uint64_t *)frames->bytes;

	for (uint64_t i = 0; i < frames->count * FRAME_SIZE / 8; i++)
		if (words[i] != byte * 0x0101010101010101ull)
			return false;
	return true;
}

bool frames_zero(const struct frames *frames)
{
	return frames_filled(frames, 0);
}

void frames_fill(const struct frames *frames, uint8_t byte)
{
	volatile uint64_t *words = (volatile uint64_t *)frames->bytes;

	for (uint64_t i = 0; i < frames->count * FRAME_SIZE / 8; i++)
		words[i] = byte * 0x0101010101010101ull;
}

static void marker_words(uint64_t words[2])
{
	static const uint8_t masked[MARKER_SIZE] = MARKER_MASKED;
	uint64_t mask = marker_mask() * 0x0101010101010101ull;

	memcpy(words, masked, MARKER_SIZE);
	words[0] ^= mask;
	words[1] ^= mask;
}

void frames_fill_secret(const struct frames *frames, uint64_t salt)
{
	volatile uint64_t *words = (volatile uint64_t *)frames->bytes;
	uint64_t marker[2];

	marker_words(marker);
	for (uint64_t i = 0; i < frames->count * FRAME_SIZE / RECORD_SIZE; i++, words += RECORD_SIZE / 8) {
		words[0] = marker[0];
		words[1] = marker[1];
		words[2] = i;
		words[3] = salt;
	}
}

bool frames_hold_secret(const struct frames *frames, uint64_t salt)
{
	const volatile uint64_t *words = (const volatile uint64_t *)frames->bytes;
	uint64_t marker[2];

	marker_words(marker);
	for (uint64_t i = 0; i < frames->count * FRAME_SIZE / RECORD_SIZE; i++, words += RECORD_SIZE / 8)
		if (words[0] != marker[0] || words[1] != marker[1] || words[2] != i || words[3] != salt)
			return false;
	return true;
}
