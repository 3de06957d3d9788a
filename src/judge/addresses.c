/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The form of addresses: what a host is made to look like, what it is instead, and what a link shows beside what it
 * does. Fills the verdict's links and the one to show large. */
#include "judge/addresses.h"

#include "base/check.h"
#include "judge/names.h"
#include "judge/origin.h"
#include "judge/overlay.h"
#include "judge/redirect.h"

enum {
	ADDRESSES_ANALYSED_MAX = 500, /* links; the rest is listed but not looked at */
	LABELS_USUAL_MOST = 5,
	HOST_DOTS_LEAST = 2, /* of a host that is more than somebody's own domain */
	RANDOM_LABEL_LEAST = 8,
	RANDOM_RENTED_LEAST = 6,
	LINK_TEXT_MOST_BYTES = 300,
};

static const struct link *link_at(const struct judging *j, size_t i)
{
	return &j->document->links.at[i];
}

/* "example.com" in running text of a mail is a mention; with a scheme or a path it is meant to be pressed. */
static bool is_mention(const struct judging *j, size_t link)
{
	const struct link *l = link_at(j, link);
	return j->document->kind == INPUT_MAIL && !(l->flags & (LINK_HTML | LINK_FORM | LINK_QR)) &&
	       !origin_has_path(l->text) && !str_starts_with_icase(l->text, STR("www."));
}

bool addresses_is_action(const struct judging *j, size_t link)
{
	return !is_mention(j, link) && !(link_at(j, link)->flags & (LINK_IMAGE | LINK_MAILTO)) &&
	       j->addresses->links[link].address.flags & ADDRESS_WEB && j->addresses->links[link].address.host.n > 0;
}

struct str addresses_destination(const struct judging *j, size_t link)
{
	const struct analysed_link *l = &j->addresses->links[link];
	return l->has_inner ? l->inner.ascii_registrable : l->address.ascii_registrable;
}

#define FIND_LINK(j, id, i, ...)                                                                                       \
	judging_find((j), (id), link_at((j), (i))->part, link_at((j), (i))->start, link_at((j), (i))->end, __VA_ARGS__)

static struct str shown(const struct address *a)
{
	return a->registrable.n > 0 ? a->registrable : a->host;
}

/* ---- what a host imitates ---- */

