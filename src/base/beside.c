/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/beside.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

static int join(char *ret, size_t bytes, const char *folder, const char *between, const char *name)
{
	int n = snprintf(ret, bytes, "%s%s%s", folder, between, name);
	return n < 0 || (size_t) n >= bytes ? ERR_TOO_LARGE : 0;
}

/* The folder of the running program, without a slash at its end. */
static int own_folder(char ret[static PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", ret, PATH_MAX - 1);
	if (n <= 0)
		return ERR_SYSTEM;
	ret[n] = '\0';
	char *slash = strrchr(ret, '/');
	if (slash)
		*slash = '\0';
	return 0;
}

int beside_program(const char *name, char *ret, size_t bytes)
{
	static const char *const places[] = {"/../", "/../share/sonae/"};
	char folder[PATH_MAX];

	if (own_folder(folder) >= 0)
		for (size_t i = 0; i < ARRAY_SIZE(places); i++)
			if (join(ret, bytes, folder, places[i], name) >= 0 && access(ret, R_OK | X_OK) == 0)
				return 0;
	return join(ret, bytes, "/usr/share/sonae", "/", name);
}

int beside_sibling(const char *name, char *ret, size_t bytes)
{
	char folder[PATH_MAX];
	int r = own_folder(folder);
	return r < 0 ? r : join(ret, bytes, folder, "/", name);
}
