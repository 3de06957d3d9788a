/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 記録: what happened, as the ledger holds it, never with a text. Everybody who may see it can take the signed
 * checkpoint and keep it elsewhere: that is what makes a cut or changed ledger show. */
#include "base/clock.h"
#include "base/err.h"
#include "ledger/event.h"
#include "ledger/verify.h"
#include "ledger/export.h"
#include "web/pages/rows.h"

enum {
	RECORDS_PER_PAGE = 50,
	RECORDS_PER_CALL = 200,
	EXPORT_RECORDS_MAX = 20000,
	EXPORT_MAX_BYTES = 48 * 1024 * 1024,
	LIST_ARENA_MAX_BYTES = 8 * 1024 * 1024
};

static const char *const kinds[] = {
#define KIND(word) word,
#include "ledger/kinds.def"
#undef KIND
};

/* ---- one record as JSON ---- */

static json_t *actor_json(const struct page *p, const struct event *e, const struct keep_person_list *people)
{
	if (e->actor == EVENT_ACTOR_PROGRAM)
		return page_json_str(e->program);
	if (e->actor != EVENT_ACTOR_PERSON)
		return json_string("Sonae");
	for (size_t i = 0; people && i < people->n; i++)
		if (people->at[i].id == e->person)
			return page_json_str(people->at[i].name);
	return page_json_str(arena_printf(p->arena, "#%llu", (unsigned long long) e->person));
}

static json_t *counts_json(const struct event *e)
{
	json_t *list = json_array();
	for (uint32_t i = 0; i < e->count_count; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "id", page_json_str(e->counts[i].id));
		json_object_set_new(j, "count", json_integer(e->counts[i].count));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *decision_label(const struct page *p, struct str decision)
{
	json_t *label = rows_text(p, "decision.", decision, "");
	if (*json_string_value(label) || decision.n == 0)
		return label;
	json_decref(label);
	return page_json_str(decision);
}

static json_t *record_json(const struct page *p, const struct record *record, const struct keep_person_list *people)
{
	const struct event *e = &record->event;
	json_t *j = json_object(), *label = rows_text(p, "event.", e->kind, "");
	json_object_set_new(j, "number", json_integer((json_int_t) record->number));
	json_object_set_new(j, "when", page_json_time(e->time_us));
	json_object_set_new(j, "kind", page_json_str(e->kind));
	json_object_set_new(j, "label", *json_string_value(label) ? json_incref(label) : page_json_str(e->kind));
	json_object_set_new(j, "who", actor_json(p, e, people));
	json_object_set_new(j, "subject", page_json_str(e->subject == EVENT_SUBJECT_NAME ? e->subject_name : STR("")));
	json_object_set_new(j, "decision", page_json_str(e->decision));
	json_object_set_new(j, "decision_label", decision_label(p, e->decision));
	json_object_set_new(j, "counts", counts_json(e));
	json_decref(label);
	return j;
}

static int list(struct page *p, uint64_t before, uint64_t limit, struct str kind, struct arena *a,
                struct keep_ledger_list_out *ret)
{
	struct keep_ledger_list_in in = {.before = before, .limit = limit, .kind = kind};
	return keep_ledger_list(p->keep, &p->actor, &in, a, ret);
}

static json_t *kinds_json(const struct page *p, struct str chosen)
{
	json_t *all = json_array();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		json_t *j = json_object();
		json_object_set_new(j, "word", json_string(kinds[i]));
		json_object_set_new(j, "label", rows_text(p, "event.", str_of(kinds[i]), ""));
		json_object_set_new(j, "selected", json_boolean(str_eq_c(chosen, kinds[i])));
		json_array_append_new(all, j);
	}
	return all;
}

int ledger_page(struct page *p)
{
	struct keep_ledger_list_out out;
	struct keep_person_list_out people;
	struct keep_ledger_checkpoint_out checkpoint;
	struct str kind = page_query(p, "kind"), before_text = page_query(p, "before");
	uint64_t before = 0;
	json_t *records = json_array();
	page_put(p, "records", records);
	if (before_text.n > 0 && str_parse_u64(before_text, INT64_MAX, &before) < 0)
		return ERR_NOT_FOUND;
	int r = list(p, before, RECORDS_PER_PAGE, kind, p->arena, &out);
	if (r >= 0)
		r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	if (r >= 0)
		r = keep_ledger_checkpoint(p->keep, &p->actor, &(struct keep_ledger_checkpoint_in){0}, p->arena,
		                           &checkpoint);
	if (r < 0)
		return r;
	struct record record = {0};
	for (size_t i = 0; i < out.records.n; i++)
		if (record_decode(out.records.at[i].bytes, &record) >= 0)
			json_array_append_new(records, record_json(p, &record, &people.people));
	page_put(p, "total", json_integer((json_int_t) out.total));
	page_put(p, "kinds", kinds_json(p, kind));
	page_put_str(p, "kind", kind);
	if (out.records.n == RECORDS_PER_PAGE)
		page_put(p, "older", json_integer((json_int_t) out.records.at[out.records.n - 1].number));
	page_put_str(p, "checkpoint", checkpoint.note);
	page_put_str(p, "key", checkpoint.key);
	page_put(p, "size", json_integer((json_int_t) checkpoint.size));
	return 0;
}

/* ---- the whole of it, oldest first ---- */

typedef int record_fn(void *context, uint64_t number, struct str bytes);

