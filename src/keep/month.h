/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figures of the president's page: counted while a month runs, kept when it is over. */
#pragma once

#include "keep/keeper.h"

/* When the last month is over and not kept yet: keeps its figures, with an event. */
int month_close(struct keeper *k) MUST_CHECK;
