/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Damages a small exported ledger in every way and asks both verifiers: this one and tools/verify-ledger.mjs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "ledger/export.h"

enum { SAMPLE_RECORDS = 9, SAMPLE_MAX_BYTES = 16 * 1024, ANSWER_MAX_BYTES = 512, CASES_MAX = 20000 };

struct sample {
	struct ledger_signer signer;
	struct buf record[SAMPLE_RECORDS];
	struct ledger_hash leaf[SAMPLE_RECORDS];
	struct buf note[SAMPLE_RECORDS + 1]; /* by size; empty: none */
};

static void make_signer(struct ledger_signer *signer, unsigned char seed_byte)
{
	unsigned char seed[crypto_sign_SEEDBYTES] = {seed_byte};
	snprintf(signer->key.name, sizeof(signer->key.name), "sonae/0123456789abcdef");
	crypto_sign_seed_keypair(signer->key.public_key, signer->secret_key, seed);
}

static struct event sample_event(unsigned i)
{
	struct event e = event_make(i % 2 ? "login.ok" : "check.verdict", 1700000000000000 + i);
	event_set_person(&e, i + 1);
	event_set_name(&e, STR("担当"));
	event_add_count(&e, STR("link-ip"), i + 1);
	event_add_number(&e, "n", i);
	return e;
}

/* changed: number of a record whose history is told differently, SAMPLE_RECORDS for none. */
static void make_sample(struct sample *s, unsigned changed)
{
	struct frontier tree = {0};
	struct ledger_hash last = {{0}};

	make_signer(&s->signer, 1);
	for (unsigned i = 0; i <= SAMPLE_RECORDS; i++)
		s->note[i] = buf_make(CHECKPOINT_MAX_BYTES);
	for (unsigned i = 0; i < SAMPLE_RECORDS; i++) {
		struct record record = {.number = i, .previous = last, .event = sample_event(i)};
		if (i == changed)
			event_add_number(&record.event, "other", 1);
		s->record[i] = buf_make(EVENT_MAX_BYTES);
		assert_int_equal(record_encode(&record, &s->record[i]), 0);
		s->leaf[i] = last = record_leaf_hash(buf_str(&s->record[i]));
		frontier_append(&tree, &last);
		struct checkpoint checkpoint = {.size = tree.size, .root = frontier_root(&tree)};
		if (i == 4 || i == SAMPLE_RECORDS - 1)
			assert_int_equal(checkpoint_sign(&s->signer, &checkpoint, &s->note[i + 1]), 0);
	}
}

static void free_sample(struct sample *s)
{
	for (unsigned i = 0; i < SAMPLE_RECORDS; i++)
		buf_done(&s->record[i]);
	for (unsigned i = 0; i <= SAMPLE_RECORDS; i++)
		buf_done(&s->note[i]);
}

/* Exports the records whose numbers stand in order[0..n), and the checkpoints that fit. */
static void export_sample(const struct sample *s, const unsigned *order, unsigned n, struct buf *b)
{
	unsigned checkpoints = 0;

	buf_clear(b);
	export_add_head(b, &s->signer.key);
	for (unsigned i = 0; i < n; i++) {
		export_add_record(b, i, &s->leaf[order[i]], buf_str(&s->record[order[i]]));
		if (s->note[i + 1].n > 0) {
			export_add_checkpoint(b, buf_str(&s->note[i + 1]));
			checkpoints++;
		}
	}
	assert_int_equal(export_add_end(b, n, checkpoints), 0);
}

static struct verify_result verify_bytes(struct str bytes, struct str kept)
{
	struct export_reader reader;
	export_reader_init(&reader, kept);
	export_reader_feed(&reader, bytes);
	return export_reader_finish(&reader);
}

static const unsigned in_order[SAMPLE_RECORDS] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static void whole_ledger_verifies(void **state)
{
	(void) state;
	struct sample s;
	struct buf b = buf_make(SAMPLE_MAX_BYTES);

	make_sample(&s, SAMPLE_RECORDS);
	export_sample(&s, in_order, SAMPLE_RECORDS, &b);
	struct verify_result r = verify_bytes(buf_str(&b), buf_str(&s.note[5]));
	assert_true(verify_is_good(&r));
	assert_true(r.records == SAMPLE_RECORDS && r.checkpoints == 2 && r.sealed == SAMPLE_RECORDS && r.was_compared);
	assert_int_equal(r.completeness, COMPLETENESS_SEALED);
	export_sample(&s, in_order, SAMPLE_RECORDS - 1, &b);
	r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
	assert_true(verify_is_good(&r) && r.completeness == COMPLETENESS_OPEN && r.sealed == 5);
	buf_done(&b);
	free_sample(&s);
}

