/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/verify.h"

#include "base/check.h"
#include "base/err.h"

void verifier_init(struct verifier *v, const struct ledger_key *key, struct str kept_note)
{
	*v = (struct verifier){.key = *key, .has_kept = kept_note.n > 0};
	if (v->has_kept)
		v->kept_is_foreign = checkpoint_verify(kept_note, key, &v->kept) < 0;
}

int verifier_set_fault(struct verifier *v, enum verify_fault fault)
{
	if (v->result.fault == VERIFY_FINE) {
		v->result.fault = fault;
		v->result.bad_record = v->tree.size;
	}
	return ERR_CORRUPT;
}

static enum verify_fault find_record_fault(const struct verifier *v, const struct ledger_hash *leaf, struct str bytes)
{
	struct ledger_hash actual = record_leaf_hash(bytes);
	struct record record;

	if (!ledger_hash_eq(&actual, leaf))
		return VERIFY_LEAF;
	if (record_decode(bytes, &record) < 0)
		return VERIFY_ENCODING;
	if (record.number != v->tree.size)
		return VERIFY_NUMBER;
	/* last_leaf is all zeros before the first record, as the format wants. */
	return ledger_hash_eq(&record.previous, &v->last_leaf) ? VERIFY_FINE : VERIFY_CHAIN;
}

static void compare_kept(struct verifier *v)
{
	struct ledger_hash root;

	if (!v->has_kept || v->kept_is_foreign || v->kept.size != v->tree.size)
		return;
	root = frontier_root(&v->tree);
	v->kept_differs = !ledger_hash_eq(&root, &v->kept.root);
}

int verifier_add_record(struct verifier *v, const struct ledger_hash *leaf, struct str bytes)
{
	if (v->result.fault != VERIFY_FINE)
		return ERR_CORRUPT;
	enum verify_fault fault = find_record_fault(v, leaf, bytes);
	if (fault != VERIFY_FINE)
		return verifier_set_fault(v, fault);
	frontier_append(&v->tree, leaf);
	v->last_leaf = *leaf;
	v->result.records++;
	compare_kept(v);
	return 0;
}

int verifier_add_checkpoint(struct verifier *v, struct str note)
{
	struct checkpoint checkpoint;

	if (v->result.fault != VERIFY_FINE)
		return ERR_CORRUPT;
	int r = checkpoint_verify(note, &v->key, &checkpoint);
	if (r < 0)
		return verifier_set_fault(v, r == ERR_CRYPTO ? VERIFY_CHECKPOINT_SIGNATURE : VERIFY_CHECKPOINT_FORM);
	/* It has seen the record that should stand here. */
	if (checkpoint.size > v->tree.size)
		return verifier_set_fault(v, VERIFY_NUMBER);
	if (checkpoint.size < v->tree.size)
		return verifier_set_fault(v, VERIFY_CHECKPOINT_SIZE);
	struct ledger_hash root = frontier_root(&v->tree);
	if (!ledger_hash_eq(&root, &checkpoint.root))
		return verifier_set_fault(v, VERIFY_CHECKPOINT_ROOT);
	v->result.checkpoints++;
	v->result.sealed = checkpoint.size;
	return 0;
}

static enum completeness judge_completeness(const struct verifier *v)
{
	if (v->has_kept && v->kept_is_foreign)
		return COMPLETENESS_OTHER_KEY;
	if (v->kept_differs)
		return COMPLETENESS_DIFFERENT;
	if (v->result.fault != VERIFY_FINE)
		return COMPLETENESS_UNKNOWN;
	if (v->has_kept && v->kept.size > v->tree.size)
		return COMPLETENESS_CUT;
	return v->result.sealed == v->tree.size && v->result.checkpoints > 0 ? COMPLETENESS_SEALED : COMPLETENESS_OPEN;
}

struct verify_result verifier_finish(struct verifier *v)
{
	struct verify_result result = v->result;
	result.completeness = judge_completeness(v);
	result.was_compared = v->has_kept;
	return result;
}

bool verify_is_good(const struct verify_result *result)
{
	return result->fault == VERIFY_FINE &&
	       (result->completeness == COMPLETENESS_SEALED || result->completeness == COMPLETENESS_OPEN);
}

const char *verify_fault_word(enum verify_fault fault)
{
	static const char *const words[] = {
#define X(code, word) [code] = word,
	        VERIFY_FAULT_LIST(X)
#undef X
	};
	CHECK((size_t) fault < ARRAY_SIZE(words));
	return words[fault];
}

const char *completeness_word(enum completeness completeness)
{
	static const char *const words[] = {
#define X(code, word) [code] = word,
	        VERIFY_COMPLETENESS_LIST(X)
#undef X
	};
	CHECK((size_t) completeness < ARRAY_SIZE(words));
	return words[completeness];
}

static bool is_fault_of_a_record(enum verify_fault fault)
{
	return fault >= VERIFY_FILE_FORM && fault <= VERIFY_CHAIN;
}

int verify_result_write(const struct verify_result *r, struct buf *b)
{
	buf_printf(b, "{\"records\":%llu,\"checkpoints\":%llu,\"sealed\":%llu,\"integrity\":\"%s\",\"fault\":\"%s\",",
	           (unsigned long long) r->records, (unsigned long long) r->checkpoints, (unsigned long long) r->sealed,
	           r->fault == VERIFY_FINE ? "holds" : "broken", verify_fault_word(r->fault));
	if (is_fault_of_a_record(r->fault))
		buf_printf(b, "\"first_bad_record\":%llu,", (unsigned long long) r->bad_record);
	else
		buf_add_c(b, "\"first_bad_record\":null,");
	return buf_printf(b, "\"completeness\":\"%s\",\"compared\":%s}", completeness_word(r->completeness),
	                  r->was_compared ? "true" : "false");
}
