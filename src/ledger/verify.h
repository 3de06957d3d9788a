/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Verifying a ledger as a stream: records in order, each checkpoint right behind the last record that it covers.
 * Two questions are answered apart. Integrity: is everything that is here as it was written? Completeness: is
 * everything here that a checkpoint kept elsewhere has seen? */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

/* Why something is bad, in the order of the tests. */
#define VERIFY_FAULT_LIST(X)                                                                                           \
	X(VERIFY_FINE, "fine")                                                                                         \
	X(VERIFY_FILE_FORM, "file-form")             /* a line of an export cannot be read */                          \
	X(VERIFY_KEY, "key")                         /* the verifier key is not one */                                 \
	X(VERIFY_LEAF, "leaf")                       /* the bytes of a record do not have its leaf hash */             \
	X(VERIFY_ENCODING, "encoding")               /* the bytes of a record are not canonical */                     \
	X(VERIFY_NUMBER, "number")                   /* a record is missing, twice there, or at another's place */     \
	X(VERIFY_CHAIN, "chain")                     /* a record does not follow the one before it */                  \
	X(VERIFY_CHECKPOINT_FORM, "checkpoint-form") /* not a signed note */                                           \
	X(VERIFY_CHECKPOINT_SIGNATURE, "checkpoint-signature")                                                         \
	X(VERIFY_CHECKPOINT_SIZE, "checkpoint-size") /* a checkpoint stands behind more records than its size */       \
	X(VERIFY_CHECKPOINT_ROOT, "checkpoint-root") /* the records do not give the root that was signed */            \
	X(VERIFY_END, "end")                         /* the file ends early or its counts are wrong */

enum verify_fault {
#define X(code, word) code,
	VERIFY_FAULT_LIST(X)
#undef X
};

#define VERIFY_COMPLETENESS_LIST(X)                                                                                    \
	X(COMPLETENESS_UNKNOWN, "unknown")     /* integrity broke before it could be told */                           \
	X(COMPLETENESS_SEALED, "sealed")       /* the last checkpoint covers every record */                           \
	X(COMPLETENESS_OPEN, "open")           /* some records came after the last checkpoint */                       \
	X(COMPLETENESS_CUT, "cut")             /* the kept checkpoint has seen more records than there are */          \
	X(COMPLETENESS_DIFFERENT, "different") /* the kept checkpoint has seen other records */                        \
	X(COMPLETENESS_OTHER_KEY, "other-key") /* the kept checkpoint is not one of this ledger */

enum completeness {
#define X(code, word) code,
	VERIFY_COMPLETENESS_LIST(X)
#undef X
};

struct verify_result {
	uint64_t records;     /* good ones */
	uint64_t checkpoints; /* good ones */
	uint64_t sealed;      /* records under the last good checkpoint */
	enum verify_fault fault;
	uint64_t bad_record; /* VERIFY_FILE_FORM to VERIFY_CHAIN: number of the first bad record; else records behind
	                        which it is */
	enum completeness completeness;
	bool was_compared; /* with a kept checkpoint */
};

struct verifier {
	struct ledger_key key;
	struct frontier tree;
	struct ledger_hash last_leaf;
	struct verify_result result;
	struct checkpoint kept;
	bool has_kept;
	bool kept_is_foreign, kept_differs;
};

/* kept_note: the text of a checkpoint kept elsewhere, empty when there is none. */
void verifier_init(struct verifier *v, const struct ledger_key *key, struct str kept_note);
/* ERR_CORRUPT at the first fault and for everything after it; the result tells which. */
int verifier_add_record(struct verifier *v, const struct ledger_hash *leaf, struct str bytes);
int verifier_add_checkpoint(struct verifier *v, struct str note);
/* For a fault that the caller found; keeps the first. Returns ERR_CORRUPT. */
int verifier_set_fault(struct verifier *v, enum verify_fault fault);
struct verify_result verifier_finish(struct verifier *v);

bool verify_is_good(const struct verify_result *result); /* integrity and completeness both */
const char *verify_fault_word(enum verify_fault fault);
const char *completeness_word(enum completeness completeness);
/* One line of JSON, the same as tools/verify-ledger.mjs prints, without line end. */
int verify_result_write(const struct verify_result *result, struct buf *b);
