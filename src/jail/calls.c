/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * System call filters by libseccomp: allow-lists by group. Compiled once per level into BPF, so that a reader that is
 * forked for one document only has to load it. Names that this libseccomp does not know are passed over: what it does
 * not know is not allowed. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "jail/inside.h"

enum { PROGRAM_MAX = 1024 };

struct program {
	struct sock_filter at[PROGRAM_MAX];
	unsigned short n;
};

static struct program programs[JAIL_LEVEL_COUNT];

static const char *const basic_calls[] = {
        "brk",
        "clock_getres",
        "clock_gettime",
        "clock_nanosleep",
        "close",
        "exit",
        "exit_group",
        "futex",
        "getpid",
        "getrandom",
        "gettid",
        "gettimeofday",
        "lseek",
        "madvise",
        "membarrier",
        "mremap",
        "munmap",
        "nanosleep",
        "poll",
        "ppoll",
        "read",
        "readv",
        "recvfrom",
        "recvmsg",
        "restart_syscall",
        "rseq",
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sched_yield",
        "sendmsg",
        "sendto",
        "set_robust_list",
        "sigaltstack",
        "time",
        "write",
        "writev",
        NULL,
};

/* Libraries ask for these in passing and live well without; nobody has to die for it. */
static const char *const refused_calls[] = {
        "access",     "faccessat",         "faccessat2", "fstat",     "fstatfs",   "getcwd",    "getdents64",
        "getegid",    "geteuid",           "getgid",     "getrlimit", "getrusage", "getuid",    "ioctl",
        "lstat",      "newfstatat",        "open",       "openat",    "pread64",   "prlimit64", "readlink",
        "readlinkat", "sched_getaffinity", "stat",       "statfs",    "statx",     "sysinfo",   "uname",
        NULL,
};

static const char *const fork_calls[] = {
        "accept4",   "dup2",    "dup3",    "fork",      "getppid", "kill",  "pipe2",  "prctl",
        "prlimit64", "seccomp", "setpgid", "setrlimit", "umask",   "wait4", "waitid", NULL,
};

static const char *const self_calls[] = {
        "getegid",           "geteuid", "getgid", "getppid", "getrlimit", "getrusage", "getuid",
        "sched_getaffinity", "sysinfo", "times",  "umask",   "uname",     NULL,
};

static const char *const read_calls[] = {
        "access",   "chdir",      "faccessat",  "faccessat2", "fadvise64",  "fchdir",  "flock",  "fstat",
        "fstatfs",  "getcwd",     "getdents64", "lstat",      "newfstatat", "pread64", "preadv", "readahead",
        "readlink", "readlinkat", "stat",       "statfs",     "statx",      NULL,
};

static const char *const write_calls[] = {
        "chmod",           "chown",     "fallocate", "fchmod",   "fchmodat",  "fchown",    "fdatasync",
        "fsync",           "ftruncate", "link",      "linkat",   "mkdir",     "mkdirat",   "open",
        "openat",          "pwrite64",  "pwritev",   "rename",   "renameat",  "renameat2", "rmdir",
        "sync_file_range", "truncate",  "unlink",    "unlinkat", "utimensat", NULL,
};

static const char *const serve_calls[] = {
        "accept",      "accept4",        "connect",         "dup",
        "dup2",        "dup3",           "epoll_create",    "epoll_create1",
        "epoll_ctl",   "epoll_pwait",    "epoll_pwait2",    "epoll_wait",
        "eventfd2",    "fsync",          "ftruncate",       "getpeername",
        "getsockname", "getsockopt",     "memfd_create",    "pipe2",
        "pselect6",    "recvmmsg",       "rt_sigtimedwait", "select",
        "sendfile",    "sendmmsg",       "setsockopt",      "shutdown",
        "signalfd4",   "timerfd_create", "timerfd_gettime", "timerfd_settime",
        NULL,
};

static int add_list(scmp_filter_ctx filter, uint32_t action, const char *const *names)
{
	for (; *names; names++) {
		int number = seccomp_syscall_resolve_name(*names);
		if (number == __NR_SCMP_ERROR)
			continue;
		int r = seccomp_rule_add(filter, action, number, 0);
		if (r < 0)
			return r;
	}
	return 0;
}

/* One call with a rule on one argument. */
static int add_if(scmp_filter_ctx filter, int number, struct scmp_arg_cmp rule)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &rule);
}

static int add_memory(scmp_filter_ctx filter)
{
	int r = add_if(filter, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return r < 0 ? r : add_if(filter, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static int add_descriptor_flags(scmp_filter_ctx filter)
{
	static const int commands[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GET_SEALS};
	int r = 0;
	for (size_t i = 0; i < ARRAY_SIZE(commands) && r >= 0; i++)
		r = add_if(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t) commands[i]));
	return r;
}

static int add_serving(scmp_filter_ctx filter)
{
	static const int commands[] = {F_DUPFD_CLOEXEC, F_ADD_SEALS};
	static const unsigned long controls[] = {FIONREAD, FIONBIO};

	int r = add_list(filter, SCMP_ACT_ALLOW, serve_calls);
	if (r >= 0)
		r = add_list(filter, SCMP_ACT_ALLOW, self_calls);
	if (r >= 0)
		r = add_if(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
	if (r >= 0)
		r = add_if(filter, SCMP_SYS(socketpair), SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
	/* Asking for limits is fine, setting them is not. */
	if (r >= 0)
		r = add_if(filter, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));
	for (size_t i = 0; i < ARRAY_SIZE(commands) && r >= 0; i++)
		r = add_if(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t) commands[i]));
	for (size_t i = 0; i < ARRAY_SIZE(controls) && r >= 0; i++)
		r = add_if(filter, SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, controls[i]));
	/* abort() */
	return r < 0 ? r : add_if(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t) getpid()));
}

