/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which words stand beside a value. Words that touch or overlap (銀行 + 口座番号) count as one label; the nearest label
 * before a value owns it. */
#include "leak/data.h"
#include "text/fold.h"

enum {
	BESIDE_MAX_BYTES = 60,   /* between a label and its value */
	BESIDE_MAX_LETTERS = 9,  /* kana, kanji and letters among them: は, の番号は */
	LABEL_GAP_MAX_BYTES = 9, /* between the words of one label */
	AFTER_MAX_BYTES = 6,     /* 090-1234-5678（携帯） */
	AROUND_AFTER_BYTES = 150,
};

/* Headings that say what a column of numbers is. */
#define NAMED_GROUPS                                                                                                   \
	(1u << LEAK_GROUP_MY_NUMBER | 1u << LEAK_GROUP_CORPORATE_NUMBER | 1u << LEAK_GROUP_LICENCE |                   \
	 1u << LEAK_GROUP_PASSPORT | 1u << LEAK_GROUP_RESIDENCE_CARD | 1u << LEAK_GROUP_PENSION_NUMBER |               \
	 1u << LEAK_GROUP_HEALTH_INSURANCE | 1u << LEAK_GROUP_CREDIT_CARD | 1u << LEAK_GROUP_PHONE |                   \
	 1u << LEAK_GROUP_POSTAL_CODE | 1u << LEAK_GROUP_BIRTH_DATE | 1u << LEAK_GROUP_OTHER_NUMBER)

uint32_t leak_char_before(struct str s, size_t at)
{
	if (at == 0)
		return 0;
	size_t start = at - 1;
	while (start > 0 && ((unsigned char) s.p[start] & 0xC0) == 0x80)
		start--;
	return text_next(s, &start);
}

uint32_t leak_char_after(struct str s, size_t at)
{
	return at < s.n ? text_next(s, &at) : 0;
}

size_t leak_word_from(const struct leak_state *st, size_t place)
{
	size_t low = 0, high = st->words.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (st->words.at[middle].end <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct leak_word *leak_word_before(const struct leak_state *st, size_t place)
{
	size_t i = leak_word_from(st, place);
	const struct leak_word *w = i > 0 ? &st->words.at[i - 1] : NULL;
	if (!w || place - w->end > LEAK_CONTEXT_BYTES || memchr(st->text.p + w->end, '\n', place - w->end))
		return NULL;
	return w;
}

/* Letters in a gap between label and value; more than any gap may have when something ends a thought there. */
static size_t count_letters(struct str gap)
{
	size_t letters = 0, lines = 0;
	for (size_t at = 0; at < gap.n;) {
		uint32_t c = text_next(gap, &at);
		enum script s = text_script(c);
		if (s == SCRIPT_DIGIT || c == 0x3002)
			return BESIDE_MAX_BYTES;
		letters += s != SCRIPT_OTHER;
		lines += c == '\n';
	}
	if (lines > 1 || (lines == 1 && letters > 0))
		return BESIDE_MAX_BYTES;
	return letters;
}

static bool is_punctuation(struct str gap)
{
	for (size_t at = 0; at < gap.n;) {
		uint32_t c = text_next(gap, &at);
		if (text_script(c) != SCRIPT_OTHER || c == '\n' || c == 0x3001 || c == ',' || c == 0x3002)
			return false;
	}
	return true;
}

/* Words that say nothing about a number behind them. */
static bool is_no_label(const struct leak_word *w)
{
	return w->group == LEAK_GROUP_HONORIFIC || w->group == LEAK_GROUP_MARK || w->group == LEAK_GROUP_AGE;
}

/* Groups of the label that ends with word `last` and stands before the value. */
static uint32_t label_groups(const struct leak_state *st, size_t last)
{
	uint32_t start = st->words.at[last].start, groups = 0;
	for (size_t i = last + 1; i-- > 0;) {
		const struct leak_word *w = &st->words.at[i];
		if (w->end + LABEL_GAP_MAX_BYTES < start)
			break;
		if (w->end < start && !is_punctuation(str_slice(st->text, w->end, start)))
			break;
		groups |= 1u << w->group;
		if (w->start < start)
			start = w->start;
	}
	return groups;
}

static uint32_t groups_beside(const struct leak_state *st, size_t start, size_t end, size_t next)
{
	uint32_t groups = 0;
	size_t label = next;
	while (label > 0 && is_no_label(&st->words.at[label - 1]) &&
	       start - st->words.at[label - 1].end <= BESIDE_MAX_BYTES)
		label--;
	if (label > 0) {
		const struct leak_word *w = &st->words.at[label - 1];
		if (start - w->end <= BESIDE_MAX_BYTES &&
		    count_letters(str_slice(st->text, w->end, start)) <= BESIDE_MAX_LETTERS)
			return label_groups(st, label - 1);
	}
	for (size_t i = next; i < st->words.n && st->words.at[i].start <= end + AFTER_MAX_BYTES; i++) {
		const struct leak_word *w = &st->words.at[i];
		if (w->start >= end && is_punctuation(str_slice(st->text, end, w->start)) &&
		    leak_char_after(st->text, w->end) != ':')
			groups |= 1u << w->group;
	}
	return groups;
}

struct leak_around leak_around(struct leak_state *st, size_t start, size_t end)
{
	struct leak_around a = {0};
	size_t next = leak_word_from(st, start);
	bool inside = false;
	uint32_t heading = leak_table_groups(st, start, &inside);
	a.beside = inside ? heading : groups_beside(st, start, end, next);
	a.around = a.beside;
	if (heading & NAMED_GROUPS) /* the column is about this and nothing else */
		return a;
	for (size_t i = next; i-- > 0 && start - st->words.at[i].end <= LEAK_CONTEXT_BYTES;)
		a.around |= 1u << st->words.at[i].group;
	for (size_t i = next; i < st->words.n && st->words.at[i].end <= end + AROUND_AFTER_BYTES; i++)
		if (st->words.at[i].start >= end)
			a.around |= 1u << st->words.at[i].group;
	return a;
}

enum leak_near leak_near_of(const struct leak_around *a, enum leak_group group)
{
	if (a->beside >> group & 1)
		return LEAK_NEAR_BESIDE;
	return a->around >> group & 1 ? LEAK_NEAR_AROUND : LEAK_NEAR_NOT;
}

enum leak_near leak_near(struct leak_state *st, enum leak_group group, size_t start, size_t end)
{
	struct leak_around a = leak_around(st, start, end);
	return leak_near_of(&a, group);
}