static void find_lookalike(struct judging *j, size_t i, const struct address *a, const struct lookalike *l)
{
	static const enum finding_id of_brand[] = {
	        [LOOKALIKE_SAME_LOOK] = FINDING_LOOKALIKE_BRAND,
	        [LOOKALIKE_NEAR] = FINDING_NEAR_BRAND,
	        [LOOKALIKE_OTHER_ENDING] = FINDING_OTHER_ENDING,
	        [LOOKALIKE_KEYWORD] = FINDING_BRAND_WITH_KEYWORD,
	        [LOOKALIKE_EMBEDDED] = FINDING_EMBEDDED_DOMAIN,
	        [LOOKALIKE_SUBDOMAIN] = FINDING_BRAND_IN_SUBDOMAIN,
	        [LOOKALIKE_NEAR_SUBDOMAIN] = FINDING_MISSPELT_SUBDOMAIN,
	};
	if (l->how == LOOKALIKE_NONE)
		return;
	enum finding_id id = l->target == LOOKALIKE_OF_OWN             ? FINDING_LOOKALIKE_OWN
	                     : l->target == LOOKALIKE_OF_CORRESPONDENT ? FINDING_LOOKALIKE_CORRESPONDENT
	                     : l->target == LOOKALIKE_OF_POPULAR && l->how == LOOKALIKE_SAME_LOOK
	                             ? FINDING_LOOKALIKE_POPULAR
	                             : of_brand[l->how];
	FIND_LINK(j, id, i, FACT("host", a->host), FACT("registrable", shown(a)), FACT("genuine", l->domain));
}

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* A label that nobody chose for people: long runs of consonants, or letters and digits in turn. */
static bool is_random_label(struct str label)
{
	size_t changes = 0, run = 0, longest = 0, digits = 0;
	if (label.n < RANDOM_LABEL_LEAST || str_find_char(label, '-', 0) != STR_NOT_FOUND)
		return false;
	for (size_t i = 0; i < label.n; i++) {
		bool digit = ascii_is_digit(label.p[i]);
		digits += digit;
		changes += i > 0 && digit != ascii_is_digit(label.p[i - 1]);
		run = !digit && !is_vowel(label.p[i]) ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest >= 6 || changes >= 3 || (digits >= 4 && digits < label.n && label.n >= 10);
}

/* Where a name costs nothing, fewer signs of chance will do: no vowel for long, or digits among the letters. */
static bool is_random_rented(struct str host)
{
	struct str label;
	while (str_split(&host, '.', &label)) {
		size_t vowels = 0, digits = 0, changes = 0;
		for (size_t i = 0; i < label.n; i++) {
			vowels += is_vowel(label.p[i]);
			digits += ascii_is_digit(label.p[i]);
			changes += i > 0 && ascii_is_digit(label.p[i]) != ascii_is_digit(label.p[i - 1]);
		}
		if (label.n >= RANDOM_RENTED_LEAST && (vowels * 5 <= label.n || (digits > 0 && changes >= 2)))
			return true;
	}
	return false;
}

static size_t dots_in(struct str host)
{
	size_t n = 0;
	for (size_t i = 0; i < host.n; i++)
		n += host.p[i] == '.';
	return n;
}

/* A domain of the list holds the host: one below it, or storage.googleapis.com itself, which is no maker's own site. */
static bool is_under(const struct rules_list *hosts, const struct address *a)
{
	struct str rest = a->ascii;
	while (rest.n > 0) {
		size_t dot = str_find_char(rest, '.', 0);
		if ((rest.p != a->ascii.p || dots_in(rest) >= HOST_DOTS_LEAST) && rules_list_has(hosts, rest))
			return true;
		if (dot == STR_NOT_FOUND)
			return false;
		rest = str_slice(rest, dot + 1, rest.n);
	}
	return false;
}

/* docs.google.com/forms: anybody's pages inside an otherwise genuine site. */
static bool is_at_place(const struct judging *j, const struct address *a)
{
	size_t end = a->rest.n > 1 ? str_find_char(a->rest, '/', 1) : STR_NOT_FOUND;
	struct str place = end == STR_NOT_FOUND || a->rest.p[0] != '/'
	                           ? (struct str){0}
	                           : arena_printf(j->arena, "%.*s%.*s", STR_ARG(a->ascii), (int) end, a->rest.p);
	return place.n > 0 && rules_list_has(rules_list(j->rules, "free_hosts"), place);
}

static void find_form(struct judging *j, size_t i, const struct address *a)
{
	if (a->flags & ADDRESS_SCRIPT)
		FIND_LINK(j, FINDING_LINK_SCRIPT, i, FACT("scheme", a->scheme));
	if (a->host.n == 0)
		return;
	/* The company's own printer or storage; nobody outside can put a page there. */
	bool inside = a->flags & ADDRESS_PRIVATE;
	if (a->flags & ADDRESS_IP && !inside)
		FIND_LINK(j, a->flags & ADDRESS_IP_ODD ? FINDING_LINK_IP_ODD : FINDING_LINK_IP, i,
		          FACT("host", a->host));
	if (a->flags & ADDRESS_USERINFO)
		FIND_LINK(j, FINDING_LINK_USERINFO, i, FACT("userinfo", a->userinfo), FACT("host", a->host));
	if (a->flags & ADDRESS_MIXED)
		FIND_LINK(j, FINDING_LINK_MIXED_SCRIPT, i, FACT("host", a->host), FACT("ascii", a->ascii));
	else if (a->flags & ADDRESS_PUNYCODE)
		FIND_LINK(j, FINDING_LINK_PUNYCODE, i, FACT("host", a->host), FACT("ascii", a->ascii));
	if (a->flags & ADDRESS_PORT && !inside)
		FIND_LINK(j, FINDING_LINK_ODD_PORT, i, FACT("host", a->host));
	if (a->ascii_registrable.n == 0)
		return;
	if (rules_list_has(rules_list(j->rules, "shorteners"), a->ascii_registrable)) {
		FIND_LINK(j, FINDING_LINK_SHORTENER, i, FACT("host", a->host));
		judging_set_unchecked(j, UNCHECKED_DESTINATION);
	}
	j->addresses->links[i].free_host = is_under(rules_list(j->rules, "free_hosts"), a);
	if (!j->addresses->links[i].free_host && !is_at_place(j, a))
		return;
	FIND_LINK(j, FINDING_LINK_FREE_HOST, i, FACT("host", a->host), FACT("registrable", shown(a)));
	struct str front = a->flags & ADDRESS_RENTED ? a->suffix : a->ascii_registrable;
	if (a->ascii.n > front.n && !is_under(rules_list(j->rules, "assigned_names"), a) &&
	    is_random_rented(str_slice(a->ascii, 0, a->ascii.n - front.n - 1)))
		FIND_LINK(j, FINDING_LINK_RANDOM_RENTED, i, FACT("host", a->host));
}

static bool is_known(const struct judging *j, const struct address *a)
{
	return lookalike_is_known(a, j->rules, j->company) || origin_is_service(j, a->ascii);
}

static void find_weak(struct judging *j, size_t i, const struct address *a)
{
	size_t labels = 1;
	if (a->ascii_registrable.n == 0 || is_known(j, a))
		return;
	for (size_t k = 0; k < a->ascii.n; k++)
		labels += a->ascii.p[k] == '.';
	struct str ending = str_slice(a->suffix, str_rfind_char(a->suffix, '.') + 1, a->suffix.n);
	if (rules_list_has(rules_list(j->rules, "abused_suffixes"), ending))
		FIND_LINK(j, FINDING_LINK_ABUSED_ENDING, i, FACT("ending", ending), FACT("host", a->host));
	if (is_random_label(a->label))
		FIND_LINK(j, FINDING_LINK_RANDOM_HOST, i, FACT("host", a->host), FACT("registrable", shown(a)));
	if (labels > LABELS_USUAL_MOST)
		FIND_LINK(j, FINDING_LINK_LONG_HOST, i, FACT("host", a->host), FACT("registrable", shown(a)));
	if (lookalike_has_false_ending(a))
		FIND_LINK(j, FINDING_FALSE_ENDING, i, FACT("host", a->host), FACT("registrable", shown(a)));
	/* A path /google/ alone is where somebody files an article about Google. */
	bool alone = judging_has(j, FINDING_LINK_ABUSED_ENDING) || lookalike_is_login_path(a->rest, j->rules);
	uint32_t brand = lookalike_brand_in_text(str_slice(a->rest, 0, LINK_TEXT_MOST_BYTES), j->rules, alone);
	if (brand == NAMES_NO_BRAND && a->flags & ADDRESS_USERINFO)
		brand = lookalike_brand_in_text(a->userinfo, j->rules, true);
	if (brand != NAMES_NO_BRAND)
		FIND_LINK(j, FINDING_BRAND_IN_PATH, i,
		          FACT("brand", overlay_brand(j->rules, j->company->overlay, brand)->name_ja),
		          FACT("registrable", shown(a)));
}

/* ---- text beside target ---- */

/* The link's text is itself an address that leads elsewhere. Tracking services do so for honest senders. */
static void find_text_mismatch(struct judging *j, size_t i, const struct analysed_link *l)
{
	const struct link *link = link_at(j, i);
	struct str text = str_trim(link->text);
	struct address seen;

	if (!(link->flags & LINK_HTML) || text.n == 0 || text.n > LINK_TEXT_MOST_BYTES ||
	    str_find_char(text, ' ', 0) != STR_NOT_FOUND || str_find_char(text, '.', 0) == STR_NOT_FOUND ||
	    str_find_char(text, '@', 0) != STR_NOT_FOUND || address_read(text, j->arena, &seen) < 0 ||
	    seen.ascii_registrable.n == 0 || seen.flags & ADDRESS_BAD_HOST)
		return;
	struct str target = l->has_inner ? l->inner.ascii_registrable : l->address.ascii_registrable;
	if (target.n == 0 || origin_is_related(j, seen.ascii_registrable, target))
		return;
	const struct address *last = l->has_inner ? &l->inner : &l->address;
	bool service = origin_is_service(j, last->ascii) || str_eq(origin_of(j, MAILBOX_FROM), target) ||
	               rules_is_popular(j->rules, target);
	FIND_LINK(j, service ? FINDING_TEXT_TRACKED : FINDING_TEXT_OTHER_HOST, i, FACT("shown", shown(&seen)),
	          FACT("registrable", shown(&l->address)));
}

/* ---- the sender ---- */

static void find_local_brand(struct judging *j, const struct mailbox *m, struct str local)
{
	struct address_facts *f = j->addresses;
	uint32_t brand = lookalike_brand_in_local(local, j->rules, j->arena);
	/* Inside one company the tools' own names are addresses. */
	bool inside = str_eq(origin_of(j, MAILBOX_TO), f->from.ascii_registrable);
	if (brand == NAMES_NO_BRAND || inside || is_known(j, &f->from) || f->from.ascii_registrable.n == 0)
		return;
	f->local_brand = brand;
	judging_find(j, FINDING_SENDER_LOCAL_BRAND, m->part, m->start, m->end,
	             FACT("brand", overlay_brand(j->rules, j->company->overlay, brand)->name_ja),
	             FACT("from", f->from.host));
}

static void analyse_sender(struct judging *j)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	struct address_facts *f = j->addresses;
	size_t at = m ? str_rfind_char(m->address, '@') : STR_NOT_FOUND;

	if (at == STR_NOT_FOUND ||
	    address_read_host(str_slice(m->address, at + 1, m->address.n), j->arena, &f->from) < 0)
		return;
	f->has_from = f->from.host.n > 0;
	find_local_brand(j, m, str_slice(m->address, 0, at));
	lookalike_find(&f->from, j->rules, j->company, j->arena, &f->from_lookalike);
	enum lookalike_how how = f->from_lookalike.how;
	if (how == LOOKALIKE_NONE || (how == LOOKALIKE_NEAR && f->from_lookalike.target == LOOKALIKE_OF_POPULAR))
		return;
	bool close =
	        f->from_lookalike.target == LOOKALIKE_OF_OWN || f->from_lookalike.target == LOOKALIKE_OF_CORRESPONDENT;
	judging_find(j, close ? FINDING_SENDER_LOOKALIKE_KNOWN : FINDING_SENDER_LOOKALIKE, m->part, m->start, m->end,
	             FACT("host", f->from.host), FACT("genuine", f->from_lookalike.domain));
}

