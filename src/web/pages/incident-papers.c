/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What leaves an incident: drafts filled from what was written down, the president's view of it, and one file with
 * everything, readable without Sonae. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "paper/zip.h"
#include "web/facts.h"
#include "web/pages/incident-rows.h"
#include "web/pages/rows.h"

enum {
	DRAFT_MAX_BYTES = 64 * 1024,
	FILE_MAX_BYTES = 32 * 1024 * 1024, /* more than all that an incident can hold, escaped */
	ZIP_MAX_BYTES = 32 * 1024 * 1024,
	HEX_PER_BYTE = 2,
	FACTS_OF_DRAFT = 20,
};

static const char *const drafts[] = {"staff", "partners", "customers", "police", "commission", NULL};

/* ---- drafts ---- */

static struct str names_in_state(struct page *p, const struct incident_view *v, const char *state)
{
	json_t *rows = incident_businesses(p, v), *row;
	size_t i;
	struct str all = STR("");
	json_array_foreach(rows, i, row)
	{
		if (!json_is_true(json_object_get(json_object_get(row, "state"), state)))
			continue;
		all = arena_printf(p->arena, "%.*s%s%s", STR_ARG(all), all.n ? "、" : "",
		                   json_string_value(json_object_get(row, "name")));
	}
	json_decref(rows);
	return all.n ? all : str_of(i18n_text(p->language, "incident.nothing"));
}

static struct str local_time(const struct page *p, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(when_us, text);
	return arena_dup(p->arena, str_of(text));
}

static struct str role(const struct page *p, const struct incident_view *v, const char *name)
{
	const struct keep_incident_entry *e = incident_last(v, INCIDENT_ROLE, str_of(name));
	return e && e->text.n ? e->text : str_of(i18n_text(p->language, "incident.not-known"));
}

/* Kinds in which machines are cut off and left on; the others have nothing to unplug. */
static bool cuts_machines(struct str kind)
{
	static const char *const words[] = {"ransomware", "stolen", "targeted"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_c(kind, words[i]))
			return true;
	return false;
}

/* What staff are asked to do, by kind; what nobody has pressed is never said to be done. */
static struct str orders(const struct page *p, const struct incident_view *v)
{
	const char *key = cuts_machines(v->incident.kind)          ? "incident.draft.orders.cut"
	                  : str_eq_c(v->incident.kind, "disaster") ? "incident.draft.orders.disaster"
	                                                           : "incident.draft.orders.other";
	return str_of(i18n_text(p->language, key));
}

/* The first steps that were pressed, as they read. */
static struct str steps_done(struct page *p, const struct incident_view *v)
{
	struct str all = STR("");
	for (size_t i = 0; i < v->entries.n; i++) {
		const struct keep_incident_entry *e = &v->entries.at[i];
		const struct fact *fact = str_eq_c(e->kind, INCIDENT_STEP) ? fact_find(page_facts(p), e->name) : NULL;
		if (fact && e->value && incident_last(v, INCIDENT_STEP, e->name) == e)
			all = arena_printf(p->arena, "%.*s\n・%.*s", STR_ARG(all), STR_ARG(fact->text[p->language]));
	}
	return all.n ? all : str_of(i18n_text(p->language, "incident.nothing"));
}

