/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/result.h"

#include "base/clock.h"
#include "base/err.h"
#include "judge/overlay.h"
#include "web/pages/marked.h"
#include "text/mail-date.h"
#include "web/pages/rows.h"
#include "web/verdict.h"

enum { FIRST_REASONS = 3, CASE_FINDINGS_MAX = 60, CASE_HOSTS_MAX = 20, PARTS_SHOWN_MAX = 60 };

static struct str part_label(const struct page *p, const struct part *part)
{
	static const char *const words[] = {
	        [PART_HEADER] = "header", [PART_SUBJECT] = "subject",       [PART_BODY] = "body",
	        [PART_LINK] = "link",     [PART_ATTACHMENT] = "attachment", [PART_QR] = "qr"};
	char key[96];
	struct str name = part->name; /* a further one of the same name has the same label */
	if (part->kind == PART_HEADER)
		name = str_slice(name, 0, str_find_char(name, ':', sizeof("header:") - 1));
	snprintf(key, sizeof(key), "part.%.*s", STR_ARG(name));
	const char *text = i18n_find(p->language, str_of(key));
	snprintf(key, sizeof(key), "part.%s", words[part->kind]);
	return str_of(text ? text : i18n_text(p->language, key));
}

/* ---- the headline ---- */

static const char *group_of(enum input_kind kind)
{
	switch (kind) {
	case INPUT_URL:
	case INPUT_QR:
		return "link";
	case INPUT_CALL:
		return "call";
	case INPUT_SCREEN:
		return "screen";
	default:
		return "message";
	}
}

static bool has_finding(const struct verdict *v, const char *id)
{
	for (size_t i = 0; i < v->findings.n; i++)
		if (strcmp(v->findings.at[i].id, id) == 0)
			return true;
	return false;
}

/* A bank that no table knows still calls itself one. */
static bool speaks_of_bank(const struct document *d)
{
	static const char *const words[] = {"銀行", "信用金庫", "ネットバンク", "バンキング", " Bank"};
	for (size_t i = 0; i < d->parts.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(words); k++)
			if (d->parts.at[i].kind <= PART_BODY && str_contains(d->parts.at[i].text, str_of(words[k])))
				return true;
	return false;
}

/* "Imitates the login page of a bank" when a brand is claimed, login is asked for and the way leads elsewhere. */
static struct str login_lead(const struct page *p, const struct verdict *v)
{
	const char *kind = "other";
	bool leads_elsewhere = has_finding(v, "claim-foreign-link") || has_finding(v, "login-at-foreign-host") ||
	                       has_finding(v, "embedded-domain") || has_finding(v, "brand-in-subdomain");
	if (!leads_elsewhere || !(has_finding(v, "asks-login") || has_finding(v, "login-at-foreign-host")))
		return STR("");
	const struct brand *brand =
	        v->claims.n > 0 ? overlay_find_brand(p->rules, p->company->overlay, v->claims.at[0].brand_id) : NULL;
	if (brand)
		kind = brand_kind_word(brand->kind);
	else if (speaks_of_bank(p->document))
		kind = "bank";
	char key[64];
	snprintf(key, sizeof(key), "check.lead.login.%s", kind);
	const char *text = i18n_find(p->language, str_of(key));
	return str_of(text ? text : i18n_text(p->language, "check.lead.login.other"));
}

static void put_lead(struct page *p, const struct verdict *v)
{
	struct str lead = STR("");
	bool speaks = v && (v->kind == VERDICT_DANGER || v->kind == VERDICT_DOUBTFUL) && v->findings.n > 0;
	if (speaks && v->kind == VERDICT_DANGER)
		lead = login_lead(p, v);
	if (lead.n > 0 || !speaks) {
		page_put_str(p, "lead", lead);
		return;
	}
	struct buf b = buf_make(4096);
	report_finding_text(&b, p->language, &v->findings.at[0], "title");
	buf_add_c(&b, p->language == LANGUAGE_JA ? "。" : ".");
	page_put_str(p, "lead", buf_str(&b));
	buf_done(&b);
}

