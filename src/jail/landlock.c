/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Landlock by system call, as linux/landlock.h of Debian 12 ends at ABI 2 (Linux 5.19). The newer bits are those of the
 * kernel's Documentation/userspace-api/landlock.rst; each ABI knows all bits of the ones before. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "jail/inside.h"

enum { RULE_PATH_BENEATH = 1, CREATE_VERSION = 1 };

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,     /* ABI 2 */
	FS_TRUNCATE = 1 << 14,  /* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */

	FS_FOR_FILES = FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE,
	FS_READ = FS_READ_FILE | FS_READ_DIR,
	FS_WRITE = FS_READ | FS_WRITE_FILE | FS_TRUNCATE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG |
	           FS_MAKE_SOCK | FS_REFER,

	NET_BIND = 1, /* ABI 4 */
	NET_CONNECT = 2,
	SCOPE_ABSTRACT = 1, /* abstract local sockets outside: ABI 6 */
	SCOPE_SIGNAL = 2,   /* signals to processes outside: ABI 6 */
	ABI_NET = 4,
	ABI_SCOPE = 6,
};

struct ruleset_attributes {
	uint64_t fs, net, scoped;
};

/* As the kernel lays it out, without padding. */
struct path_rule {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t) 0, CREATE_VERSION);
	return version > 0 ? (int) version : 0;
}

static uint64_t known_fs(int version)
{
	uint64_t bits = (UINT64_C(1) << 13) - 1;

	if (version >= 2)
		bits |= FS_REFER;
	if (version >= 3)
		bits |= FS_TRUNCATE;
	if (version >= 5)
		bits |= FS_IOCTL_DEV;
	return bits;
}

static int create_ruleset(int version, bool connects)
{
	struct ruleset_attributes attributes = {
	        .fs = known_fs(version),
	        .net = version >= ABI_NET ? NET_BIND | (connects ? 0 : NET_CONNECT) : 0,
	        .scoped = version >= ABI_SCOPE ? SCOPE_ABSTRACT | SCOPE_SIGNAL : 0,
	};
	/* A kernel refuses a structure with fields that it does not know, unless they are zero: so all three may go
	 * along. */
	return (int) syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
}

static int allow(int ruleset, const char *const *paths, uint64_t rights)
{
	struct stat info;

	for (; paths && *paths; paths++) {
		CLEANUP_FD fd = open(*paths, O_PATH | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &info) != 0)
			continue;
		struct path_rule rule = {S_ISDIR(info.st_mode) ? rights : rights & FS_FOR_FILES, fd};
		if (syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0)
			return ERR_UNAVAILABLE;
	}
	return 0;
}

int landlock_enter(const struct jail_grants *grants)
{
	int version = landlock_version();
	if (version == 0)
		return ERR_UNAVAILABLE;
	CLEANUP_FD ruleset = create_ruleset(version, grants && grants->connects);
	if (ruleset < 0)
		return ERR_UNAVAILABLE;
	int r = grants ? allow(ruleset, grants->read, FS_READ & known_fs(version)) : 0;
	if (r >= 0 && grants)
		r = allow(ruleset, grants->write, FS_WRITE & known_fs(version));
	if (r < 0)
		return r;
	return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ? 0 : ERR_UNAVAILABLE;
}
