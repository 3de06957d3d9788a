/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/report.h"

#include <math.h>

#include "base/err.h"
#include "base/json.h"

enum { QUOTE_MAX_BYTES = 400, SENTENCE_MAX_BYTES = 8192, KEY_MAX_BYTES = 128 };

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

/* What is written, and a place for the sentence under work. */
struct writing {
	struct buf *b;
	struct buf sentence;
};

static void add(struct writing *w, const char *text)
{
	(void) buf_add_c(w->b, text);
}

/* name with what stands around it: ",\"title\":" */
static void add_str(struct writing *w, const char *name, struct str s)
{
	add(w, name);
	(void) json_add_str(w->b, s);
}

static void add_real(struct writing *w, const char *name, double value)
{
	add(w, name);
	(void) json_add_real(w->b, round(value * 10000.0) / 10000.0);
}

static void add_number(struct writing *w, const char *name, uint64_t value)
{
	add(w, name);
	(void) buf_add_u64(w->b, value);
}

static void add_sentence(struct writing *w, const char *name, enum language language, const struct finding *f,
                         const char *suffix)
{
	buf_clear(&w->sentence);
	(void) report_finding_text(&w->sentence, language, f, suffix);
	add_str(w, name, buf_str(&w->sentence));
}

static void add_finding(struct writing *w, const struct document *d, const struct finding *f, enum language language)
{
	bool placed = f->part != PART_NONE;

	add_str(w, "{\"id\":", str_of(f->id));
	add_real(w, ",\"weight\":", f->weight);
	add_sentence(w, ",\"title\":", language, f, "title");
	add_sentence(w, ",\"detail\":", language, f, "detail");
	if (placed)
		add_str(w, ",\"part\":", d->parts.at[f->part].name);
	else
		add(w, ",\"part\":null");
	struct str quote = report_quote(d, f, QUOTE_MAX_BYTES);
	add_number(w, ",\"start\":", placed ? f->start : 0);
	add_number(w, ",\"end\":", placed ? f->start + quote.n : 0);
	add_str(w, ",\"quote\":", quote);
	add(w, "}");
}

static void add_links(struct writing *w, const struct verdict *v)
{
	add(w, ",\"links\":[");
	for (size_t i = 0; i < v->links.n; i++) {
		const struct judged_link *l = &v->links.at[i];
		add_str(w, i ? ",{\"text\":" : "{\"text\":", l->text);
		add_str(w, ",\"url\":", l->url);
		add_str(w, ",\"host\":", l->host);
		add_str(w, ",\"registrable\":", l->registrable);
		add(w, "}");
	}
	add(w, "]");
}

static void add_unchecked(struct writing *w, uint32_t unchecked, enum language language)
{
	const char *before = "";
	add(w, ",\"not_checked\":[");
	for (int i = 0; i < UNCHECKED_COUNT; i++) {
		char key[KEY_MAX_BYTES];
		if (!(unchecked & (1u << i)))
			continue;
		snprintf(key, sizeof(key), "not-checked.%s", unchecked_word((enum unchecked) i));
		add_str(w, before, str_of(i18n_text(language, key)));
		before = ",";
	}
	add(w, "]");
}

static void add_parts(struct writing *w, const struct document *d)
{
	add(w, ",\"parts\":[");
	for (size_t i = 0; i < d->parts.n; i++) {
		add_str(w, i ? ",{\"name\":" : "{\"name\":", d->parts.at[i].name);
		add_str(w, ",\"text\":", d->parts.at[i].text);
		add(w, "}");
	}
	add(w, "]");
}

static void add_head(struct writing *w, const struct report_options *options, enum input_kind kind,
                     enum verdict_kind verdict, double score)
{
	add_str(w, "{\"input\":", options->input);
	add_str(w, ",\"kind\":", str_of(kind < INPUT_KIND_COUNT ? input_kind_word(kind) : "text"));
	add_str(w, ",\"verdict\":", str_of(verdict_word(verdict)));
	add_real(w, ",\"score\":", score);
}

static int finish(struct writing *w, const struct report_options *options)
{
	add_number(w, ",\"elapsed_us\":", options->elapsed_us > 0 ? (uint64_t) options->elapsed_us : 0);
	add(w, "}");
	buf_done(&w->sentence);
	return buf_failed(w->b) ? ERR_TOO_LARGE : 0;
}

int report_write(struct buf *b, const struct document *d, const struct verdict *v, const struct report_options *options)
{
	struct writing w = {.b = b, .sentence = buf_make(SENTENCE_MAX_BYTES)};

	add_head(&w, options, d->kind, v->kind, v->score);
	add(&w, ",\"claims\":[");
	for (size_t i = 0; i < v->claims.n; i++)
		add_str(&w, i ? "," : "", v->claims.at[i].brand);
	add(&w, "],\"reasons\":[");
	for (size_t i = 0; i < v->findings.n; i++) {
		add(&w, i ? "," : "");
		add_finding(&w, d, &v->findings.at[i], options->language);
	}
	add_real(&w, "],\"bias\":", v->bias);
	add_links(&w, v);
	add_unchecked(&w, v->unchecked, options->language);
	if (options->with_parts)
		add_parts(&w, d);
	return finish(&w, options);
}

int report_failure_write(struct buf *b, enum input_kind kind, enum unchecked why, const struct report_options *options)
{
	struct writing w = {.b = b, .sentence = buf_make(SENTENCE_MAX_BYTES)};

	add_head(&w, options, kind, VERDICT_CANNOT_TELL, 0.0);
	add(&w, ",\"claims\":[],\"reasons\":[],\"links\":[]");
	add_unchecked(&w, 1u << why, options->language);
	if (options->with_parts)
		add(&w, ",\"parts\":[]");
	return finish(&w, options);
}

static json_t *loaded(struct buf *b, int r)
{
	json_t *j = r < 0 ? NULL : json_loadb(b->p, b->n, JSON_ALLOW_NUL, NULL);
	buf_done(b);
	return j;
}

json_t *report_failure_json(enum input_kind kind, enum unchecked why, const struct report_options *options)
{
	struct buf b = buf_make(REPORT_MAX_BYTES);
	json_t *j = loaded(&b, report_failure_write(&b, kind, why, options));
	CHECK(j);
	return j;
}

json_t *report_json(const struct document *d, const struct verdict *v, const struct report_options *options)
{
	struct buf b = buf_make(REPORT_MAX_BYTES);
	json_t *j = loaded(&b, report_write(&b, d, v, options));
	return j ? j : report_failure_json(d->kind, UNCHECKED_TOO_LARGE, options);
}
