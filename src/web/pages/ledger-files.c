/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole ledger: as a table, as an export that others verify, and verified here. All three go through it in pieces,
 * so that its length costs time but no memory, and others are served meanwhile. */
#include "base/clock.h"
#include "base/err.h"
#include "ledger/export.h"
#include "ledger/verify.h"
#include "web/pages/ledger-rows.h"

enum { PROGRESS_EVERY_RECORDS = 10000, PEOPLE_ARENA_MAX_BYTES = 4 * 1024 * 1024 };

static const char *const heads[] = {"number", "when", "kind", "label", "who", "subject", "decision"};

/* ---- the table ---- */

struct csv {
	struct page *page;
	struct buf *b;
	struct ledger_walk walk;
	struct ledger_filter filter;
	struct keep_person_list people;
	bool has_head;
};

static void add_heads(struct csv *csv)
{
	buf_add_c(csv->b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		json_t *head = rows_text(csv->page, "ledger.head.", str_of(heads[i]), "");
		rows_csv_cell(csv->b, str_of(json_string_value(head)), i + 1 == ARRAY_SIZE(heads));
		json_decref(head);
	}
	csv->has_head = true;
}

static int add_row(void *context, uint64_t number, struct str bytes)
{
	struct csv *csv = context;
	CLEANUP(arena_freep) struct arena *a = arena_new(LEDGER_ARENA_MAX_BYTES);
	struct record record = {0};
	char when[CLOCK_TEXT_BYTES], figure[32];

	int r = record_decode(bytes, &record);
	const struct event *e = &record.event;
	if (r < 0 || !ledger_filter_fits(&csv->filter, e))
		return r < 0 ? r : 0;
	clock_format_local(e->time_us, when);
	snprintf(figure, sizeof(figure), "%llu", (unsigned long long) number);
	json_t *label = rows_text(csv->page, "event.", e->kind, "");
	rows_csv_cell(csv->b, str_of(figure), false);
	rows_csv_cell(csv->b, str_of(when), false);
	rows_csv_cell(csv->b, e->kind, false);
	rows_csv_cell(csv->b, str_of(json_string_value(label)), false);
	rows_csv_cell(csv->b, ledger_actor(a, e, &csv->people), false);
	rows_csv_cell(csv->b, e->subject == EVENT_SUBJECT_NAME ? e->subject_name : STR(""), false);
	rows_csv_cell(csv->b, e->decision, true);
	json_decref(label);
	return buf_failed(csv->b) ? ERR_TOO_LARGE : 0;
}

static int next_rows(void *context, struct page *p, struct buf *piece)
{
	struct csv *csv = context;
	csv->b = piece;
	if (!csv->has_head)
		add_heads(csv);
	int r;
	do
		r = ledger_walk_on(p, &csv->walk, add_row, csv);
	while (r > 0 && piece->n == 0);
	return r;
}

static int find_total(struct page *p, uint64_t *ret)
{
	struct keep_status_out status;
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r >= 0)
		*ret = status.events;
	return r;
}

int ledger_csv_page(struct page *p)
{
	struct keep_person_list_out people = {0};
	struct csv *csv = ARENA_NEW(p->arena, struct csv);

	if (!csv)
		return ERR_TOO_LARGE;
	csv->page = p;
	int r = ledger_filter_read(p, &csv->filter);
	if (r >= 0)
		r = find_total(p, &csv->walk.total);
	if (r >= 0)
		r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	if (r < 0)
		return r;
	csv->people = people.people;
	return page_stream_file(p, "text/csv; charset=utf-8", "ledger.csv", &(struct page_source){csv, next_rows});
}

/* ---- the export ---- */

/* Records up to a checkpoint made now, and that checkpoint. */
struct whole {
	struct ledger_walk walk;
	struct keep_ledger_checkpoint_out checkpoint;
	struct ledger_key key;
	bool has_begun;
	struct buf *b;
	struct verifier verifier;
	uint64_t told; /* records at the last line of progress */
};

