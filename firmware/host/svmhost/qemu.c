// SPDX-License-Identifier: MIT
#include "svmhost.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define QEMU "/usr/bin/qemu-system-ppc64"
#define MONITOR_FD 9
#define MORE_ARGUMENTS 64

static pid_t pid;
static int to_guest = -1, from_guest = -1, monitor = -1;
static char pending[4096];
static size_t pending_size;

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	exit(2);
}

static void make_pipe(int ends[2])
{
	if (pipe(ends))
		die("pipe");
}

/*
 * The guest's interrupt controller is KVM's where the hypervisor has XIVE, of which KVM gives guests a share: as XIVE itself
 * or as XICS, whichever the guest asks for. A secure guest's is XICS: KVM has the pages of a guest's XIVE among its memory,
 * which would have to go secure. Where the hypervisor's own controller is XICS by OPAL calls, POWER9 KVM has none for guests.
 */
static const char *interrupts(bool secure)
{
	int kvm = open("/dev/kvm", O_RDWR);
	bool xive = kvm >= 0 && ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_PPC_IRQ_XIVE) > 0;

	if (kvm >= 0)
		close(kvm);
	if (!xive)
		return "ic-mode=xics,kernel-irqchip=off";
	return secure ? "ic-mode=xics,kernel-irqchip=on" : "ic-mode=dual,kernel-irqchip=on";
}

/* Console and monitor: two descriptors of svmhost, or both on this terminal. */
enum console { PIPED, TERMINAL };

static void __attribute__((noreturn)) exec_qemu(bool pef, enum console console)
{
	char machine[256], append[512], memory[16], cpus[16];
	bool piped = console == PIPED;
	char *more = strdup(options.qemu);
	char *arguments[32 + MORE_ARGUMENTS] = {
		QEMU, "-nodefaults", "-display", "none", "-name", "guest,debug-threads=on", "-machine", machine, "-m", memory, "-smp", cpus,
		"-kernel", "/boot/vmlinux", "-initrd", (char *)options.initrd, "-append", append,
		"-chardev", piped ? "stdio,id=console,signal=off" : "stdio,id=console,signal=off,mux=on",
		"-serial", "chardev:console",
		"-chardev", piped ? "socket,id=monitor,fd=9" : "null,id=monitor",
		"-mon", piped ? "chardev=monitor,mode=control" : "chardev=console,mode=readline",
		pef ? "-object" : NULL, "pef-guest,id=pef0",
	};
	int count = 0;

	/* x-vof: the kernel starts without SLOF. KVM HV on POWER9 offers no transactional memory. */
	snprintf(machine, sizeof(machine), "pseries,accel=kvm,x-vof=on,%s,cap-htm=off%s%s", interrupts(pef || options.secure),
		 options.peer ? ",cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off" : "",
		 pef ? ",confidential-guest-support=pef0" : "");
	snprintf(memory, sizeof(memory), "%u", options.memory);
	snprintf(cpus, sizeof(cpus), "%u", options.cpus);
	snprintf(append, sizeof(append), "console=hvc0%s%s %s", !options.secure ? "" : options.no_bounce ? " svm=on" : " svm=on swiotlb=force",
		 piped ? "" : " uvmem.shell", options.append);
	while (arguments[count])
		count++;
	for (char *word = strtok(more, " "); word && count < 31 + MORE_ARGUMENTS; word = strtok(NULL, " "))
		arguments[count++] = word;
	arguments[count] = NULL;
	execv(QEMU, arguments);
	die(QEMU);
}

void qemu_become(bool pef)
{
	exec_qemu(pef, TERMINAL);
}

void qemu_start(bool pef)
{
	int in[2], out[2], control[2];

	make_pipe(in);
	make_pipe(out);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, control))
		die("socketpair");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		dup2(control[1], MONITOR_FD);
		for (int fd = 3; fd < MONITOR_FD; fd++)
			close(fd);
		exec_qemu(pef, PIPED);
	}
	close(in[0]);
	close(out[1]);
	close(control[1]);
	to_guest = in[1];
	from_guest = out[0];
	monitor = control[0];
	pending_size = 0;
	printf("svmhost: started QEMU, %u MiB%s\n", options.memory, pef ? ", secure execution offered" : "");
}

bool qemu_running(void)
{
	return pid > 0;
}

pid_t qemu_pid(void)
{
	return pid;
}

enum line_result qemu_line(char line[LINE_MAX_SIZE])
{
	for (;;) {
		struct pollfd wait = { .fd = from_guest, .events = POLLIN };
		char *end = memchr(pending, '\n', pending_size);
		ssize_t size;

		/* An overlong line comes in pieces. */
		if (!end && pending_size >= LINE_MAX_SIZE)
			end = pending + LINE_MAX_SIZE - 2;
		if (end) {
			size_t used = end - pending + 1, length = 0;

			for (size_t i = 0; i < used && length < LINE_MAX_SIZE - 1; i++)
				if (pending[i] != '\r' && pending[i] != '\n')
					line[length++] = pending[i];
			line[length] = 0;
			memmove(pending, pending + used, pending_size - used);
			pending_size -= used;
			return LINE;
		}
		if (poll(&wait, 1, options.timeout * 1000) == 0)
			return LINE_TIMEOUT;
		size = read(from_guest, pending + pending_size, sizeof(pending) - pending_size);
		if (size <= 0)
			return LINE_END;
		pending_size += size;
	}
}

void qemu_reply(const char *format, ...)
{
	char line[LINE_MAX_SIZE];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line) - 1, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(line) - 1)
		length = snprintf(line, sizeof(line), REPLY_NO "the reply is too long");
	line[length++] = '\n';
	/* A guest that has just ended is noticed by the reader. */
	if (write(to_guest, line, length) < 0 && errno != EPIPE)
		die("write to guest");
}

static const char *monitor_line(void)
{
	static char line[4096];
	size_t length = 0;

	while (length < sizeof(line) - 1) {
		if (read(monitor, line + length, 1) != 1)
			return NULL;
		if (line[length] == '\n')
			break;
		length++;
	}
	line[length] = 0;
	return line;
}

static const char *monitor_execute(const char *json)
{
	const char *line;

	if (send(monitor, json, strlen(json), MSG_NOSIGNAL) < 0)
		return NULL;
	while ((line = monitor_line()))
		if (strstr(line, "\"return\"") || strstr(line, "\"error\""))
			return line;
	return NULL;
}

const char *qemu_monitor(const char *command)
{
	char json[256];

	/* QEMU refuses a repeat, which does no harm. */
	if (!monitor_execute("{\"execute\":\"qmp_capabilities\"}\n"))
		return NULL;
	snprintf(json, sizeof(json),
		 "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"%s\"}}\n", command);
	return monitor_execute(json);
}

int qemu_end(bool kill_it)
{
	int status;

	if (kill_it)
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	pid = 0;
	close(to_guest);
	close(from_guest);
	close(monitor);
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	printf("svmhost: QEMU ended with status %d\n", status);
	return status;
}
