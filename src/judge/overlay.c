/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/overlay.h"

#include "base/err.h"
#include "judge/address.h"

struct changed {
	uint32_t index;
	struct brand brand;
	struct str folded; /* of a name that the rules do not have; else "" */
};

struct owned {
	struct str domain;
	struct brand_indexes owners;
};

struct overlay {
	const struct rules *rules;
	struct {
		struct changed *at;
		size_t n, cap;
	} brands;
	struct {
		struct owned *at;
		size_t n, cap;
	} domains; /* every domain that a row names */
	uint32_t next;
};

/* ---- making ---- */

static struct changed *changed_of(const struct overlay *o, uint32_t index)
{
	for (size_t i = 0; i < o->brands.n; i++)
		if (o->brands.at[i].index == index)
			return &o->brands.at[i];
	return NULL;
}

static struct changed *own_name(struct overlay *o, const struct overlay_row *row, struct arena *a)
{
	for (size_t i = 0; i < o->brands.n; i++)
		if (str_eq(o->brands.at[i].brand.id, row->brand))
			return &o->brands.at[i];
	struct changed *c = row->removes ? NULL : ARENA_PUSH(a, &o->brands);
	struct str *name = c ? ARENA_NEW(a, struct str) : NULL;
	struct folded folded;
	if (!name)
		return NULL;
	*name = row->name.n > 0 ? row->name : row->brand;
	*c = (struct changed){.index = o->next++};
	c->brand =
	        (struct brand){.id = row->brand, .name_ja = *name, .name_en = *name, .kind = BRAND_OTHER, .own = true};
	c->brand.spellings = (struct str_list){name, 1};
	if (text_fold(str_trim(*name), a, &folded) >= 0)
		c->folded = folded.text;
	return c;
}

/* The brand of a row, ready to be changed; NULL none. */
static struct changed *brand_of_row(struct overlay *o, const struct overlay_row *row, struct arena *a)
{
	const struct brand *known = rules_find_brand(o->rules, row->brand);
	if (!known)
		return own_name(o, row, a);
	uint32_t index = (uint32_t) (known - rules_brand(o->rules, 0));
	struct changed *c = changed_of(o, index);
	if (!c && (c = ARENA_PUSH(a, &o->brands)))
		*c = (struct changed){.index = index, .brand = *known};
	return c;
}

static void list_without(struct str_list *list, struct str domain, struct arena *a)
{
	struct str *left = ARENA_ARRAY(a, struct str, list->n + 1);
	size_t n = 0;
	for (size_t i = 0; left && i < list->n; i++)
		if (!str_eq(list->at[i], domain))
			left[n++] = list->at[i];
	*list = (struct str_list){left, n};
}

static void list_with(struct str_list *list, struct str domain, struct arena *a)
{
	struct str *more = ARENA_ARRAY(a, struct str, list->n + 1);
	for (size_t i = 0; more && i < list->n; i++)
		more[i] = list->at[i];
	if (more)
		more[list->n] = domain;
	*list = (struct str_list){more, more ? list->n + 1 : 0};
}

static void note_domain(struct overlay *o, struct str domain, struct arena *a)
{
	for (size_t i = 0; i < o->domains.n; i++)
		if (str_eq(o->domains.at[i].domain, domain))
			return;
	struct owned *d = ARENA_PUSH(a, &o->domains);
	if (d)
		*d = (struct owned){.domain = domain};
}

static void add_row(struct overlay *o, const struct overlay_row *row, struct arena *a)
{
	struct address host;
	if (row->brand.n == 0 || address_read_host(str_trim(row->domain), a, &host) < 0 ||
	    host.ascii_registrable.n == 0)
		return;
	struct changed *c = brand_of_row(o, row, a);
	if (!c)
		return;
	struct str domain = host.ascii_registrable;
	if (row->removes) {
		list_without(&c->brand.domains, domain, a);
		list_without(&c->brand.sending, domain, a);
	} else if (!brand_has_domain(&c->brand, domain, false)) {
		list_with(&c->brand.domains, domain, a);
	}
	note_domain(o, domain, a);
}

/* Owners of the rules who still have it, then those who got it. */
static void settle_owners(struct overlay *o, struct owned *d, struct arena *a)
{
	struct brand_indexes before = rules_brands_of_domain(o->rules, d->domain);
	uint32_t *at = ARENA_ARRAY(a, uint32_t, before.n + o->brands.n + 1);
	size_t n = 0;
	for (size_t i = 0; at && i < before.n; i++)
		if (!changed_of(o, before.at[i]))
			at[n++] = before.at[i];
	for (size_t i = 0; at && i < o->brands.n; i++)
		if (brand_has_domain(&o->brands.at[i].brand, d->domain, true))
			at[n++] = o->brands.at[i].index;
	d->owners = (struct brand_indexes){at, n};
}

