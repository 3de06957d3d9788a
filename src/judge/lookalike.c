/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What keeps this quiet about honest names: everyday words that happen to be brands (lists.yaml: everyday_labels) and
 * short names imitate nobody; the same name under a country's own ending is a sister far more often than a fake, so it
 * counts only under endings that are sold by the thousand; neutral words beside a brand (shop, online, japan) likewise,
 * while words of logging in and paying count everywhere; one letter's difference needs such an ending or word as well.
 */
#include "judge/lookalike.h"

#include <string.h>

#include "judge/host.h"
#include "judge/names.h"
#include "judge/origin.h"
#include "judge/overlay.h"

enum {
	OWN_NEAR_LEAST = 4, /* letters of the company's own or a correspondent's name */
	SAME_LOOK_LEAST = 5,
	SAME_LOOK_LONG = 8,        /* from here on i for l alone is enough */
	SUBDOMAIN_LEAST = 5,       /* shorter names are everyday labels: au, line, eki */
	SUBDOMAIN_CHEAP_LEAST = 4, /* under a cheap ending */
	KEYWORD_LEAST = 4,
	JOINED_LEAST = 6, /* a shorter name at the front of a longer word is chance */
	CHEAP_LEAST = 3,  /* letters of an ending that is no country's */
	PIECES_MAX = 40,
	FILLER_MOST = 3,     /* letters of a piece that says nothing: jp2, ab1 */
	EMBEDDED_PIECES = 5, /* of a genuine domain: saison-card.co.jp has four */
	EMBEDDED_LEAST = 5,  /* letters of a name whose ending is joined by a hyphen: visa-it is no visa.it */
	PATH_LOOKED_BYTES = 200,
};

struct look {
	const struct address *address;
	const struct rules *rules;
	const struct names *names;
	const struct rules_list *everyday, *keywords, *login_words;
	struct arena *arena;
	struct lookalike *ret;
	bool rented, cheap, abused;
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
	       known_by(company->correspondents, company->correspondent_count, r) ||
	       overlay_brands_of_domain(rules, company->overlay, r).n > 0 ||
	       (rules_is_popular(rules, r) && !overlay_disowns(company->overlay, r));
}

static bool found(struct look *l, enum lookalike_how how, const struct name *name)
{
	enum lookalike_target target = name->brand == NAMES_NO_BRAND ? LOOKALIKE_OF_POPULAR : LOOKALIKE_OF_BRAND;
	*l->ret = (struct lookalike){how, target, name->domain, name->brand};
	return true;
}

static bool is_everyday(const struct look *l, struct str label)
{
	return rules_list_has(l->everyday, label);
}

/* A brand's name that is nobody's everyday word. NULL none. */
static const struct name *brand_named(const struct look *l, struct str label, size_t least)
{
	const struct name *name = label.n >= least ? names_by_label(l->names, label) : NULL;
	return name && name->brand != NAMES_NO_BRAND && !is_everyday(l, label) ? name : NULL;
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

/* hotels hoteis: i and l are both letters of honest names, unlike rn for m or 0 for o. */
static bool differs_in_i_only(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		bool both = (a.p[i] == 'i' || a.p[i] == 'l') && (b.p[i] == 'i' || b.p[i] == 'l');
		if (a.p[i] != b.p[i] && !both)
			return false;
	}
	return true;
}

/* ---- the company's own domains and its correspondents': few, compared one by one, and more strictly ---- */

static enum lookalike_how how_own(const struct look *l, struct str skeleton, struct str domain)
{
	struct str label = str_slice(domain, 0, str_find_char(domain, '.', 0));
	if (label.n < OWN_NEAR_LEAST)
		return LOOKALIKE_NONE;
	if (str_eq(label, l->address->label))
		return LOOKALIKE_OTHER_ENDING;
	if (str_eq(address_skeleton(label, l->arena), skeleton))
		return LOOKALIKE_SAME_LOOK;
	if (names_is_near(l->address->label, label))
		return LOOKALIKE_NEAR;
	return str_contains(l->address->ascii, domain) ? LOOKALIKE_EMBEDDED : LOOKALIKE_NONE;
}

static bool find_own(struct look *l, const struct str *domains, size_t count, enum lookalike_target target,
                     struct str skeleton)
{
	for (size_t i = 0; i < count; i++) {
		enum lookalike_how how = how_own(l, skeleton, domains[i]);
		if (how != LOOKALIKE_NONE) {
			*l->ret = (struct lookalike){how, target, domains[i], NAMES_NO_BRAND};
			return true;
		}
	}
	return false;
}

