/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * judge_document(): fold every part once, search it once for all words and brands, then let each judge of judges.def
 * look, then settle the verdict. */
#include "judge/judge.h"

#include "base/err.h"
#include "judge/engine.h"
#include "judge/overlay.h"
#include "judge/verdict.h"

enum { JUDGING_TEXT_MAX_BYTES = 2 * 1024 * 1024 }; /* folded; what stands behind is not looked at */

typedef void judge_fn(struct judging *j);

static judge_fn *const judges[] = {
#define JUDGE(name) judge_##name,
#include "judge/judges.def"
#undef JUDGE
};

static int fold_parts(struct judging *j)
{
	const struct document *d = j->document;
	j->folded = ARENA_ARRAY(j->arena, struct folded, d->parts.n + 1);
	if (!j->folded)
		return ERR_TOO_LARGE;
	size_t left = JUDGING_TEXT_MAX_BYTES;
	for (size_t i = 0; i < d->parts.n; i++) {
		struct str text = d->parts.at[i].text;
		if (text.n > left) {
			judging_set_unchecked(j, UNCHECKED_TOO_LARGE);
			continue;
		}
		left -= text.n;
		int r = text_fold(text, j->arena, &j->folded[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_scanned(const struct part *p)
{
	return p->kind == PART_SUBJECT || p->kind == PART_BODY || p->kind == PART_ATTACHMENT || p->kind == PART_QR ||
	       document_part_is_named(p, STR("header:From"));
}

struct scan {
	struct judging *j;
	uint32_t part;
	unsigned of_tag[WORD_TAG_COUNT];
	size_t last[WORD_TAG_COUNT]; /* number of its newest hit in j->words, from 1 */
};

static void add_word(struct scan *s, const struct rules_hit *hit, uint32_t start, uint32_t end)
{
	struct judging *j = s->j;
	if (s->of_tag[hit->tag] >= JUDGING_HITS_OF_TAG_MAX || j->words.n >= JUDGING_HITS_MAX)
		return;
	/* Hits that end at one place come in no particular order. */
	struct word_hit *last = s->last[hit->tag] > 0 ? &j->words.at[s->last[hit->tag] - 1] : NULL;
	if (last && last->part == s->part && start <= last->end && end >= last->end) {
		last->start = start < last->start ? start : last->start;
		last->end = end;
		return;
	}
	struct word_hit *w = ARENA_PUSH(j->arena, &j->words);
	if (!w)
		return;
	*w = (struct word_hit){.tag = hit->tag, .part = s->part, .start = start, .end = end};
	s->of_tag[hit->tag]++;
	s->last[hit->tag] = j->words.n;
	j->tags |= 1ULL << hit->tag;
}

static void add_brand(struct scan *s, const struct rules_hit *hit, uint32_t start, uint32_t end)
{
	struct judging *j = s->j;
	if (j->brands.n >= JUDGING_HITS_MAX || judging_in_address(j, s->part, end))
		return;
	struct brand_hit *b = ARENA_PUSH(j->arena, &j->brands);
	if (b)
		*b = (struct brand_hit){.brand = hit->index,
		                        .strong = hit->kind == RULES_HIT_BRAND,
		                        .part = s->part,
		                        .start = start,
		                        .end = end};
}

static bool on_hit(void *context, const struct rules_hit *hit)
{
	struct scan *s = context;
	const struct folded *f = &s->j->folded[s->part];
	uint32_t start = folded_start(f, hit->start), end = folded_end(f, hit->end);
	if (hit->kind == RULES_HIT_WORD)
		add_word(s, hit, start, end);
	else
		add_brand(s, hit, start, end);
	return true;
}

static int order_words(const void *a, const void *b)
{
	const struct word_hit *x = a, *y = b;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->tag < y->tag ? -1 : x->tag > y->tag;
}

static int order_brands(const void *a, const void *b)
{
	const struct brand_hit *x = a, *y = b;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return x->brand < y->brand ? -1 : x->brand > y->brand;
}

static int scan_parts(struct judging *j)
{
	struct scan s = {.j = j};
	for (size_t i = 0; i < j->document->parts.n; i++) {
		if (!is_scanned(&j->document->parts.at[i]))
			continue;
		s.part = (uint32_t) i;
		int r = rules_scan(j->rules, j->folded[i].text, on_hit, &s);
		if (r < 0)
			return r;
		overlay_scan(j, s.part);
	}
	if (j->words.n > 1)
		qsort(j->words.at, j->words.n, sizeof(*j->words.at), order_words);
	if (j->brands.n > 1)
		qsort(j->brands.at, j->brands.n, sizeof(*j->brands.at), order_brands);
	return 0;
}

static bool has_kana(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		if ((unsigned char) s.p[at] < 0x80) {
			at++;
			continue;
		}
		enum script script = text_script(text_next(s, &at));
		if (script == SCRIPT_HIRAGANA || script == SCRIPT_KATAKANA)
			return true;
	}
	return false;
}

static bool is_japanese(const struct document *d)
{
	for (size_t i = 0; i < d->parts.n; i++) {
		const struct part *p = &d->parts.at[i];
		if ((p->kind == PART_SUBJECT || p->kind == PART_BODY) && has_kana(p->text))
			return true;
	}
	return false;
}

int judge_document(const struct document *d, const struct rules *rules, const struct company *company, struct arena *a,
                   struct verdict *ret)
{
	static const struct company nobody;
	struct verdict v = {.unchecked = d->unchecked, .host_link = PART_NONE};
	struct judging j = {.document = d,
	                    .rules = rules,
	                    .company = company ? company : &nobody,
	                    .arena = a,
	                    .verdict = &v,
	                    .japanese = is_japanese(d)};
	int r = fold_parts(&j);
	if (r >= 0)
		r = scan_parts(&j);
	for (size_t i = 0; r >= 0 && i < sizeof(judges) / sizeof(*judges); i++) {
		judges[i](&j);
		if (arena_is_full(a))
			r = ERR_TOO_LARGE;
	}
	if (r < 0)
		return r;
	verdict_settle(&j);
	*ret = v;
	return 0;
}
