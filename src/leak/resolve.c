/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Candidates are sorted by place and cut into clusters that overlap; inside a cluster the strongest is taken, then the
 * strongest of what does not touch it, and so on. Clusters are a handful; a longer one (somebody plays with us) is
 * walked once, each candidate against the last one taken, so that the work stays linear after the sort. */
#include "leak/resolve.h"

#include "base/err.h"
#include "leak/data.h"

enum { CLUSTER_MAX = 64 };

struct leak_resolve {
	struct leak_list spans; /* struct leak_span */
	size_t max;
	bool cut;
};

/* What hurts more when it leaves, most first; the place in the list is the rank. */
static const enum leak_kind ranks[] = {
        LEAK_SECRET,
        LEAK_CREDIT_CARD,
        LEAK_MY_NUMBER,
        LEAK_PASSWORD,
        LEAK_BANK_ACCOUNT,
        LEAK_RESIDENCE_CARD,
        LEAK_PASSPORT,
        LEAK_LICENCE,
        LEAK_PENSION_NUMBER,
        LEAK_HEALTH_INSURANCE,
        LEAK_BIRTH_DATE,
        LEAK_EMAIL,
        LEAK_PHONE,
        LEAK_INTERNAL_ADDRESS,
        LEAK_ADDRESS,
        LEAK_HOUSE_WORD,
        LEAK_CORPORATE_NUMBER,
        LEAK_CONFIDENTIAL_MARK,
        LEAK_SENSITIVE,
        LEAK_PERSON,
        LEAK_POSTAL_CODE,
};
_Static_assert(ARRAY_SIZE(ranks) == LEAK_KIND_COUNT, "every kind has a rank");

static size_t rank_of(enum leak_kind kind)
{
	size_t i = 0;
	while (ranks[i] != kind)
		i++;
	return i;
}

static bool is_stronger(const struct leak_span *a, const struct leak_span *b)
{
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	if (a->kind != b->kind)
		return rank_of(a->kind) < rank_of(b->kind);
	return a->end - a->start > b->end - b->start;
}

static struct leak_span span_of(const struct leak_candidate *c)
{
	return (struct leak_span){c->start, c->end, c->kind, c->confidence, c->why};
}

bool leak_is_stronger(const struct leak_candidate *a, const struct leak_candidate *b)
{
	struct leak_span x = span_of(a), y = span_of(b);
	return is_stronger(&x, &y);
}

struct leak_resolve *leak_resolve_new(size_t max)
{
	struct leak_resolve *r = calloc(1, sizeof(*r));
	CHECK(r);
	r->max = max;
	return r;
}

void leak_resolve_free(struct leak_resolve *r)
{
	if (r)
		free(r->spans.at);
	free(r);
}

void leak_resolve_add(struct leak_resolve *r, size_t start, size_t end, enum leak_kind kind,
                      enum leak_confidence confidence, const char *why)
{
	struct leak_span *s = start < end ? leak_list_push(&r->spans, sizeof(*s), r->max) : NULL;
	if (s)
		*s = (struct leak_span){start, end, kind, confidence, why};
	else if (start < end)
		r->cut = true;
}

static int compare_places(const void *a, const void *b)
{
	const struct leak_span *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return is_stronger(x, y) ? -1 : is_stronger(y, x);
}

static int compare_strength(const void *a, const void *b)
{
	const struct leak_span *x = a, *y = b;
	if (is_stronger(x, y))
		return -1;
	if (is_stronger(y, x))
		return 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static bool overlaps_any(const struct leak_span *s, const struct leak_span *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s->start < taken[i].end && taken[i].start < s->end)
			return true;
	return false;
}

/* Keeps the strongest in place; how many stay, in order of place. */
static size_t resolve_cluster(struct leak_span *at, size_t n)
{
	size_t kept = 0;
	qsort(at, n, sizeof(*at), compare_strength);
	for (size_t i = 0; i < n; i++)
		if (!overlaps_any(&at[i], at, kept))
			at[kept++] = at[i];
	qsort(at, kept, sizeof(*at), compare_places);
	return kept;
}

static size_t resolve_long_cluster(struct leak_span *at, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || at[i].start >= at[kept - 1].end)
			at[kept++] = at[i];
		else if (is_stronger(&at[i], &at[kept - 1]))
			at[kept - 1] = at[i];
	}
	return kept;
}

static size_t resolve_all(struct leak_span *at, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n;) {
		size_t last = i + 1, reach = at[i].end;
		for (; last < n && at[last].start < reach; last++)
			if (at[last].end > reach)
				reach = at[last].end;
		size_t stay = last - i == 1             ? 1
		              : last - i <= CLUSTER_MAX ? resolve_cluster(at + i, last - i)
		                                        : resolve_long_cluster(at + i, last - i);
		memmove(at + kept, at + i, stay * sizeof(*at));
		kept += stay;
		i = last;
	}
	return kept;
}

int leak_resolve_finish(struct leak_resolve *r, struct arena *arena, struct leak_spans *ret)
{
	struct leak_span *at = r->spans.at;
	if (r->spans.n > 1)
		qsort(at, r->spans.n, sizeof(*at), compare_places);
	size_t n = resolve_all(at, r->spans.n);
	bool cut = r->cut || n > LEAK_SPANS_MAX;
	if (n > LEAK_SPANS_MAX)
		n = LEAK_SPANS_MAX;
	struct leak_span *out = ARENA_ARRAY(arena, struct leak_span, n);
	if (!out)
		return ERR_TOO_LARGE;
	if (n > 0)
		memcpy(out, at, n * sizeof(*out));
	*ret = (struct leak_spans){.at = out, .n = n, .cut = cut};
	return 0;
}
