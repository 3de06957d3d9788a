/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Versions of the company's papers, and who has read which. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

/* The newest version of a paper; without body. ERR_NOT_FOUND: none. */
int paper_version_newest(struct store *s, struct str paper, struct arena *a, struct keep_paper_version *ret) MUST_CHECK;
int paper_version_find(struct store *s, uint64_t id, struct arena *a,
                       struct keep_paper_version *ret) MUST_CHECK; /* with body; ERR_NOT_FOUND */
int paper_version_insert(struct store *s, const struct keep_paper_version *row, uint64_t *ret_id) MUST_CHECK;
/* fields, body and who made it: of a version that is not approved. */
int paper_version_rewrite(struct store *s, const struct keep_paper_version *row) MUST_CHECK;
int paper_version_approve(struct store *s, uint64_t id, uint64_t by, int64_t now_us) MUST_CHECK;
int paper_version_publish(struct store *s,
                          const struct keep_paper_version *row) MUST_CHECK; /* its three days and address */
/* By paper, newest first; without bodies. only_approved: what staff may see. */
int paper_version_list(struct store *s, struct str paper, bool only_approved, uint64_t limit, struct arena *a,
                       struct keep_paper_version_list *ret) MUST_CHECK;

int paper_agreement_insert(struct store *s, uint64_t version, uint64_t person,
                           int64_t now_us) MUST_CHECK; /* ERR_EXISTS */
int paper_agreement_list(struct store *s, uint64_t version, struct arena *a,
                         struct keep_paper_agreement_list *ret) MUST_CHECK;
