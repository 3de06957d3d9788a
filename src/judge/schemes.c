/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Schemes: signs that are everyday things alone and together are a known fraud. Runs last. A link counts as foreign
 * when it leads neither to the sender's domain, nor to a brand that the text names, nor to anybody known
 * (judge/origin.h). */
#include "judge/schemes.h"

#include "judge/origin.h"

enum {
	SHORT_TEXT_MAX_BYTES = 700, /* what still reads like an SMS */
	NEWSLETTER_LINKS_LEAST = 5,
};

static void find_with_link(struct judging *j, enum finding_id id, const struct judged_link *link)
{
	const struct link *l = &j->document->links.at[link->link];
	judging_find(j, id, l->part, l->start, l->end, FACT("host", link->host),
	             FACT("registrable", link->registrable.n > 0 ? link->registrable : link->host));
}

static void find_at_word(struct judging *j, enum finding_id id, enum word_tag tag)
{
	const struct word_hit *w = judging_word(j, tag);
	if (w)
		judging_find(j, id, w->part, w->start, w->end,
		             FACT("words", str_slice(judging_text(j, w->part), w->start, w->end)));
}

static bool says_any(const struct judging *j, uint64_t tags)
{
	return (j->tags & tags) != 0;
}

#define TAG_BIT(tag) (1ULL << (tag))

/* Offers, prizes and words of security stand in every newsletter, among links of which most lead to their sender. */
static bool is_newsletter(struct judging *j)
{
	size_t own = 0, links = 0;
	struct str from = origin_of(j, MAILBOX_FROM);
	for (size_t i = 0; from.n > 0 && i < j->verdict->links.n; i++) {
		const struct judged_link *l = &j->verdict->links.at[i];
		if (l->host.n == 0 || j->document->links.at[l->link].flags & LINK_MAILTO)
			continue;
		links++;
		own += str_eq(l->registrable, from);
	}
	return origin_is_list(j) || (links >= NEWSLETTER_LINKS_LEAST && own * 2 > links);
}

static void check_links(struct judging *j)
{
	const struct judged_link *link = origin_foreign_link(j);
	if (!link || is_newsletter(j))
		return;
	if (says_any(j, TAG_BIT(TAG_LOGIN) | TAG_BIT(TAG_VERIFY) | TAG_BIT(TAG_SECRETS)))
		find_with_link(j, FINDING_LOGIN_AT_FOREIGN_HOST, link);
	if (judging_says(j, TAG_THREAT))
		find_with_link(j, FINDING_THREAT_WITH_LINK, link);
	if (judging_says(j, TAG_DELIVERY))
		find_with_link(j, FINDING_PARCEL_LINK, link);
	if (judging_says(j, TAG_UNPAID))
		find_with_link(j, FINDING_UNPAID_LINK, link);
	if (!is_newsletter(j) && says_any(j, TAG_BIT(TAG_WINNING) | TAG_BIT(TAG_REFUND) | TAG_BIT(TAG_INVESTMENT) |
	                                             TAG_BIT(TAG_JOB) | TAG_BIT(TAG_EXPIRY) | TAG_BIT(TAG_PURCHASE) |
	                                             TAG_BIT(TAG_MAILBOX) | TAG_BIT(TAG_AUTO_LEAVE)))
		find_with_link(j, FINDING_LURE_WITH_LINK, link);
}

static size_t body_bytes(const struct document *d)
{
	size_t n = 0;
	for (size_t i = 0; i < d->parts.n; i++)
		n += d->parts.at[i].kind == PART_BODY ? d->parts.at[i].text.n : 0;
	return n;
}

/* A short message without headers: there is no sender to compare with, so what it wants and where it leads must do. */
static void check_sms(struct judging *j)
{
	bool kind = j->document->kind == INPUT_SMS ||
	            (j->document->kind == INPUT_TEXT && body_bytes(j->document) <= SHORT_TEXT_MAX_BYTES);
	const struct judged_link *link = kind ? origin_foreign_link(j) : NULL;
	if (link && says_any(j, TAG_BIT(TAG_DELIVERY) | TAG_BIT(TAG_UNPAID) | TAG_BIT(TAG_THREAT) |
	                                TAG_BIT(TAG_VERIFY) | TAG_BIT(TAG_WINNING) | TAG_BIT(TAG_REFUND) |
	                                TAG_BIT(TAG_EXPIRY) | TAG_BIT(TAG_PURCHASE) | TAG_BIT(TAG_LOGIN) |
	                                TAG_BIT(TAG_PAYMENT) | TAG_BIT(TAG_INVESTMENT) | TAG_BIT(TAG_JOB)))
		find_with_link(j, FINDING_SMS_LURE, link);
	/* A number to call does what a link does elsewhere; a warning of such messages names the same things. */
	if (j->document->kind == INPUT_SMS && says_any(j, TAG_BIT(TAG_SCREEN_PHONE) | TAG_BIT(TAG_CHANNEL)) &&
	    !judging_says(j, TAG_MENTION))
		find_at_word(j, FINDING_CALL_ARREST, TAG_CALL_ARREST);
}

static bool sender_is_odd(const struct judging *j)
{
	return judging_has(j, FINDING_REPLY_TO_ELSEWHERE) || judging_has(j, FINDING_FIRST_SEEN_SENDER) ||
	       judging_has(j, FINDING_FREE_MAIL_BUSINESS) || judging_has(j, FINDING_OWN_ADDRESS_AS_SENDER) ||
	       judging_has(j, FINDING_AUTHENTICATION_FAILED) || judging_has(j, FINDING_NAME_HOLDS_ADDRESS);
}

