// SPDX-License-Identifier: MIT
/* Init of a big-endian guest, for which Debian has no busybox: says what it is, lets svmdemo do what the host asks for, and powers off. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define SVMDEMO "/bin/svmdemo"
/* syslog(2): what is printed on the console. */
#define SYSLOG_ACTION_CONSOLE_LEVEL 8

static const char *byte_order(void)
{
	const uint32_t one = 1;

	return *(const uint8_t *)&one ? "little-endian" : "big-endian";
}

int main(void)
{
	struct utsname name;
	pid_t child;
	int console;

	if (mount("proc", "/proc", "proc", 0, NULL) || mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) || uname(&name))
		return 1;
	console = open("/dev/hvc0", O_RDWR);
	if (console < 0 || dup2(console, 1) < 0 || dup2(console, 2) < 0)
		return 1;
	printf("guest: %s %s %s, %s\n", name.sysname, name.release, name.machine, byte_order());
	fflush(stdout);
	/* Kernel messages would break into the lines of the protocol. */
	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 1);
	child = fork();
	if (!child) {
		execl(SVMDEMO, SVMDEMO, NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	sync();
	return reboot(RB_POWER_OFF);
}
