/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Wording: what a message asks for and how it presses. One table from the tags of rules/words.yaml to findings; what
 * the words are is data. Calls and screens have judges of their own. */
#include "judge/engine.h"

enum { WORDING_SPANS_MAX = 3 }; /* marked of one tag */

static const struct {
	enum word_tag tag;
	enum finding_id id;
} tag_findings[] = {
        {TAG_THREAT, FINDING_THREAT},
        {TAG_DEADLINE, FINDING_DEADLINE},
        {TAG_URGENT, FINDING_URGENT},
        {TAG_LOGIN, FINDING_ASKS_LOGIN},
        {TAG_SECRETS, FINDING_ASKS_SECRETS},
        {TAG_PAYMENT, FINDING_ASKS_PAYMENT},
        {TAG_UNPAID, FINDING_UNPAID_FEE},
        {TAG_PAYEE_CHANGE, FINDING_PAYEE_CHANGE},
        {TAG_GIFT_CARD, FINDING_GIFT_CARD},
        {TAG_CHANNEL, FINDING_OTHER_CHANNEL},
        {TAG_SECRECY, FINDING_SECRECY},
        {TAG_DELIVERY, FINDING_DELIVERY_ABSENCE},
        {TAG_REFUND, FINDING_REFUND},
        {TAG_WINNING, FINDING_WINNINGS},
        {TAG_INVESTMENT, FINDING_INVESTMENT},
        {TAG_LEGACY, FINDING_INHERITANCE},
        {TAG_JOB, FINDING_JOB_OFFER},
        {TAG_BLACKMAIL, FINDING_BLACKMAIL},
        {TAG_VERIFY, FINDING_VERIFY_IDENTITY},
        {TAG_EXPIRY, FINDING_EXPIRY},
        {TAG_AUTO_LEAVE, FINDING_AUTO_LEAVE},
        {TAG_PURCHASE, FINDING_UNKNOWN_PURCHASE},
        {TAG_MAILBOX, FINDING_MAILBOX_FULL},
        {TAG_BOSS, FINDING_BOSS_REQUEST},
        {TAG_GREETING, FINDING_GREETING_NOBODY},
        {TAG_GREETING_ADDRESS, FINDING_GREETS_ADDRESS},
        {TAG_PRESS, FINDING_PRESS_HERE},
        {TAG_OPEN_FILE, FINDING_OPEN_FILE},
        {TAG_REMOTE, FINDING_REMOTE_TOOL},
};

static void find_tag(struct judging *j, enum word_tag tag, enum finding_id id)
{
	unsigned spans = 0;
	for (size_t i = 0; i < j->words.n && spans < WORDING_SPANS_MAX; i++) {
		const struct word_hit *w = &j->words.at[i];
		if (w->tag != tag || (tag == TAG_OPEN_FILE && j->document->attachments.n == 0))
			continue;
		struct str said = str_slice(judging_text(j, w->part), w->start, w->end);
		judging_find(j, id, w->part, w->start, w->end, FACT("words", said));
		spans++;
	}
}

void judge_wording(struct judging *j)
{
	if (j->document->kind == INPUT_CALL || j->document->kind == INPUT_SCREEN)
		return;
	for (size_t i = 0; i < sizeof(tag_findings) / sizeof(*tag_findings); i++) {
		if (judging_says(j, tag_findings[i].tag))
			find_tag(j, tag_findings[i].tag, tag_findings[i].id);
	}
}
