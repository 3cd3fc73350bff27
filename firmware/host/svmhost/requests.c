// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pattern.h"

static uint8_t bytes[FRAME_SIZE];

static bool read_request(uint64_t gpa, size_t size, char reason[REASON_SIZE])
{
	char hex[2 * CHUNK_MAX + 1] = "";

	if (size > CHUNK_MAX) {
		snprintf(reason, REASON_SIZE, "at most %d bytes in one read", CHUNK_MAX);
		return false;
	}
	if (!memory_read(gpa, bytes, size, reason))
		return false;
	for (size_t i = 0; i < size; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	qemu_reply(REPLY_OK "%s", hex);
	return true;
}

static bool write_request(uint64_t gpa, const char *hex, char reason[REASON_SIZE])
{
	size_t size = 0;

	while (size < CHUNK_MAX && sscanf(hex + 2 * size, "%2hhx", &bytes[size]) == 1)
		size++;
	if (!memory_write(gpa, bytes, size, reason))
		return false;
	qemu_reply(REPLY_OK "%zu", size);
	return true;
}

static bool scan_request(uint64_t gpa, size_t size, char reason[REASON_SIZE])
{
	struct scan scan;

	if (size > sizeof(bytes)) {
		snprintf(reason, REASON_SIZE, "at most one frame in one scan");
		return false;
	}
	if (!memory_read(gpa, bytes, size, reason))
		return false;
	scan = scan_bytes(bytes, size);
	qemu_reply(REPLY_OK "pieces=%lu zero=%d hash=%016" PRIx64, scan.pieces, scan.zero, scan.hash);
	return true;
}

/* Each of count frames must begin with stamp plus its number; the answer is the complement, in the same place. */
static bool stamps_request(uint64_t gpa, uint64_t count, uint64_t stamp, char reason[REASON_SIZE])
{
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = gpa + i * FRAME_SIZE, word;

		if (!memory_read(at, &word, sizeof(word), reason))
			return false;
		if (word != stamp + i) {
			snprintf(reason, REASON_SIZE, "frame %" PRIu64 " holds %" PRIx64 " instead of %" PRIx64, i, word, stamp + i);
			return false;
		}
		word = ~word;
		if (!memory_write(at, &word, sizeof(word), reason))
			return false;
	}
	qemu_reply(REPLY_OK "%" PRIu64, count);
	return true;
}

bool serve_memory_request(const char *request)
{
	char reason[REASON_SIZE] = "bad request", hex[2 * CHUNK_MAX + 1];
	uint64_t gpa, count, stamp;
	size_t size;
	bool done;

	if (sscanf(request, "read %" SCNx64 " %zx", &gpa, &size) == 2) {
		done = read_request(gpa, size, reason);
	} else if (sscanf(request, "write %" SCNx64 " %128s", &gpa, hex) == 2) {
		done = write_request(gpa, hex, reason);
	} else if (sscanf(request, "scan %" SCNx64 " %zx", &gpa, &size) == 2) {
		done = scan_request(gpa, size, reason);
	} else if (sscanf(request, "stamps %" SCNx64 " %" SCNx64 " %" SCNx64, &gpa, &count, &stamp) == 3) {
		done = stamps_request(gpa, count, stamp, reason);
	} else if (sscanf(request, "pageout %" SCNx64, &gpa) == 1) {
		done = memory_page_out(gpa, reason);
		if (done)
			qemu_reply(REPLY_OK "swapped=1");
	} else {
		return false;
	}
	if (!done) {
		printf("svmhost: %s: %s\n", request, reason);
		qemu_reply(REPLY_NO "%s", reason);
	}
	return true;
}
