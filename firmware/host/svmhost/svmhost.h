/* SPDX-License-Identifier: MIT */
#ifndef SVMHOST_H
#define SVMHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

#define REASON_SIZE 256

struct options {
	bool secure;		/* svm=on and confidential-guest-support */
	bool peer;		/* a machine whose firmware advertises no security features */
	unsigned memory;	/* guest's, MiB */
	unsigned cpus;		/* guest's */
	unsigned timeout;	/* seconds without a line from the guest before it counts as hung */
	const char *append;	/* more words for the guest's command line */
	const char *qemu;	/* more arguments for QEMU, separated by blanks */
	const char *initrd;	/* the guest's root */
	bool no_bounce;		/* a secure guest without swiotlb=force */
};

extern struct options options;

/* qemu.c: one QEMU at a time, its console and its monitor. */

enum line_result { LINE, LINE_END, LINE_TIMEOUT };

/* pef: offer secure execution to the guest. */
void qemu_start(bool pef);
/* This process becomes QEMU, with the guest's console on its terminal. Does not return. */
void qemu_become(bool pef) __attribute__((noreturn));
bool qemu_running(void);
pid_t qemu_pid(void);
/* The next line of the guest's console; LINE_END when QEMU has closed it. */
enum line_result qemu_line(char line[LINE_MAX_SIZE]);
void qemu_reply(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One monitor command; the whole answer, or NULL when QEMU is gone. */
const char *qemu_monitor(const char *command);
/* Waits for the end (after kill -9 if asked) and gives the status as a shell would. */
int qemu_end(bool kill_it);

/* memory.c: the guest's memory as a process of the hypervisor sees it. All return false with a reason. */

bool memory_find(char reason[REASON_SIZE]);
bool memory_read(uint64_t gpa, void *bytes, size_t size, char reason[REASON_SIZE]);
bool memory_write(uint64_t gpa, const void *bytes, size_t size, char reason[REASON_SIZE]);
/* Swaps the frame out; false if it stays in memory. */
bool memory_page_out(uint64_t gpa, char reason[REASON_SIZE]);
/* The frame's entry in /proc/PID/pagemap. */
bool memory_pagemap(uint64_t gpa, uint64_t *entry, char reason[REASON_SIZE]);

/* Where in QEMU a frame is. */
bool memory_address(uint64_t gpa, uint64_t *address, char reason[REASON_SIZE]);

/* inject.c: makes QEMU's main thread do a system call; its result or -errno. False if that is not possible. */

bool inject_call(long number, const uint64_t arguments[6], int64_t *result, char reason[REASON_SIZE]);
/* New memory of QEMU; a frame of it for arguments, which stays; and what is in it. */
bool inject_map(size_t size, uint64_t *address, char reason[REASON_SIZE]);
bool inject_scratch(uint64_t *address, char reason[REASON_SIZE]);
bool inject_write(uint64_t at, const void *bytes, size_t size, char reason[REASON_SIZE]);
bool inject_read(uint64_t at, void *bytes, size_t size, char reason[REASON_SIZE]);

/* pin.c: the guest's first CPU gets the hypervisor's second one for itself; all else in svmhost and QEMU has the first. */

bool pin_threads(char reason[REASON_SIZE]);

/* vmm.c: what the guest may ask QEMU to do to itself, as a VMM that misbehaves would. True if the line was one of these. */

bool serve_vmm_request(const char *request);

/* vm.c: what QEMU may be made to ask of KVM about its VM. The answers go to the console. */

bool vm_slot(unsigned id, uint64_t gpa, uint64_t frames, unsigned flags, char reason[REASON_SIZE]);
bool vm_dirty_log(unsigned id, char reason[REASON_SIZE]);
bool vm_svm_off(char reason[REASON_SIZE]);
bool vm_registers(char reason[REASON_SIZE]);
bool vm_mergeable(uint64_t gpa, char reason[REASON_SIZE]);

/* look.c: looks at a frame that may fail. */

bool look_now(uint64_t gpa, bool twice);

/* fork.c: a child of QEMU's looks at a frame, then QEMU: whether the child could, and whether both see the same. */

bool look_forked(uint64_t gpa, bool *seen, bool *same, char reason[REASON_SIZE]);

/* paused.c: what is done to a QEMU that was started with -S, before its guest runs. */

bool paused_swap(char reason[REASON_SIZE]);
bool paused_slot(char reason[REASON_SIZE]);

/* requests.c: what the guest may ask for about its memory. True if the line was one of these. */

bool serve_memory_request(const char *request);

/* actions.c: what the guest may ask for of the hypervisor. True if the line was one of these. */

bool serve_action_request(const char *request);

/* rows.c: matrix rows and the demonstration. */

bool run_rows(char **names, int count);

/* kvm.c: rows that only need the KVM device. */

bool kvm_secure_capability(bool expected, char reason[REASON_SIZE]);
bool kvm_absent(char reason[REASON_SIZE]);

#endif
