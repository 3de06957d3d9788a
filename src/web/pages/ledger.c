/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 記録: what happened, as the ledger holds it, never with a text. Everybody who may see it can take the signed
 * checkpoint and keep it elsewhere: that is what makes a cut or changed ledger show. */
#include "base/err.h"
#include "web/pages/ledger-rows.h"

enum {
	RECORDS_PER_PAGE = 50,
	SEARCH_RECORDS_MAX = 20000, /* that one page looks through; then it offers to go on */
};

static const char *const kinds[] = {
#define KIND(word) word,
#include "ledger/kinds.def"
#undef KIND
};

/* ---- one record as JSON ---- */

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
	json_object_set_new(j, "who", page_json_str(ledger_actor(p->arena, e, people)));
	json_object_set_new(j, "subject", page_json_str(e->subject == EVENT_SUBJECT_NAME ? e->subject_name : STR("")));
	json_object_set_new(j, "decision", page_json_str(e->decision));
	json_object_set_new(j, "decision_label", decision_label(p, e->decision));
	json_object_set_new(j, "counts", counts_json(e));
	json_decref(label);
	return j;
}

static json_t *kinds_json(const struct page *p, struct str chosen)
{
	json_t *all = json_array();
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		json_t *j = json_object();
		json_object_set_new(j, "word", json_string(kinds[i]));
		json_object_set_new(j, "label", rows_text(p, "event.", str_of(kinds[i]), ""));
		json_object_set_new(j, "selected", json_boolean(str_eq_c(chosen, kinds[i])));
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *people_json(const struct keep_person_list *people, uint64_t chosen)
{
	json_t *all = json_array();
	for (size_t i = 0; i < people->n; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "id", json_integer((json_int_t) people->at[i].id));
		json_object_set_new(j, "name", page_json_str(people->at[i].name));
		json_object_set_new(j, "selected", json_boolean(people->at[i].id == chosen));
		json_array_append_new(all, j);
	}
	return all;
}

/* ---- one page of them ---- */

struct search {
	struct page *page;
	struct ledger_filter filter;
	struct keep_person_list people;
	json_t *records;
	uint64_t before; /* the number that comes next is below this; 0: none is left */
	uint64_t total;
};

static bool is_full(const struct search *s)
{
	return json_array_size(s->records) == RECORDS_PER_PAGE;
}

static void take(struct search *s, const struct keep_ledger_record *row)
{
	struct record record = {0};

	s->before = row->number;
	if (record_decode(row->bytes, &record) < 0)
		return;
	if (ledger_filter_fits(&s->filter, &record.event))
		json_array_append_new(s->records, record_json(s->page, &record, &s->people));
	/* Records stand in the order of time: nothing older can fit. */
	else if (s->filter.from.n > 0 && ledger_day_compare(&record.event, s->filter.from) < 0)
		s->before = 0;
}

static int search_piece(struct search *s)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(LEDGER_ARENA_MAX_BYTES);
	struct keep_ledger_list_out out = {0};

	int r = ledger_list(s->page, s->before, LEDGER_RECORDS_PER_CALL, s->filter.kind, a, &out);
	if (r < 0)
		return r;
	s->total = out.total;
	bool was_last = out.records.n < LEDGER_RECORDS_PER_CALL;
	for (size_t i = 0; i < out.records.n; i++) {
		take(s, &out.records.at[i]);
		if (s->before == 0 || is_full(s))
			return 0;
	}
	if (was_last)
		s->before = 0;
	return 0;
}

static int day_of_record(struct search *s, uint64_t number, int *ret)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(LEDGER_ARENA_MAX_BYTES);
	struct keep_ledger_list_out out = {0};
	struct record record = {0};

	int r = ledger_list(s->page, number + 1, 1, STR(""), a, &out);
	if (r >= 0)
		r = out.records.n == 1 ? record_decode(out.records.at[0].bytes, &record) : ERR_NOT_FOUND;
	if (r >= 0)
		*ret = ledger_day_compare(&record.event, s->filter.until);
	return r;
}

/* The first record behind the last day, by halves. */
static int find_end(struct search *s, uint64_t total)
{
	uint64_t low = 0, high = total;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		int order = 0, r = day_of_record(s, middle, &order);
		if (r < 0)
			return r;
		if (order > 0)
			high = middle;
		else
			low = middle + 1;
	}
	if (s->before == 0 || s->before > low)
		s->before = low;
	return low > 0 ? 1 : 0;
}

/* 0: nothing can be there. */
static int find_start(struct search *s)
{
	struct keep_status_out status;

	if (s->filter.until.n == 0)
		return 1;
	int r = keep_status(s->page->keep, &s->page->actor, &(struct keep_status_in){0}, s->page->arena, &status);
	return r < 0 ? r : find_end(s, status.events);
}

static int search(struct search *s)
{
	int r = find_start(s);
	if (r <= 0)
		return r;
	for (unsigned seen = 0; seen < SEARCH_RECORDS_MAX; seen += LEDGER_RECORDS_PER_CALL) {
		r = search_piece(s);
		if (r < 0 || s->before == 0 || is_full(s))
			return r;
	}
	return 0;
}

static void put_search(struct page *p, const struct search *s)
{
	const struct ledger_filter *f = &s->filter;

	page_put(p, "total", json_integer((json_int_t) s->total));
	page_put(p, "kinds", kinds_json(p, f->kind));
	page_put(p, "people", people_json(&s->people, f->person));
	page_put_str(p, "kind", f->kind);
	page_put_str(p, "who", f->who);
	page_put_str(p, "from", f->from);
	page_put_str(p, "until", f->until);
	if (s->before > 0)
		page_put(p, "older", json_integer((json_int_t) s->before));
	page_put(p, "is_cut", json_boolean(s->before > 0 && !is_full(s)));
}

int ledger_page(struct page *p)
{
	struct keep_person_list_out people = {0};
	struct keep_ledger_checkpoint_out checkpoint;
	struct str before = page_query(p, "before");
	struct search s = {.page = p, .records = json_array()};

	page_put(p, "records", s.records);
	int r = ledger_filter_read(p, &s.filter);
	if (r >= 0 && before.n > 0 && str_parse_u64(before, INT64_MAX, &s.before) < 0)
		r = ERR_NOT_FOUND;
	if (r >= 0)
		r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	s.people = people.people;
	if (r >= 0)
		r = search(&s);
	if (r >= 0)
		r = keep_ledger_checkpoint(p->keep, &p->actor, &(struct keep_ledger_checkpoint_in){0}, p->arena,
		                           &checkpoint);
	if (r < 0)
		return r;
	put_search(p, &s);
	page_put_str(p, "checkpoint", checkpoint.note);
	page_put_str(p, "key", checkpoint.key);
	page_put(p, "size", json_integer((json_int_t) checkpoint.size));
	return 0;
}
