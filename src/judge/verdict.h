/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From findings to a verdict; the formula stands in verdict.c. */
#pragma once

#include "judge/engine.h"

/* Applies the caps of the groups, adds up, sorts the findings (heaviest first) and names the verdict. */
void verdict_settle(struct judging *j);
