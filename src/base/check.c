/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *file, int line, const char *expression)
{
	fprintf(stderr, "sonae: broken promise at %s:%d: %s\n", file, line, expression);
	abort();
}
