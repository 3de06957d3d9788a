/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The order matters: namespaces and the user first, while there are rights to change them; limits and capabilities;
 * then Landlock, which needs no-new-privileges and open(); the filter last, because it takes away the calls for all
 * others. */
#include "jail/jail.h"

#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "jail/inside.h"

#define BIT(mechanism) (UINT32_C(1) << (mechanism))

#if SONAE_SANITIZED
/* The sanitizers' own work (shadow memory of terabytes, looking for leaks with ptrace) is just what a jail forbids. */
int jail_separate(enum jail_level level, uid_t user, gid_t group, jail_set *ret)
{
	*ret = 0;
	return 0;
}

int jail_enter(enum jail_level level, const struct jail_grants *grants, const struct jail_limits *limits, jail_set *ret)
{
	*ret = 0;
	return 0;
}
#else

/* Of this process, or of the one that it was forked from: nothing here can be taken off again. */
static jail_set in_force;

int jail_separate(enum jail_level level, uid_t user, gid_t group, jail_set *ret)
{
	int flags = level_of(level)->namespaces;
	bool is_root = geteuid() == 0;

	if (flags && namespaces_enter(flags) >= 0)
		in_force |= BIT(JAIL_NAMESPACES);
	if (is_root && user != 0) {
		int r = user_become(user, group);
		if (r < 0 && r != ERR_UNAVAILABLE)
			return r;
	}
	if (geteuid() != 0)
		in_force |= BIT(JAIL_USER);
	*ret = in_force;
	return 0;
}

/* A zygote cannot compile any more once it is locked in, and its readers should not have to. */
static int build_filters(enum jail_level level)
{
	int r = level_of(level)->calls ? calls_build(level) : 0;
	return r >= 0 && level == JAIL_ZYGOTE ? calls_build(JAIL_READER) : r;
}

int jail_enter(enum jail_level which, const struct jail_grants *grants, const struct jail_limits *limits, jail_set *ret)
{
	const struct level *level = level_of(which);
	jail_set set = in_force & ~BIT(JAIL_SECCOMP);

	int r = build_filters(which);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		set |= BIT(JAIL_NO_NEW_PRIVILEGES);
	if (limits_enter(level, limits) >= 0)
		set |= BIT(JAIL_LIMITS);
	if (level->has_landlock && landlock_enter(grants) >= 0)
		set |= BIT(JAIL_LANDLOCK);
	if (which != JAIL_MASTER && capabilities_drop() >= 0)
		set |= BIT(JAIL_CAPABILITIES);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
		set |= BIT(JAIL_NOT_DUMPABLE);
	if (r >= 0 && level->calls && calls_load(which) >= 0)
		set |= BIT(JAIL_SECCOMP);
	if ((set & level->demanded) != level->demanded)
		return ERR_UNAVAILABLE;
	*ret = in_force = set;
	return 0;
}
#endif
