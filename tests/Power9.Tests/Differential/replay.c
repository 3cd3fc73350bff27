/*
 * Runs single instructions from recorded register states: reads struct record after struct record from standard input,
 * executes each one's instruction on its registers and writes the record back. Instructions may use only GPRs and FPRs
 * 26..29 and VSRs 26..29 and 58..61, and no storage.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>

struct record {
    uint64_t word;          /* the instruction; on return 0, or the number of the signal it caused */
    uint64_t gpr[4];        /* 26..29 */
    uint64_t cr;
    uint64_t xer;
    uint64_t fpscr;
    uint64_t vscr;
    uint64_t vsr[8][2];     /* 26..29, 58..61; doubleword 0, doubleword 1 */
};

extern uint32_t instruction_slot[];
static sigjmp_buf recover;

static void illegal(int signal)
{
    siglongjmp(recover, signal);
}

/* An enabled floating-point exception: the instruction has had its effect, go on after it. */
static void enabled(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    (void)signal;
    (void)info;
    c->uc_mcontext.gp_regs[32] += 4;
}

static __attribute__((noinline, noclone)) void execute(struct record *r)
{
    uint64_t t;

    __asm__ volatile(
        "ld 26, 8(%1)\n\t"
        "ld 27, 16(%1)\n\t"
        "ld 28, 24(%1)\n\t"
        "ld 29, 32(%1)\n\t"
        "ld %0, 64(%1)\n\t"
        "mtvsrdd 32, 0, %0\n\t"
        "mtvscr 0\n\t"
        "li %0, 72\n\t"
        "lxvd2x 26, %1, %0\n\t"
        "li %0, 88\n\t"
        "lxvd2x 27, %1, %0\n\t"
        "li %0, 104\n\t"
        "lxvd2x 28, %1, %0\n\t"
        "li %0, 120\n\t"
        "lxvd2x 29, %1, %0\n\t"
        "li %0, 136\n\t"
        "lxvd2x 58, %1, %0\n\t"
        "li %0, 152\n\t"
        "lxvd2x 59, %1, %0\n\t"
        "li %0, 168\n\t"
        "lxvd2x 60, %1, %0\n\t"
        "li %0, 184\n\t"
        "lxvd2x 61, %1, %0\n\t"
        "ld %0, 48(%1)\n\t"
        "mtxer %0\n\t"
        "lfd 0, 56(%1)\n\t"
        "mtfsf 255, 0, 1, 0\n\t"
        "ld %0, 40(%1)\n\t"
        "mtcr %0\n\t"
        ".globl instruction_slot\n"
        "instruction_slot:\n\t"
        "nop\n\t"
        "mfcr %0\n\t"
        "std %0, 40(%1)\n\t"
        "mfxer %0\n\t"
        "std %0, 48(%1)\n\t"
        "mffs 0\n\t"
        "stfd 0, 56(%1)\n\t"
        "mfvscr 0\n\t"
        "mfvsrld %0, 32\n\t"
        "std %0, 64(%1)\n\t"
        "li %0, 72\n\t"
        "stxvd2x 26, %1, %0\n\t"
        "li %0, 88\n\t"
        "stxvd2x 27, %1, %0\n\t"
        "li %0, 104\n\t"
        "stxvd2x 28, %1, %0\n\t"
        "li %0, 120\n\t"
        "stxvd2x 29, %1, %0\n\t"
        "li %0, 136\n\t"
        "stxvd2x 58, %1, %0\n\t"
        "li %0, 152\n\t"
        "stxvd2x 59, %1, %0\n\t"
        "li %0, 168\n\t"
        "stxvd2x 60, %1, %0\n\t"
        "li %0, 184\n\t"
        "stxvd2x 61, %1, %0\n\t"
        "std 26, 8(%1)\n\t"
        "std 27, 16(%1)\n\t"
        "std 28, 24(%1)\n\t"
        "std 29, 32(%1)\n\t"
        : "=&b"(t)
        : "b"(r)
        : "r26", "r27", "r28", "r29", "fr0", "fr26", "fr27", "fr28", "fr29", "v0", "v26", "v27", "v28", "v29",
          "cr0", "cr1", "cr2", "cr3", "cr4", "cr5", "cr6", "cr7", "xer", "memory");
}

int main(void)
{
    static struct record r;
    struct sigaction on_illegal = { .sa_handler = illegal, .sa_flags = SA_NODEFER };
    struct sigaction on_enabled = { .sa_sigaction = enabled, .sa_flags = SA_SIGINFO };
    uintptr_t page = (uintptr_t)instruction_slot & ~0xFFFFUL;

    if (mprotect((void *)page, 0x20000, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
        perror("mprotect");
        return 1;
    }

    sigaction(SIGILL, &on_illegal, NULL);
    sigaction(SIGFPE, &on_enabled, NULL);
    while (fread(&r, sizeof(r), 1, stdin) == 1) {
        int signal = sigsetjmp(recover, 1);

        if (signal == 0) {
            instruction_slot[0] = (uint32_t)r.word;
            __builtin___clear_cache((char *)instruction_slot, (char *)(instruction_slot + 1));
            execute(&r);
        }

        r.word = (uint64_t)signal;
        if (fwrite(&r, sizeof(r), 1, stdout) != 1)
            return 1;
    }

    return 0;
}