static void put_headline(struct page *p, enum verdict_kind kind, const struct verdict *v)
{
	struct str word = str_of(verdict_word(kind));
	char key[96];
	snprintf(key, sizeof(key), "check.headline.%s.", verdict_word(kind));
	enum input_kind input = p->document ? p->document->kind : p->input_kind;
	page_put(p, "is", rows_flag(word));
	page_put(p, "word", rows_text(p, "verdict.", word, ""));
	page_put(p, "headline", rows_text(p, key, str_of(group_of(input)), ""));
	page_put(p, "plain_lead", rows_text(p, "check.lead.", word, ""));
	put_lead(p, v);
	json_t *text = rows_text(p, "verdict.", word, "");
	page_set_title(
	        p, arena_printf(p->arena, "%s — %s", json_string_value(text), i18n_text(p->language, "result.title")));
	json_decref(text);
}

/* ---- reasons ---- */

static json_t *reason_json(struct page *p, const struct finding *f, size_t number, json_t *plain)
{
	json_t *j = json_deep_copy(plain);
	json_object_set_new(j, "number", json_integer((json_int_t) number));
	if (f->part != PART_NONE) {
		struct str label = part_label(p, &p->document->parts.at[f->part]);
		json_t *quote = marked_quote(p->document, f);
		json_object_set_new(j, "label", page_json_str(label));
		json_object_set_new(j, "marked", quote);
	}
	return j;
}

static void put_reasons(struct page *p, const struct verdict *v)
{
	json_t *first = json_array(), *rest = json_array();
	bool speaks = v->kind == VERDICT_DANGER || v->kind == VERDICT_DOUBTFUL;
	for (size_t i = 0; i < v->findings.n; i++) {
		const struct finding *f = &v->findings.at[i];
		json_t *j = reason_json(p, f, i + 1, json_array_get(json_object_get(p->model, "reasons"), i));
		bool is_first = speaks && json_array_size(first) < FIRST_REASONS && f->weight > 0;
		json_array_append_new(is_first ? first : rest, j);
	}
	page_put(p, "first_is_any", json_boolean(json_array_size(first) > 0));
	page_put(p, "first", first);
	page_put(p, "rest_count", json_integer((json_int_t) json_array_size(rest)));
	page_put(p, "rest", rest);
	page_put(p, "first_is_three", json_boolean(json_array_size(first) == FIRST_REASONS));
}

static json_t *number_json(struct page *p, double value)
{
	return page_json_str(arena_printf(p->arena, "%.2f", value + 0.0));
}

static void put_sum(struct page *p, const struct verdict *v)
{
	json_t *rows = json_array(), *j = json_object();
	double sum = v->bias;
	for (size_t i = 0; i < v->findings.n; i++) {
		json_t *plain = json_array_get(json_object_get(p->model, "reasons"), i);
		sum += v->findings.at[i].weight;
		json_t *row = json_object();
		json_object_set_new(row, "number", json_integer((json_int_t) i + 1));
		json_object_set(row, "title", json_object_get(plain, "title"));
		json_object_set_new(row, "weight", number_json(p, v->findings.at[i].weight));
		json_object_set_new(row, "running", number_json(p, sum));
		json_array_append_new(rows, row);
	}
	json_object_set_new(j, "bias", number_json(p, v->bias));
	json_object_set_new(j, "rows", rows);
	json_object_set_new(j, "sum", number_json(p, v->sum));
	json_object_set_new(j, "score", number_json(p, v->score));
	json_object_set_new(j, "danger", number_json(p, rules_threshold_danger(p->rules)));
	json_object_set_new(j, "doubtful", number_json(p, rules_threshold_doubtful(p->rules)));
	page_put(p, "sum", j);
}

/* ---- where it really leads, and the text ---- */

