/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases: what somebody handed on to a person. A case holds ids, weights, hosts and the hash of the sender, never the
 * text of what arrived. */
#include <math.h>

#include "base/err.h"
#include "web/pages/rows.h"

enum { CASES_PER_PAGE = 50, CASE_FINDINGS_MAX = 60, CASE_HOSTS_MAX = 20, HOST_MAX_BYTES = 253, WEIGHT_MAX = 100 };

/* ---- 報告して消す・相談する ---- */

/* "id weight" as the result page wrote it; anything else is left out. */
static bool parse_finding(struct page *p, struct str text, struct keep_finding *ret)
{
	struct str rest = text, id;
	enum finding_id code;
	if (!str_split(&rest, ' ', &id) || finding_id_of(id, &code) < 0)
		return false;
	char *end, *number = arena_cstr(p->arena, rest);
	double weight = number ? strtod(number, &end) : NAN;
	if (!isfinite(weight) || fabs(weight) > WEIGHT_MAX)
		return false;
	*ret = (struct keep_finding){.id = id, .weight = weight};
	return true;
}

static double score_of(struct page *p)
{
	char *end, *number = arena_cstr(p->arena, page_field(p, "score"));
	double score = number ? strtod(number, &end) : 0;
	return isfinite(score) && score >= 0 && score <= 1 ? score : 0;
}

static bool is_verdict(struct str word)
{
	for (int i = 0; i < VERDICT_KIND_COUNT; i++)
		if (str_eq_c(word, verdict_word((enum verdict_kind) i)))
			return true;
	return false;
}

