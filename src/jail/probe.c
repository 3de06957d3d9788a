/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which mechanisms this machine has, found out by trying each in a child of its own. */
#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "jail/inside.h"

static int try_no_new_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : ERR_UNAVAILABLE;
}

static int try_seccomp(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
		return ERR_UNAVAILABLE;
	return try_no_new_privileges() < 0 ? ERR_UNAVAILABLE : calls_load(JAIL_READER);
}

static int try_landlock(void)
{
	return try_no_new_privileges() < 0 ? ERR_UNAVAILABLE : landlock_enter(NULL);
}

static int try_limits(void)
{
	return limits_enter(level_of(JAIL_READER), NULL);
}

static int try_namespaces(void)
{
	return namespaces_enter(level_of(JAIL_ZYGOTE)->namespaces);
}

static int try_user(void)
{
	return geteuid() != 0 ? 0 : user_become(65534, 65534);
}

static int try_not_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : ERR_UNAVAILABLE;
}

/* 0, or the errno of the child's failure. */
static int try_in_child(int (*attempt)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		errno = 0;
		int r = attempt();
		_exit(r >= 0 ? 0 : errno > 0 && errno < 255 ? errno : ENOSYS);
	}
	if (pid < 0)
		return errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : ENOSYS;
}

void jail_probe(struct jail_probe ret[static JAIL_MECHANISM_COUNT])
{
	static int (*const attempts[JAIL_MECHANISM_COUNT])(void) = {
	        [JAIL_NO_NEW_PRIVILEGES] = try_no_new_privileges,
	        [JAIL_SECCOMP] = try_seccomp,
	        [JAIL_LANDLOCK] = try_landlock,
	        [JAIL_LIMITS] = try_limits,
	        [JAIL_NAMESPACES] = try_namespaces,
	        [JAIL_CAPABILITIES] = capabilities_drop,
	        [JAIL_USER] = try_user,
	        [JAIL_NOT_DUMPABLE] = try_not_dumpable,
	};
	for (int i = 0; i < JAIL_MECHANISM_COUNT; i++) {
		int e = try_in_child(attempts[i]);
		ret[i] = (struct jail_probe){.mechanism = (enum jail_mechanism) i, .available = e == 0};
		if (e != 0)
			snprintf(ret[i].detail, sizeof(ret[i].detail), "%s", strerror(e));
		else if (i == JAIL_LANDLOCK)
			snprintf(ret[i].detail, sizeof(ret[i].detail), "ABI %d", landlock_version());
	}
}