/* ---- the label that its owner chose ---- */

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_digit(s.p[i]))
			return true;
	return false;
}

static bool is_filler(struct str piece)
{
	return piece.n <= FILLER_MOST || has_digit(piece);
}

struct beside {
	bool login, neutral, other, filler;
};

/* What stands beside the brand's piece in a label cut at hyphens. */
static struct beside look_beside(const struct look *l, struct str label, struct str brand_piece)
{
	struct beside b = {0};
	struct str rest = label, piece;
	while (str_split(&rest, '-', &piece)) {
		if (piece.p == brand_piece.p || piece.n == 0)
			continue;
		if (rules_list_has(l->login_words, piece))
			b.login = true;
		else if (rules_list_has(l->keywords, piece))
			b.neutral = true;
		else if (is_filler(piece))
			b.filler = true;
		else
			b.other = true;
	}
	return b;
}

static bool find_keyword_piece(struct look *l, struct str label, enum lookalike_how how)
{
	struct str rest = label, piece;
	while (str_split(&rest, '-', &piece)) {
		const struct name *name =
		        piece.n >= KEYWORD_LEAST && piece.n < label.n ? names_by_label(l->names, piece) : NULL;
		if (!name || name->brand == NAMES_NO_BRAND)
			continue;
		struct beside b = look_beside(l, label, piece);
		if (is_everyday(l, piece)
		            ? b.login && !b.other && (l->cheap || l->rented)
		            : (!b.other && (b.login || (b.neutral && (l->cheap || l->rented)))) || l->cheap)
			return found(l, how, name);
	}
	return false;
}

/* amazonlogin, supportamazon, and under a cheap ending whatever begins with the name. */
static bool find_joined_keyword(struct look *l, struct str label, enum lookalike_how how)
{
	for (size_t cut = KEYWORD_LEAST; cut + 2 <= label.n; cut++) {
		struct str before = str_slice(label, 0, cut), after = str_slice(label, cut, label.n);
		const struct name *name = brand_named(l, before, KEYWORD_LEAST + 1);
		bool login = rules_list_has(l->login_words, after);
		if (name && ((login && after.n >= KEYWORD_LEAST) ||
		             (l->cheap && (login || rules_list_has(l->keywords, after) || before.n >= JOINED_LEAST))))
			return found(l, how, name);
		name = brand_named(l, after, KEYWORD_LEAST + 1);
		login = rules_list_has(l->login_words, before);
		if (name && (login || (l->cheap && rules_list_has(l->keywords, before))))
			return found(l, how, name);
	}
	return false;
}

static bool find_same_look(struct look *l, struct str label, struct str skeleton)
{
	const struct name *name = label.n >= SAME_LOOK_LEAST ? names_by_skeleton(l->names, skeleton) : NULL;
	if (!name || is_everyday(l, name->label) || equal_but_hyphens(label, name->label))
		return false;
	if (differs_in_i_only(label, name->label) && label.n < SAME_LOOK_LONG && !l->cheap)
		return false;
	return found(l, LOOKALIKE_SAME_LOOK, name);
}

bool lookalike_is_login_path(struct str rest, const struct rules *rules)
{
	const struct rules_list *words = rules_list(rules, "login_words");
	rest = str_slice(rest, 0, PATH_LOOKED_BYTES);
	for (size_t from = 0, i = 0; rest.p && i <= rest.n; i++) {
		if (i < rest.n && ascii_is_alpha(rest.p[i]))
			continue;
		if (i - from >= KEYWORD_LEAST && rules_list_has(words, str_slice(rest, from, i)))
			return true;
		from = i + 1;
	}
	return false;
}

static bool find_in_label(struct look *l, struct str skeleton)
{
	struct str label = l->address->label;
	const struct name *name = names_by_label(l->names, label);

	/* A domain that the company took away from its brand is no imitation of itself. */
	if (name && str_eq(name->domain, l->address->ascii_registrable))
		return false;
	if (name && name->brand != NAMES_NO_BRAND && label.n >= KEYWORD_LEAST && !is_everyday(l, label)) {
		if (l->rented)
			return found(l, LOOKALIKE_SUBDOMAIN, name);
		return l->cheap && found(l, LOOKALIKE_OTHER_ENDING, name);
	}
	if (name)
		return false;
	enum lookalike_how how = l->rented ? LOOKALIKE_SUBDOMAIN : LOOKALIKE_KEYWORD;
	if (find_same_look(l, label, skeleton) || find_keyword_piece(l, label, how) ||
	    find_joined_keyword(l, label, how))
		return true;
	name = l->cheap || lookalike_is_login_path(l->address->rest, l->rules) ? names_near(l->names, label) : NULL;
	return name && !is_everyday(l, name->label) && found(l, LOOKALIKE_NEAR, name);
}