static void every_changed_byte_is_found(void **state)
{
	(void) state;
	struct sample s;
	struct buf b = buf_make(SAMPLE_MAX_BYTES);

	make_sample(&s, SAMPLE_RECORDS);
	export_sample(&s, in_order, SAMPLE_RECORDS, &b);
	for (size_t i = 0; i < b.n; i++) {
		char was = b.p[i];
		for (int value = 0; value < 256; value += i % 16 ? 51 : 1) {
			b.p[i] = (char) value;
			struct verify_result r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
			assert_true((b.p[i] == was) == verify_is_good(&r));
		}
		b.p[i] = was;
	}
	buf_done(&b);
	free_sample(&s);
}

/* Also with leaf hashes made anew for the changed bytes, as somebody would who knows the format. */
static void changed_record_is_named(void **state)
{
	(void) state;
	struct buf b = buf_make(SAMPLE_MAX_BYTES);

	for (unsigned k = 0; k < SAMPLE_RECORDS; k++) {
		struct sample s;
		make_sample(&s, SAMPLE_RECORDS);
		s.record[k].p[s.record[k].n - 1] ^= 1;
		export_sample(&s, in_order, SAMPLE_RECORDS, &b);
		struct verify_result r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
		assert_true(r.fault == VERIFY_LEAF && r.bad_record == k && r.records == k);

		s.leaf[k] = record_leaf_hash(buf_str(&s.record[k]));
		export_sample(&s, in_order, SAMPLE_RECORDS, &b);
		r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
		bool is_under_a_checkpoint_only = k == 4 || k == SAMPLE_RECORDS - 1;
		assert_int_equal(r.fault, is_under_a_checkpoint_only ? VERIFY_CHECKPOINT_ROOT : VERIFY_CHAIN);
		assert_true(r.records == k + 1);
		free_sample(&s);
	}
	buf_done(&b);
}

static void removed_and_swapped_records_are_named(void **state)
{
	(void) state;
	struct sample s;
	struct buf b = buf_make(SAMPLE_MAX_BYTES);

	make_sample(&s, SAMPLE_RECORDS);
	for (unsigned k = 0; k + 1 < SAMPLE_RECORDS; k++) {
		unsigned order[SAMPLE_RECORDS];
		for (unsigned i = 0; i < SAMPLE_RECORDS; i++)
			order[i] = i < k ? i : i + 1;
		export_sample(&s, order, SAMPLE_RECORDS - 1, &b);
		struct verify_result r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
		assert_true(r.fault == VERIFY_NUMBER && r.bad_record == k);

		for (unsigned i = 0; i < SAMPLE_RECORDS; i++)
			order[i] = i == k ? k + 1 : i == k + 1 ? k : i;
		export_sample(&s, order, SAMPLE_RECORDS, &b);
		r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
		assert_true(r.fault == VERIFY_NUMBER && r.bad_record == k);
	}
	buf_done(&b);
	free_sample(&s);
}

