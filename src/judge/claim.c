/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom a message pretends to be is told from where names stand: a name in the display name or
 * the subject is worn, a name in a list of payment methods is only mentioned. Points per place are summed per brand;
 * from CLAIM_POINTS on a brand is claimed. */
#include "base/check.h"
#include "judge/addresses.h"
#include "judge/claim.h"
#include "judge/names.h"
#include "judge/origin.h"
#include "judge/overlay.h"

enum {
	CLAIM_POINTS = 4,
	CLAIMS_MAX = 3,
	POINTS_NAME_STRONG = 6,
	POINTS_NAME_WEAK = 4,
	POINTS_SUBJECT_STRONG = 4,
	POINTS_SUBJECT_WEAK = 2,
	POINTS_SUBJECT_BRACKET = 3,
	POINTS_BODY_STRONG = 2,
	POINTS_BODY_WEAK = 0,
	POINTS_BODY_EARLY = 2,
	POINTS_BODY_CUE = 3,
	POINTS_BODY_MOST = 6,
	POINTS_QR = 3,
	POINTS_HOST = 3,
	POINTS_SENDER_DOMAIN = 3,
	POINTS_SENDER_LIKE = 3,
	POINTS_ASKED = 8,
	EARLY_BYTES = 400,
	CUE_BYTES = 48,
	SHORT_NAME_BYTES = 3,
	OWN_NAME_LEAST = 5,
	STATED_MOST_BYTES = 80,
	MANY_BRANDS = 5, /* so many named in the body alone is a list, not a claim */
};

struct candidate {
	uint32_t brand;
	int points, body_points;
	bool in_name, in_subject, strong;
	bool stated; /* a person wrote whom the address pretends to be */
	uint32_t part, start, end;
};

struct candidates {
	struct judging *j;
	struct candidate *at;
	size_t n, cap;
};

static struct candidate *candidate_of(struct candidates *c, uint32_t brand)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->at[i].brand == brand)
			return &c->at[i];
	struct candidate *new = ARENA_PUSH(c->j->arena, c);
	if (new)
		*new = (struct candidate){.brand = brand, .part = PART_NONE};
	return new;
}

static void place(struct candidate *c, const struct brand_hit *hit, bool better)
{
	if (c->part == PART_NONE || better) {
		c->part = hit->part;
		c->start = hit->start;
		c->end = hit->end;
	}
}

static bool near_any(struct str around, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (str_contains(around, str_of(words[i])))
			return true;
	return false;
}

/* A writer speaks as the brand: "thank you for using X", "X customer centre", "X Co., Ltd.", (c) X. */
bool claim_speaks_as(struct str text, const struct brand_hit *hit)
{
	static const char *const after[] = {
	        "をご利用",   "ご利用いただき", "カスタマー", "サポート", "お客様",     "会員",         "事務局",
	        "センター",   "株式会社",       "より",       "からの",   "アカウント", "に登録",       "ログイン",
	        "カード会員", " account",       " team",      " support", " customer",  " security",    " member",
	        " service",   " conta",         " Inc",       " Ltd",     "です",       "セキュリティ", NULL};
	static const char *const before[] = {"株式会社", "©",     "(C)",   "Copyright", "copyright",
	                                     "発行",     "your ", "Your ", "sua conta", "いつも",
	                                     "こちらは", "from ", "From ", "平素",      NULL};
	struct str behind = str_slice(text, hit->end, hit->end + CUE_BYTES);
	struct str front = str_slice(text, hit->start > CUE_BYTES ? hit->start - CUE_BYTES : 0, hit->start);
	size_t line = str_find_char(behind, '\n', 0);
	if (line != STR_NOT_FOUND)
		behind = str_slice(behind, 0, line);
	line = str_rfind_char(front, '\n');
	if (line != STR_NOT_FOUND)
		front = str_slice(front, line + 1, front.n);
	return near_any(behind, after) || near_any(front, before);
}

bool claim_in_brackets(struct str text, const struct brand_hit *hit)
{
	struct str before = str_slice(text, 0, hit->start);
	return str_ends_with(before, STR("【")) || str_ends_with(before, STR("［")) ||
	       str_ends_with(before, STR("[")) || str_ends_with(before, STR("「")) || hit->start == 0;
}

