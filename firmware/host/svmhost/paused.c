// SPDX-License-Identifier: MIT
/* What happens to a VM around the moment at which its guest becomes secure: nobody in the guest could ask for it then. */
#include "svmhost.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* In the part of the guest's memory that the ultravisor leaves to H_SVM_INIT_DONE on the machines of these rows. */
#define LEFT_FRAME (200ull << 20)

#define SLOT 30
#define SLOT_GPA (4ull << 30)
#define SLOT_FRAMES 32

static bool go_on(char reason[REASON_SIZE])
{
	const char *answer = qemu_monitor("cont");

	if (!answer)
		snprintf(reason, REASON_SIZE, "QEMU does not go on");
	return answer;
}

/* A frame is in swap when the guest starts. */
bool paused_swap(char reason[REASON_SIZE])
{
	static const char text[] = "something that is worth swapping";

	return memory_write(LEFT_FRAME, text, sizeof(text), reason) && memory_page_out(LEFT_FRAME, reason) && go_on(reason);
}

/* A slot is there when the guest starts, and goes away when the guest's CPU, alone on its processor, has come to the machine's gate. */
bool paused_slot(char reason[REASON_SIZE])
{
	/* QEMU's answer means that it is there. */
	if (!memory_find(reason) || !vm_slot(SLOT, SLOT_GPA, SLOT_FRAMES, 0, reason) || !pin_threads(reason) || !go_on(reason))
		return false;
	usleep(1500000);
	return vm_slot(SLOT, SLOT_GPA, 0, 0, reason);
}
