/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process may use and who it is: limits, namespaces, capabilities, user. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "jail/inside.h"

/* Never above what is in force already: only root could raise it, and nobody needs it. */
static int limit_set(int resource, rlim_t value)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0)
		return ERR_UNAVAILABLE;
	if (value > limit.rlim_max)
		value = limit.rlim_max;
	limit = (struct rlimit){value, value};
	return setrlimit(resource, &limit) == 0 ? 0 : ERR_UNAVAILABLE;
}

int limits_enter(const struct level *level, const struct jail_limits *limits)
{
	size_t memory = limits && limits->memory_bytes ? limits->memory_bytes : level->memory_bytes;
	uint32_t cpu = limits && limits->cpu_seconds ? limits->cpu_seconds : level->cpu_seconds;

	int r = limit_set(RLIMIT_CORE, 0);
	if (r >= 0 && memory)
		r = limit_set(RLIMIT_AS, memory);
	if (r >= 0 && level->data_bytes)
		r = limit_set(RLIMIT_DATA, level->data_bytes < memory ? level->data_bytes : memory);
	if (r >= 0 && cpu)
		r = limit_set(RLIMIT_CPU, cpu);
	if (r >= 0 && level->open_files)
		r = limit_set(RLIMIT_NOFILE, level->open_files);
	if (r >= 0 && !level->starts_processes && !level->starts_threads)
		r = limit_set(RLIMIT_NPROC, 0);
	if (r >= 0 && !level->writes_files)
		r = limit_set(RLIMIT_FSIZE, 0);
	return r;
}

static int write_file(const char *path, const char *text)
{
	CLEANUP_FD fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && fd_write_all(fd, text, strlen(text)) >= 0 ? 0 : ERR_UNAVAILABLE;
}

/* The same numbers inside as outside, so that owners of files and peers of sockets look as they are. */
static int map_itself(uid_t user, gid_t group)
{
	char map[64];

	snprintf(map, sizeof(map), "%u %u 1", (unsigned) user, (unsigned) user);
	int r = write_file("/proc/self/uid_map", map);
	if (r < 0)
		return r;
	(void) write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", (unsigned) group, (unsigned) group);
	return write_file("/proc/self/gid_map", map);
}

int namespaces_enter(int flags)
{
	uid_t user = geteuid();
	gid_t group = getegid();

	/* Root needs no user namespace for the others, and where those are forbidden it still gets the others. */
	if (user == 0)
		return unshare(flags & ~CLONE_NEWUSER) == 0 ? 0 : ERR_UNAVAILABLE;
	if (unshare(flags) != 0)
		return ERR_UNAVAILABLE;
	return map_itself(user, group);
}

int capabilities_drop(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
	return syscall(SYS_capset, &header, none) == 0 ? 0 : ERR_UNAVAILABLE;
}

int user_become(uid_t user, gid_t group)
{
	/* In a user namespace of somebody else's making (unshare -r, a container without root) there is no other user.
	 */
	if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0)
		return ERR_UNAVAILABLE;
	return setresuid(user, user, user) == 0 ? 0 : ERR_SYSTEM;
}
