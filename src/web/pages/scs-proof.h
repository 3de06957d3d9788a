/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Evidence of a criterion: a paper, a register, a record of the ledger or a file, which itself is not kept, only its
 * name and hash. Every json_t is a new reference. */
#pragma once

#include "web/pages/rows.h"

struct scs_proofs {
	struct keep_paper_version_list papers; /* newest first */
	struct keep_item_count_list registers;
};

int scs_proofs_load(struct page *p, struct scs_proofs *ret) MUST_CHECK;
/* What was chosen in the form's fields "proof<i>", "record<i>" and "file<i>"; kept: what stands there now.
 * ERR_NOT_FOUND: the ledger has no such record. */
int scs_proof_read(struct page *p, size_t i, struct str kept, struct str *ret) MUST_CHECK;
/* {text, path, hash, warning}; null for "". */
json_t *scs_proof_json(struct page *p, const struct scs_proofs *proofs, struct str proof);
/* [{word, label, selected}]: what can be chosen. */
json_t *scs_proof_choices(const struct page *p, const struct scs_proofs *proofs, struct str selected);
/* One line for CSV. */
struct str scs_proof_text(struct page *p, const struct scs_proofs *proofs, struct str proof);