/* Without the group that writes: opening for reading only, also where Landlock is missing. */
static int add_open_for_reading(scmp_filter_ctx filter)
{
	const scmp_datum_t changes = O_ACCMODE | O_CREAT | O_TRUNC | __O_TMPFILE;
	int r = add_if(filter, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, changes, O_RDONLY));
	return r < 0 ? r : add_if(filter, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, changes, O_RDONLY));
}

static int add_network(scmp_filter_ctx filter)
{
	int r = add_if(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_INET));
	return r < 0 ? r : add_if(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_INET6));
}

static int add_file_locks(scmp_filter_ctx filter)
{
	static const int commands[] = {F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW};
	int r = 0;
	for (size_t i = 0; i < ARRAY_SIZE(commands) && r >= 0; i++)
		r = add_if(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t) commands[i]));
	return r;
}

#define NEW_NAMESPACES                                                                                                 \
	(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWCGROUP |   \
	 CLONE_THREAD)

static int add_forking(scmp_filter_ctx filter)
{
	int r = add_list(filter, SCMP_ACT_ALLOW, fork_calls);
	if (r >= 0)
		r = add_if(filter, SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, NEW_NAMESPACES, 0));
	/* Its flags lie in memory, where a filter cannot look; without it the C library falls back to clone. */
	return r < 0 ? r : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* A thread has nothing that its process has not; the filter and Landlock are its own from the beginning. */
static int add_threads(scmp_filter_ctx filter)
{
	const scmp_datum_t looked_at = NEW_NAMESPACES | CLONE_VM;
	int r = add_if(filter, SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, looked_at, CLONE_THREAD | CLONE_VM));
	if (r >= 0)
		r = add_if(filter, SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
	return r < 0 ? r : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int add_groups(scmp_filter_ctx filter, const struct level *level)
{
	int r = add_list(filter, SCMP_ACT_ALLOW, basic_calls);
	if (r >= 0)
		r = add_memory(filter);
	if (r >= 0)
		r = add_descriptor_flags(filter);
	if (r >= 0 && level->kills)
		r = add_list(filter, SCMP_ACT_ERRNO(EACCES), refused_calls);
	if (r >= 0 && (level->calls & CALLS_FORK))
		r = add_forking(filter);
	if (r >= 0 && (level->calls & CALLS_READ))
		r = add_list(filter, SCMP_ACT_ALLOW, read_calls);
	if (r >= 0 && (level->calls & CALLS_READ) && !(level->calls & CALLS_WRITE))
		r = add_open_for_reading(filter);
	if (r >= 0 && (level->calls & CALLS_WRITE))
		r = add_list(filter, SCMP_ACT_ALLOW, write_calls);
	if (r >= 0 && (level->calls & (CALLS_WRITE | CALLS_READ)))
		r = add_file_locks(filter);
	if (r >= 0 && (level->calls & CALLS_SERVE))
		r = add_serving(filter);
	if (r >= 0 && (level->calls & CALLS_THREADS))
		r = add_threads(filter);
	if (r >= 0 && (level->calls & CALLS_NET))
		r = add_network(filter);
	return r;
}

/* libseccomp writes the program to a descriptor only. */
static int export_program(scmp_filter_ctx filter, struct program *ret)
{
	CLEANUP_FD fd = memfd_create("filter", MFD_CLOEXEC);
	struct stat info;

	if (fd < 0 || seccomp_export_bpf(filter, fd) < 0 || fstat(fd, &info) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return ERR_UNAVAILABLE;
	size_t n = (size_t) info.st_size;
	CHECK(n > 0 && n <= sizeof(ret->at) && n % sizeof(ret->at[0]) == 0);
	if (fd_read_all(fd, ret->at, n) < 0)
		return ERR_UNAVAILABLE;
	ret->n = (unsigned short) (n / sizeof(ret->at[0]));
	return 0;
}

int calls_build(enum jail_level which)
{
	const struct level *level = level_of(which);
	struct program *program = &programs[which];

	if (program->n > 0)
		return 0;
	scmp_filter_ctx filter = seccomp_init(level->kills ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return ERR_UNAVAILABLE; /* the kernel has no filters, or does not let us */
	/* Sorted as a tree: a dozen comparisons for a call instead of a hundred. */
	(void) seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	(void) seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	int r = add_groups(filter, level);
	CHECK(r >= 0);
	r = export_program(filter, program);
	seccomp_release(filter);
	return r;
}

int calls_load(enum jail_level level)
{
	int r = calls_build(level);
	if (r < 0)
		return r;
	struct sock_fprog program = {.len = programs[level].n, .filter = programs[level].at};
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : ERR_UNAVAILABLE;
}
