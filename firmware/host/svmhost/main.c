// SPDX-License-Identifier: MIT
/* The hypervisor's program: starts guests under QEMU and is the outside world to the program in them. */
#include "svmhost.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

struct options options = { .memory = 256, .cpus = 1, .timeout = 60, .append = "", .qemu = "", .initrd = "/boot/guest-initrd.cpio" };

static const struct option long_options[] = {
	{ "secure", no_argument, NULL, 's' },
	{ "peer", no_argument, NULL, 'p' },
	{ "memory", required_argument, NULL, 'm' },
	{ "timeout", required_argument, NULL, 't' },
	{ "append", required_argument, NULL, 'a' },
	{ "qemu", required_argument, NULL, 'q' },
	{ "initrd", required_argument, NULL, 'i' },
	{ "no-bounce", no_argument, NULL, 'b' },
	{ "shell", no_argument, NULL, 'S' },
	{ 0 },
};

static unsigned number(const char *text, unsigned low, unsigned high)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value < low || value > high) {
		fprintf(stderr, "svmhost: %s is not a number from %u to %u\n", text, low, high);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	bool shell = false;
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (c) {
		case 's': options.secure = true; break;
		case 'p': options.peer = true; break;
		case 'm': options.memory = number(optarg, 64, 65536); break;
		case 't': options.timeout = number(optarg, 1, 100000); break;
		case 'a': options.append = optarg; break;
		case 'q': options.qemu = optarg; break;
		case 'i': options.initrd = optarg; break;
		case 'b': options.no_bounce = true; break;
		case 'S': shell = true; break;
		default:
			fprintf(stderr, "svmhost [--secure] [--peer] [--memory MIB] [--timeout SECONDS] [--append WORDS] [--qemu ARGUMENTS]\n"
					"        [--initrd FILE] [--no-bounce] --shell | ROW...\n");
			return 2;
		}
	}
	if (shell)
		qemu_become(options.secure);
	if (optind == argc) {
		fprintf(stderr, "svmhost: no row given; demo is one\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	return run_rows(argv + optind, argc - optind) ? 0 : 1;
}
