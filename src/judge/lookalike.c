/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/lookalike.h"

#include <string.h>

#include "judge/names.h"

enum {
	OWN_NEAR_LEAST = 4,      /* letters of the company's own or a correspondent's name */
	SAME_LOOK_LEAST = 5,
	SUBDOMAIN_LEAST = 5,     /* shorter names are everyday labels: au, line, eki */
	KEYWORD_LEAST = 4,
	RENTED_LEAST = 4,
	PIECES_MAX = 40,
	FILLER_MOST = 3,         /* letters of a piece that says nothing: jp2, ab1 */
	EMBEDDED_LABELS = 3,     /* labels of a genuine domain: bank.co.jp */
};

static bool known_by(const struct str *domains, size_t count, struct str registrable)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_icase(domains[i], registrable))
			return true;
	return false;
}

bool lookalike_is_known(const struct address *address, const struct rules *rules, const struct company *company)
{
	struct str r = address->ascii_registrable;
	return known_by(company->own_domains, company->own_domain_count, r) ||
	       known_by(company->correspondents, company->correspondent_count, r) || rules_brands_of_domain(rules, r).n > 0 ||
	       rules_is_popular(rules, r);
}

static void set(struct lookalike *ret, enum lookalike_how how, enum lookalike_target target, struct str domain, uint32_t brand)
{
	*ret = (struct lookalike){how, target, domain, brand};
}

static void set_name(struct lookalike *ret, enum lookalike_how how, const struct name *name)
{
	set(ret, how, name->brand == NAMES_NO_BRAND ? LOOKALIKE_OF_POPULAR : LOOKALIKE_OF_BRAND, name->domain, name->brand);
}

static bool equal_but_hyphens(struct str a, struct str b)
{
	size_t i = 0, k = 0;
	for (;; i++, k++) {
		while (i < a.n && a.p[i] == '-')
			i++;
		while (k < b.n && b.p[k] == '-')
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i] != b.p[k])
			return false;
	}
}

/* The few domains of the company are compared one by one, and more strictly than anybody else's. */
static bool find_own(const struct address *address, const struct str *domains, size_t count, enum lookalike_target target,
                     struct str skeleton, struct arena *a, struct lookalike *ret)
{
	for (size_t i = 0; i < count; i++) {
		struct str label = str_slice(domains[i], 0, str_find_char(domains[i], '.', 0));
		if (label.n < OWN_NEAR_LEAST)
			continue;
		if (str_eq(label, address->label))
			set(ret, LOOKALIKE_OTHER_ENDING, target, domains[i], NAMES_NO_BRAND);
		else if (str_eq(address_skeleton(label, a), skeleton))
			set(ret, LOOKALIKE_SAME_LOOK, target, domains[i], NAMES_NO_BRAND);
		else if (names_is_near(address->label, label))
			set(ret, LOOKALIKE_NEAR, target, domains[i], NAMES_NO_BRAND);
		else if (str_contains(address->ascii, domains[i]))
			set(ret, LOOKALIKE_EMBEDDED, target, domains[i], NAMES_NO_BRAND);
		else
			continue;
		return true;
	}
	return false;
}

static bool is_filler(struct str piece)
{
	bool digits = true;
	for (size_t i = 0; i < piece.n; i++)
		digits = digits && ascii_is_digit(piece.p[i]);
	return digits || piece.n <= FILLER_MOST;
}

/* The label without its brand piece says only things like login, support, 01. */
static bool rest_is_keywords(struct str label, struct str brand_piece, const struct rules *rules, bool *ret_any)
{
	const struct rules_list *keywords = rules_list(rules, "host_keywords");
	struct str rest = label, piece;
	*ret_any = false;
	while (str_split(&rest, '-', &piece)) {
		if (piece.p == brand_piece.p)
			continue;
		if (rules_list_has(keywords, piece))
			*ret_any = true;
		else if (!is_filler(piece))
			return false;
	}
	return true;
}

static bool find_keyword_piece(struct str label, const struct names *names, const struct rules *rules, struct lookalike *ret)
{
	struct str rest = label, piece;
	bool any;
	while (str_split(&rest, '-', &piece)) {
		const struct name *name = piece.n >= KEYWORD_LEAST ? names_by_label(names, piece) : NULL;
		if (name && name->brand != NAMES_NO_BRAND && piece.n < label.n && rest_is_keywords(label, piece, rules, &any) && any) {
			set_name(ret, LOOKALIKE_KEYWORD, name);
			return true;
		}
	}
	return false;
}

/* amazonlogin, supportamazon: a keyword joined without a hyphen. */
static bool find_joined_keyword(struct str label, const struct names *names, const struct rules *rules, struct lookalike *ret)
{
	const struct rules_list *keywords = rules_list(rules, "host_keywords");
	for (size_t cut = KEYWORD_LEAST; cut + KEYWORD_LEAST <= label.n; cut++) {
		struct str before = str_slice(label, 0, cut), after = str_slice(label, cut, label.n);
		const struct name *name = NULL;
		if (before.n > KEYWORD_LEAST && rules_list_has(keywords, after))
			name = names_by_label(names, before);
		if (!name && after.n > KEYWORD_LEAST && rules_list_has(keywords, before))
			name = names_by_label(names, after);
		if (name && name->brand != NAMES_NO_BRAND) {
			set_name(ret, LOOKALIKE_KEYWORD, name);
			return true;
		}
	}
	return false;
}

static bool find_in_label(const struct address *address, struct str skeleton, const struct names *names, const struct rules *rules,
                          struct lookalike *ret)
{
	struct str label = address->label;
	const struct name *name = names_by_label(names, label);
	bool rented = address->flags & ADDRESS_RENTED;

