/* SPDX-License-Identifier: MIT */
/*
 * How the guest's program asks the host's to act on the guest's memory from
 * outside. One request a line on the guest's console, one reply a line on its
 * input. firmware/README.md lists the requests.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#define REQUEST "@host "
#define REPLY_OK "@ok "
#define REPLY_NO "@no "
/* Printed by the host's program on the hypervisor's console, for the machine to hook on. */
#define CHECKPOINT "@checkpoint "
/* Likewise: a row may be typed. */
#define NEXT_ROW "svmhost: next row?"

#define LINE_MAX_SIZE 512
/* Bytes in one read or write request. */
#define CHUNK_MAX 64

#endif
