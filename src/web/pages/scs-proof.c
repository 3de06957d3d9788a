/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/scs-proof.h"

#include "base/clock.h"
#include "base/err.h"
#include "ledger/event.h"
#include "web/facts.h"
#include "web/pages/paper-forms.h"

enum { HEX_BYTES = 2 * LEDGER_HASH_BYTES, NAME_MAX_BYTES = 120, FIELD_BYTES = 24, DAY_BYTES = 10 };

int scs_proofs_load(struct page *p, struct scs_proofs *ret)
{
	struct keep_paper_list_out papers;
	struct keep_item_counts_out counts;
	struct keep_paper_list_in all = {.paper = STR("")};
	int r = keep_paper_list(p->keep, &p->actor, &all, p->arena, &papers);
	if (r >= 0)
		r = keep_item_counts(p->keep, &p->actor, &(struct keep_item_counts_in){.today = page_today(p)},
		                     p->arena, &counts);
	if (r >= 0)
		*ret = (struct scs_proofs){papers.versions, counts.counts};
	return r;
}

static const char *field(char *to, const char *what, size_t i)
{
	snprintf(to, FIELD_BYTES, "%s%zu", what, i);
	return to;
}

/* ---- parts of a proof ---- */

struct parts {
	struct str kind, first, second;
};

static struct parts parts_of(struct str proof)
{
	struct parts parts = {0};
	struct str rest = proof;
	(void) str_split(&rest, ':', &parts.kind);
	if (str_eq_c(parts.kind, "ledger") || str_eq_c(parts.kind, "register"))
		parts.first = rest;
	else
		(void) str_split(&rest, ':', &parts.first);
	parts.second = str_eq_c(parts.kind, "ledger") || str_eq_c(parts.kind, "register") ? STR("") : rest;
	return parts;
}

static struct str day_of(const struct page *p, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(when_us, text);
	return arena_dup(p->arena, str_make(text, DAY_BYTES));
}

static int find_record(struct page *p, uint64_t number, struct record *ret)
{
	struct keep_ledger_list_in in = {.before = number + 1, .limit = 1, .kind = STR("")};
	struct keep_ledger_list_out out;
	int r = keep_ledger_list(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0 && (out.records.n == 0 || out.records.at[0].number != number))
		r = ERR_NOT_FOUND;
	return r < 0 ? r : record_decode(out.records.at[0].bytes, ret);
}

/* ---- from the form ---- */

static struct str of_file(const struct page *p, const struct page_upload *file)
{
	static const char digits[] = "0123456789abcdef";
	struct ledger_hash hash = ledger_hash_of(file->bytes);
	char hex[HEX_BYTES];
	for (size_t i = 0; i < LEDGER_HASH_BYTES; i++) {
		hex[2 * i] = digits[hash.bytes[i] >> 4];
		hex[2 * i + 1] = digits[hash.bytes[i] & 15];
	}
	struct str name = file->name;
	/* the name goes into one line; a character is not cut in two */
	size_t n = name.n < NAME_MAX_BYTES ? name.n : NAME_MAX_BYTES;
	while (n > 0 && n < name.n && ((unsigned char) name.p[n] & 0xC0) == 0x80)
		n--;
	char *clean = arena_alloc(p->arena, n + 1);
	for (size_t i = 0; clean && i < n; i++)
		clean[i] = (unsigned char) name.p[i] < 0x20 || name.p[i] == 0x7F ? ' ' : name.p[i];
	return arena_printf(p->arena, "file:%.*s:%.*s", HEX_BYTES, hex, (int) (clean ? n : 0), clean ? clean : "");
}

int scs_proof_read(struct page *p, size_t i, struct str kept, struct str *ret)
{
	char name[FIELD_BYTES];
	const struct page_upload *file = page_upload(p, field(name, "file", i));
	struct str record = str_trim(page_field(p, field(name, "record", i)));
	struct record found;
	uint64_t number;
	if (file && file->bytes.n > 0) {
		*ret = of_file(p, file);
		return 0;
	}
	if (record.n > 0) {
		int r = str_parse_u64(record, INT64_MAX - 1, &number) < 0 ? ERR_NOT_FOUND
		                                                          : find_record(p, number, &found);
		if (r >= 0)
			*ret = arena_printf(p->arena, "ledger:%llu", (unsigned long long) number);
		return r;
	}
	bool is_asked = page_has_field(p, field(name, "proof", i));
	struct str chosen = page_field(p, field(name, "proof", i));
	*ret = !is_asked || str_eq_c(chosen, "keep") ? kept : chosen;
	return 0;
}