static void find_sender_ending(struct judging *j)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	struct address *from = &j->addresses->from;
	if (!m || from->ascii_registrable.n == 0 || is_known(j, from))
		return;
	struct str ending = str_slice(from->suffix, str_rfind_char(from->suffix, '.') + 1, from->suffix.n);
	if (rules_list_has(rules_list(j->rules, "abused_suffixes"), ending))
		judging_find(j, FINDING_SENDER_ABUSED_ENDING, m->part, m->start, m->end, FACT("host", from->host),
		             FACT("ending", ending));
}

/* ---- all together ---- */

static void list_link(struct judging *j, size_t i)
{
	const struct link *link = link_at(j, i);
	const struct address *a = &j->addresses->links[i].address;
	if (link->flags & LINK_IMAGE)
		return;
	struct judged_link *judged = ARENA_PUSH(j->arena, &j->verdict->links);
	if (!judged)
		return;
	*judged = (struct judged_link){link->text, link->url, a->host, a->registrable, (uint32_t) i};
}

static void analyse_link(struct judging *j, size_t i)
{
	struct analysed_link *l = &j->addresses->links[i];
	const struct link *link = link_at(j, i);

	if (link->flags & LINK_IMAGE || i >= ADDRESSES_ANALYSED_MAX ||
	    address_read(link->url, j->arena, &l->address) < 0)
		return;
	l->has_inner = redirect_inner(&l->address, j->rules, j->arena, &l->inner);
	if (link->flags & LINK_MAILTO || l->address.flags & ADDRESS_MAIL || is_mention(j, i))
		return;
	const struct address *last = l->has_inner ? &l->inner : &l->address;
	/* Searches and advertisements honestly forward to well-known places. */
	if (l->has_inner && !is_known(j, last) && !str_eq(last->ascii_registrable, l->address.ascii_registrable))
		FIND_LINK(j, FINDING_LINK_REDIRECT, i, FACT("host", l->address.host), FACT("registrable", shown(last)));
	lookalike_find(last, j->rules, j->company, j->arena, &l->lookalike);
	find_lookalike(j, i, last, &l->lookalike);
	find_form(j, i, last);
	find_weak(j, i, last);
	find_text_mismatch(j, i, l);
}

void judge_addresses(struct judging *j)
{
	size_t n = j->document->links.n;

	j->addresses = ARENA_NEW(j->arena, struct address_facts);
	if (!j->addresses)
		return;
	j->addresses->links = ARENA_ARRAY(j->arena, struct analysed_link, n + 1);
	j->addresses->n = n;
	j->addresses->local_brand = NAMES_NO_BRAND;
	if (!j->addresses->links)
		return;
	analyse_sender(j);
	find_sender_ending(j);
	for (size_t i = 0; i < n; i++) {
		analyse_link(j, i);
		list_link(j, i);
	}
	if (n > ADDRESSES_ANALYSED_MAX)
		judging_set_unchecked(j, UNCHECKED_TOO_MANY);
	for (size_t i = 0; i < j->verdict->links.n && j->verdict->host_link == PART_NONE; i++)
		if (addresses_is_action(j, j->verdict->links.at[i].link))
			j->verdict->host_link = (uint32_t) i;
}
