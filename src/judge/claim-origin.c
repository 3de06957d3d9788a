/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Claim against origin: the sender and every link are held against the claimed brands' own domains. Genuine links do
 * not excuse a foreign one; where the sender's domain is genuine, only an authentication that a trusted server recorded
 * speaks for it. */
#include "judge/addresses.h"
#include "judge/claim.h"
#include "judge/origin.h"
#include "judge/overlay.h"

static bool belongs(const struct judging *j, struct str registrable)
{
	for (size_t i = 0; i < j->verdict->claims.n; i++) {
		const struct brand *b =
		        overlay_find_brand(j->rules, j->company->overlay, j->verdict->claims.at[i].brand_id);
		if (b && brand_has_domain(b, registrable, true))
			return true;
	}
	return false;
}

static void find_at_claim(struct judging *j, enum finding_id id, struct str other)
{
	const struct claim *c = &j->verdict->claims.at[0];
	judging_find(j, id, c->part, c->start, c->end, FACT("brand", c->brand), FACT("from", other));
}

static bool is_foreign(struct judging *j, size_t i)
{
	const struct analysed_link *l = &j->addresses->links[i];
	const struct address *a = l->has_inner ? &l->inner : &l->address;
	struct str r = a->ascii_registrable;

	if (!addresses_is_action(j, i))
		return false;
	if (r.n == 0)
		return (a->flags & ADDRESS_IP) != 0;
	if (rules_list_has(rules_list(j->rules, "shorteners"), r) || a->flags & ADDRESS_RENTED || l->free_host)
		return !belongs(j, r);
	return !belongs(j, r) && !lookalike_is_known(a, j->rules, j->company) && !origin_is_service(j, a->ascii);
}

static bool is_conversation(const struct judging *j)
{
	static const char *const fields[] = {"header:List-Id", "header:List-Post", "header:In-Reply-To",
	                                     "header:References"};
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (document_find_part(j->document, str_of(fields[i])) != PART_NONE)
			return true;
	return false;
}

/* Behind nothing but labels: 【重要】えきねっとアカウント. */
static bool stands_in_front(struct str text, const struct brand_hit *hit)
{
	struct str before = str_trim(str_slice(text, 0, hit->start));
	return before.n > 0 && (str_ends_with(before, STR("】")) || str_ends_with(before, STR("］"))) &&
	       (str_starts_with(before, STR("【")) || str_starts_with(before, STR("［")));
}

/* The brand stands inside the subject, not in front of it: "a flaw in Outlook". Japanese subjects put a name they wear
 * anywhere, so there only brackets and the front tell. */
static bool is_passing_subject(const struct judging *j)
{
	const struct claim *c = &j->verdict->claims.at[0];
	if (c->part == PART_NONE || j->document->parts.at[c->part].kind != PART_SUBJECT)
		return false;
	const struct brand_hit hit = {.part = c->part, .start = c->start, .end = c->end};
	struct str text = judging_text(j, c->part);
	return !claim_in_brackets(text, &hit) && !stands_in_front(text, &hit) &&
	       (j->japanese || !claim_speaks_as(text, &hit));
}

/* The brand only stands in running text, or in the subject of an answer or a list: a shop names its carrier, a
 * newsletter its subject. */
static bool is_only_mentioned(const struct judging *j)
{
	const struct claim *c = &j->verdict->claims.at[0];
	if (c->part == PART_NONE)
		return false;
	const struct part *part = &j->document->parts.at[c->part];
	return part->kind == PART_BODY ||
	       (part->kind == PART_SUBJECT && (is_conversation(j) || (!j->japanese && is_passing_subject(j))));
}

/* From, To and link all in one domain: the company's own tools speak in their maker's name. */
static bool is_internal(struct judging *j, struct str registrable)
{
	struct str from = j->addresses->from.ascii_registrable;
	return from.n > 0 && str_eq(origin_of(j, MAILBOX_TO), from) &&
	       (registrable.n == 0 || str_eq(registrable, from)) && !claim_is_free_sender(j);
}

/* A sender who links to himself and names a brand on the way does not pretend to be it. */
static bool is_senders_own(const struct judging *j, size_t i)
{
	return j->addresses->has_from && is_only_mentioned(j) &&
	       str_eq(addresses_destination(j, i), j->addresses->from.ascii_registrable);
}

/* The first line of an address's text that holds no address, without "brand:" before it; "" none. */
static struct str stated_name(const struct judging *j)
{
	uint32_t part = document_find_part(j->document, STR("body"));
	struct str rest = judging_text(j, part), text = rest, line;
	while (j->document->kind == INPUT_URL && str_next_line(&rest, &line)) {
		size_t from = line.n > 0 ? (size_t) (line.p - text.p) : 0;
		bool holds = str_trim(line).n == 0;
		for (size_t i = 0; !holds && i < j->document->links.n; i++) {
			const struct link *l = &j->document->links.at[i];
			holds = l->part == part && l->start < from + line.n && l->end > from;
		}
		if (holds)
			continue;
		size_t colon = str_find_char(line, ':', 0);
		return str_trim(colon == STR_NOT_FOUND ? line : str_slice(line, colon + 1, line.n));
	}
	return (struct str){0};
}

