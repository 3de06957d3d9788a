/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own dated facts: every change is kept, the last one counts. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

int own_fact_insert(struct store *s, const struct keep_own_fact *row) MUST_CHECK;
/* Those that count now, by the time they first came in. */
int own_fact_list_current(struct store *s, struct arena *a, struct keep_own_fact_list *ret) MUST_CHECK;
/* Every change of one, newest first, at most limit. */
int own_fact_list_of(struct store *s, struct str id, struct str region, uint64_t limit, struct arena *a,
                     struct keep_own_fact_list *ret) MUST_CHECK;
int own_fact_count(struct store *s, uint64_t *ret) MUST_CHECK; /* all changes ever */
/* Those that count now, and the bytes of their YAML. */
int own_fact_count_current(struct store *s, uint64_t *ret_facts, uint64_t *ret_bytes) MUST_CHECK;