/* ---- what stands in front of it ---- */

/* Pieces of a host, cut at dots and hyphens. */
static size_t cut_pieces(struct str prefix, struct str ret[static PIECES_MAX])
{
	size_t n = 0, from = 0;
	for (size_t i = 0; prefix.p && i <= prefix.n && n < PIECES_MAX; i++) {
		if (i == prefix.n || prefix.p[i] == '.' || prefix.p[i] == '-') {
			if (i > from)
				ret[n++] = str_slice(prefix, from, i);
			from = i + 1;
		}
	}
	return n;
}

/* A brand's whole domain, spelled by pieces that follow each other. */
static const struct name *embedded_name(const struct str *pieces, size_t n, const struct names *names)
{
	char text[ADDRESS_HOST_MAX_BYTES + 1];
	for (size_t i = 0; i < n; i++) {
		size_t used = pieces[i].n;
		if (used < 2 || used > sizeof(text) || !names_begin_with(names, pieces[i]))
			continue;
		memcpy(text, pieces[i].p, used);
		for (size_t k = i + 1; k < n && k < i + EMBEDDED_PIECES && used + 1 + pieces[k].n <= sizeof(text);
		     k++) {
			text[used++] = '.';
			memcpy(text + used, pieces[k].p, pieces[k].n);
			used += pieces[k].n;
			const struct name *name = names_by_domain(names, str_make(text, used));
			bool chance = pieces[k].p[-1] == '-' && k == i + 1 && pieces[i].n < EMBEDDED_LEAST;
			if (name && !chance)
				return name;
		}
	}
	return NULL;
}

static struct str prefix_of(const struct address *address)
{
	struct str own = address->ascii_registrable;
	return address->ascii.n > own.n ? str_slice(address->ascii, 0, address->ascii.n - own.n - 1) : (struct str){0};
}

static bool find_in_prefix_label(struct look *l, struct str label)
{
	const struct name *name = brand_named(l, label, l->cheap ? SUBDOMAIN_CHEAP_LEAST : SUBDOMAIN_LEAST);
	if (name)
		return found(l, LOOKALIKE_SUBDOMAIN, name);
	return find_keyword_piece(l, label, LOOKALIKE_SUBDOMAIN) || find_joined_keyword(l, label, LOOKALIKE_SUBDOMAIN);
}

static bool is_ending_word(struct str piece)
{
	static const char *const words[] = {"co", "or", "ne", "go", "ac", "jp", "com", "cojp", "net"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_c(piece, words[i]))
			return true;
	return false;
}

/* amozon.co.jp.x.cn: misspelt, where the ending or what follows shows that a whole host is meant to be read. */
static bool find_near_piece(struct look *l, const struct str *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool meant = l->abused || l->rented || (i + 1 < n && is_ending_word(pieces[i + 1]));
		if (!meant || pieces[i].n < SUBDOMAIN_LEAST || names_by_label(l->names, pieces[i]))
			continue;
		const struct name *name = names_by_skeleton(l->names, address_skeleton(pieces[i], l->arena));
		if (!name || name->brand == NAMES_NO_BRAND)
			name = names_near(l->names, pieces[i]);
		if (name && !is_everyday(l, name->label) && !rules_list_has(l->keywords, pieces[i]))
			return found(l, LOOKALIKE_NEAR_SUBDOMAIN, name);
	}
	return false;
}

static bool find_in_prefix(struct look *l)
{
	struct str pieces[PIECES_MAX], prefix = prefix_of(l->address), rest = prefix, label;
	/* www-bank-co-jp.top has the genuine domain in the registrable label itself. */
	struct str whole = str_slice(l->address->ascii, 0,
	                             l->address->ascii.n - l->address->suffix.n - (l->address->suffix.n > 0));
	const struct name *name = embedded_name(pieces, cut_pieces(whole, pieces), l->names);

	if (name)
		return found(l, LOOKALIKE_EMBEDDED, name);
	for (size_t i = 0; i < ADDRESS_LABELS_MAX && str_split(&rest, '.', &label); i++)
		if (find_in_prefix_label(l, label))
			return true;
	return find_near_piece(l, pieces, cut_pieces(prefix, pieces));
}