static void show_link(struct judging *j, size_t document_link)
{
	for (size_t i = 0; i < j->verdict->links.n; i++)
		if (j->verdict->links.at[i].link == document_link)
			j->verdict->host_link = (uint32_t) i;
}

static bool find_foreign_links(struct judging *j, bool sender_belongs)
{
	bool first = true;
	bool mention = j->addresses->has_from && is_only_mentioned(j) && (!sender_belongs || is_conversation(j));
	enum finding_id id = mention          ? FINDING_MENTION_FOREIGN_LINK
	                     : sender_belongs ? FINDING_FORGED_GENUINE_DOMAIN
	                                      : FINDING_CLAIM_FOREIGN_LINK;
	for (size_t i = 0; i < j->addresses->n; i++) {
		if (!is_foreign(j, i) || is_senders_own(j, i) || is_internal(j, addresses_destination(j, i)))
			continue;
		const struct link *link = &j->document->links.at[i];
		const struct address *a = j->addresses->links[i].has_inner ? &j->addresses->links[i].inner
		                                                           : &j->addresses->links[i].address;
		judging_find(j, id, link->part, link->start, link->end, FACT("brand", j->verdict->claims.at[0].brand),
		             FACT("host", a->host), FACT("registrable", a->registrable.n ? a->registrable : a->host));
		if (first)
			show_link(j, i);
		first = false;
	}
	return !first;
}

static bool is_excused_sender(const struct judging *j)
{
	return origin_is_service(j, j->addresses->from.ascii) ||
	       lookalike_is_known(&j->addresses->from, j->rules, j->company);
}

/* A brand in the subject alone, with nothing to press or open, is what the message is about. */
static void check_sender(struct judging *j, bool foreign_links)
{
	struct str from = j->addresses->from.registrable.n ? j->addresses->from.registrable : j->addresses->from.host;
	const struct claim *c = &j->verdict->claims.at[0];
	bool in_name = c->part != PART_NONE && j->document->parts.at[c->part].kind == PART_HEADER;
	bool excused = is_excused_sender(j);
	if (!foreign_links &&
	    (is_internal(j, (struct str){0}) || (!in_name && j->document->attachments.n == 0 && is_passing_subject(j))))
		return;
	if (in_name)
		find_at_claim(j, excused ? FINDING_CLAIM_FOREIGN_SENDER : FINDING_CLAIM_DISPLAY_NAME, from);
	else if (!is_only_mentioned(j) && (foreign_links || !excused))
		find_at_claim(j, FINDING_CLAIM_FOREIGN_SENDER, from);
}

static bool is_part_of(struct str a, struct str b)
{
	return a.n > 0 && b.n > 0 &&
	       (str_find_icase(a, b, 0) != STR_NOT_FOUND || str_find_icase(b, a, 0) != STR_NOT_FOUND);
}

static bool bears_any(struct str_list names, struct str name)
{
	for (size_t i = 0; i < names.n; i++)
		if (is_part_of(names.at[i], name))
			return true;
	return false;
}

/* Yahoo is one company in Japan and another elsewhere: an address is right when its owner bears the name too. */
static bool owner_bears_name(const struct judging *j, struct str registrable, struct str name)
{
	struct brand_indexes owners = overlay_brands_of_domain(j->rules, j->company->overlay, registrable);
	for (size_t i = 0; i < owners.n; i++) {
		const struct brand *b = overlay_brand(j->rules, j->company->overlay, owners.at[i]);
		if (is_part_of(b->name_ja, name) || is_part_of(b->name_en, name) || bears_any(b->spellings, name) ||
		    bears_any(b->weak, name))
			return true;
	}
	return false;
}

/* An address that came with a name beside it, as a line of its own: the name is what has to be answered. A page or
 * short address at a well-known service is not the named company's either. */
static void check_stated(struct judging *j, bool stated)
{
	bool claimed = stated && j->verdict->claims.n > 0;
	struct str name = claimed ? j->verdict->claims.at[0].brand : stated_name(j);
	const struct claim *c = claimed ? &j->verdict->claims.at[0] : NULL;
	struct str written = c && c->part != PART_NONE ? str_slice(judging_text(j, c->part), c->start, c->end) : name;
	if (name.n == 0)
		return;
	for (size_t i = 0; i < j->addresses->n; i++) {
		const struct analysed_link *l = &j->addresses->links[i];
		const struct address *a = l->has_inner ? &l->inner : &l->address;
		const struct link *link = &j->document->links.at[i];
		if (!addresses_is_action(j, i) || belongs(j, a->ascii_registrable) ||
		    owner_bears_name(j, a->ascii_registrable, written) || origin_is_own(j, a->ascii_registrable) ||
		    (!claimed && lookalike_is_known(a, j->rules, j->company)))
			continue;
		judging_find(j, claimed ? FINDING_STATED_NAME_ELSEWHERE : FINDING_STATED_NAME_UNKNOWN, link->part,
		             link->start, link->end, FACT("brand", name),
		             FACT("registrable", a->registrable.n ? a->registrable : a->host));
		show_link(j, i);
		return;
	}
}