/* ---- shown ---- */

static struct str paper_name(const struct page *p, struct str word)
{
	const char *text = i18n_find(p->language, arena_printf(p->arena, "paper.%.*s", STR_ARG(word)));
	return text ? str_of(text) : word;
}

static json_t *paper_json(struct page *p, const struct scs_proofs *proofs, const struct parts *parts)
{
	const struct keep_paper_version *is = NULL, *newest = NULL;
	uint64_t id = 0;
	(void) str_parse_u64(parts->second, INT64_MAX, &id);
	for (size_t i = 0; i < proofs->papers.n; i++) {
		const struct keep_paper_version *v = &proofs->papers.at[i];
		if (!str_eq(v->paper, parts->first))
			continue;
		if (!newest && v->approved_us > 0)
			newest = v;
		if (v->id == id)
			is = v;
	}
	struct str text = paper_name(p, parts->first);
	if (is)
		text = arena_printf(p->arena, "%.*s %s %llu", STR_ARG(text), i18n_text(p->language, "papers.versions"),
		                    (unsigned long long) is->number);
	const char *warning = !is                                                                ? "scs.proof.gone"
	                      : is->approved_us == 0                                             ? "papers.is-draft"
	                      : newest && newest != is                                           ? "scs.proof.newer"
	                      : is->review_on.n > 0 && str_cmp(is->review_on, page_today(p)) < 0 ? "scs.proof.review"
	                                                                                         : NULL;
	return json_pack("{s:o, s:o, s:s?}", "text", page_json_str(text), "path",
	                 page_json_str(arena_printf(p->arena, "/prepare/papers/%.*s/%llu", STR_ARG(parts->first),
	                                            (unsigned long long) id)),
	                 "warning", warning ? i18n_text(p->language, warning) : NULL);
}

static size_t count_of(const struct scs_proofs *proofs, struct str word)
{
	for (size_t i = 0; i < proofs->registers.n; i++)
		if (str_eq(proofs->registers.at[i].register_word, word))
			return proofs->registers.at[i].items;
	return 0;
}

static json_t *register_json(struct page *p, const struct scs_proofs *proofs, const struct parts *parts)
{
	struct keep_item_list_in in = {.register_word = parts->first};
	struct keep_item_list_out out;
	size_t n = count_of(proofs, parts->first);
	int64_t newest_us = 0;
	if (n > 0 && keep_item_list(p->keep, &p->actor, &in, p->arena, &out) >= 0)
		for (size_t i = 0; i < out.items.n; i++)
			if (out.items.at[i].changed_us > newest_us)
				newest_us = out.items.at[i].changed_us;
	json_t *label = rows_text(p, "register.", parts->first, "");
	struct str text = arena_printf(p->arena, "%s (%zu) %.*s", json_string_value(label), n,
	                               STR_ARG(newest_us ? day_of(p, newest_us) : STR("")));
	json_decref(label);
	return json_pack("{s:o, s:o, s:s?}", "text", page_json_str(text), "path",
	                 page_json_str(arena_printf(p->arena, "/prepare/registers/%.*s", STR_ARG(parts->first))),
	                 "warning", n == 0 ? i18n_text(p->language, "scs.proof.empty") : NULL);
}

