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

int beside_program(const char *name, char *ret, size_t bytes)
{
	static const char *const places[] = {"/../", "/../share/sonae/"};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
		for (size_t i = 0; i < ARRAY_SIZE(places); i++)
			if (join(ret, bytes, self, places[i], name) >= 0 && access(ret, R_OK | X_OK) == 0)
				return 0;
	}
	return join(ret, bytes, "/usr/share/sonae", "/", name);
}
