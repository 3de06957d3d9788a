/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * もしもの紙: what hangs on the wall and lies in a drawer, for the morning on which no screen works: the first ten
 * minutes, whom to call, the code that starts an incident, the way to /119, and how Sonae itself is brought back. */
#include "base/buf.h"
#include "base/err.h"
#include "paper/paper.h"
#include "web/facts.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

enum {
	HTML_MAX_BYTES = 2 * 1024 * 1024,
	PDF_MAX_BYTES = 8 * 1024 * 1024,
	STEPS_SHOWN = 7,
	CODE_HALF = 4,
	LINES_BY_HAND = 1
};

static struct str word(const struct page *p, const char *key)
{
	return str_of(i18n_text(p->language, key));
}

static int add(struct paper *paper, enum paper_kind kind, struct str text, struct str value)
{
	return paper_add(paper, kind, text, value);
}

static int get_code(struct page *p, bool renew, struct str *ret, int64_t *ret_made_us)
{
	struct keep_incident_code_out out;
	struct keep_incident_code_in in = {.renew = renew};
	int r = keep_incident_code(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r;
	*ret = arena_printf(p->arena, "%.*s-%.*s", CODE_HALF, out.code.p, (int) out.code.n - CODE_HALF,
	                    out.code.p + CODE_HALF);
	*ret_made_us = out.made_us;
	return 0;
}

/* ---- the parts ---- */

static int add_first_minutes(struct page *p, struct paper *paper)
{
	const struct facts *facts = page_facts(p);
	const struct fact *fact;
	int shown = 0, r = add(paper, PAPER_HEADING, word(p, "kit.first"), STR(""));
	for (size_t at = 0; r >= 0 && shown < STEPS_SHOWN && (fact = fact_next(facts, FACT_STEP, &at));) {
		if (!str_eq_c(fact->group, "playbook-ransomware"))
			continue;
		r = add(paper, PAPER_STEP, fact->text[p->language], STR(""));
		shown++;
	}
	return r < 0 ? r : add(paper, PAPER_BOX, word(p, "kit.calm"), STR(""));
}

/* An address that works on this machine alone is none for a telephone. */
static bool is_for_this_machine(struct str origin)
{
	static const char *const hosts[] = {"://127.", "://localhost", "://[::1]"};
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
		if (str_find_icase(origin, str_of(hosts[i]), 0) != STR_NOT_FOUND)
			return true;
	return false;
}

/* As the settings say, else as the browser came in; empty: only from this machine. */
static struct str address_of(struct page *p)
{
	struct str set = rows_setting(p, "company.address"), origin = page_origin(p);
	struct str base = set.n > 0 ? set : is_for_this_machine(origin) ? STR("") : origin;
	if (base.n > 0 && base.p[base.n - 1] == '/')
		base = str_slice(base, 0, base.n - 1);
	return base.n > 0 ? arena_printf(p->arena, "%.*s/119", STR_ARG(base)) : base;
}

static int add_way_in(struct page *p, struct paper *paper)
{
	struct str address = address_of(p);
	int r = add(paper, PAPER_HEADING, word(p, "kit.screen"), STR(""));
	if (r >= 0)
		r = address.n > 0 ? add(paper, PAPER_QR, word(p, "kit.qr"), address)
		                  : add(paper, PAPER_FIELD, word(p, "kit.address.by-hand"), STR(""));
	return r < 0 ? r : add(paper, PAPER_TEXT, word(p, "kit.sources"), STR(""));
}

/* On the sheet for the drawer: what hangs on the wall is seen by everybody who comes in. */
static int add_code(struct page *p, struct paper *paper, struct str code)
{
	int r = add(paper, PAPER_PAIR, word(p, "incident.code"), code);
	return r < 0 ? r : add(paper, PAPER_TEXT, word(p, "kit.code.note"), STR(""));
}

static int add_phone(struct page *p, struct paper *paper, struct str who, struct str phone)
{
	(void) p;
	return phone.n == 0 ? 0 : add(paper, PAPER_PAIR, who, phone);
}

static int add_own_phones(struct page *p, struct paper *paper)
{
	const struct register_kind *kind = register_find(STR("partners"));
	struct register_items list;
	int r = register_list(p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		struct str who = arena_printf(p->arena, "%.*s %.*s", STR_ARG(register_value(kind, &list.at[i], "name")),
		                              STR_ARG(register_value(kind, &list.at[i], "person")));
		r = add_phone(p, paper, who, register_value(kind, &list.at[i], "phone"));
		if (r >= 0)
			r = add_phone(p, paper,
			              arena_printf(p->arena, "%.*s %s", STR_ARG(who),
			                           i18n_text(p->language, "incident.night")),
			              register_value(kind, &list.at[i], "phone-night"));
	}
	for (int i = 0; r >= 0 && i < LINES_BY_HAND; i++)
		r = add(paper, PAPER_FIELD, word(p, "kit.by-hand"), STR(""));
	return r;
}

static int add_phones(struct page *p, struct paper *paper)
{
	static const char *const ids[] = {"contact.police.emergency", "contact.police.advice", "contact.ipa.anshin",
	                                  "contact.ipa.organisations", "contact.consumer"};
	const struct facts *facts = page_facts(p);
	int r = add(paper, PAPER_HEADING, word(p, "kit.phones"), STR(""));
	if (r >= 0)
		r = add_own_phones(p, paper);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(ids); i++) {
		const struct fact *fact = fact_find(facts, str_of(ids[i]));
		const struct fact_value *phone = fact ? fact_value(fact, "phone") : NULL;
		const struct fact_value *mail = fact ? fact_value(fact, "mail") : NULL;
		if (!phone && !mail)
			continue;
		struct str text = fact_is_expired(fact, page_today(p))
		                          ? arena_printf(p->arena, "%.*s (%s)", STR_ARG(fact->text[p->language]),
		                                         i18n_text(p->language, "facts.expired"))
		                          : fact->text[p->language];
		r = add(paper, PAPER_PAIR, text, phone ? phone->text : mail->text);
	}
	return r;
}