static struct str draft_text(struct page *p, const struct incident_view *v, const char *name)
{
	struct i18n_fact facts[FACTS_OF_DRAFT];
	size_t n = 0;
	struct str label = arena_printf(p->arena, "emergency.%.*s", STR_ARG(v->incident.kind));
	facts[n++] = (struct i18n_fact){"company", p->company_name};
	facts[n++] = (struct i18n_fact){"today", page_today(p)};
	facts[n++] = (struct i18n_fact){"known", local_time(p, v->incident.known_us)};
	facts[n++] = (struct i18n_fact){"what", str_of(i18n_text(p->language, arena_cstr(p->arena, label)))};
	facts[n++] = (struct i18n_fact){"leader", role(p, v, "leader")};
	facts[n++] = (struct i18n_fact){"caller", role(p, v, "caller")};
	facts[n++] = (struct i18n_fact){"orders", orders(p, v)};
	facts[n++] = (struct i18n_fact){"steps", steps_done(p, v)};
	facts[n++] = (struct i18n_fact){"stopped", names_in_state(p, v, "stopped")};
	facts[n++] = (struct i18n_fact){"by-hand", names_in_state(p, v, "by_hand")};
	for (size_t i = 0; incident_details[i] && n < FACTS_OF_DRAFT; i++)
		facts[n++] = (struct i18n_fact){incident_details[i], incident_detail(p, v, incident_details[i])};
	struct buf b = buf_make(DRAFT_MAX_BYTES);
	struct str key = arena_printf(p->arena, "incident.draft.%s.text", name);
	struct str text = i18n_format(&b, p->language, key, facts, n) < 0 ? STR("") : buf_str(&b);
	text = arena_dup(p->arena, text);
	buf_done(&b);
	if (!v->incident.is_drill)
		return text;
	return arena_printf(p->arena, "%s\n%.*s", i18n_text(p->language, "incident.drill"), STR_ARG(text));
}

static int load(struct page *p, struct incident_view *v)
{
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	return r < 0 ? r : incident_load(p, id, v);
}

int incident_drafts_page(struct page *p)
{
	struct incident_view v;
	json_t *list = json_array(), *fields = json_array();
	page_put(p, "drafts", list);
	page_put(p, "fields", fields);
	int r = load(p, &v);
	if (r < 0)
		return r == ERR_DENIED && p->person.id == 0 ? page_redirect(p, "/119/now") : r;
	page_put(p, "incident", incident_head(p, &v.incident));
	for (size_t i = 0; drafts[i]; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(drafts[i]));
		json_object_set_new(j, "label", rows_text(p, "incident.draft.", str_of(drafts[i]), ""));
		json_object_set_new(j, "text", page_json_str(draft_text(p, &v, drafts[i])));
		json_array_append_new(list, j);
	}
	for (size_t i = 0; incident_details[i]; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(incident_details[i]));
		json_object_set_new(j, "label", rows_text(p, "incident.detail.", str_of(incident_details[i]), ""));
		json_object_set_new(j, "text", page_json_str(incident_detail(p, &v, incident_details[i])));
		json_array_append_new(fields, j);
	}
	return 0;
}

/* ---- the president's view ---- */

static json_t *fact_json(struct page *p, const char *id)
{
	const struct fact *fact = fact_find(page_facts(p), str_of(id));
	if (!fact)
		return json_null();
	json_t *j = json_object();
	json_object_set_new(j, "text", page_json_str(fact->text[p->language]));
	json_object_set_new(j, "source", page_json_str(fact->source));
	json_object_set_new(j, "is_expired", json_boolean(fact_is_expired(fact, page_today(p))));
	json_object_set_new(j, "is_unverified", json_boolean(!fact->verified));
	return j;
}

int incident_president_page(struct page *p)
{
	struct incident_view v;
	int r = load(p, &v);
	if (r < 0)
		return r == ERR_DENIED && p->person.id == 0 ? page_redirect(p, "/119/now") : r;
	json_t *figures = json_array(), *decisions = json_array();
	page_put(p, "deadlines", incident_deadlines(p, &v));
	page_put(p, "figures", figures);
	page_put(p, "decisions", decisions);
	page_put(p, "incident", incident_head(p, &v.incident));
	page_put(p, "businesses", incident_businesses(p, &v));
	json_array_append_new(figures, fact_json(p, "figure.npa-2025.cost"));
	json_array_append_new(figures, fact_json(p, "figure.npa-2025.recovery"));
	json_array_append_new(figures, fact_json(p, "figure.npa-2025.backup"));
	for (size_t i = 0; incident_decisions[i]; i++) {
		const struct keep_incident_entry *e =
		        incident_last(&v, INCIDENT_DECISION, str_of(incident_decisions[i]));
		json_t *j = json_object();
		json_object_set_new(j, "label", rows_text(p, "incident.decision.", str_of(incident_decisions[i]), ""));
		json_object_set_new(j, "hint",
		                    rows_text(p, "incident.decision.", str_of(incident_decisions[i]), ".hint"));
		json_object_set_new(j, "text", page_json_str(e ? e->text : STR("")));
		json_array_append_new(decisions, j);
	}
	page_put_str(p, "overview", incident_detail(p, &v, "overview"));
	page_put_str(p, "leader", role(p, &v, "leader"));
	return 0;
}

