/* Preloaded into QEMU: CLOCK_MONOTONIC runs at the rate that a shared file names. QEMU's virtual time is this clock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* PeerClock.cs writes it. Odd sequence: being written. */
struct rate {
    uint32_t sequence, unused;
    int64_t real, shown, numerator, denominator;
};

static int (*real_clock)(clockid_t, struct timespec *);
static volatile struct rate *rate;

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("UVMEM_CLOCK");
    int file = path ? open(path, O_RDONLY) : -1;

    real_clock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (file >= 0) {
        void *place = mmap(NULL, sizeof(struct rate), PROT_READ, MAP_SHARED, file, 0);

        rate = place == MAP_FAILED ? NULL : place;
        close(file);
    }
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    uint32_t before;
    int64_t shown;

    if (!real_clock)
        start();
    if (id != CLOCK_MONOTONIC || !rate)
        return real_clock(id, now);
    real_clock(id, now);
    do {
        int64_t passed;

        before = __atomic_load_n(&rate->sequence, __ATOMIC_ACQUIRE);
        passed = now->tv_sec * 1000000000 + now->tv_nsec - rate->real;
        shown = rate->shown + (int64_t)((__int128)passed * rate->numerator / rate->denominator);
    } while ((before & 1) || before != __atomic_load_n(&rate->sequence, __ATOMIC_ACQUIRE));
    now->tv_sec = shown / 1000000000;
    now->tv_nsec = shown % 1000000000;
    return 0;
}
