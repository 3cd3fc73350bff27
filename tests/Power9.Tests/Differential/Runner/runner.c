/* Reads cases from standard input, runs each, writes it back with the state after it. Runs under qemu-ppc64le and, built big-endian, under qemu-ppc64; no C library. */
#include "layout.h"

typedef unsigned long u64;
typedef unsigned int u32;

long system_call(long number, long a, long b, long c, long d, long e, long f);
void enter_block(void);
extern u32 leave_block[];

enum { sys_read = 3, sys_write = 4, sys_mmap = 90, sys_rt_sigaction = 173, sys_sigaltstack = 185, sys_exit_group = 234 };

struct action { void (*handler)(int, void *, void *); u64 flags; void (*restorer)(void); u64 mask; };
struct alternate { void *stack; int flags; u64 size; };

static unsigned char signal_stack[65536] __attribute__((aligned(16)));

/* struct ucontext of arch/powerpc/include/uapi/asm: gp_regs start at 232, NIP is gp_regs[32]. */
#define UCONTEXT_NIP (232 + 32 * 8)

static void on_signal(int number, void *info, void *context)
{
    u64 *nip = (u64 *)((char *)context + UCONTEXT_NIP);
    *(volatile u64 *)(CASE + SIGNAL) = number;
    *(volatile u64 *)(CASE + NIP) = *nip;
    *nip = (u64)leave_block;
}

static int transfer(int number, int fd, char *buffer, long size)
{
    long done = 0;
    while (done < size) {
        long got = system_call(number, fd, (long)(buffer + done), size - done, 0, 0, 0);
        if (got <= 0)
            return 0;
        done += got;
    }
    return 1;
}

static void copy(volatile u64 *to, volatile u64 *from, long bytes)
{
    for (long k = 0; k < bytes / 8; k++)
        to[k] = from[k];
}

int run_cases(void)
{
    static const int signals[] = { 4, 5, 7, 8, 11 };
    struct alternate alternate = { signal_stack, 0, sizeof signal_stack };
    struct action action = { on_signal, 0x08000000 | 0x40000000 | 4, 0, 0 }; /* ONSTACK, NODEFER, SIGINFO */
    volatile u32 *code = (volatile u32 *)CODE;

    /* Fixed, private, anonymous. */
    if (system_call(sys_mmap, CODE, 0x10000, 7, 0x32, -1, 0) != CODE ||
        system_call(sys_mmap, CASE, 0x20000, 3, 0x32, -1, 0) != CASE)
        return 2;
    system_call(sys_sigaltstack, (long)&alternate, 0, 0, 0, 0, 0);
    for (u32 k = 0; k < sizeof signals / sizeof *signals; k++)
        system_call(sys_rt_sigaction, signals[k], (long)&action, 0, 8, 0, 0);

    while (transfer(sys_read, 0, (char *)CASE, CASE_SIZE)) {
        u32 words = *(volatile u64 *)(CASE + WORDS);
        copy((volatile u64 *)WINDOW, (volatile u64 *)(CASE + MEMORY), WINDOW_SIZE);
        for (u32 k = 0; k < words; k++)
            code[k] = ((volatile u32 *)(CASE + BLOCK))[k];
        code[words] = 0x48000000 | (((u64)leave_block - (u64)&code[words]) & 0x03FFFFFC);
        __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; isync" : : "r"(code) : "memory");
        enter_block();
        copy((volatile u64 *)(CASE + MEMORY), (volatile u64 *)WINDOW, WINDOW_SIZE);
        if (!transfer(sys_write, 1, (char *)CASE, CASE_SIZE))
            return 3;
    }
    return 0;
}