/* "Ana" in a display name is a person; the airline writes ANA. */
static bool is_first_name(struct str text, const struct brand_hit *hit)
{
	struct str word = str_slice(text, hit->start, hit->end);
	return word.p && word.n <= SHORT_NAME_BYTES && word.n >= 2 && word.p[0] >= 'A' && word.p[0] <= 'Z' &&
	       word.p[1] >= 'a' && word.p[1] <= 'z';
}

/* Part of an address that is written out: what hosts say is the business of addresses.c. */
static bool stands_in_address(const struct judging *j, const struct brand_hit *hit)
{
	for (size_t i = 0; j->document->kind != INPUT_MAIL && i < j->document->links.n; i++) {
		const struct link *l = &j->document->links.at[i];
		if (!(l->flags & LINK_HTML) && l->part == hit->part && hit->start >= l->start && hit->end <= l->end)
			return true;
	}
	return false;
}

/* 港南商工会, 東都みずほ: an everyday word at the end of somebody else's longer name. */
static bool ends_longer_name(struct str text, const struct brand_hit *hit)
{
	if (hit->strong || hit->start == 0 || hit->start >= text.n)
		return false;
	size_t at = hit->start - 1, from = hit->start;
	while (at > 0 && ((unsigned char) text.p[at] & 0xC0) == 0x80)
		at--;
	enum script before = text_script(text_next(text, &at)), first = text_script(text_next(text, &from));
	return (before == SCRIPT_HAN || before == SCRIPT_KATAKANA) && (first == SCRIPT_HAN || first == SCRIPT_KATAKANA);
}

static bool is_agents_name(struct str text, const struct brand_hit *hit)
{
	static const char *const words[] = {"代理店", "特約店", "販売店", "取扱店", "加盟店", "指定店", "専門店", NULL};
	return near_any(str_slice(text, hit->end, hit->end + CUE_BYTES), words);
}

/* "Lockergnome Windows Daily" from lockergnome.com: the sender wears his own name, and the brand is his subject. */
static bool wears_own_name(const struct judging *j, struct str text)
{
	struct str label = j->addresses->from.label;
	size_t at = str_find_icase(text, label, 0);
	bool in_address = at != STR_NOT_FOUND && at > 0 && (text.p[at - 1] == '@' || text.p[at - 1] == '.');
	bool anybodys = rules_list_has(rules_list(j->rules, "login_words"), label) ||
	                rules_list_has(rules_list(j->rules, "host_keywords"), label);
	return label.n >= OWN_NAME_LEAST && !anybodys && j->addresses->from_lookalike.how == LOOKALIKE_NONE &&
	       !in_address && at < str_find_char(text, '<', 0) && at != STR_NOT_FOUND;
}

static bool is_not_worn(const struct judging *j, const struct part *part, const struct brand_hit *hit)
{
	bool header = part->kind == PART_HEADER;
	if (!header && part->kind != PART_SUBJECT)
		return false;
	/* [Lockergnome Windows Daily] names its sender too. */
	if (!header && hit->start > 0 && part->text.p[0] == '[' && !j->japanese)
		return wears_own_name(j, str_slice(part->text, 0, str_find_char(part->text, ']', 0)));
	return ends_longer_name(part->text, hit) ||
	       (header &&
	        (is_first_name(part->text, hit) || is_agents_name(part->text, hit) || wears_own_name(j, part->text)));
}

/* A person wrote the name beside an address to ask about it: with an address alone any name does, in a message the name
 * must be nearly all that it says. */
static bool states_name(const struct judging *j, struct str text, const struct brand_hit *hit)
{
	enum input_kind kind = j->document->kind;
	if (kind == INPUT_URL || kind == INPUT_MAIL || j->document->links.n == 0)
		return kind == INPUT_URL;
	size_t outside = origin_bytes_outside_links(j, hit->part);
	struct str before = str_trim(str_slice(text, 0, hit->start));
	bool labelled = str_ends_with(before, STR(":")) || str_ends_with(before, STR("："));
	return outside <= STATED_MOST_BYTES && (labelled || (size_t) (hit->end - hit->start) * 2 >= outside);
}

