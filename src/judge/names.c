/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "judge/address.h"

enum { NAMES_ARENA_MAX_BYTES = 32 * 1024 * 1024, LABEL_MAX_BYTES = 63, DOMAIN_MAX_BYTES = 253 };

struct slot {
	uint32_t hash; /* its lower half: most strangers are known by it without a look at the text */
	uint32_t name; /* 0: free; else index + 1 */
};

struct table {
	struct slot *at;
	size_t mask;
};

struct names {
	struct arena *arena;
	const struct rules *rules;
	uint64_t version;
	struct {
		struct name *at;
		size_t n, cap;
	} list;
	struct table labels, skeletons, shorter, domains, firsts;
};

static struct table table_new(struct arena *a, size_t entries)
{
	size_t size = 16;
	while (size < entries * 2)
		size *= 2;
	struct slot *at = ARENA_ARRAY(a, struct slot, size);
	CHECK(at);
	return (struct table){at, size - 1};
}

/* Several names may share a hash; look-ups compare the text, so earlier ones (brands) win. */
static void table_add(struct table *t, uint64_t hash, size_t name)
{
	size_t i = hash & t->mask;
	while (t->at[i].name)
		i = (i + 1) & t->mask;
	t->at[i] = (struct slot){(uint32_t) hash, (uint32_t) name + 1};
}

static uint64_t hash_dotted(struct str domain)
{
	char dotted[DOMAIN_MAX_BYTES];
	size_t n = domain.n < sizeof(dotted) ? domain.n : sizeof(dotted);
	for (size_t i = 0; i < n; i++)
		dotted[i] = domain.p[i] == '-' ? '.' : domain.p[i];
	return str_hash(str_make(dotted, n));
}

static uint64_t hash_without(struct str label, size_t skip)
{
	char shorter[LABEL_MAX_BYTES];
	CHECK(label.n <= sizeof(shorter));
	memcpy(shorter, label.p, skip);
	memcpy(shorter + skip, label.p + skip + 1, label.n - skip - 1);
	return str_hash(str_make(shorter, label.n - 1));
}

static struct str first_label(struct str domain)
{
	return str_slice(domain, 0, str_find_char(domain, '.', 0));
}

static struct str first_piece(struct str domain)
{
	size_t n = 0;
	while (n < domain.n && domain.p[n] != '.' && domain.p[n] != '-')
		n++;
	return str_slice(domain, 0, n);
}

static void add_name(struct names *n, struct str domain, uint32_t brand)
{
	struct str label = first_label(domain);
	if (label.n == 0 || label.n > LABEL_MAX_BYTES)
		return;
	struct name *name = ARENA_PUSH(n->arena, &n->list);
	CHECK(name);
	*name = (struct name){domain, label, address_skeleton(label, n->arena), brand};
}

static void gather(struct names *n)
{
	for (uint32_t i = 0; i < rules_brand_count(n->rules); i++) {
		struct str_list domains = rules_brand(n->rules, i)->domains;
		for (size_t k = 0; k < domains.n; k++)
			add_name(n, domains.at[k], i);
	}
	struct str popular;
	for (size_t at = 0; rules_next_popular(n->rules, &at, &popular);)
		add_name(n, popular, NAMES_NO_BRAND);
}

static void index_names(struct names *n)
{
	size_t brands = 0, letters = 0;
	for (size_t i = 0; i < n->list.n; i++) {
		const struct name *name = &n->list.at[i];
		brands += name->brand != NAMES_NO_BRAND;
		letters += name->brand != NAMES_NO_BRAND && name->label.n >= NAMES_NEAR_LEAST ? name->label.n + 1 : 0;
	}
	n->labels = table_new(n->arena, n->list.n);
	n->skeletons = table_new(n->arena, n->list.n);
	n->domains = table_new(n->arena, brands);
	n->firsts = table_new(n->arena, brands);
	n->shorter = table_new(n->arena, letters);
	for (size_t i = 0; i < n->list.n; i++) {
		const struct name *name = &n->list.at[i];
		table_add(&n->labels, str_hash(name->label), i);
		table_add(&n->skeletons, str_hash(name->skeleton), i);
		if (name->brand == NAMES_NO_BRAND)
			continue;
		table_add(&n->domains, hash_dotted(name->domain), i);
		table_add(&n->firsts, str_hash(first_piece(name->domain)), i);
		if (name->label.n < NAMES_NEAR_LEAST)
			continue;
		table_add(&n->shorter, str_hash(name->label), i);
		for (size_t k = 0; k < name->label.n; k++)
			table_add(&n->shorter, hash_without(name->label, k), i);
	}
}