	if (name && name->brand != NAMES_NO_BRAND && label.n >= (rented ? RENTED_LEAST : KEYWORD_LEAST)) {
		set_name(ret, rented ? LOOKALIKE_SUBDOMAIN : LOOKALIKE_OTHER_ENDING, name);
		return true;
	}
	if (name)
		return false;
	name = skeleton.n >= SAME_LOOK_LEAST ? names_by_skeleton(names, skeleton) : NULL;
	if (name && !equal_but_hyphens(label, name->label)) {
		set_name(ret, LOOKALIKE_SAME_LOOK, name);
		return true;
	}
	if (find_keyword_piece(label, names, rules, ret) || find_joined_keyword(label, names, rules, ret))
		return true;
	name = names_near(names, label);
	if (name)
		set_name(ret, LOOKALIKE_NEAR, name);
	return name != NULL;
}

/* Pieces of the host in front of the registrable domain (of the whole label where the place is rented), cut at dots and hyphens. */
static size_t cut_pieces(struct str prefix, struct str ret[static PIECES_MAX])
{
	size_t n = 0, from = 0;
	for (size_t i = 0; i <= prefix.n && n < PIECES_MAX; i++) {
		if (i == prefix.n || prefix.p[i] == '.' || prefix.p[i] == '-') {
			if (i > from)
				ret[n++] = str_slice(prefix, from, i);
			from = i + 1;
		}
	}
	return n;
}

static bool find_embedded(const struct str *pieces, size_t n, const struct names *names, struct arena *a, struct lookalike *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].n < 2)
			continue;
		struct str domain = pieces[i];
		for (size_t k = i + 1; k < n && k < i + EMBEDDED_LABELS; k++) {
			domain = arena_printf(a, "%.*s.%.*s", STR_ARG(domain), STR_ARG(pieces[k]));
			const struct name *name = names_by_domain(names, domain);
			if (name) {
				set_name(ret, LOOKALIKE_EMBEDDED, name);
				return true;
			}
		}
	}
	return false;
}

static struct str prefix_of(const struct address *address)
{
	struct str own = address->flags & ADDRESS_RENTED ? address->suffix : address->ascii_registrable;
	return address->ascii.n > own.n ? str_slice(address->ascii, 0, address->ascii.n - own.n - 1) : (struct str){0};
}

static bool find_in_prefix(const struct address *address, const struct names *names, struct arena *a, struct lookalike *ret)
{
	struct str pieces[PIECES_MAX];
	/* A domain may also be embedded in the registrable label itself: www-bank-co-jp.evil.com has it in front, bank-co-jp.top inside. */
	struct str whole = str_slice(address->ascii, 0, address->ascii.n - address->suffix.n - (address->suffix.n > 0));
	size_t n = cut_pieces(whole, pieces);
	if (find_embedded(pieces, n, names, a, ret))
		return true;
	n = cut_pieces(prefix_of(address), pieces);
	for (size_t i = 0; i < n; i++) {
		const struct name *name = pieces[i].n >= SUBDOMAIN_LEAST ? names_by_label(names, pieces[i]) : NULL;
		if (name && name->brand != NAMES_NO_BRAND) {
			set_name(ret, LOOKALIKE_SUBDOMAIN, name);
			return true;
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct name *name = names_near(names, pieces[i]);
		if (name) {
			set_name(ret, LOOKALIKE_NEAR_SUBDOMAIN, name);
			return true;
		}
	}
	return false;
}

void lookalike_find(const struct address *address, const struct rules *rules, const struct company *company, struct arena *a,
                    struct lookalike *ret)
{
	const struct names *names = names_of(rules);

	*ret = (struct lookalike){.how = LOOKALIKE_NONE, .brand = NAMES_NO_BRAND};
	if (address->ascii_registrable.n == 0 || lookalike_is_known(address, rules, company))
		return;
	struct str skeleton = address_skeleton(str_slice(address->registrable, 0, str_find_char(address->registrable, '.', 0)), a);
	if (find_own(address, company->own_domains, company->own_domain_count, LOOKALIKE_OF_OWN, skeleton, a, ret) ||
	    find_own(address, company->correspondents, company->correspondent_count, LOOKALIKE_OF_CORRESPONDENT, skeleton, a, ret))
		return;
	if (!find_in_prefix(address, names, a, ret))
		(void) find_in_label(address, skeleton, names, rules, ret);
}

uint32_t lookalike_brand_in_text(struct str text, const struct rules *rules, struct arena *a)
{
	const struct names *names = names_of(rules);
	struct str segment, pieces[PIECES_MAX];
	struct lookalike found;

	for (size_t i = 0; i < PIECES_MAX && str_split(&text, '/', &segment); i++) {
		size_t n = cut_pieces(str_slice(segment, 0, str_find_char(segment, '?', 0)), pieces);
		if (find_embedded(pieces, n, names, a, &found))
			return found.brand;
		const struct name *name = n > 0 && n <= 2 && pieces[0].n >= SUBDOMAIN_LEAST ? names_by_label(names, pieces[0]) : NULL;
		if (name && name->brand != NAMES_NO_BRAND)
			return name->brand;
	}
	return NAMES_NO_BRAND;
}

bool lookalike_has_false_ending(const struct address *address)
{
	static const char *const second[] = {"co", "ne", "or", "go", "ac", "lg"};
	struct str pieces[PIECES_MAX];
	size_t n = cut_pieces(prefix_of(address), pieces);
	for (size_t i = 1; i + 1 <= n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(second); k++)
			if (str_eq_c(pieces[i], second[k]) && i + 1 < n && str_eq(pieces[i + 1], STR("jp")))
				return true;
	return false;
}
