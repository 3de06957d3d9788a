/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folding for finding values: every way of writing a digit, letter or dash becomes the usual one (UAX #15 NFKC),
 * invisible characters are dropped, half-width and decomposed kana are joined; case and kanji stay. Text that is
 * already so is not copied. Linear, and checks UTF-8 on its way. */
#pragma once

#include "leak/inside.h"

struct leak_fold_table;
struct leak_fold_space; /* buffers, reused from window to window */

int leak_fold_table_new(struct leak_fold_table **ret);
void leak_fold_table_free(struct leak_fold_table *table);
struct leak_fold_space *leak_fold_space_new(void);
void leak_fold_space_free(struct leak_fold_space *space); /* overwrites what it held */

/* Of at most LEAK_FOLD_MAX_BYTES. ret points into original or into space until the next call. ERR_INVALID: no UTF-8;
 * ERR_TOO_LARGE. */
int leak_fold(const struct leak_fold_table *table, struct str original, struct leak_fold_space *space,
              struct leak_fold *ret);

enum { LEAK_FOLD_MAX_BYTES = 4 * 1024 * 1024 };

uint32_t leak_fold_start(const struct leak_fold *fold, uint32_t folded);
uint32_t leak_fold_end(const struct leak_fold *fold, uint32_t folded);
/* The first folded place that stands for this original one or something behind it. */
uint32_t leak_fold_place(const struct leak_fold *fold, uint32_t original);