static void kept_checkpoint_tells_what_is_missing(void **state)
{
	(void) state;
	struct sample s, retold, foreign;
	struct buf b = buf_make(SAMPLE_MAX_BYTES);

	make_sample(&s, SAMPLE_RECORDS);
	make_sample(&retold, 2);
	make_sample(&foreign, SAMPLE_RECORDS);
	export_sample(&s, in_order, 6, &b);
	struct verify_result r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
	assert_true(verify_is_good(&r)); /* the cut itself cannot be seen ... */
	r = verify_bytes(buf_str(&b), buf_str(&s.note[SAMPLE_RECORDS]));
	assert_true(r.fault == VERIFY_FINE && r.completeness == COMPLETENESS_CUT); /* ... but against what was kept */
	assert_false(verify_is_good(&r));

	export_sample(&retold, in_order, SAMPLE_RECORDS, &b);
	r = verify_bytes(buf_str(&b), buf_str(&s.note[5]));
	assert_true(r.fault == VERIFY_FINE && r.completeness == COMPLETENESS_DIFFERENT);

	make_signer(&foreign.signer, 2);
	buf_clear(&foreign.note[5]);
	checkpoint_sign(&foreign.signer, &(struct checkpoint){.size = 5}, &foreign.note[5]);
	r = verify_bytes(buf_str(&b), buf_str(&foreign.note[5]));
	assert_int_equal(r.completeness, COMPLETENESS_OTHER_KEY);
	free_sample(&s);
	free_sample(&retold);

	/* Forged signature inside the file: same name, another's key. */
	foreign.signer.key = s.signer.key;
	export_sample(&foreign, in_order, SAMPLE_RECORDS, &b);
	r = verify_bytes(buf_str(&b), (struct str){NULL, 0});
	assert_true(r.fault == VERIFY_CHECKPOINT_SIGNATURE && r.records == 5);
	free_sample(&foreign);
	buf_done(&b);
}

/* ---- both verifiers ---- */

struct both {
	char folder[64];
	struct buf answers; /* of this one, a line for each file */
	unsigned count;
};

static void add_case(struct both *both, struct str bytes, struct str kept)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%05u", both->folder, both->count++);
	assert_int_equal(fd_replace_file(path, bytes, 0600), 0);
	struct verify_result r = verify_bytes(bytes, kept);
	verify_result_write(&r, &both->answers);
	buf_add_char(&both->answers, '\n');
}

static void add_cases(struct both *both, const struct sample *s, struct str kept)
{
	struct buf b = buf_make(SAMPLE_MAX_BYTES);

	for (unsigned n = 0; n <= SAMPLE_RECORDS; n++) {
		export_sample(s, in_order, n, &b);
		add_case(both, buf_str(&b), kept);
	}
	for (size_t i = 0; i < b.n; i++) {
		char was = b.p[i];
		b.p[i] = (char) (was ^ (i % 3 == 0 ? 1 : i % 3 == 1 ? 0x20 : 0x80));
		add_case(both, buf_str(&b), kept);
		b.p[i] = was;
	}
	for (size_t n = 0; n < b.n; n += 7)
		add_case(both, str_make(b.p, n), kept);
	buf_done(&b);
}

static void both_verifiers_give_the_same_answers(void **state)
{
	(void) state;
	struct both both = {.folder = "/tmp/sonae-verify-XXXXXX", .answers = buf_make(CASES_MAX * ANSWER_MAX_BYTES)};
	struct buf theirs = buf_make(CASES_MAX * ANSWER_MAX_BYTES);
	struct sample s;
	char command[512], path[128];

	if (system("command -v node >/dev/null") != 0)
		skip();
	assert_non_null(mkdtemp(both.folder));
	make_sample(&s, SAMPLE_RECORDS);
	struct str kept = buf_str(&s.note[5]);
	add_cases(&both, &s, kept);
	snprintf(path, sizeof(path), "%s/kept", both.folder);
	fd_replace_file(path, kept, 0600);
	snprintf(command, sizeof(command),
	         "cd %s && node \"$SONAE_SOURCE\"/tools/verify-ledger.mjs --checkpoint kept [0-9]* > answers; test $? "
	         "-eq 3",
	         both.folder);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof(path), "%s/answers", both.folder);
	assert_int_equal(fd_read_file(path, &theirs), 0);

	struct str a = buf_str(&both.answers), b = buf_str(&theirs), mine, other;
	for (unsigned i = 0; str_next_line(&a, &mine); i++) {
		assert_true(str_next_line(&b, &other));
		if (!str_eq(mine, other))
			fail_msg("file %u\n this  %.*s\n other %.*s", i, STR_ARG(mine), STR_ARG(other));
	}
	snprintf(command, sizeof(command), "rm -r %s", both.folder);
	assert_int_equal(system(command), 0);
	buf_done(&both.answers);
	buf_done(&theirs);
	free_sample(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(whole_ledger_verifies),
	        cmocka_unit_test(every_changed_byte_is_found),
	        cmocka_unit_test(changed_record_is_named),
	        cmocka_unit_test(removed_and_swapped_records_are_named),
	        cmocka_unit_test(kept_checkpoint_tells_what_is_missing),
	        cmocka_unit_test(both_verifiers_give_the_same_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
