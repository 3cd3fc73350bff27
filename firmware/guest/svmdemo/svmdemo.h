/* SPDX-License-Identifier: MIT */
#ifndef SVMDEMO_H
#define SVMDEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pattern.h"

/* host.c: requests to the program on the other side of the console. */

void host_open(void);
/* Sends the request and gives back the text after @ok; anything else ends the task as failed. */
const char *host_ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
void host_checkpoint(const char *name);
struct scan host_scan(uint64_t gpa);
void host_read(uint64_t gpa, void *bytes, size_t size);
void host_write(uint64_t gpa, const void *bytes, size_t size);
/* Tells the host that the task has failed, and powers off. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define check(condition, ...) \
	do { \
		if (!(condition)) \
			fail(__VA_ARGS__); \
	} while (0)

/* frames.c: whole frames of guest memory, and ultracalls about them. */

struct frames {
	uint64_t gpa;
	uint64_t count;
	volatile uint8_t *bytes;
};

extern bool secure;

void frames_open(void);
struct frames frames_alloc(uint64_t count);
void frames_share(const struct frames *frames);
void frames_unshare(const struct frames *frames);
bool frames_zero(const struct frames *frames);
/* With one byte over and over. */
void frames_fill(const struct frames *frames, uint8_t byte);
bool frames_filled(const struct frames *frames, uint8_t byte);
/* Fills with records of marker, record number and salt; the second one checks every byte of them. */
void frames_fill_secret(const struct frames *frames, uint64_t salt);
bool frames_hold_secret(const struct frames *frames, uint64_t salt);
/* R3 of the ultracall; force issues it even outside a secure guest. */
int64_t ultracall(uint64_t number, uint64_t arg0, uint64_t arg1, bool force);

/* R3 of the hypercall. */
int64_t hypercall(uint64_t number, uint64_t arg0, uint64_t arg1, uint64_t arg2);

/* tasks.c: frames in the states that tasks begin with. */

struct frames secret_frame(uint64_t salt);
/* Held a secret, then what both sides wrote in turns. */
struct frames shared_frame(void);

/* main.c: tasks by name. */

enum where { ANYWHERE, IN_SVM, IN_NORMAL_GUEST };

struct task {
	const char *name;
	void (*run)(void);
	enum where where;
};

/* False if it is none of these. */
bool run_task_of(const struct task *tasks, size_t count, const char *name);
#define RUN_TASK_OF(tasks, name) run_task_of(tasks, sizeof(tasks) / sizeof((tasks)[0]), name)

/* tasks.c: what the host may ask for. */

bool run_basic_task(const char *name);

/* rows.c: more tasks of matrix rows. */

bool run_row_task(const char *name);

/* slots.c: tasks about slots and the VM. */

bool run_slot_task(const char *name);

/* races.c: tasks of two CPUs. */

bool run_race_task(const char *name);

/* memory.c: tasks about what the hypervisor does to its own memory. */

bool run_memory_task(const char *name);

#endif
