// SPDX-License-Identifier: MIT
/*
 * Data that can be checked without its original: word n is a function of a seed and n. Makes it, checks it, moves it
 * over TCP. Both sides have this program and agree on the seed alone.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static uint64_t buffer[8192];

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "bulk: %s: %s\n", what, errno ? strerror(errno) : "end of data");
	exit(1);
}

/* splitmix64: each word is scrambled on its own, so a piece in the wrong place is seen. */
static uint64_t word(uint64_t seed, uint64_t number)
{
	uint64_t x = seed * 0xd1342543de82ef95ull + (number + 1) * 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static void fill(int fd, uint64_t seed, uint64_t size)
{
	uint64_t number = 0;

	while (size) {
		size_t piece = size < sizeof(buffer) ? size : sizeof(buffer);
		char *at = (char *)buffer;

		for (size_t i = 0; i < (piece + 7) / 8; i++)
			buffer[i] = word(seed, number++);
		size -= piece;
		while (piece) {
			ssize_t done = write(fd, at, piece);

			if (done <= 0)
				die("write");
			at += done;
			piece -= done;
		}
	}
}

/* The data must end where it should. */
static void check(int fd, uint64_t seed, uint64_t size)
{
	uint64_t number = 0, left = size;

	errno = 0;
	while (left) {
		size_t piece = left < sizeof(buffer) ? left : sizeof(buffer), have = 0;

		while (have < piece) {
			ssize_t done = read(fd, (char *)buffer + have, piece - have);

			if (done <= 0)
				die("read");
			have += done;
		}
		for (size_t i = 0; i < (piece + 7) / 8; i++) {
			uint64_t differs = buffer[i] ^ word(seed, number++);

			/* Little-endian: the bytes of a last, partial word come first. */
			if (i == piece / 8)
				differs &= (1ull << 8 * (piece % 8)) - 1;
			if (differs) {
				fprintf(stderr, "bulk: byte %" PRIu64 " or one of the 7 behind it is wrong\n", (number - 1) * 8);
				exit(1);
			}
		}
		left -= piece;
	}
	if (read(fd, buffer, 1) > 0) {
		fprintf(stderr, "bulk: more than %" PRIu64 " bytes\n", size);
		exit(1);
	}
	printf("bulk: %" PRIu64 " bytes are right\n", size);
}

static int tcp(const char *host, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int one = 1, server, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket");
	if (host) {
		if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
			die(host);
		return fd;
	}
	server = fd;
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(server, (struct sockaddr *)&address, sizeof(address)) || listen(server, 1))
		die(port);
	fd = accept(server, NULL, NULL);
	if (fd < 0)
		die("accept");
	close(server);
	return fd;
}

int main(int argc, char **argv)
{
	bool make;
	int fd;

	if (argc == 4)
		fd = -1;
	else if (argc == 6 && !strcmp(argv[1], "listen"))
		fd = tcp(NULL, argv[2]);
	else if (argc == 7 && !strcmp(argv[1], "connect"))
		fd = tcp(argv[2], argv[3]);
	else
		argc = 0;
	if (!argc || (strcmp(argv[argc - 3], "fill") && strcmp(argv[argc - 3], "check"))) {
		fprintf(stderr, "bulk [listen PORT | connect ADDRESS PORT] fill|check SEED SIZE\n");
		return 2;
	}
	make = !strcmp(argv[argc - 3], "fill");
	if (fd < 0)
		fd = make ? 1 : 0;
	(make ? fill : check)(fd, strtoull(argv[argc - 2], NULL, 0), strtoull(argv[argc - 1], NULL, 0));
	return 0;
}