static void add_hit(struct candidates *c, const struct brand_hit *hit)
{
	const struct part *part = &c->j->document->parts.at[hit->part];
	if (stands_in_address(c->j, hit) || is_not_worn(c->j, part, hit))
		return;
	struct candidate *who = candidate_of(c, hit->brand);
	if (!who)
		return;
	who->strong = who->strong || hit->strong;
	switch (part->kind) {
	case PART_HEADER:
		if (!who->in_name)
			who->points += hit->strong ? POINTS_NAME_STRONG : POINTS_NAME_WEAK;
		place(who, hit, !who->in_name);
		who->in_name = true;
		break;
	case PART_SUBJECT:
		if (!who->in_subject)
			who->points += hit->strong                          ? POINTS_SUBJECT_STRONG
			               : claim_in_brackets(part->text, hit) ? POINTS_SUBJECT_BRACKET
			                                                    : POINTS_SUBJECT_WEAK;
		place(who, hit, !who->in_name && !who->in_subject);
		who->in_subject = true;
		break;
	case PART_QR:
		who->points += POINTS_QR;
		place(who, hit, false);
		break;
	case PART_BODY: {
		int points = (hit->strong ? POINTS_BODY_STRONG : POINTS_BODY_WEAK) +
		             (hit->strong && hit->start < EARLY_BYTES ? POINTS_BODY_EARLY : 0) +
		             (claim_speaks_as(part->text, hit) ? POINTS_BODY_CUE : 0);
		who->body_points =
		        who->body_points + points < POINTS_BODY_MOST ? who->body_points + points : POINTS_BODY_MOST;
		place(who, hit, false);
		who->stated = who->stated || states_name(c->j, part->text, hit);
		break;
	}
	default:
		break;
	}
}

static void add_points(struct candidates *c, uint32_t brand, int points)
{
	struct candidate *who = brand == NAMES_NO_BRAND ? NULL : candidate_of(c, brand);
	if (who)
		who->points += points;
}

/* Anybody has an address at gmail.com: it does not speak for Google, unless its name is reserved (RFC 2142). */
bool claim_is_free_sender(const struct judging *j)
{
	const struct str reserved[] = {STR("postmaster@"), STR("mailer-daemon@"), STR("noreply@"), STR("no-reply@")};
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	for (size_t i = 0; m && i < ARRAY_SIZE(reserved); i++)
		if (str_starts_with_icase(m->address, reserved[i]))
			return false;
	return rules_list_has(rules_list(j->rules, "free_mail"), j->addresses->from.ascii);
}

/* Hosts made to be read as a brand's claim it, and so does a sender in its genuine domain. */
static void add_hosts(struct candidates *c)
{
	struct address_facts *f = c->j->addresses;
	for (size_t i = 0; i < f->n; i++)
		if (f->links[i].lookalike.target == LOOKALIKE_OF_BRAND && f->links[i].lookalike.how != LOOKALIKE_NONE)
			add_points(c, f->links[i].lookalike.brand, POINTS_HOST);
	if (f->from_lookalike.how != LOOKALIKE_NONE && f->from_lookalike.target == LOOKALIKE_OF_BRAND)
		add_points(c, f->from_lookalike.brand, POINTS_SENDER_LIKE);
	add_points(c, f->local_brand, POINTS_SENDER_LIKE);
	struct brand_indexes owners =
	        overlay_brands_of_domain(c->j->rules, c->j->company->overlay, f->from.ascii_registrable);
	for (size_t i = 0; f->has_from && !claim_is_free_sender(c->j) && i < owners.n; i++)
		if (brand_has_domain(overlay_brand(c->j->rules, c->j->company->overlay, owners.at[i]),
		                     f->from.ascii_registrable, false))
			add_points(c, owners.at[i], POINTS_SENDER_DOMAIN);
}

static bool is_spelt_right(const struct judging *j, uint32_t part, size_t start, size_t end)
{
	for (size_t i = 0; i < j->brands.n; i++)
		if (j->brands.at[i].part == part && j->brands.at[i].start < end && j->brands.at[i].end > start)
			return true;
	return false;
}