int check_report_page(struct page *p)
{
	struct keep_finding *findings = ARENA_ARRAY(p->arena, struct keep_finding, CASE_FINDINGS_MAX);
	struct keep_text *hosts = ARENA_ARRAY(p->arena, struct keep_text, CASE_HOSTS_MAX);
	struct keep_case_new_out out;
	enum input_kind kind;
	struct str value;
	struct keep_case_new_in in = {
	        .kind = page_field(p, "kind"),
	        .verdict = page_field(p, "verdict"),
	        .score = score_of(p),
	        .brand = page_field(p, "brand"),
	        .sender_address = page_field(p, "sender"),
	        .question = str_trim(page_field(p, "question")),
	};
	uint64_t mail_us = 0;
	if (!findings || !hosts)
		return ERR_TOO_LARGE;
	if (str_parse_u64(page_field(p, "mail_us"), INT64_MAX, &mail_us) >= 0)
		in.mail_us = (int64_t) mail_us;
	if (input_kind_of(in.kind, &kind) < 0 || !is_verdict(in.verdict))
		return ERR_INVALID;
	for (size_t i = 0; i < CASE_FINDINGS_MAX && page_field_at(p, "finding", i, &value); i++)
		in.findings.n += parse_finding(p, value, &findings[in.findings.n]);
	for (size_t i = 0; i < CASE_HOSTS_MAX && page_field_at(p, "host", i, &value); i++)
		if (value.n > 0 && value.n <= HOST_MAX_BYTES)
			hosts[in.hosts.n++].text = value;
	in.findings.at = findings;
	in.hosts.at = hosts;
	struct str domain =
	        str_slice(in.sender_address, str_rfind_char(in.sender_address, '@') + 1, in.sender_address.n);
	in.sender_domain = in.sender_address.n > 0 ? domain : STR("");
	int r = keep_case_new(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r
	             : page_redirect_str(p,
	                                 arena_printf(p->arena, "/cases/%llu?thanks=1", (unsigned long long) out.id));
}

/* ---- the list ---- */

int cases_page(struct page *p)
{
	struct keep_case_list_out out;
	struct keep_case_list_in in = {.state = CASE_STATE_COUNT, .limit = CASES_PER_PAGE};
	struct str state = page_query(p, "state");
	json_t *list = json_array();
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		if (str_eq_c(state, case_state_word((enum case_state) i)))
			in.state = (uint64_t) i;
	page_put(p, "cases", list);
	page_put(p, "only_open", json_boolean(in.state == CASE_OPEN));
	if (page_query(p, "before").n > 0 && str_parse_u64(page_query(p, "before"), INT64_MAX, &in.before) < 0)
		return ERR_NOT_FOUND;
	int r = keep_case_list(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r;
	for (size_t i = 0; i < out.cases.n; i++)
		json_array_append_new(list, rows_case(p, &out.cases.at[i]));
	page_put(p, "total", json_integer((json_int_t) out.total));
	if (out.cases.n == CASES_PER_PAGE)
		page_put(p, "older", json_integer((json_int_t) out.cases.at[out.cases.n - 1].id));
	return 0;
}

/* ---- one case ---- */

static struct str brand_name(const struct page *p, struct str brand)
{
	const struct brand *known = p->rules ? rules_find_brand(p->rules, brand) : NULL;
	if (!known)
		return brand;
	return p->language == LANGUAGE_JA ? known->name_ja : known->name_en;
}

/* Of the facts of a title a case keeps the brand only. */
static json_t *finding_json(const struct page *p, const struct keep_finding *f, struct str brand)
{
	char key[96];
	json_t *j = json_object();
	const struct i18n_fact facts[] = {{"brand", brand.n > 0 ? brand : STR("…")}, {"ending", STR("…")}};
	struct buf b = buf_make(2048);
	snprintf(key, sizeof(key), "judge.%.*s.title", STR_ARG(f->id));
	if (i18n_find(p->language, str_of(key)))
		i18n_format(&b, p->language, str_of(key), facts, 2);
	json_object_set_new(j, "id", page_json_str(f->id));
	json_object_set_new(j, "weight", json_real(f->weight));
	json_object_set_new(j, "title", page_json_str(buf_str(&b)));
	buf_done(&b);
	return j;
}

static void put_note_text(struct page *p, struct str brand, struct str first_host)
{
	struct buf b = buf_make(2048);
	const struct i18n_fact facts[] = {{"brand", brand}, {"host", first_host}};
	const char *key = brand.n > 0 && first_host.n > 0 ? "cases.notice.both"
	                  : brand.n > 0                   ? "cases.notice.brand"
	                                                  : "cases.notice.plain";
	i18n_format(&b, p->language, str_of(key), facts, 2);
	page_put_str(p, "notice", buf_str(&b));
	buf_done(&b);
}

/* A dot that cannot be pressed: login-check[.]xyz. */
static struct str dead_host(struct page *p, struct str host)
{
	size_t dot = str_rfind_char(host, '.');
	return dot == STR_NOT_FOUND ? host
	                            : arena_printf(p->arena, "%.*s[.]%.*s", STR_ARG(str_slice(host, 0, dot)),
	                                           STR_ARG(str_slice(host, dot + 1, host.n)));
}

static int show(struct page *p, uint64_t id)
{
	struct keep_case_get_out out;
	int r = keep_case_get(p->keep, &p->actor, &(struct keep_case_get_in){.id = id}, p->arena, &out);
	if (r < 0 || out.cases.n == 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	const struct keep_case *c = &out.cases.at[0];
	struct str brand = brand_name(p, c->brand);
	json_t *findings = json_array(), *hosts = json_array();
	for (size_t i = 0; i < out.findings.n; i++)
		json_array_append_new(findings, finding_json(p, &out.findings.at[i], brand));
	for (size_t i = 0; i < out.hosts.n; i++)
		json_array_append_new(hosts, page_json_str(dead_host(p, out.hosts.at[i].text)));
	page_put(p, "one", rows_case(p, c));
	page_put(p, "findings", findings);
	page_put(p, "hosts", hosts);
	page_put(p, "has_hosts", json_boolean(out.hosts.n > 0));
	page_put(p, "thanks", json_boolean(page_query(p, "thanks").n > 0));
	page_put(p, "is_danger", json_boolean(str_eq_c(c->verdict, "danger")));
	page_put(p, "ask", rows_ask(p));
	put_note_text(p, brand, out.hosts.n > 0 ? dead_host(p, out.hosts.at[0].text) : STR(""));
	return 0;
}

int case_page(struct page *p)
{
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	return r < 0 ? r : show(p, id);
}

int case_answer_page(struct page *p)
{
	uint64_t id;
	struct str note = str_trim(page_field(p, "note"));
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0 && page_has_field(p, "close")) {
		struct keep_case_close_out out;
		r = keep_case_close(p->keep, &p->actor, &(struct keep_case_close_in){.id = id, .note = note}, p->arena,
		                    &out);
	} else if (r >= 0 && note.n > 0) {
		struct keep_case_answer_out out;
		r = keep_case_answer(p->keep, &p->actor, &(struct keep_case_answer_in){.id = id, .note = note},
		                     p->arena, &out);
	} else if (r >= 0) {
		r = ERR_INVALID;
	}
	if (r != ERR_INVALID && r != ERR_TOO_LARGE)
		return r < 0 ? r : page_redirect_str(p, arena_printf(p->arena, "/cases/%llu", (unsigned long long) id));
	page_problem(p, r == ERR_INVALID ? "cases.problem.empty" : "cases.problem.long", "note");
	page_put_str(p, "typed", note);
	return show(p, id);
}
