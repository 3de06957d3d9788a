/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Listening sockets, made by the master before anything else runs. */
#pragma once

#include "base/str.h"

/* "127.0.0.1:8119" or "[::1]:8480" (numbers only, no names: nothing is looked up). Each call gives a socket of its own
 * with SO_REUSEPORT, so that the kernel spreads connections over the processes. is_first: nobody else may listen there
 * yet, not even a server of the same user. ERR_INVALID, ERR_CONFLICT (in use), ERR_SYSTEM. */
int listen_network(struct str address, bool is_first, int *ret);
/* A local socket at a path (short enough for sun_path; an old file of that name is replaced), mode 0600. */
int listen_local(const char *path, int *ret);