static int add_businesses(struct page *p, struct paper *paper)
{
	const struct register_kind *kind = register_find(STR("businesses"));
	struct register_items list;
	int r = register_list(p, kind, &list);
	if (r < 0 || list.n == 0)
		return r;
	r = add(paper, PAPER_HEADING, word(p, "kit.businesses"), STR(""));
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		r = add(paper, PAPER_PAIR,
		        arena_printf(p->arena, "%.*s %.*s", STR_ARG(register_value(kind, &list.at[i], "rank")),
		                     STR_ARG(register_value(kind, &list.at[i], "name"))),
		        arena_printf(p->arena, "%s %.*s %s\n%.*s", i18n_text(p->language, "kit.tolerable"),
		                     STR_ARG(register_value(kind, &list.at[i], "tolerable-hours")),
		                     i18n_text(p->language, "kit.hours"),
		                     STR_ARG(register_value(kind, &list.at[i], "by-hand"))));
	return r;
}

/* How this server comes back: what is needed and where it lies is written by hand, because a screen may not show it. */
static int add_recovery(struct page *p, struct paper *paper)
{
	static const char *const fields[] = {"kit.recovery.backup", "kit.recovery.offline", "kit.recovery.key",
	                                     "kit.recovery.who"};
	struct keep_status_out status;
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r >= 0)
		r = add(paper, PAPER_HEADING, word(p, "kit.recovery"), STR(""));
	if (r >= 0)
		r = add(paper, PAPER_TEXT, word(p, "kit.recovery.how"), STR(""));
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(fields); i++)
		r = add(paper, PAPER_FIELD, word(p, fields[i]), STR(""));
	return r < 0 ? r : add(paper, PAPER_PAIR, word(p, "kit.recovery.ledger"), status.ledger_key);
}

/* For the wall: three rules, whom to ask, the way to /119, in letters that are read from across a room. */
static int add_poster(struct page *p, struct paper *paper)
{
	static const char *const rules[] = {"kit.poster.suspect", "kit.poster.rules", "kit.poster.ask"};
	struct str who = rows_setting(p, "company.ask-name"), phone = rows_setting(p, "company.ask-phone");
	struct str address = address_of(p);
	int r = add(paper, PAPER_BREAK, STR(""), STR(""));
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(rules); i++)
		r = add(paper, PAPER_LARGE, word(p, rules[i]), STR(""));
	if (r >= 0)
		r = who.n > 0 ? add(paper, PAPER_LARGE, who, STR(""))
		              : add(paper, PAPER_FIELD, word(p, "kit.poster.who"), STR(""));
	if (r >= 0)
		r = phone.n > 0 ? add(paper, PAPER_LARGE, arena_printf(p->arena, "%.*s", STR_ARG(phone)), STR(""))
		                : add(paper, PAPER_FIELD, word(p, "kit.poster.phone"), STR(""));
	if (r < 0)
		return r;
	return address.n > 0 ? add(paper, PAPER_QR_LARGE, word(p, "kit.poster.qr"), address)
	                     : add(paper, PAPER_FIELD, word(p, "kit.address.by-hand"), STR(""));
}

static int build(struct page *p, struct paper **ret)
{
	struct str code;
	int64_t made_us;
	struct paper *paper = paper_new(p->arena, word(p, "kit.title"), rows_setting(p, "company.name"), page_today(p));
	int r = paper ? get_code(p, false, &code, &made_us) : ERR_TOO_LARGE;
	if (r >= 0)
		r = add_first_minutes(p, paper);
	if (r >= 0)
		r = add_way_in(p, paper);
	if (r >= 0)
		r = add(paper, PAPER_BREAK, STR(""), STR(""));
	if (r >= 0)
		r = add_code(p, paper, code);
	if (r >= 0)
		r = add_phones(p, paper);
	if (r >= 0)
		r = add_businesses(p, paper);
	if (r >= 0)
		r = add_recovery(p, paper);
	if (r >= 0)
		r = add_poster(p, paper);
	*ret = paper;
	return r;
}

/* ---- pages ---- */

int kit_page(struct page *p)
{
	struct str code;
	int64_t made_us;
	int r = get_code(p, p->method == HTTP_POST, &code, &made_us);
	if (r >= 0 && p->method == HTTP_POST)
		return page_redirect(p, "/prepare/kit");
	if (r < 0)
		return r;
	page_put_str(p, "code", code);
	page_put(p, "made", page_json_time(made_us));
	page_put_str(p, "address", address_of(p));
	page_put(p, "is_setup", json_boolean(page_query(p, "setup").n > 0));
	return 0;
}

int kit_html_page(struct page *p)
{
	CLEANUP(buf_done) struct buf b = buf_make(HTML_MAX_BYTES);
	struct paper *paper;
	int r = build(p, &paper);
	if (r >= 0)
		r = paper_write_html(paper, &b);
	return r < 0 ? r : page_download(p, "text/html; charset=utf-8", "kit.html", buf_str(&b));
}

int kit_docx_page(struct page *p)
{
	struct paper *paper;
	int r = build(p, &paper);
	return r < 0 ? r : page_print(p, paper, PRESS_DOCX, "kit");
}

int kit_pdf_page(struct page *p)
{
	struct paper *paper;
	int r = build(p, &paper);
	return r < 0 ? r : page_print(p, paper, PRESS_PDF, "kit");
}
