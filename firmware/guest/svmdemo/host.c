// SPDX-License-Identifier: MIT
#include "svmdemo.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "protocol.h"

static FILE *console;
static char reply[LINE_MAX_SIZE];

void host_open(void)
{
	struct termios tty;
	int fd = open("/dev/hvc0", O_RDWR | O_NOCTTY);

	if (fd < 0 || tcgetattr(fd, &tty)) {
		perror("svmdemo: /dev/hvc0");
		exit(1);
	}
	/* Lines as they are: no echo that would come back as a request. */
	tty.c_lflag &= ~(ECHO | ECHONL | ISIG | IEXTEN);
	tty.c_iflag &= ~(ICRNL | IXON);
	tcsetattr(fd, TCSANOW, &tty);
	console = fdopen(fd, "r+");
	setvbuf(console, NULL, _IONBF, 0);
}

/* One write per line, so that nothing comes between its parts. */
static void put_line(const char *prefix, const char *format, va_list arguments)
{
	char line[LINE_MAX_SIZE];
	int at = snprintf(line, sizeof(line), "%s", prefix);
	int length = vsnprintf(line + at, sizeof(line) - at - 1, format, arguments);

	if (length < 0 || (size_t)(at + length) >= sizeof(line) - 1)
		_exit(1);
	line[at + length] = '\n';
	if (write(fileno(console), line, at + length + 1) < 0)
		_exit(1);
}

void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_line("", format, arguments);
	va_end(arguments);
}

void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_line(REQUEST "done fail ", format, arguments);
	va_end(arguments);
	exit(1);
}

static const char *read_reply(void)
{
	/* Skips what may have been typed or left over before. */
	while (fgets(reply, sizeof(reply), console)) {
		reply[strcspn(reply, "\r\n")] = 0;
		if (!strncmp(reply, REPLY_OK, strlen(REPLY_OK)))
			return reply + strlen(REPLY_OK);
		if (!strncmp(reply, REPLY_NO, strlen(REPLY_NO)))
			fail("host says: %s", reply + strlen(REPLY_NO));
	}
	fail("the console is closed");
}

const char *host_ask(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_line(REQUEST, format, arguments);
	va_end(arguments);
	return read_reply();
}

void host_checkpoint(const char *name)
{
	host_ask("checkpoint %s", name);
}

struct scan host_scan(uint64_t gpa)
{
	struct scan result = { 0 };
	const char *text = host_ask("scan %" PRIx64 " %lx", gpa, FRAME_SIZE);

	check(sscanf(text, "pieces=%lu zero=%d hash=%" SCNx64, &result.pieces, &result.zero, &result.hash) == 3,
	      "bad reply to scan: %s", text);
	return result;
}

void host_read(uint64_t gpa, void *bytes, size_t size)
{
	const char *text = host_ask("read %" PRIx64 " %zx", gpa, size);
	uint8_t *out = bytes;

	check(strlen(text) == 2 * size, "bad reply to read: %s", text);
	for (size_t i = 0; i < size; i++)
		check(sscanf(text + 2 * i, "%2hhx", &out[i]) == 1, "bad reply to read: %s", text);
}

void host_write(uint64_t gpa, const void *bytes, size_t size)
{
	const uint8_t *in = bytes;
	char hex[2 * CHUNK_MAX + 1] = "";

	for (size_t i = 0; i < size; i++)
		sprintf(hex + 2 * i, "%02x", in[i]);
	host_ask("write %" PRIx64 " %s", gpa, hex);
}
