/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases: something that somebody handed on to a person. Never the text of what was checked. */
#pragma once

#include "base/arena.h"
#include "ledger/event.h"
#include "store/role.h"
#include "store/rows.h"
#include "store/store.h"

int case_set_mail_time(struct store *s, uint64_t id, int64_t mail_us) MUST_CHECK;
int case_insert(struct store *s, const struct keep_case *row, const struct ledger_hash *sender,
                const struct keep_finding_list *findings, const struct keep_text_list *hosts,
                uint64_t *ret_id) MUST_CHECK;
int case_find(struct store *s, uint64_t id, struct arena *a, struct keep_case *ret) MUST_CHECK;
int case_find_details(struct store *s, uint64_t id, struct arena *a, struct keep_finding_list *ret_findings,
                      struct keep_text_list *ret_hosts) MUST_CHECK;

struct case_filter {
	uint64_t state;  /* CASE_STATE_COUNT: all */
	uint64_t person; /* 0: all */
	uint64_t before; /* 0: from the newest */
	uint64_t limit;  /* 1 to 200 */
};
int case_list_some(struct store *s, const struct case_filter *filter, struct arena *a,
                   struct keep_case_list *ret) MUST_CHECK;
int case_count(struct store *s, const struct case_filter *filter, uint64_t *ret) MUST_CHECK;
int case_set_answer(struct store *s, uint64_t id, enum case_state state, struct str note, uint64_t by,
                    int64_t now_us) MUST_CHECK;
