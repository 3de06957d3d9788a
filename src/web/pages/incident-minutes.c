/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The minutes of an incident or a drill: who took part, the time each step took, what was learned. One paper, to be
 * signed and filed: the proof that people have practised. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "paper/paper.h"
#include "web/facts.h"
#include "web/pages/incident-rows.h"
#include "web/template.h"

enum {
	HTML_MAX_BYTES = 2 * 1024 * 1024,
	LESSONS_SHOWN = 12,
	NAMES_SHOWN = 30,
	LINE_SHOWN_BYTES = 600,
	STEPS_SHOWN = 40,
	STEP_COLUMNS = 3,
	MINUTE_S = 60
};

static struct str word(const struct page *p, const char *key)
{
	return str_of(i18n_text(p->language, key));
}

static struct str local_time(const struct page *p, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(when_us, text);
	return arena_dup(p->arena, str_of(text));
}

/* A start that fits its line, never within a character. */
static struct str short_text(const struct page *p, struct str text)
{
	size_t n = LINE_SHOWN_BYTES;
	if (text.n <= n)
		return text;
	while (n > 0 && ((unsigned char) text.p[n] & 0xC0) == 0x80)
		n--;
	return arena_printf(p->arena, "%.*s…", (int) n, text.p);
}

static struct str step_text(const struct page *p, const struct fact *fact)
{
	return short_text(p, fact->text[p->language]);
}

static int add_head(struct page *p, const struct incident_view *v, struct paper *paper)
{
	const struct keep_incident *row = &v->incident;
	int64_t minutes = (incident_now(p, v) - row->known_us) / (MINUTE_S * CLOCK_SECOND_US);
	struct str label = arena_printf(p->arena, "emergency.%.*s", STR_ARG(row->kind));
	int r = row->is_drill ? paper_add(paper, PAPER_BOX, word(p, "incident.drill"), STR("")) : 0;
	if (r >= 0)
		r = paper_add(paper, PAPER_PAIR, word(p, "incident.minutes.what"),
		              word(p, arena_cstr(p->arena, label)));
	if (r >= 0)
		r = paper_add(paper, PAPER_PAIR, word(p, "incident.minutes.from"), local_time(p, row->known_us));
	if (r >= 0)
		r = paper_add(paper, PAPER_PAIR, word(p, "incident.minutes.to"),
		              row->closed_us ? local_time(p, row->closed_us) : word(p, "incident.is-running"));
	return r < 0 ? r
	             : paper_add(paper, PAPER_PAIR, word(p, "incident.minutes.span"),
	                         incident_span(p, minutes > 0 ? minutes : 0));
}

/* ---- who took part ---- */

static bool wrote_before(const struct incident_view *v, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (v->entries.at[i].made_by == v->entries.at[at].made_by)
			return true;
	return false;
}

/* Everybody who pressed or wrote anything, in that order. */
static struct str writers(const struct page *p, const struct incident_view *v)
{
	struct str all = STR("");
	int shown = 0;
	for (size_t i = 0; i < v->entries.n && shown < NAMES_SHOWN; i++) {
		if (wrote_before(v, i))
			continue;
		const struct keep_incident_entry *e = &v->entries.at[i];
		struct str name = e->made_by ? e->made_by_name : word(p, "incident.by-paper");
		all = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(all), all.n ? "、" : "", STR_ARG(name));
		shown++;
	}
	return all.n ? all : word(p, "incident.nothing");
}

static int add_people(struct page *p, const struct incident_view *v, struct paper *paper)
{
	int r = paper_add(paper, PAPER_HEADING, word(p, "incident.minutes.people"), STR(""));
	for (size_t i = 0; r >= 0 && incident_roles[i]; i++) {
		const struct keep_incident_entry *e = incident_last(v, INCIDENT_ROLE, str_of(incident_roles[i]));
		struct str key = arena_printf(p->arena, "incident.role.%s", incident_roles[i]);
		if (e && e->text.n > 0)
			r = paper_add(paper, PAPER_PAIR, word(p, arena_cstr(p->arena, key)), short_text(p, e->text));
	}
	return r < 0 ? r : paper_add(paper, PAPER_PAIR, word(p, "incident.minutes.writers"), writers(p, v));
}

/* ---- how long it took ---- */

