/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Data that comes with the program: a program in build/ finds that of its source tree, an installed one that of its
 * package. */
#pragma once

#include <stddef.h>

#include "base/check.h"

/* The folder `name` ("rules", "templates", "facts"): ../name or ../share/sonae/name beside the program, else
 * /usr/share/sonae/name. ERR_TOO_LARGE. Whether it is there and can be read is seen by who opens it. */
int beside_program(const char *name, char *ret, size_t bytes) MUST_CHECK;
/* The program `name` in the folder of the running one. ERR_TOO_LARGE, ERR_SYSTEM. */
int beside_sibling(const char *name, char *ret, size_t bytes) MUST_CHECK;
