/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/tools.h"

static const struct read_tools *in_use;
static bool missing;

void tools_use(const struct read_tools *tools)
{
	in_use = tools;
	missing = false;
}

const struct read_tools *tools_wanted(void)
{
	missing = missing || !in_use;
	return in_use;
}

bool tools_were_missing(void)
{
	bool was = missing;
	missing = false;
	return was;
}