int overlay_make(const struct rules *rules, const struct overlay_row *rows, size_t n, struct arena *a,
                 const struct overlay **ret)
{
	struct overlay *o = ARENA_NEW(a, struct overlay);
	if (!o)
		return ERR_TOO_LARGE;
	*o = (struct overlay){.rules = rules, .next = (uint32_t) rules_brand_count(rules)};
	for (size_t i = 0; i < n && i < OVERLAY_ROWS_MAX; i++)
		add_row(o, &rows[i], a);
	for (size_t i = 0; i < o->domains.n; i++)
		settle_owners(o, &o->domains.at[i], a);
	*ret = o;
	return arena_is_full(a) ? ERR_TOO_LARGE : 0;
}

/* ---- asking ---- */

const struct brand *overlay_brand(const struct rules *rules, const struct overlay *o, uint32_t index)
{
	const struct changed *c = o ? changed_of(o, index) : NULL;
	return c ? &c->brand : rules_brand(rules, index);
}

const struct brand *overlay_find_brand(const struct rules *rules, const struct overlay *o, struct str id)
{
	for (size_t i = 0; o && i < o->brands.n; i++)
		if (str_eq(o->brands.at[i].brand.id, id))
			return &o->brands.at[i].brand;
	return rules_find_brand(rules, id);
}

static const struct owned *owned_of(const struct overlay *o, struct str registrable)
{
	for (size_t i = 0; o && i < o->domains.n; i++)
		if (str_eq(o->domains.at[i].domain, registrable))
			return &o->domains.at[i];
	return NULL;
}

struct brand_indexes overlay_brands_of_domain(const struct rules *rules, const struct overlay *o,
                                              struct str registrable)
{
	const struct owned *d = owned_of(o, registrable);
	return d ? d->owners : rules_brands_of_domain(rules, registrable);
}

bool overlay_disowns(const struct overlay *o, struct str registrable)
{
	const struct owned *d = owned_of(o, registrable);
	return d && d->owners.n == 0;
}

/* ---- names in texts ---- */

/* Inside a Latin word a name is not that name. */
static bool stands_alone(struct str text, struct str name, size_t at)
{
	size_t end = at + name.n;
	bool front = at > 0 && ascii_is_alnum(name.p[0]) && ascii_is_alnum(text.p[at - 1]);
	return !front && !(end < text.n && ascii_is_alnum(name.p[name.n - 1]) && ascii_is_alnum(text.p[end]));
}

/* Whether a longer name holds the place; shorter ones in it are taken out. */
static bool take_place(struct judging *j, const struct brand_hit *hit)
{
	size_t kept = 0;
	for (size_t i = 0; i < j->brands.n; i++)
		if (j->brands.at[i].part == hit->part && j->brands.at[i].start <= hit->start &&
		    j->brands.at[i].end >= hit->end)
			return false;
	for (size_t i = 0; i < j->brands.n; i++) {
		const struct brand_hit *b = &j->brands.at[i];
		if (b->part != hit->part || b->start < hit->start || b->end > hit->end)
			j->brands.at[kept++] = *b;
	}
	j->brands.n = kept;
	return true;
}

static void find_name(struct judging *j, uint32_t part, const struct changed *c)
{
	const struct folded *f = &j->folded[part];
	size_t hits = 0;
	for (size_t at = str_find(f->text, c->folded, 0); at != STR_NOT_FOUND && hits < OVERLAY_HITS_OF_NAME_MAX;
	     at = str_find(f->text, c->folded, at + c->folded.n)) {
		struct brand_hit hit = {.brand = c->index,
		                        .strong = c->folded.n >= OVERLAY_STRONG_LEAST,
		                        .part = part,
		                        .start = folded_start(f, at),
		                        .end = folded_end(f, at + c->folded.n)};
		if (!stands_alone(f->text, c->folded, at) || j->brands.n >= JUDGING_HITS_MAX ||
		    judging_in_address(j, part, hit.end) || !take_place(j, &hit))
			continue;
		struct brand_hit *b = ARENA_PUSH(j->arena, &j->brands);
		if (b)
			*b = hit;
		hits++;
	}
}

void overlay_scan(struct judging *j, uint32_t part)
{
	const struct overlay *o = j->company->overlay;
	for (size_t i = 0; o && i < o->brands.n; i++)
		if (o->brands.at[i].folded.n > 0)
			find_name(j, part, &o->brands.at[i]);
}
