/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the writers of this folder only. */
#pragma once

#include "paper/paper.h"

struct paper_block {
	enum paper_kind kind;
	unsigned number; /* of a step */
	struct str text, value;
};

struct paper_blocks {
	struct paper_block *at;
	size_t n, cap;
};

struct paper {
	struct arena *arena;
	struct str title, company, date, sources;
	struct paper_blocks blocks;
	unsigned steps;
};

struct qr {
	unsigned width;             /* squares on a side */
	const unsigned char *cells; /* bit 0 set: dark */
};

/* The code for text, its cells in the arena. ERR_TOO_LARGE when it does not fit. */
int qr_make(struct arena *a, struct str text, struct qr *ret);
