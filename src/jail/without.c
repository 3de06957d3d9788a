/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests: runs a program as on a machine whose kernel lacks mechanisms of the jail.
 *   test-without landlock,namespaces,seccomp PROGRAM [ARGUMENT]...
 * A filter of system calls stays over exec, so the program finds out by itself, as it would there. */
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int without_landlock(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
}

static int without_namespaces(scmp_filter_ctx filter)
{
	static const unsigned long bits[] = {CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWIPC};
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof(bits) / sizeof(*bits); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 1,
		                     SCMP_A0(SCMP_CMP_MASKED_EQ, bits[i], bits[i]));
	return r;
}

static int without_seccomp(scmp_filter_ctx filter)
{
	int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
	return r != 0 ? r
	              : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
	                                 SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP));
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r = filter && argc > 2 ? 0 : -EINVAL;

	if (r == 0 && strstr(argv[1], "landlock"))
		r = without_landlock(filter);
	if (r == 0 && strstr(argv[1], "namespaces"))
		r = without_namespaces(filter);
	if (r == 0 && strstr(argv[1], "seccomp"))
		r = without_seccomp(filter);
	if (r == 0)
		r = seccomp_load(filter);
	if (r == 0)
		execvp(argv[2], argv + 2);
	fprintf(stderr, "test-without: %s\n", strerror(r < 0 ? -r : errno));
	return 1;
}
