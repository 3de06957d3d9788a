/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What judges share: adding findings, asking what was found, and the words of a message. */
#include "judge/engine.h"

#include "base/check.h"

void judging_find_facts(struct judging *j, enum finding_id id, uint32_t part, uint32_t start, uint32_t end,
                        const struct finding_fact *facts)
{
	CHECK((size_t) id < FINDING_ID_COUNT);
	if (j->found[id] >= JUDGING_FINDINGS_OF_ID_MAX)
		return;
	struct finding *f = ARENA_PUSH(j->arena, &j->verdict->findings);
	if (!f)
		return;
	*f = (struct finding){.id = finding_id_word(id),
	                      .group = (uint32_t) finding_id_group(id),
	                      .part = part,
	                      .start = start,
	                      .end = end};
	/* Of one id only the first weighs: saying a thing five times does not make it five times as bad. */
	f->weight = j->found[id] == 0 ? rules_weight(j->rules, id) : 0;
	j->found[id]++;
	for (size_t i = 0; i < FINDING_FACTS_MAX && facts[i].key; i++)
		f->facts[i] = facts[i];
}

bool judging_has(const struct judging *j, enum finding_id id)
{
	return j->found[id] > 0;
}

bool judging_says(const struct judging *j, enum word_tag tag)
{
	return j->tags >> tag & 1;
}

const struct word_hit *judging_word(const struct judging *j, enum word_tag tag)
{
	if (!judging_says(j, tag))
		return NULL;
	for (size_t i = 0; i < j->words.n; i++) {
		if (j->words.at[i].tag == tag)
			return &j->words.at[i];
	}
	return NULL;
}

struct str judging_text(const struct judging *j, uint32_t part)
{
	return part < j->document->parts.n ? j->document->parts.at[part].text : (struct str){0};
}

const struct mailbox *judging_mailbox(const struct judging *j, enum mailbox_role role)
{
	for (size_t i = 0; i < j->document->mailboxes.n; i++) {
		const struct mailbox *m = &j->document->mailboxes.at[i];
		if (m->role == role && m->address.n > 0)
			return m;
	}
	return NULL;
}

bool judging_in_address(const struct judging *j, uint32_t part, uint32_t end)
{
	const struct part *p = &j->document->parts.at[part];
	if (p->kind != PART_HEADER)
		return false;
	size_t open = str_rfind_char(p->text, '<');
	return open == STR_NOT_FOUND ? str_find_char(p->text, '@', 0) != STR_NOT_FOUND : end > open;
}

void judging_set_unchecked(struct judging *j, enum unchecked what)
{
	j->verdict->unchecked |= 1U << what;
}
