/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What /dev/uvdemo offers to a program in the guest: frames and ultracalls. */
#ifndef UVDEMO_H
#define UVDEMO_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define UVDEMO_PATH "/dev/uvdemo"

/* A run of contiguous guest frames (64 KiB each), zeroed, owned by the open file. */
struct uvdemo_alloc {
	__u64 frames;	/* in: how many; a power of two, at most 256 */
	__u64 gpa;	/* out: guest real address; also the mmap offset */
};

/* An ultracall: number in R3, arguments from R4 on. */
struct uvdemo_ucall {
	__u64 number;
	__u64 args[6];
	__u64 flags;	/* UVDEMO_FORCE or 0 */
	__s64 ret;	/* out: R3 */
};

/* The same call many times. */
struct uvdemo_repeat {
	struct uvdemo_ucall call;
	__u64 times;
	__u64 hypercall;	/* 1: sc 1, 0: sc 2 */
	__u64 succeeded;	/* out: how often R3 was 0 */
};

/* Issue sc 2 even if MSR[S] is 0; otherwise the call fails with ENODEV. */
#define UVDEMO_FORCE 1

#define UVDEMO_ALLOC	_IOWR('u', 1, struct uvdemo_alloc)
#define UVDEMO_UCALL	_IOWR('u', 2, struct uvdemo_ucall)
/* A hypercall, likewise. */
#define UVDEMO_HCALL	_IOWR('u', 4, struct uvdemo_ucall)
#define UVDEMO_REPEAT	_IOWR('u', 5, struct uvdemo_repeat)
/* 1 if MSR[S] is set: the kernel runs under the ultravisor. */
#define UVDEMO_SECURE	_IOR('u', 3, __u64)

#endif