static json_t *ledger_json(struct page *p, const struct parts *parts)
{
	struct record record;
	uint64_t number = 0;
	struct str text =
	        arena_printf(p->arena, "%s %.*s", i18n_text(p->language, "scs.proof.record"), STR_ARG(parts->first));
	int r = str_parse_u64(parts->first, INT64_MAX - 1, &number);
	if (r >= 0)
		r = find_record(p, number, &record);
	if (r < 0)
		return json_pack("{s:o, s:s}", "text", page_json_str(text), "warning",
		                 i18n_text(p->language, "scs.proof.gone"));
	json_t *label = rows_text(p, "event.", record.event.kind, "");
	text = arena_printf(p->arena, "%.*s %.*s %s", STR_ARG(text), STR_ARG(day_of(p, record.event.time_us)),
	                    json_string_value(label));
	json_decref(label);
	return json_pack("{s:o, s:o}", "text", page_json_str(text), "path",
	                 page_json_str(arena_printf(p->arena, "/ledger?before=%llu", (unsigned long long) number + 1)));
}

json_t *scs_proof_json(struct page *p, const struct scs_proofs *proofs, struct str proof)
{
	struct parts parts = parts_of(proof);
	if (proof.n == 0)
		return json_null();
	if (str_eq_c(parts.kind, "paper"))
		return paper_json(p, proofs, &parts);
	if (str_eq_c(parts.kind, "register"))
		return register_json(p, proofs, &parts);
	if (str_eq_c(parts.kind, "ledger"))
		return ledger_json(p, &parts);
	return json_pack("{s:o, s:o}", "text",
	                 page_json_str(arena_printf(p->arena, "%s %.*s", i18n_text(p->language, "scs.proof.file"),
	                                            STR_ARG(parts.second))),
	                 "hash", page_json_str(parts.first));
}

static void add_choice(const struct page *p, json_t *list, struct str word, struct str label, struct str selected)
{
	(void) p;
	json_array_append_new(list, json_pack("{s:o, s:o, s:b}", "word", page_json_str(word), "label",
	                                      page_json_str(label), "selected", str_eq(word, selected)));
}

json_t *scs_proof_choices(const struct page *p, const struct scs_proofs *proofs, struct str selected)
{
	json_t *list = json_array();
	bool is_there = selected.n == 0;
	add_choice(p, list, STR(""), str_of(i18n_text(p->language, "scs.proof.none")), selected);
	for (size_t i = 0; i < proofs->papers.n; i++) {
		const struct keep_paper_version *v = &proofs->papers.at[i];
		struct str word =
		        arena_printf(p->arena, "paper:%.*s:%llu", STR_ARG(v->paper), (unsigned long long) v->id);
		/* newest first: the first that is approved of each paper, and what is chosen */
		bool is_newest = v->approved_us > 0;
		for (size_t k = 0; k < i && is_newest; k++)
			is_newest =
			        !str_eq(proofs->papers.at[k].paper, v->paper) || proofs->papers.at[k].approved_us == 0;
		if (!is_newest && !str_eq(word, selected))
			continue;
		is_there |= str_eq(word, selected);
		add_choice(p, list, word,
		           arena_printf(p->arena, "%.*s %s %llu", STR_ARG(paper_name(p, v->paper)),
		                        i18n_text(p->language, "papers.versions"), (unsigned long long) v->number),
		           selected);
	}
	for (size_t i = 0; i < register_count(); i++) {
		const char *name = register_at(i)->word;
		struct str word = arena_printf(p->arena, "register:%s", name);
		if (count_of(proofs, str_of(name)) == 0 && !str_eq(word, selected))
			continue;
		is_there |= str_eq(word, selected);
		json_t *label = rows_text(p, "register.", str_of(name), "");
		add_choice(p, list, word, str_of(json_string_value(label)), selected);
		json_decref(label);
	}
	if (!is_there) /* a record or a file */
		add_choice(p, list, STR("keep"), str_of(i18n_text(p->language, "scs.proof.keep")), STR("keep"));
	return list;
}

struct str scs_proof_text(struct page *p, const struct scs_proofs *proofs, struct str proof)
{
	json_t *j = scs_proof_json(p, proofs, proof);
	const char *text = json_string_value(json_object_get(j, "text"));
	const char *hash = json_string_value(json_object_get(j, "hash"));
	struct str all = arena_printf(p->arena, "%s%s%s", text ? text : "", hash ? " SHA-256 " : "", hash ? hash : "");
	json_decref(j);
	return all;
}
