/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Screens: what a warning on the screen says. Real warnings of Windows or of virus scanners name no telephone number.
 */
#include "judge/schemes.h"

static const struct {
	enum finding_id id;
	enum word_tag tag;
} screen_rules[] = {
        {FINDING_SCREEN_VIRUS_WARNING, TAG_SCREEN_VIRUS},
        {FINDING_SCREEN_CALL_NUMBER, TAG_SCREEN_PHONE},
        {FINDING_SCREEN_DO_NOT_CLOSE, TAG_SCREEN_STAY},
        {FINDING_SCREEN_REMOTE_TOOL, TAG_REMOTE},
        {FINDING_SCREEN_PAY, TAG_PAYMENT},
        {FINDING_SCREEN_PAY, TAG_GIFT_CARD},
        {FINDING_SCREEN_SECRETS, TAG_SECRETS},
        {FINDING_SCREEN_RANSOM, TAG_SCREEN_RANSOM},
        {FINDING_SCREEN_WINNING, TAG_WINNING},
};

void judge_screen(struct judging *j)
{
	if (j->document->kind != INPUT_SCREEN)
		return;
	const struct word_hit *command = schemes_command(j);
	if (command)
		judging_find(j, FINDING_SCREEN_COMMAND, command->part, command->start, command->end,
		             FACT("words", str_slice(judging_text(j, command->part), command->start, command->end)));
	for (size_t i = 0; i < sizeof(screen_rules) / sizeof(*screen_rules); i++) {
		const struct word_hit *w = judging_word(j, screen_rules[i].tag);
		if (w)
			judging_find(j, screen_rules[i].id, w->part, w->start, w->end,
			             FACT("words", str_slice(judging_text(j, w->part), w->start, w->end)));
	}
}