/* ---- everything in one file ---- */

static void add_hex(struct buf *b, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char hex[HEX_PER_BYTE + 1];
		snprintf(hex, sizeof(hex), "%02x", bytes[i]);
		buf_add_c(b, hex);
	}
}

/* Adds a file, and its line to the list of hashes. */
static int add_file(struct zip *zip, struct buf *sums, const char *name, struct str bytes, int64_t when_us)
{
	struct ledger_hash hash = ledger_hash_of(bytes);
	add_hex(sums, hash.bytes, sizeof(hash.bytes));
	buf_add_c(sums, "  ");
	buf_add_c(sums, name);
	buf_add_c(sums, "\n");
	return zip_add(zip, name, bytes, when_us);
}

static struct str hex_of(struct page *p, struct str bytes)
{
	struct buf b = buf_make(FILE_MAX_BYTES);
	add_hex(&b, (const uint8_t *) bytes.p, bytes.n);
	struct str text = arena_dup(p->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

/* What docs/incident.md needs to compute the hash of each entry. */
static json_t *entries_json(struct page *p, const struct incident_view *v)
{
	json_t *list = json_array();
	for (size_t i = 0; i < v->entries.n; i++) {
		const struct keep_incident_entry *e = &v->entries.at[i];
		json_t *j = json_object();
		json_object_set_new(j, "number", json_integer((json_int_t) e->number));
		json_object_set_new(j, "incident", json_integer((json_int_t) e->incident));
		json_object_set_new(j, "kind", page_json_str(e->kind));
		json_object_set_new(j, "name", page_json_str(e->name));
		json_object_set_new(j, "text", page_json_str(e->text));
		json_object_set_new(j, "digest", page_json_str(e->digest));
		json_object_set_new(j, "value", json_integer((json_int_t) e->value));
		json_object_set_new(j, "at_us", json_integer(e->at_us));
		json_object_set_new(j, "made_us", json_integer(e->made_us));
		json_object_set_new(j, "made_by", json_integer((json_int_t) e->made_by));
		json_object_set_new(j, "made_by_name", page_json_str(e->made_by_name));
		json_object_set_new(j, "salt", page_json_str(hex_of(p, e->salt)));
		json_object_set_new(j, "sentence", page_json_str(incident_entry_text(p, e)));
		json_array_append_new(list, j);
	}
	return list;
}

static int add_json(struct page *p, const struct incident_view *v, struct zip *zip, struct buf *sums)
{
	json_t *whole = incident_head(p, &v->incident), *records = json_array();
	json_object_set_new(whole, "company", page_json_str(p->company_name));
	json_object_set_new(whole, "entries", entries_json(p, v));
	json_object_set_new(whole, "businesses", incident_businesses(p, v));
	for (size_t i = 0; i < v->records.n; i++)
		json_array_append_new(records, page_json_str(hex_of(p, v->records.at[i].bytes)));
	json_object_set_new(whole, "ledger_records", records);
	char *text = json_dumps(whole, JSON_INDENT(1));
	int r = text ? add_file(zip, sums, "incident.json", str_of(text), p->now_us) : ERR_TOO_LARGE;
	free(text);
	json_decref(whole);
	return r;
}

static int add_timeline(struct page *p, const struct incident_view *v, struct zip *zip, struct buf *sums)
{
	CLEANUP(buf_done) struct buf b = buf_make(FILE_MAX_BYTES);
	json_t *rows = incident_timeline(p, v), *row;
	size_t i;
	buf_add_c(&b, ROWS_CSV_BOM);
	static const char *const heads[] = {"incident.csv.at", "incident.csv.by", "incident.csv.text",
	                                    "incident.csv.digest"};
	for (size_t k = 0; k < ARRAY_SIZE(heads); k++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[k])), k + 1 == ARRAY_SIZE(heads));
	json_array_foreach(rows, i, row)
	{
		const char *local = json_string_value(json_object_get(json_object_get(row, "at"), "local"));
		const char *by = json_string_value(json_object_get(row, "by"));
		const char *text = json_string_value(json_object_get(row, "text"));
		const char *digest = json_string_value(json_object_get(row, "digest"));
		rows_csv_cell(&b, str_of(local ? local : ""), false);
		rows_csv_cell(&b, str_of(by ? by : "Sonae"), false);
		rows_csv_cell(&b, str_of(text ? text : ""), false);
		rows_csv_cell(&b, str_of(digest ? digest : ""), true);
	}
	json_decref(rows);
	return buf_failed(&b) ? ERR_TOO_LARGE : add_file(zip, sums, "timeline.csv", buf_str(&b), p->now_us);
}