static void put_real(struct page *p, const struct verdict *v)
{
	if (v->host_link == PART_NONE || v->host_link >= v->links.n)
		return;
	const struct judged_link *l = &v->links.at[v->host_link];
	json_t *j = json_object();
	bool has_end = l->registrable.n > 0 && str_ends_with(l->host, l->registrable);
	struct str strong = has_end ? l->registrable : l->host.n > 0 ? l->host : l->url;
	json_object_set_new(j, "before",
	                    page_json_str(has_end ? str_slice(l->host, 0, l->host.n - l->registrable.n) : STR("")));
	json_object_set_new(j, "strong", page_json_str(strong));
	json_object_set_new(j, "has_owner", json_boolean(has_end && l->host.n > l->registrable.n));
	json_object_set_new(j, "is_bare", json_boolean(!has_end));
	json_object_set_new(j, "url", page_json_str(l->url));
	page_put(p, "real", j);
}

static bool is_shown(const struct document *d, const struct verdict *v, uint32_t part)
{
	enum part_kind kind = d->parts.at[part].kind;
	if (d->parts.at[part].text.n == 0)
		return false;
	if (kind != PART_HEADER && kind != PART_LINK)
		return true;
	for (size_t i = 0; i < v->findings.n; i++)
		if (v->findings.at[i].part == part)
			return true;
	return kind == PART_HEADER && document_part_is_named(&d->parts.at[part], STR("header:From"));
}

static void add_parts_of_kind(struct page *p, const struct verdict *v, enum part_kind kind, json_t *list)
{
	for (uint32_t i = 0; i < p->document->parts.n && json_array_size(list) < PARTS_SHOWN_MAX; i++) {
		bool cut = false;
		if (p->document->parts.at[i].kind != kind || !is_shown(p->document, v, i))
			continue;
		json_t *j = json_object();
		json_object_set_new(j, "label", page_json_str(part_label(p, &p->document->parts.at[i])));
		json_object_set_new(j, "marked", marked_part(p->document, v, i, &cut));
		json_object_set_new(j, "cut", json_boolean(cut));
		json_array_append_new(list, j);
	}
}

/* In the order in which a person reads a message. */
static void put_parts(struct page *p, const struct verdict *v)
{
	static const enum part_kind order[] = {PART_SUBJECT, PART_HEADER, PART_BODY,
	                                       PART_QR,      PART_LINK,   PART_ATTACHMENT};
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		add_parts_of_kind(p, v, order[i], list);
	page_put(p, "marked_parts", list);
}

/* ---- the known ways: never from the message itself ---- */

static json_t *domains_json(const struct brand *brand)
{
	json_t *list = json_array();
	for (size_t i = 0; i < brand->domains.n && i < FIRST_REASONS; i++)
		json_array_append_new(list, page_json_str(brand->domains.at[i]));
	return list;
}

static int put_ways(struct page *p, const struct verdict *v)
{
	json_t *list = json_array();
	page_put(p, "ways", list);
	for (size_t i = 0; i < v->claims.n && i < FIRST_REASONS; i++) {
		const struct claim *claim = &v->claims.at[i];
		const struct brand *brand = overlay_find_brand(p->rules, p->company->overlay, claim->brand_id);
		struct keep_contact_list_out out = {0};
		struct keep_contact_list_in in = {.brand = claim->brand_id};
		int r = keep_contact_list(p->keep, &p->actor, &in, p->arena, &out);
		if (r < 0)
			return r;
		json_t *way = json_object(), *contacts = json_array();
		for (size_t c = 0; c < out.contacts.n; c++)
			json_array_append_new(contacts, rows_contact(&out.contacts.at[c]));
		json_object_set_new(way, "claim", page_json_str(claim->brand));
		json_object_set_new(way, "claim_id", page_json_str(claim->brand_id));
		json_object_set_new(way, "contacts", contacts);
		if (brand) {
			json_object_set_new(way, "domains", domains_json(brand));
			json_object_set_new(way, "table_checked", page_json_str(brand->checked));
		}
		json_array_append_new(list, way);
	}
	return 0;
}

