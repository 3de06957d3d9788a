/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calls that are unsafe or not reentrant become compile errors. Included by the build into every file of ours
 * (-include) after the headers that it needs itself. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Fortified glibc makes macros of these under clang, which refuses to poison a macro. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol atoll gets gmtime localtime ctime   \
        asctime
