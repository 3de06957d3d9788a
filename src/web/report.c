/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/report.h"

#include <math.h>

enum { QUOTE_MAX_BYTES = 400, SENTENCE_MAX_BYTES = 8192, KEY_MAX_BYTES = 128 };

static json_t *json_str(struct str s)
{
	/* Texts of documents are valid UTF-8 by contract; a NUL inside is legal there and in jansson. */
	json_t *j = json_stringn(s.p ? s.p : "", s.n);
	return j ? j : json_string("");
}

struct str report_quote(const struct document *d, const struct finding *f, size_t quote_max_bytes)
{
	if (f->part == PART_NONE)
		return STR("");
	struct str quote = str_slice(d->parts.at[f->part].text, f->start, f->end);
	if (quote.n <= quote_max_bytes)
		return quote;
	size_t n = quote_max_bytes;
	while (n > 0 && ((unsigned char) quote.p[n] & 0xC0) == 0x80)
		n--;
	return str_slice(quote, 0, n);
}

int report_finding_text(struct buf *b, enum language language, const struct finding *f, const char *suffix)
{
	char key[KEY_MAX_BYTES];
	struct i18n_fact facts[FINDING_FACTS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < FINDING_FACTS_MAX && f->facts[i].key; i++)
		facts[count++] = (struct i18n_fact){f->facts[i].key, f->facts[i].value};
	int n = snprintf(key, sizeof(key), "judge.%s.%s", f->id, suffix);
	CHECK(n > 0 && (size_t) n < sizeof(key));
	return i18n_format(b, language, str_of(key), facts, count);
}

static json_t *sentence(enum language language, const struct finding *f, const char *suffix)
{
	struct buf b = buf_make(SENTENCE_MAX_BYTES);
	(void) report_finding_text(&b, language, f, suffix);
	json_t *j = json_str(buf_str(&b));
	buf_done(&b);
	return j;
}

static json_t *rounded(double value)
{
	return json_real(round(value * 10000.0) / 10000.0);
}

static json_t *finding_json(const struct document *d, const struct finding *f, enum language language)
{
	json_t *j = json_object();
	bool placed = f->part != PART_NONE;
	struct str quote = report_quote(d, f, QUOTE_MAX_BYTES);

	json_object_set_new(j, "id", json_string(f->id));
	json_object_set_new(j, "weight", rounded(f->weight));
	json_object_set_new(j, "title", sentence(language, f, "title"));
	json_object_set_new(j, "detail", sentence(language, f, "detail"));
	json_object_set_new(j, "part", placed ? json_str(d->parts.at[f->part].name) : json_null());
	json_object_set_new(j, "start", json_integer(placed ? f->start : 0));
	json_object_set_new(j, "end", json_integer(placed ? f->start + (json_int_t) quote.n : 0));
	json_object_set_new(j, "quote", json_str(quote));
	return j;
}

static json_t *links_json(const struct verdict *v)
{
	json_t *list = json_array();
	for (size_t i = 0; i < v->links.n; i++) {
		const struct judged_link *l = &v->links.at[i];
		json_t *j = json_object();
		json_object_set_new(j, "text", json_str(l->text));
		json_object_set_new(j, "url", json_str(l->url));
		json_object_set_new(j, "host", json_str(l->host));
		json_object_set_new(j, "registrable", json_str(l->registrable));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *unchecked_json(uint32_t unchecked, enum language language)
{
	json_t *list = json_array();
	for (int i = 0; i < UNCHECKED_COUNT; i++) {
		char key[KEY_MAX_BYTES];
		if (!(unchecked & (1u << i)))
			continue;
		snprintf(key, sizeof(key), "not-checked.%s", unchecked_word((enum unchecked) i));
		json_array_append_new(list, json_string(i18n_text(language, key)));
	}
	return list;
}

static json_t *parts_json(const struct document *d)
{
	json_t *list = json_array();
	for (size_t i = 0; i < d->parts.n; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "name", json_str(d->parts.at[i].name));
		json_object_set_new(j, "text", json_str(d->parts.at[i].text));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *head_json(const struct report_options *options, enum input_kind kind, enum verdict_kind verdict,
                         double score)
{
	json_t *j = json_object();
	json_object_set_new(j, "input", json_str(options->input));
	json_object_set_new(j, "kind", json_string(kind < INPUT_KIND_COUNT ? input_kind_word(kind) : "text"));
	json_object_set_new(j, "verdict", json_string(verdict_word(verdict)));
	json_object_set_new(j, "score", rounded(score));
	return j;
}

json_t *report_json(const struct document *d, const struct verdict *v, const struct report_options *options)
{
	json_t *j = head_json(options, d->kind, v->kind, v->score);

	json_t *claims = json_array();
	for (size_t i = 0; i < v->claims.n; i++)
		json_array_append_new(claims, json_str(v->claims.at[i].brand));
	json_object_set_new(j, "claims", claims);

	json_t *reasons = json_array();
	for (size_t i = 0; i < v->findings.n; i++)
		json_array_append_new(reasons, finding_json(d, &v->findings.at[i], options->language));
	json_object_set_new(j, "reasons", reasons);
	json_object_set_new(j, "bias", rounded(v->bias));
	json_object_set_new(j, "links", links_json(v));
	json_object_set_new(j, "not_checked", unchecked_json(v->unchecked, options->language));
	if (options->with_parts)
		json_object_set_new(j, "parts", parts_json(d));
	json_object_set_new(j, "elapsed_us", json_integer(options->elapsed_us));
	return j;
}

json_t *report_failure_json(enum input_kind kind, enum unchecked why, const struct report_options *options)
{
	json_t *j = head_json(options, kind, VERDICT_CANNOT_TELL, 0.0);
	json_object_set_new(j, "claims", json_array());
	json_object_set_new(j, "reasons", json_array());
	json_object_set_new(j, "links", json_array());
	json_object_set_new(j, "not_checked", unchecked_json(1u << why, options->language));
	if (options->with_parts)
		json_object_set_new(j, "parts", json_array());
	json_object_set_new(j, "elapsed_us", json_integer(options->elapsed_us));
	return j;
}
