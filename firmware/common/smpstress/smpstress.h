/* SPDX-License-Identifier: MIT */
/*
 * Threads of one process, one for each processor, that check what the ISA and Linux promise them of each other's work.
 */
#ifndef SMPSTRESS_H
#define SMPSTRESS_H

#include <stdbool.h>
#include <stdint.h>

#define LINE 128
#define MAX_THREADS 8

/* Threads of a test, number 0 to threads - 1. */
extern int threads;

/* What a test does is a multiple of this. */
extern long scale;

/* The same in all threads: calls body(0) to body(threads - 1) at the same time and waits for all. */
void together(void (*body)(int self));

/* Waits until all threads of together() are here. */
void meet(void);

/* Reports what is wrong, once and for all. */
void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...);

/* More about a test that went well. */
void __attribute__((format(printf, 1, 2))) remark(const char *format, ...);

static inline void lwsync(void) { __asm__ volatile("lwsync" ::: "memory"); }
static inline void hwsync(void) { __asm__ volatile("sync" ::: "memory"); }
static inline void isync(void) { __asm__ volatile("isync" ::: "memory"); }

void counters(void);
void neighbours(void);
void locks(void);
void message_passing(void);
void store_buffers(void);
void sequence_lock(void);
void protection(void);
void remapping(void);
void moving(void);
void paging(void);
void patching(void);
void time_goes_on(void);
void signals(void);
void futexes(void);

#endif
