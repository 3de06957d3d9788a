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

/* Whether the label that ends with word `last` and stands before the value has a word of this group. */
static bool label_has(const struct leak_state *st, size_t last, enum leak_group group)
{
	uint32_t start = st->words.at[last].start;
	for (size_t i = last + 1; i-- > 0;) {
		const struct leak_word *w = &st->words.at[i];
		if (w->end + LABEL_GAP_MAX_BYTES < start)
			return false;
		if (w->end < start && !is_punctuation(str_slice(st->text, w->end, start)))
			return false;
		if (w->group == group)
			return true;
		if (w->start < start)
			start = w->start;
	}
	return false;
}

static bool is_beside(const struct leak_state *st, enum leak_group group, size_t start, size_t end, size_t next)
{
	if (next > 0) {
		const struct leak_word *w = &st->words.at[next - 1];
		if (start - w->end <= BESIDE_MAX_BYTES &&
		    count_letters(str_slice(st->text, w->end, start)) <= BESIDE_MAX_LETTERS)
			return label_has(st, next - 1, group);
	}
	for (size_t i = next; i < st->words.n && st->words.at[i].start <= end + AFTER_MAX_BYTES; i++) {
		const struct leak_word *w = &st->words.at[i];
		if (w->start >= end && w->group == group && is_punctuation(str_slice(st->text, end, w->start)) &&
		    leak_char_after(st->text, w->end) != ':')
			return true;
	}
	return false;
}

enum leak_near leak_near(struct leak_state *st, enum leak_group group, size_t start, size_t end)
{
	size_t next = leak_word_from(st, start);
	bool inside = false;
	uint32_t heading = leak_table_groups(st, start, &inside);
	if (inside ? heading >> group & 1 : is_beside(st, group, start, end, next))
		return LEAK_NEAR_BESIDE;
	if (heading & NAMED_GROUPS) /* the column is about something else */
		return LEAK_NEAR_NOT;
	for (size_t i = next; i-- > 0 && start - st->words.at[i].end <= LEAK_CONTEXT_BYTES;)
		if (st->words.at[i].group == group)
			return LEAK_NEAR_AROUND;
	for (size_t i = next; i < st->words.n && st->words.at[i].end <= end + AROUND_AFTER_BYTES; i++)
		if (st->words.at[i].group == group && st->words.at[i].start >= end)
			return LEAK_NEAR_AROUND;
	return LEAK_NEAR_NOT;
}