void lookalike_find(const struct address *address, const struct rules *rules, const struct company *company,
                    struct arena *a, struct lookalike *ret)
{
	*ret = (struct lookalike){.how = LOOKALIKE_NONE, .brand = NAMES_NO_BRAND};
	if (address->ascii_registrable.n == 0 || lookalike_is_known(address, rules, company))
		return;
	struct str ending = str_slice(address->suffix, str_rfind_char(address->suffix, '.') + 1, address->suffix.n);
	struct look l = {.address = address, .rules = rules, .names = names_of(rules), .arena = a, .ret = ret};
	l.everyday = rules_list(rules, "everyday_labels");
	l.keywords = rules_list(rules, "host_keywords");
	l.login_words = rules_list(rules, "login_words");
	l.rented = address->flags & ADDRESS_RENTED;
	l.abused = rules_list_has(rules_list(rules, "abused_suffixes"), ending);
	l.cheap = l.abused && (ending.n >= CHEAP_LEAST || rules_list_has(rules_list(rules, "cheap_suffixes"), ending));
	struct str skeleton =
	        address_skeleton(str_slice(address->registrable, 0, str_find_char(address->registrable, '.', 0)), a);
	if (find_own(&l, company->own_domains, company->own_domain_count, LOOKALIKE_OF_OWN, skeleton) ||
	    find_own(&l, company->correspondents, company->correspondent_count, LOOKALIKE_OF_CORRESPONDENT, skeleton))
		return;
	if (origin_host_is_service(rules, address->ascii))
		return;
	if (!find_in_prefix(&l))
		(void) find_in_label(&l, skeleton);
}

uint32_t lookalike_brand_in_text(struct str text, const struct rules *rules, bool names_alone)
{
	const struct names *names = names_of(rules);
	const struct rules_list *everyday = rules_list(rules, "everyday_labels");
	struct str segment, pieces[PIECES_MAX];

	for (size_t i = 0; i < PIECES_MAX && str_split(&text, '/', &segment); i++) {
		size_t n = cut_pieces(str_slice(segment, 0, str_find_char(segment, '?', 0)), pieces);
		const struct name *name = embedded_name(pieces, n, names);
		if (name)
			return name->brand;
		name = names_alone && n > 0 && n <= 2 && pieces[0].n >= SUBDOMAIN_LEAST
		               ? names_by_label(names, pieces[0])
		               : NULL;
		if (name && name->brand != NAMES_NO_BRAND && !rules_list_has(everyday, name->label))
			return name->brand;
	}
	return NAMES_NO_BRAND;
}

uint32_t lookalike_brand_in_local(struct str local, const struct rules *rules, struct arena *a)
{
	const struct names *names = names_of(rules);
	const struct rules_list *everyday = rules_list(rules, "everyday_labels"),
	                        *roles = rules_list(rules, "role_local_parts");
	struct str pieces[PIECES_MAX];
	size_t n = cut_pieces(local, pieces);
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].n < SUBDOMAIN_LEAST || rules_list_has(everyday, pieces[i]) ||
		    rules_list_has(roles, pieces[i]))
			continue;
		const struct name *name = names_by_label(names, pieces[i]);
		if (!name)
			name = names_by_skeleton(names, address_skeleton(pieces[i], a));
		if (!name)
			name = names_near(names, pieces[i]);
		if (name && name->brand != NAMES_NO_BRAND && !rules_list_has(everyday, name->label))
			return name->brand;
	}
	return NAMES_NO_BRAND;
}

uint32_t lookalike_brand_misspelt(struct str word, const struct rules *rules, struct arena *a)
{
	const struct names *names = names_of(rules);
	if (word.n < SUBDOMAIN_LEAST || names_by_label(names, word))
		return NAMES_NO_BRAND;
	const struct name *name = names_by_skeleton(names, address_skeleton(word, a));
	if (!name || name->brand == NAMES_NO_BRAND)
		name = names_near(names, word);
	bool counts = name && name->brand != NAMES_NO_BRAND && !equal_but_hyphens(word, name->label) &&
	              !rules_list_has(rules_list(rules, "everyday_labels"), name->label);
	return counts ? name->brand : NAMES_NO_BRAND;
}

bool lookalike_has_false_ending(const struct address *address)
{
	static const char *const second[] = {"co", "ne", "or", "go", "ac", "lg"};
	struct str pieces[PIECES_MAX];
	size_t n = cut_pieces(prefix_of(address), pieces);
	for (size_t i = 1; i + 1 < n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(second); k++)
			if (str_eq_c(pieces[i], second[k]) && str_eq(pieces[i + 1], STR("jp")))
				return true;
	return false;
}
