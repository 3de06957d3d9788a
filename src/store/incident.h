/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Incidents and what was written down about them: rows are added, never changed. */
#pragma once

#include "base/arena.h"
#include "ledger/event.h"
#include "store/rows.h"
#include "store/store.h"

int incident_insert(struct store *s, const struct keep_incident *row, uint64_t *ret_id) MUST_CHECK;
int incident_find(struct store *s, uint64_t id, struct arena *a,
                  struct keep_incident *ret) MUST_CHECK; /* ERR_NOT_FOUND */
int incident_list_all(struct store *s, bool running, uint64_t limit, struct arena *a,
                      struct keep_incident_list *ret) MUST_CHECK; /* newest first */
int incident_close(struct store *s, uint64_t id, uint64_t by, int64_t now_us) MUST_CHECK;

int incident_entry_insert(struct store *s, const struct keep_incident_entry *row, uint64_t *ret_number) MUST_CHECK;
/* By number. */
int incident_entry_list(struct store *s, uint64_t incident, uint64_t limit, struct arena *a,
                        struct keep_incident_entry_list *ret) MUST_CHECK;

/* Bytes of everything that was written down. */
int incident_text_bytes(struct store *s, uint64_t incident, uint64_t *ret) MUST_CHECK;

/* Nobody comes in with an earlier pass any more. */
int incident_pass_delete_all(struct store *s) MUST_CHECK;
int incident_pass_insert(struct store *s, const struct ledger_hash *hash, uint64_t incident,
                         int64_t expires_us) MUST_CHECK;
/* ERR_NOT_FOUND: none that still counts. */
int incident_pass_find(struct store *s, const struct ledger_hash *hash, int64_t now_us,
                       uint64_t *ret_incident) MUST_CHECK;