static int begin_whole(struct page *p, struct whole **ret)
{
	struct whole *w = ARENA_NEW(p->arena, struct whole);
	if (!w)
		return ERR_TOO_LARGE;
	int r = keep_ledger_checkpoint(p->keep, &p->actor, &(struct keep_ledger_checkpoint_in){0}, p->arena,
	                               &w->checkpoint);
	if (r >= 0)
		r = ledger_key_read(w->checkpoint.key, &w->key);
	w->walk.total = w->checkpoint.size;
	*ret = w;
	return r;
}

static int add_record(void *context, uint64_t number, struct str bytes)
{
	struct whole *w = context;
	struct ledger_hash leaf = record_leaf_hash(bytes);
	return export_add_record(w->b, number, &leaf, bytes);
}

/* sonae ledger verify and tools/verify-ledger.mjs read it. */
static int next_export(void *context, struct page *p, struct buf *piece)
{
	struct whole *w = context;
	int r = 0;

	w->b = piece;
	if (!w->has_begun)
		r = export_add_head(piece, &w->key);
	w->has_begun = true;
	if (r >= 0)
		r = ledger_walk_on(p, &w->walk, add_record, w);
	if (r != 0)
		return r;
	r = export_add_checkpoint(piece, w->checkpoint.note);
	if (r >= 0)
		r = export_add_end(piece, w->checkpoint.size, 1);
	return r < 0 ? r : 0;
}

int ledger_export_page(struct page *p)
{
	struct whole *w = NULL;
	int r = begin_whole(p, &w);
	if (r < 0)
		return r;
	return page_stream_file(p, "text/plain; charset=utf-8", "ledger.txt", &(struct page_source){w, next_export});
}

/* ---- verifying ---- */

static int verify_record(void *context, uint64_t number, struct str bytes)
{
	struct whole *w = context;
	struct ledger_hash leaf = record_leaf_hash(bytes);
	(void) number;
	return verifier_add_record(&w->verifier, &leaf, bytes);
}

static int tell_progress(struct page *p, struct whole *w, struct buf *piece)
{
	if (page_is_json(p) || (w->walk.at < w->walk.total && w->walk.at - w->told < PROGRESS_EVERY_RECORDS))
		return 0;
	w->told = w->walk.at;
	return page_render(
	        p, "ledger-progress.html",
	        json_pack("{s:I, s:I}", "done", (json_int_t) w->walk.at, "total", (json_int_t) w->walk.total), piece);
}

static void put_result(struct page *p, const struct verify_result *result)
{
	page_put(p, "good", json_boolean(verify_is_good(result)));
	page_put(p, "records", json_integer((json_int_t) result->records));
	page_put(p, "bad_record", json_integer((json_int_t) result->bad_record));
	page_put(p, "integrity", rows_text(p, "ledger.fault.", str_of(verify_fault_word(result->fault)), ""));
	page_put(p, "completeness",
	         rows_text(p, "ledger.complete.", str_of(completeness_word(result->completeness)), ""));
	page_put(p, "was_compared", json_boolean(result->was_compared));
}

static int next_verified(void *context, struct page *p, struct buf *piece)
{
	struct whole *w = context;

	int r = ledger_walk_on(p, &w->walk, verify_record, w);
	if (r >= 0 && tell_progress(p, w, piece) < 0)
		r = ERR_TOO_LARGE;
	if (r > 0)
		return r;
	if (r == 0)
		r = verifier_add_checkpoint(&w->verifier, w->checkpoint.note);
	struct verify_result result = verifier_finish(&w->verifier);
	if (r < 0 && result.fault == VERIFY_FINE)
		return r;
	put_result(p, &result);
	return 0;
}

/* Reads the whole ledger again and checks every hash, against a checkpoint kept elsewhere when one is pasted. */
int ledger_verify_page(struct page *p)
{
	struct whole *w = NULL;
	struct str kept = page_field(p, "kept");

	int r = begin_whole(p, &w);
	if (r < 0)
		return r;
	verifier_init(&w->verifier, &w->key, str_trim(kept).n > 0 ? kept : STR(""));
	return page_stream(p, &(struct page_source){w, next_verified});
}