/* ---- what a case would hold: ids, weights, hosts, and the sender for its hash ---- */

static void put_case(struct page *p, enum verdict_kind kind, double score, const struct verdict *v)
{
	json_t *j = json_object(), *findings = json_array(), *hosts = json_array();
	json_object_set_new(j, "kind",
	                    json_string(input_kind_word(p->document                        ? p->document->kind
	                                                : p->input_kind < INPUT_KIND_COUNT ? p->input_kind
	                                                                                   : INPUT_TEXT)));
	json_object_set_new(j, "verdict", json_string(verdict_word(kind)));
	json_object_set_new(j, "score", page_json_str(arena_printf(p->arena, "%.4f", score)));
	for (size_t i = 0; v && i < v->findings.n && json_array_size(findings) < CASE_FINDINGS_MAX; i++)
		if (v->findings.at[i].weight != 0) /* a place more of a reason that counts already */
			json_array_append_new(findings,
			                      page_json_str(arena_printf(p->arena, "%s %.4f", v->findings.at[i].id,
			                                                 v->findings.at[i].weight)));
	for (size_t i = 0; v && i < v->links.n && json_array_size(hosts) < CASE_HOSTS_MAX; i++)
		if (v->links.at[i].host.n > 0)
			json_array_append_new(hosts, page_json_str(v->links.at[i].host));
	json_object_set_new(j, "brand", page_json_str(v && v->claims.n > 0 ? v->claims.at[0].brand_id : STR("")));
	json_object_set_new(j, "sender", page_json_str(p->document ? verdict_sender(p->document) : STR("")));
	int64_t sent_us = 0;
	if (p->document && mail_date_parse(p->document->date, &sent_us) < 0)
		sent_us = 0;
	json_object_set_new(j, "mail_us", json_integer(sent_us > 0 ? sent_us : 0));
	json_object_set_new(j, "findings", findings);
	json_object_set_new(j, "hosts", hosts);
	page_put(p, "case", j);
}

static int put_verdict(struct page *p, const struct verdict *v)
{
	put_headline(p, v->kind, v);
	put_reasons(p, v);
	put_sum(p, v);
	put_real(p, v);
	put_parts(p, v);
	put_case(p, v->kind, v->score, v);
	return put_ways(p, v);
}

int result_show(struct page *p)
{
	struct verdict v = {0};
	const struct report_options options = {.input = p->input_name, .language = p->language};
	int r = 0;
	json_t *report = verdict_report(p, &options, &v, &r);
	if (!report)
		return r;
	json_decref(p->model);
	p->model = report;
	if (p->document) {
		r = put_verdict(p, &v);
	} else {
		put_headline(p, VERDICT_CANNOT_TELL, NULL);
		put_case(p, VERDICT_CANNOT_TELL, 0, NULL);
	}
	json_int_t elapsed_us = json_integer_value(json_object_get(p->model, "elapsed_us"));
	page_put(p, "elapsed", page_json_str(arena_printf(p->arena, "%.2f", (double) elapsed_us / CLOCK_SECOND_US)));
	page_put(p, "input_name", page_json_str(p->input_name));
	page_put(p, "from_text", json_boolean(str_eq_c(p->input_name, "text")));
	page_put(p, "ask", rows_ask(p));
	enum input_kind input = p->document ? p->document->kind : p->input_kind;
	page_put(p, "called_branch", json_string(input == INPUT_SCREEN ? "support" : "call"));
	page_put(p, "pressed_branch", json_string(has_finding(&v, "screen-ransom") ? "ransomware" : "pressed"));
	page_put(p, "unchecked", json_incref(json_object_get(p->model, "not_checked")));
	page_put(p, "has_unchecked", json_boolean(json_array_size(json_object_get(p->model, "not_checked")) > 0));
	page_set_template(p, "result.html");
	return r;
}