static bool from_free_mail(struct judging *j)
{
	const struct mailbox *m = judging_mailbox(j, MAILBOX_FROM);
	return m && rules_list_has(rules_list(j->rules, "free_mail"), origin_host(j, m->address));
}

static void check_money(struct judging *j)
{
	bool pressed = says_any(j, TAG_BIT(TAG_DEADLINE) | TAG_BIT(TAG_SECRECY) | TAG_BIT(TAG_BOSS));
	if (judging_says(j, TAG_PAYEE_CHANGE) && (pressed || sender_is_odd(j)))
		find_at_word(j, FINDING_PAYEE_FRAUD, TAG_PAYEE_CHANGE);
	if (judging_says(j, TAG_BOSS) &&
	    (says_any(j, TAG_BIT(TAG_GIFT_CARD) | TAG_BIT(TAG_SECRECY) | TAG_BIT(TAG_CHANNEL)) ||
	     (judging_says(j, TAG_PAYMENT) && (pressed || sender_is_odd(j)))))
		find_at_word(j, FINDING_BOSS_FRAUD, TAG_BOSS);
	if (judging_says(j, TAG_GIFT_CARD) && judging_says(j, TAG_SECRECY))
		find_at_word(j, FINDING_BOSS_FRAUD, TAG_GIFT_CARD);
	if (judging_says(j, TAG_BLACKMAIL) && judging_says(j, TAG_PAYMENT))
		find_at_word(j, FINDING_BLACKMAIL_COINS, TAG_BLACKMAIL);
	if (judging_says(j, TAG_JOB) && judging_says(j, TAG_CHANNEL))
		find_at_word(j, FINDING_JOB_CHANNEL, TAG_JOB);
	/* A bank's newsletter has both too, but a name of its own. */
	if (judging_says(j, TAG_INVESTMENT) && judging_says(j, TAG_CHANNEL) && !judging_says(j, TAG_MENTION) &&
	    (!j->document->has_headers || from_free_mail(j) || sender_is_odd(j)))
		find_at_word(j, FINDING_INVESTMENT_CHANNEL, TAG_INVESTMENT);
	/* Nobody gives millions to a stranger; whoever says so wants an answer at another address. */
	if (judging_says(j, TAG_LEGACY) &&
	    (sender_is_odd(j) || from_free_mail(j) ||
	     says_any(j, TAG_BIT(TAG_CHANNEL) | TAG_BIT(TAG_SECRETS) | TAG_BIT(TAG_SECRECY) | TAG_BIT(TAG_GREETING)))) {
		find_at_word(j, FINDING_ADVANCE_FEE, TAG_LEGACY);
		return;
	}
	if (says_any(j, TAG_BIT(TAG_WINNING) | TAG_BIT(TAG_REFUND) | TAG_BIT(TAG_INVESTMENT)) &&
	    says_any(j, TAG_BIT(TAG_SECRETS) | TAG_BIT(TAG_CHANNEL) | TAG_BIT(TAG_SECRECY)) &&
	    (sender_is_odd(j) || !j->document->has_headers))
		find_at_word(j, FINDING_ADVANCE_FEE,
		             judging_says(j, TAG_REFUND)    ? TAG_REFUND
		             : judging_says(j, TAG_WINNING) ? TAG_WINNING
		                                            : TAG_INVESTMENT);
}

const struct word_hit *schemes_command(const struct judging *j)
{
	const struct word_hit *command = judging_word(j, TAG_COMMAND), *run = judging_word(j, TAG_RUN);
	return command ? command : run && judging_says(j, TAG_PASTE) ? run : NULL;
}

/* An internal notice may explain how to open something so; nobody who checks for robots does. */
static void check_command(struct judging *j)
{
	const struct word_hit *w = schemes_command(j);
	if (!w)
		return;
	struct str words = str_slice(judging_text(j, w->part), w->start, w->end);
	judging_find(j, FINDING_ASKS_COMMAND, w->part, w->start, w->end, FACT("words", words));
	if (says_any(j, TAG_BIT(TAG_HUMAN) | TAG_BIT(TAG_COMMAND)) || !j->document->has_headers || sender_is_odd(j) ||
	    origin_foreign_link(j))
		judging_find(j, FINDING_COMMAND_LURE, w->part, w->start, w->end, FACT("words", words));
}

/* The password beside the lock keeps nobody out but the one who would check what is inside. */
static void check_locked_archive(struct judging *j)
{
	const struct document *d = j->document;
	const struct word_hit *w = judging_word(j, TAG_ARCHIVE_PASSWORD);
	for (size_t i = 0; w && i < d->attachments.n; i++) {
		const struct attachment *a = &d->attachments.at[i];
		if (a->flags & ATTACHMENT_ENCRYPTED && !(a->flags & ATTACHMENT_MEMBER)) {
			judging_find(j, FINDING_ARCHIVE_WITH_PASSWORD, w->part, w->start, w->end,
			             FACT("file", a->name));
			return;
		}
	}
}

void judge_schemes(struct judging *j)
{
	if (j->document->kind == INPUT_CALL || j->document->kind == INPUT_SCREEN)
		return;
	check_links(j);
	check_sms(j);
	check_money(j);
	check_command(j);
	check_locked_archive(j);
}