static void put_step(const struct page *p, const struct incident_view *v, const struct fact *fact,
                     struct str cells[static STEP_COLUMNS])
{
	const struct keep_incident_entry *e = incident_last(v, INCIDENT_STEP, fact->id);
	bool is_done = e && e->value;
	int64_t minutes = is_done ? (e->at_us - v->incident.known_us) / (MINUTE_S * CLOCK_SECOND_US) : 0;
	cells[0] = step_text(p, fact);
	cells[1] = is_done ? local_time(p, e->at_us) : word(p, "incident.minutes.not-done");
	cells[2] = is_done ? incident_span(p, minutes > 0 ? minutes : 0) : STR("");
}

static int add_steps(struct page *p, const struct incident_view *v, struct paper *paper)
{
	const struct paper_column columns[STEP_COLUMNS] = {
	        {word(p, "incident.minutes.step"), 60, PAPER_LEFT},
	        {word(p, "incident.csv.at"), 22, PAPER_LEFT},
	        {word(p, "incident.minutes.took"), 18, PAPER_RIGHT},
	};
	struct str cells[STEPS_SHOWN * STEP_COLUMNS];
	const struct fact *fact;
	size_t n = 0;
	for (size_t at = 0; n < STEPS_SHOWN && (fact = fact_next(page_facts(p), FACT_STEP, &at));)
		if (incident_is_step(fact, v))
			put_step(p, v, fact, &cells[STEP_COLUMNS * n++]);
	int r = paper_add(paper, PAPER_HEADING, word(p, "incident.minutes.steps"), STR(""));
	return r < 0 ? r : paper_add_table(paper, STR(""), columns, STEP_COLUMNS, cells, n);
}

/* ---- what was learned ---- */

static int add_lessons(struct page *p, const struct incident_view *v, struct paper *paper)
{
	size_t n = 0;
	int r = paper_add(paper, PAPER_HEADING, word(p, "incident.lessons"), STR(""));
	for (size_t i = 0; r >= 0 && i < v->entries.n; i++)
		if (str_eq_c(v->entries.at[i].kind, INCIDENT_LESSON) && n++ < LESSONS_SHOWN)
			r = paper_add(paper, PAPER_BULLET, short_text(p, v->entries.at[i].text), STR(""));
	if (r >= 0 && n == 0)
		r = paper_add(paper, PAPER_TEXT, word(p, "incident.minutes.no-lessons"), STR(""));
	if (r >= 0 && n > LESSONS_SHOWN)
		r = paper_add(paper, PAPER_TEXT, word(p, "incident.minutes.more"), STR(""));
	return r;
}

static int build(struct page *p, struct incident_view *v, struct paper **ret)
{
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = incident_load(p, id, v);
	if (r < 0)
		return r;
	struct str title = word(p, v->incident.is_drill ? "incident.minutes.drill" : "incident.minutes.real");
	struct paper *paper = paper_new(p->arena, title, p->company_name, page_today(p));
	r = paper ? add_head(p, v, paper) : ERR_TOO_LARGE;
	if (r >= 0)
		r = add_people(p, v, paper);
	if (r >= 0)
		r = add_steps(p, v, paper);
	if (r >= 0)
		r = add_lessons(p, v, paper);
	if (r >= 0)
		r = paper_add(paper, PAPER_SIGNATURE, word(p, "incident.minutes.signed"), STR(""));
	*ret = paper;
	return r;
}

int incident_minutes_page(struct page *p)
{
	CLEANUP(buf_done) struct buf html = buf_make(HTML_MAX_BYTES);
	struct incident_view v;
	struct paper *paper;
	int r = build(p, &v, &paper);
	if (r >= 0)
		r = paper_write_fragment(paper, &html);
	if (r < 0)
		return r == ERR_DENIED && p->person.id == 0 ? page_redirect(p, "/119/now") : r;
	page_put(p, "incident", incident_head(p, &v.incident));
	page_put(p, "preview", template_fragment(buf_str(&html)));
	page_set_title(p, word(p, v.incident.is_drill ? "incident.minutes.drill" : "incident.minutes.real"));
	return 0;
}

int incident_minutes_pdf_page(struct page *p)
{
	struct incident_view v;
	struct paper *paper;
	int r = build(p, &v, &paper);
	return r < 0 ? r : page_print(p, paper, PRESS_PDF, v.incident.is_drill ? "drill" : "incident");
}