static int add_drafts(struct page *p, const struct incident_view *v, struct zip *zip, struct buf *sums)
{
	int r = 0;
	for (size_t i = 0; r >= 0 && drafts[i]; i++) {
		char name[64];
		snprintf(name, sizeof(name), "draft-%s.txt", drafts[i]);
		r = add_file(zip, sums, name, draft_text(p, v, drafts[i]), p->now_us);
	}
	return r;
}

/* The page as a file of its own: no address of this server in it is needed to read it. */
static int add_page(struct page *p, const struct incident_view *v, struct zip *zip, struct buf *sums)
{
	CLEANUP(buf_done) struct buf b = buf_make(FILE_MAX_BYTES);
	json_t *model = json_object();
	json_object_set_new(model, "incident", incident_head(p, &v->incident));
	json_object_set_new(model, "company", page_json_str(p->company_name));
	json_object_set_new(model, "deadlines", incident_deadlines(p, v));
	json_object_set_new(model, "businesses", incident_businesses(p, v));
	json_object_set_new(model, "timeline", incident_timeline(p, v));
	json_object_set_new(model, "made", page_json_time(p->now_us));
	int r = page_render(p, "incident-file.html", model, &b);
	return r < 0 ? r : add_file(zip, sums, "incident.html", buf_str(&b), p->now_us);
}

static int add_checkpoint(struct page *p, struct zip *zip, struct buf *sums)
{
	struct keep_ledger_checkpoint_out out;
	if (p->person.id == 0)
		return 0;
	int r = keep_ledger_checkpoint(p->keep, &p->actor, &(struct keep_ledger_checkpoint_in){0}, p->arena, &out);
	if (r >= 0)
		r = add_file(zip, sums, "checkpoint.txt", out.note, p->now_us);
	return r < 0 ? r : add_file(zip, sums, "ledger-key.txt", out.key, p->now_us);
}

static int write_all(struct page *p, const struct incident_view *v, struct zip *zip)
{
	CLEANUP(buf_done) struct buf sums = buf_make(DRAFT_MAX_BYTES), ignored = buf_make(DRAFT_MAX_BYTES);
	int r = add_page(p, v, zip, &sums);
	if (r >= 0)
		r = add_json(p, v, zip, &sums);
	if (r >= 0)
		r = add_timeline(p, v, zip, &sums);
	if (r >= 0)
		r = add_drafts(p, v, zip, &sums);
	if (r >= 0)
		r = add_checkpoint(p, zip, &sums);
	if (r >= 0)
		r = add_file(zip, &sums, "README.txt", str_of(i18n_text(p->language, "incident.file.readme")),
		             p->now_us);
	return r < 0 ? r : add_file(zip, &ignored, "SHA256SUMS", buf_str(&sums), p->now_us);
}

int incident_file_page(struct page *p)
{
	CLEANUP(buf_done) struct buf bytes = buf_make(ZIP_MAX_BYTES);
	struct incident_view v;
	char name[64];
	int r = load(p, &v);
	if (r < 0)
		return r;
	CLEANUP(zip_freep) struct zip *zip = zip_new(&bytes);
	r = zip ? write_all(p, &v, zip) : ERR_TOO_LARGE;
	if (r >= 0)
		r = zip_finish(zip);
	snprintf(name, sizeof(name), "incident-%llu.zip", (unsigned long long) v.incident.id);
	return r < 0 ? r : page_download(p, "application/zip", name, buf_str(&bytes));
}