static bool asks_like_fraud(const struct judging *j)
{
	return judging_says(j, TAG_LOGIN) || judging_says(j, TAG_VERIFY) || judging_says(j, TAG_SECRETS) ||
	       judging_says(j, TAG_THREAT) || judging_says(j, TAG_PAYMENT) || judging_says(j, TAG_DELIVERY);
}

/* Aamzon.co.jp: a sender's name that is one letter off a brand's. Toyoda is a person, so the message must ask for
 * something that fraud asks for, or the name must be written as a domain. */
static void add_misspelt(struct candidates *c)
{
	struct judging *j = c->j;
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	struct str text = m ? judging_text(j, m->part) : (struct str){0};
	size_t most = str_find_char(text, '<', 0), end;
	most = most < text.n ? most : 0;
	for (size_t at = 0; at < most; at = end + 1) {
		for (end = at; end < most && ascii_is_alpha(text.p[end]); end++)
			;
		struct str rest = str_slice(text, end, most), word = str_slice(text, at, end);
		bool domain = str_starts_with_icase(rest, STR(".co")) || str_starts_with_icase(rest, STR(".jp"));
		bool in_address = rest.n > 0 && rest.p[0] == '@';
		if (word.n == 0 || in_address || is_spelt_right(j, m->part, at, end) || !(domain || asks_like_fraud(j)))
			continue;
		char *lower = arena_cstr(j->arena, word);
		for (size_t i = 0; lower && i < word.n; i++)
			lower[i] = ascii_lower(lower[i]);
		uint32_t brand =
		        lower ? lookalike_brand_misspelt(str_make(lower, word.n), j->rules, j->arena) : NAMES_NO_BRAND;
		if (brand == NAMES_NO_BRAND)
			continue;
		const struct brand_hit hit = {
		        .brand = brand, .part = m->part, .start = (uint32_t) at, .end = (uint32_t) end};
		add_hit(c, &hit);
		judging_find(j, FINDING_MISSPELT_NAME, hit.part, hit.start, hit.end, FACT("words", word),
		             FACT("brand", rules_brand(j->rules, brand)->name_ja));
	}
}

static void settle_points(struct candidates *c)
{
	size_t in_body = 0;
	for (size_t i = 0; i < c->n; i++)
		in_body += c->at[i].body_points > 0;
	for (size_t i = 0; i < c->n; i++) {
		struct candidate *who = &c->at[i];
		/* A word that only may mean the brand needs another sign. */
		bool counts = who->strong || who->in_name || who->points > 0 || who->stated;
		if (counts && (in_body < MANY_BRANDS || who->points > 0))
			who->points += who->body_points;
		if (judging_says(c->j, TAG_MENTION) && !who->in_name)
			who->points /= 2;
		if (who->stated)
			who->points += POINTS_ASKED;
	}
}

static const struct candidate *best_left(const struct candidates *c, const bool *taken)
{
	const struct candidate *best = NULL;
	for (size_t i = 0; i < c->n; i++)
		if (!taken[i] && c->at[i].points >= CLAIM_POINTS && (!best || c->at[i].points > best->points))
			best = &c->at[i];
	return best;
}

static void add_claims(struct candidates *c)
{
	struct judging *j = c->j;
	bool *taken = ARENA_ARRAY(j->arena, bool, c->n + 1);
	int most = 0;
	for (int i = 0; taken && i < CLAIMS_MAX; i++) {
		const struct candidate *best = best_left(c, taken);
		if (!best || best->points * 2 < most)
			return;
		most = best->points > most ? best->points : most;
		taken[best - c->at] = true;
		struct claim *claim = ARENA_PUSH(j->arena, &j->verdict->claims);
		const struct brand *b = overlay_brand(j->rules, j->company->overlay, best->brand);
		if (claim)
			*claim = (struct claim){b->name_ja, b->id, best->part, best->start, best->end};
	}
}

bool claim_find(struct judging *j)
{
	struct candidates c = {.j = j};
	for (size_t i = 0; i < j->brands.n; i++)
		add_hit(&c, &j->brands.at[i]);
	add_misspelt(&c);
	add_hosts(&c);
	settle_points(&c);
	add_claims(&c);
	for (size_t i = 0; i < c.n; i++)
		if (c.at[i].stated)
			return true;
	return false;
}
