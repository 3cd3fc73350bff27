// SPDX-License-Identifier: MIT
/*
 * calls NAME TIMES: makes a call of the guest's kernel to what is above it, that many times, between the lines "bench NAME begin TIMES" and
 * "bench NAME end SUM"; SUM is how many of them succeeded.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "uvdemo.h"

/* Linux: arch/powerpc/include/asm/hvcall.h, ultravisor-api.h */
#define H_PROD 0xE4
#define UV_SHARE_PAGE 0xF130
#define UV_UNSHARE_PAGE 0xF134

#define FRAME_SIZE 65536

static int device;

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t repeat(uint64_t number, uint64_t arg0, uint64_t arg1, int hypercall, uint64_t times)
{
	struct uvdemo_repeat request = { .call = { .number = number, .args = { arg0, arg1 } }, .times = times, .hypercall = hypercall };

	if (ioctl(device, UVDEMO_REPEAT, &request))
		die("UVDEMO_REPEAT");
	return request.succeeded;
}

static uint64_t frame(void)
{
	struct uvdemo_alloc request = { .frames = 1 };

	if (ioctl(device, UVDEMO_ALLOC, &request))
		die("UVDEMO_ALLOC");
	return request.gpa / FRAME_SIZE;
}

/* A processor that runs is told to run: the hypervisor sets a flag and comes back. */
static uint64_t hypercalls(uint64_t times)
{
	return repeat(H_PROD, 0, 0, 1, times);
}

/* A page that is secure becomes secure: the ultravisor looks it up and comes back. */
static uint64_t ultracalls(uint64_t times)
{
	return repeat(UV_UNSHARE_PAGE, frame(), 1, 0, times);
}

/* A page is shared and taken back: the hypervisor is asked for one each time, and both wipe it. */
static uint64_t shares(uint64_t times)
{
	uint64_t gfn = frame(), sum = 0;

	for (uint64_t i = 0; i < times; i++)
		sum += repeat(UV_SHARE_PAGE, gfn, 1, 0, 1) & repeat(UV_UNSHARE_PAGE, gfn, 1, 0, 1);
	return sum;
}

static const struct {
	const char *name;
	uint64_t (*run)(uint64_t times);
} calls[] = {
	{ "hypercalls", hypercalls },
	{ "ultracalls", ultracalls },
	{ "shares", shares },
};

int main(int argc, char **argv)
{
	uint64_t times = argc == 3 ? strtoull(argv[2], NULL, 10) : 0, sum;

	device = open(UVDEMO_PATH, O_RDWR);
	if (device < 0)
		die(UVDEMO_PATH);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (!times || strcmp(argv[1], calls[i].name))
			continue;
		printf("bench %s begin %" PRIu64 "\n", argv[1], times);
		fflush(stdout);
		sum = calls[i].run(times);
		printf("bench %s end %016" PRIx64 "\n", argv[1], sum);
		return 0;
	}
	fprintf(stderr, "calls hypercalls | ultracalls | shares TIMES\n");
	return 2;
}
