/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * History: whether the company has had mail from this sender before. Runs after the judges of sender fields, because a
 * known address that something speaks against is no comfort. */
#include "judge/origin.h"

void judge_history(struct judging *j)
{
	const struct mailbox *from = judging_mailbox(j, MAILBOX_FROM);
	if (!from || !j->company->has_history || !j->document->has_headers)
		return;
	for (size_t i = 0; i < j->company->known_sender_count; i++) {
		if (!str_eq_icase(j->company->known_senders[i], from->address))
			continue;
		if (!judging_has(j, FINDING_REPLY_TO_ELSEWHERE) && !judging_has(j, FINDING_AUTHENTICATION_FAILED) &&
		    !judging_has(j, FINDING_AUTHENTICATION_WEAK))
			judging_find(j, FINDING_KNOWN_SENDER, from->part, from->start, from->end,
			             FACT("from", from->address));
		return;
	}
	judging_find(j, FINDING_FIRST_SEEN_SENDER, from->part, from->start, from->end, FACT("from", from->address));
}
