/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calls: what somebody on the telephone said, typed in or chosen in the form. No link is needed for danger here: what
 * no bank, ministry or police officer asks for by telephone is enough. */
#include "judge/engine.h"

#define TAG_BIT(tag) (1ULL << (tag))

/* Found when the tag is said and, where others are named, one of them too. */
static const struct {
	enum finding_id id;
	enum word_tag tag;
	uint64_t with;
} call_rules[] = {
        {FINDING_CALL_BANK_ASKS, TAG_CALL_BANK,
         TAG_BIT(TAG_MAIL_ADDRESS) | TAG_BIT(TAG_SECRETS) | TAG_BIT(TAG_CERTIFICATE) | TAG_BIT(TAG_LOGIN) |
                 TAG_BIT(TAG_REMOTE) | TAG_BIT(TAG_CALL_AUTOMATIC) | TAG_BIT(TAG_VERIFY)},
        {FINDING_CALL_CERTIFICATE, TAG_CERTIFICATE, 0},
        {FINDING_CALL_AUTOMATIC_VOICE, TAG_CALL_AUTOMATIC, 0},
        {FINDING_CALL_REMOTE_TOOL, TAG_REMOTE, 0},
        {FINDING_CALL_REMOTE_TOOL, TAG_RUN, 0}, /* how the caller begins to take over */
        {FINDING_CALL_TRANSFER, TAG_PAYMENT, 0},
        {FINDING_CALL_GIFT_CARD, TAG_GIFT_CARD, 0},
        {FINDING_CALL_SECRETS, TAG_SECRETS, 0},
        {FINDING_CALL_OFFICIAL, TAG_CALL_OFFICIAL, 0},
        {FINDING_CALL_ARREST, TAG_CALL_ARREST, 0},
        {FINDING_CALL_REFUND_ATM, TAG_CALL_ATM, 0},
        {FINDING_CALL_SECRECY, TAG_SECRECY, 0},
        {FINDING_CALL_FAMILY, TAG_CALL_FAMILY, 0},
        {FINDING_CALL_PRESS, TAG_DEADLINE, 0},
};

void judge_call(struct judging *j)
{
	if (j->document->kind != INPUT_CALL)
		return;
	for (size_t i = 0; i < sizeof(call_rules) / sizeof(*call_rules); i++) {
		const struct word_hit *w = judging_word(j, call_rules[i].tag);
		if (w && (call_rules[i].with == 0 || j->tags & call_rules[i].with))
			judging_find(j, call_rules[i].id, w->part, w->start, w->end,
			             FACT("words", str_slice(judging_text(j, w->part), w->start, w->end)));
	}
}