/* An address that anybody can open, and links to places that nobody knows. In a conversation that is ordinary. */
static void find_free_mail_links(struct judging *j)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	if (!m || !j->addresses->has_from || !claim_is_free_sender(j) || is_conversation(j))
		return;
	for (size_t i = 0; i < j->addresses->n; i++) {
		const struct link *link = &j->document->links.at[i];
		if (link->flags & LINK_HTML && is_foreign(j, i)) {
			const struct address *a = &j->addresses->links[i].address;
			judging_find(j, FINDING_FREE_MAIL_LINKS, link->part, link->start, link->end,
			             FACT("from", j->addresses->from.host),
			             FACT("registrable", a->registrable.n ? a->registrable : a->host));
			return;
		}
	}
}

/* Its own systems give a message an identity with a host in it. */
static bool has_nameless_identity(const struct judging *j)
{
	struct str id = str_trim(judging_text(j, document_find_part(j->document, STR("header:Message-ID"))));
	size_t at = str_rfind_char(id, '@');
	return at != STR_NOT_FOUND && str_find_char(id, '.', at) == STR_NOT_FOUND;
}

/* No company's service mail is written with a program for one person's desk. */
static bool has_desk_mailer(const struct judging *j)
{
	static const char *const names[] = {"Microsoft Outlook", "Foxmail", "Microsoft Windows Mail",
	                                    "Microsoft Windows Live Mail", "Windows Mail"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_starts_with_icase(j->document->mailer, str_of(names[i])))
			return true;
	return false;
}

/* The sender's address is the brand's, nobody vouches for it, it asks what fraud asks, and it is made as the brand's
 * own systems make nothing: by a desk program, in China's time, in wording that is no Japanese. One such oddity may be
 * an honest one's; with a second or with a threat it is not. */
static void find_forged_craft(struct judging *j)
{
	static const enum finding_id oddities[] = {FINDING_ODD_ZONE,
	                                           FINDING_ODD_MAILER,
	                                           FINDING_UNNATURAL_WORDING,
	                                           FINDING_WRONG_GLYPH,
	                                           FINDING_SIMPLIFIED_CHARACTERS,
	                                           FINDING_MIXED_SCRIPT_WORD,
	                                           FINDING_WRONG_LONG_VOWEL,
	                                           FINDING_INVISIBLE_CHARACTERS,
	                                           FINDING_ODD_CHARSET,
	                                           FINDING_MESSAGE_ID_ELSEWHERE};
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	unsigned odd = has_nameless_identity(j) + has_desk_mailer(j);
	bool asks = judging_says(j, TAG_LOGIN) || judging_says(j, TAG_VERIFY) || judging_says(j, TAG_SECRETS);
	for (size_t i = 0; i < ARRAY_SIZE(oddities); i++)
		odd += judging_has(j, oddities[i]);
	if (m && j->document->has_headers && asks && (odd >= 2 || (odd == 1 && judging_says(j, TAG_THREAT))))
		judging_find(j, FINDING_FORGED_BY_CRAFT, m->part, m->start, m->end,
		             FACT("brand", j->verdict->claims.at[0].brand), FACT("from", j->addresses->from.host));
}

void judge_claim(struct judging *j)
{
	if (!j->addresses || !j->addresses->links || j->document->kind == INPUT_CALL ||
	    j->document->kind == INPUT_SCREEN)
		return;
	bool stated = claim_find(j);
	if (stated || j->document->kind == INPUT_URL) {
		check_stated(j, stated);
		return;
	}
	find_free_mail_links(j);
	if (j->verdict->claims.n == 0)
		return;
	bool sender_belongs =
	        j->addresses->has_from && !claim_is_free_sender(j) && belongs(j, j->addresses->from.ascii_registrable);
	bool passed = judging_has(j, FINDING_AUTHENTICATION_PASSED);
	bool foreign = (sender_belongs && passed) ? false : find_foreign_links(j, sender_belongs);
	if (j->addresses->has_from && !sender_belongs)
		check_sender(j, foreign);
	if (sender_belongs && !passed) {
		find_forged_craft(j);
		judging_set_unchecked(j, UNCHECKED_REAL_DOMAIN);
	}
}