const struct names *names_of(const struct rules *rules)
{
	/* Rules never change once loaded, so their tables may be kept beside them; a reload brings another version. */
	static struct names *kept;
	if (kept && kept->rules == rules && kept->version == rules_version(rules))
		return kept;
	if (kept) {
		arena_free(kept->arena);
		free(kept);
	}
	kept = calloc(1, sizeof(*kept));
	CHECK(kept);
	*kept = (struct names){
	        .arena = arena_new(NAMES_ARENA_MAX_BYTES), .rules = rules, .version = rules_version(rules)};
	gather(kept);
	index_names(kept);
	return kept;
}

typedef bool fits_fn(const struct name *name, struct str text);

static const struct name *table_find(const struct names *n, const struct table *t, uint64_t hash, struct str text,
                                     fits_fn *fits)
{
	for (size_t i = hash & t->mask; t->at[i].name; i = (i + 1) & t->mask) {
		const struct name *name = &n->list.at[t->at[i].name - 1];
		if (t->at[i].hash == (uint32_t) hash && fits(name, text))
			return name;
	}
	return NULL;
}

static bool has_label(const struct name *name, struct str text)
{
	return str_eq(name->label, text);
}

static bool has_skeleton(const struct name *name, struct str text)
{
	return str_eq(name->skeleton, text);
}

/* Hyphens count as dots, because that is how a domain is written into a label. */
static bool has_domain(const struct name *name, struct str text)
{
	if (name->domain.n != text.n)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((name->domain.p[i] == '-' ? '.' : name->domain.p[i]) != text.p[i])
			return false;
	return true;
}

const struct name *names_by_label(const struct names *n, struct str label)
{
	return table_find(n, &n->labels, str_hash(label), label, has_label);
}

const struct name *names_by_skeleton(const struct names *n, struct str skeleton)
{
	return table_find(n, &n->skeletons, str_hash(skeleton), skeleton, has_skeleton);
}

static bool begins_with_piece(const struct name *name, struct str text)
{
	return str_eq(first_piece(name->domain), text);
}

bool names_begin_with(const struct names *n, struct str piece)
{
	return table_find(n, &n->firsts, str_hash(piece), piece, begins_with_piece) != NULL;
}

const struct name *names_by_domain(const struct names *n, struct str domain)
{
	return table_find(n, &n->domains, str_hash(domain), domain, has_domain);
}

static bool is_word_char(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Position of the first difference; both end there when the strings are equal so far. */
static size_t common_prefix(struct str a, struct str b)
{
	size_t i = 0;
	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	return i;
}

bool names_is_near(struct str label, struct str target)
{
	size_t i = common_prefix(label, target);

	if (i == 0 || str_eq(label, target))
		return false;
	struct str a = str_slice(label, i, label.n), b = str_slice(target, i, target.n);
	if (!a.p || !b.p)
		return false;
	if (a.n == b.n) {
		bool swapped = a.n >= 2 && a.p[0] == b.p[1] && a.p[1] == b.p[0] &&
		               str_eq(str_slice(a, 2, a.n), str_slice(b, 2, b.n));
		bool changed = a.n >= 1 && is_word_char(a.p[0]) && is_word_char(b.p[0]) &&
		               str_eq(str_slice(a, 1, a.n), str_slice(b, 1, b.n));
		return swapped || changed;
	}
	/* An added or dropped last letter makes another honest name too often (plural, initial); inside it does not. */
	if (a.n == b.n + 1)
		return b.n > 0 && is_word_char(a.p[0]) && str_eq(str_slice(a, 1, a.n), b);
	if (b.n == a.n + 1)
		return a.n > 0 && is_word_char(b.p[0]) && str_eq(str_slice(b, 1, b.n), a);
	return false;
}

static bool is_near_name(const struct name *name, struct str text)
{
	return names_is_near(text, name->label);
}

const struct name *names_near(const struct names *n, struct str label)
{
	if (label.n < NAMES_NEAR_LEAST - 1 || label.n > LABEL_MAX_BYTES)
		return NULL;
	const struct name *found = table_find(n, &n->shorter, str_hash(label), label, is_near_name);
	for (size_t i = 0; !found && i < label.n; i++)
		found = table_find(n, &n->shorter, hash_without(label, i), label, is_near_name);
	return found;
}