/* The keeper gives the newest first, so the numbers asked for go up: before = the end of each piece. */
static int walk(struct page *p, uint64_t total, record_fn *fn, void *context)
{
	uint64_t at = total > EXPORT_RECORDS_MAX ? total - EXPORT_RECORDS_MAX : 0;
	while (at < total) {
		CLEANUP(arena_freep) struct arena *a = arena_new(LIST_ARENA_MAX_BYTES);
		struct keep_ledger_list_out out;
		uint64_t end = total - at > RECORDS_PER_CALL ? at + RECORDS_PER_CALL : total;
		int r = list(p, end, end - at, STR(""), a, &out);
		for (size_t i = out.records.n; r >= 0 && i > 0; i--)
			r = fn(context, out.records.at[i - 1].number, out.records.at[i - 1].bytes);
		if (r < 0)
			return r;
		at = end;
	}
	return 0;
}

struct csv {
	const struct page *page;
	struct buf *b;
};

static int add_csv(void *context, uint64_t number, struct str bytes)
{
	struct csv *csv = context;
	struct record record = {0};
	char when[CLOCK_TEXT_BYTES], figure[32];
	int r = record_decode(bytes, &record);
	if (r < 0)
		return r;
	const struct event *e = &record.event;
	clock_format_utc(e->time_us, when);
	snprintf(figure, sizeof(figure), "%llu", (unsigned long long) number);
	rows_csv_cell(csv->b, str_of(figure), false);
	rows_csv_cell(csv->b, str_of(when), false);
	rows_csv_cell(csv->b, e->kind, false);
	json_t *label = rows_text(csv->page, "event.", e->kind, ""), *who = actor_json(csv->page, e, NULL);
	rows_csv_cell(csv->b, str_of(json_string_value(label)), false);
	rows_csv_cell(csv->b, str_of(json_string_value(who)), false);
	rows_csv_cell(csv->b, e->subject == EVENT_SUBJECT_NAME ? e->subject_name : STR(""), false);
	rows_csv_cell(csv->b, e->decision, true);
	json_decref(label);
	json_decref(who);
	return buf_failed(csv->b) ? ERR_TOO_LARGE : 0;
}

static int total_of(struct page *p, uint64_t *ret)
{
	struct keep_status_out status;
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r >= 0)
		*ret = status.events;
	return r;
}

int ledger_csv_page(struct page *p)
{
	struct buf b = buf_make(EXPORT_MAX_BYTES);
	struct csv csv = {p, &b};
	static const char *const heads[] = {"number", "when", "kind", "label", "who", "subject", "decision"};
	uint64_t total = 0;
	int r = total_of(p, &total);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		json_t *head = rows_text(p, "ledger.head.", str_of(heads[i]), "");
		rows_csv_cell(&b, str_of(json_string_value(head)), i + 1 == sizeof(heads) / sizeof(*heads));
		json_decref(head);
	}
	if (r >= 0)
		r = walk(p, total, add_csv, &csv);
	if (r >= 0)
		r = page_download(p, "text/csv; charset=utf-8", "ledger.csv", buf_str(&b));
	buf_done(&b);
	return r;
}

static int add_export(void *context, uint64_t number, struct str bytes)
{
	struct ledger_hash leaf = record_leaf_hash(bytes);
	return export_add_record(context, number, &leaf, bytes);
}

/* Records up to a checkpoint made now, and that checkpoint: sonae ledger verify and tools/verify-ledger.mjs read it. */
static int make_export(struct page *p, struct buf *b)
{
	struct keep_ledger_checkpoint_out checkpoint;
	struct ledger_key key;
	int r = keep_ledger_checkpoint(p->keep, &p->actor, &(struct keep_ledger_checkpoint_in){0}, p->arena,
	                               &checkpoint);
	if (r >= 0 && checkpoint.size > EXPORT_RECORDS_MAX)
		return ERR_TOO_LARGE;
	if (r >= 0)
		r = ledger_key_read(checkpoint.key, &key);
	if (r >= 0)
		r = export_add_head(b, &key);
	if (r >= 0)
		r = walk(p, checkpoint.size, add_export, b);
	if (r >= 0)
		r = export_add_checkpoint(b, checkpoint.note);
	return r < 0 ? r : export_add_end(b, checkpoint.size, 1);
}

int ledger_export_page(struct page *p)
{
	struct buf b = buf_make(EXPORT_MAX_BYTES);
	int r = make_export(p, &b);
	if (r >= 0)
		r = page_download(p, "text/plain; charset=utf-8", "ledger.txt", buf_str(&b));
	buf_done(&b);
	return r;
}

/* Reads the whole ledger again and checks every hash, against a checkpoint kept elsewhere when one is pasted. */
int ledger_verify_page(struct page *p)
{
	struct export_reader reader;
	struct buf b = buf_make(EXPORT_MAX_BYTES);
	struct str kept = page_field(p, "kept");
	int r = make_export(p, &b);
	if (r < 0) {
		buf_done(&b);
		return r;
	}
	export_reader_init(&reader, str_trim(kept).n > 0 ? kept : STR(""));
	r = export_reader_feed(&reader, buf_str(&b));
	struct verify_result result = export_reader_finish(&reader);
	buf_done(&b);
	if (r < 0 && result.fault == VERIFY_FINE)
		return r;
	page_put(p, "good", json_boolean(verify_is_good(&result)));
	page_put(p, "records", json_integer((json_int_t) result.records));
	page_put(p, "bad_record", json_integer((json_int_t) result.bad_record));
	page_put(p, "integrity", rows_text(p, "ledger.fault.", str_of(verify_fault_word(result.fault)), ""));
	page_put(p, "completeness",
	         rows_text(p, "ledger.complete.", str_of(completeness_word(result.completeness)), ""));
	page_put(p, "was_compared", json_boolean(result.was_compared));
	return 0;
}
