/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/scan-cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

enum { PATH_MAX_BYTES = 4096, FOLDER_MODE = 0700, FILE_MODE = 0600 };

uint64_t scan_cache_seed(void)
{
	hs_platform_info_t platform = {0};
	uint64_t seed = str_hash(str_of(hs_version()));
	if (hs_populate_platform(&platform) != HS_SUCCESS)
		return seed;
	return (seed ^ platform.cpu_features) * 0x100000001b3ULL ^ platform.tune;
}

static bool is_ours_alone(int fd, mode_t type)
{
	struct stat s;
	return fstat(fd, &s) == 0 && (s.st_mode & S_IFMT) == type && s.st_uid == geteuid() &&
	       (s.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* -1: not there, or not only this user's. */
static int open_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || is_ours_alone(fd, S_IFDIR))
		return fd;
	fd_close(fd);
	return -1;
}

static void write_name(char name[static 32], uint64_t key)
{
	snprintf(name, 32, "scan-%016llx", (unsigned long long) key);
}

int scan_cache_load(const char *folder, uint64_t key, hs_database_t **ret)
{
	char name[32];
	write_name(name, key);
	CLEANUP_FD at = open_folder(folder);
	CLEANUP_FD fd = at < 0 ? -1 : openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || !is_ours_alone(fd, S_IFREG))
		return ERR_NOT_FOUND;
	struct buf b = buf_make(SCAN_CACHE_MAX_BYTES);
	/* The engine compares a checksum and its own version. */
	bool fits = fd_read_to_end(fd, &b) >= 0 && b.n > 0 && hs_deserialize_database(b.p, b.n, ret) == HS_SUCCESS;
	buf_done(&b);
	return fits ? 0 : ERR_NOT_FOUND;
}

void scan_cache_keep(const char *folder, uint64_t key, const hs_database_t *database)
{
	char name[32], path[PATH_MAX_BYTES], *bytes = NULL;
	size_t n = 0;

	(void) mkdir(folder, FOLDER_MODE);
	CLEANUP_FD at = open_folder(folder);
	write_name(name, key);
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (at < 0 || length < 0 || (size_t) length >= sizeof(path) ||
	    hs_serialize_database(database, &bytes, &n) != HS_SUCCESS)
		return;
	if (n <= SCAN_CACHE_MAX_BYTES)
		(void) fd_replace_file(path, str_make(bytes, n), FILE_MODE);
	free(bytes);
}
