/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fenced block of an answer. Inside src/work only. */
#pragma once

#include "base/str.h"

/* What stands between ```name and ```; the rest of the answer when it is not closed, empty when it is not there. */
struct str answer_block(struct str answer, const char *name);
