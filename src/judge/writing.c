/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing: Japanese that no Japanese writer types. Each sign is rare and weak; texts of recent years are often clean.
 */
#include "judge/engine.h"

enum {
	SPACED_CHARS_MIN = 4, /* 東 京 電 力 */
	SIMPLIFIED_MIN = 2,   /* one may be a Chinese name */
	MOJIBAKE_MIN = 2,
	STYLED_MIN = 4,      /* letters in a subject or name */
	STYLED_BODY_MIN = 8, /* and in a body, where an ornament is no trick */
};

/* Common characters of simplified Chinese that JIS X 0208 does not have, in order of their code points. */
static const uint32_t simplified[] = {
        0x4E1A, 0x4E1C, 0x4E1D, 0x4E34, 0x4E3A, 0x4E48, 0x4E49, 0x4E50, 0x4E60, 0x4E66, 0x4E70, 0x4EA7, 0x4EB2,
        0x4EEC, 0x4F17, 0x4F18, 0x4F20, 0x50A8, 0x521B, 0x5220, 0x522B, 0x529E, 0x52A1, 0x52A8, 0x534E, 0x5355,
        0x5356, 0x53D1, 0x53D8, 0x542F, 0x5458, 0x54CD, 0x56E2, 0x56FE, 0x573A, 0x5904, 0x5934, 0x5B9E, 0x5BA1,
        0x5BF9, 0x5BFC, 0x5E10, 0x5E94, 0x5F00, 0x5F02, 0x5F3A, 0x5F55, 0x603B, 0x60A8, 0x620F, 0x6237, 0x6267,
        0x62A5, 0x62E5, 0x635F, 0x6362, 0x65F6, 0x663E, 0x672F, 0x6743, 0x67E5, 0x6807, 0x68C0, 0x6C47, 0x6D4B,
        0x7535, 0x786E, 0x79BB, 0x7B80, 0x7EA7, 0x7EAA, 0x7EBF, 0x7EC4, 0x7ECF, 0x7ED3, 0x7ED9, 0x7EDC, 0x7EDF,
        0x7EE7, 0x7EED, 0x7F34, 0x8054, 0x8282, 0x8BA1, 0x8BA4, 0x8BAE, 0x8BB0, 0x8BBE, 0x8BBF, 0x8BC1, 0x8BC6,
        0x8BDD, 0x8BE2, 0x8BE5, 0x8BE6, 0x8BEF, 0x8BF4, 0x8BF7, 0x8C03, 0x8D22, 0x8D26, 0x8D27, 0x8D2D, 0x8D35,
        0x8D39, 0x8D44, 0x8FC7, 0x8FD0, 0x8FD8, 0x8FD9, 0x8FDB, 0x8FDE, 0x9009, 0x94B1, 0x94F6, 0x94FE, 0x9500,
        0x95E8, 0x95EE, 0x95F4, 0x9669, 0x9875, 0x9879, 0x987E, 0x9898, 0x989D, 0x9A8C,
};

static bool is_simplified(uint32_t c)
{
	size_t low = 0, high = sizeof(simplified) / sizeof(*simplified);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (simplified[middle] == c)
			return true;
		if (simplified[middle] < c)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool is_letter(uint32_t c)
{
	enum script s = text_script(c);
	return s != SCRIPT_OTHER && s != SCRIPT_DIGIT;
}

static bool is_japanese_char(uint32_t c)
{
	enum script s = text_script(c);
	return s == SCRIPT_HAN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA;
}

static bool is_false_choonpu(uint32_t c)
{
	return c == 0x4E00 || c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0xFF0D;
}

static bool is_dropped_inside(uint32_t c)
{
	return text_is_invisible(c) && !(c >= 0xE0000) && !(c >= 0xFE00 && c <= 0xFE0F) && c != 0xAD;
}

/* Letters for mathematics, for circles and squares: made to look bold where no bold is, and to be read by no filter. */
static bool is_styled(uint32_t c)
{
	return (c >= 0x1D400 && c <= 0x1D7FF) || (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F189);
}

/* Greek letters that can be taken for Latin ones; μ, Ω, Δ and their like stand in honest words of measure. */
static bool is_false_latin(uint32_t c)
{
	static const uint32_t greek[] = {0x391, 0x392, 0x395, 0x396, 0x397, 0x399, 0x39A, 0x39C,
	                                 0x39D, 0x39F, 0x3A1, 0x3A4, 0x3A5, 0x3A7, 0x3B1, 0x3B9,
	                                 0x3BA, 0x3BD, 0x3BF, 0x3C1, 0x3C4, 0x3C5, 0x3C7};
	for (size_t i = 0; i < sizeof(greek) / sizeof(*greek); i++)
		if (greek[i] == c)
			return true;
	return text_script(c) == SCRIPT_CYRILLIC;
}

static bool imitates_latin(uint32_t c)
{
	enum script s = text_script(c);
	return s == SCRIPT_CYRILLIC || s == SCRIPT_GREEK;
}

/* Walks one text with the three characters before the present one in sight. */
struct walk {
	struct judging *j;
	uint32_t part;
	uint32_t before, before2; /* visible characters */
	uint32_t start, start2;   /* where they begin */
	bool gap;                 /* an invisible character stands since before */
	unsigned spaced;          /* single characters with one space each so far */
	uint32_t spaced_start, spaced_end;
	unsigned simplified, mojibake;
	uint32_t simplified_at, simplified_end, mojibake_at, mojibake_end;
};

/* Counts characters that stand alone between single spaces; any other neighbour ends the run. */
static void see_spacing(struct walk *w, uint32_t c, uint32_t at)
{
	bool space = c == ' ' || c == 0x3000, after_space = w->before == ' ' || w->before == 0x3000;
	if (is_japanese_char(c) && !is_japanese_char(w->before)) {
		if (!after_space || w->spaced == 0) {
			w->spaced = 0;
			w->spaced_start = at;
		}
		w->spaced++;
		w->spaced_end = (uint32_t) at;
		return;
	}
	if (space && is_japanese_char(w->before))
		return;
	uint32_t end = is_japanese_char(c) ? w->spaced_end : at;
	unsigned run = is_japanese_char(c) && w->spaced > 0 ? w->spaced - 1 : w->spaced;
	if (run >= SPACED_CHARS_MIN)
		judging_find(w->j, FINDING_SPACED_CHARACTERS, w->part, w->spaced_start, end,
		             FACT("words", str_slice(judging_text(w->j, w->part), w->spaced_start, end)));
	w->spaced = 0;
}

static void see_pair(struct walk *w, uint32_t c, uint32_t end)
{
	struct str text = judging_text(w->j, w->part);
	if (w->gap && is_letter(w->before) && is_letter(c))
		judging_find(w->j, FINDING_INVISIBLE_CHARACTERS, w->part, w->start, end,
		             FACT("words", str_slice(text, w->start, end)));
	if ((text_script(c) == SCRIPT_LATIN && imitates_latin(w->before)) ||
	    (imitates_latin(c) && text_script(w->before) == SCRIPT_LATIN))
		judging_find(w->j, FINDING_MIXED_SCRIPT_WORD, w->part, w->start, end,
		             FACT("words", str_slice(text, w->start, end)));
	if (is_false_choonpu(w->before) && text_script(c) == SCRIPT_KATAKANA &&
	    text_script(w->before2) == SCRIPT_KATAKANA)
		judging_find(w->j, FINDING_WRONG_LONG_VOWEL, w->part, w->start2, end,
		             FACT("words", str_slice(text, w->start2, end)));
}

static void see_foreign(struct walk *w, uint32_t c, uint32_t at, uint32_t end)
{
	if (is_simplified(c)) {
		if (w->simplified++ == 0)
			w->simplified_at = at;
		if (w->simplified <= SIMPLIFIED_MIN)
			w->simplified_end = end;
	}
	if (c == '`' && w->before == 0xFFFD && w->mojibake++ == 0) {
		w->mojibake_at = w->start;
		w->mojibake_end = end;
	}
}

static void walk_part(struct judging *j, uint32_t part)
{
	struct str text = judging_text(j, part);
	struct walk w = {.j = j, .part = part};
	for (size_t next = 0; next < text.n;) {
		uint32_t at = (uint32_t) next;
		uint32_t c = text_next(text, &next);
		if (is_dropped_inside(c)) {
			w.gap = true;
			continue;
		}
		see_spacing(&w, c, at);
		see_pair(&w, c, (uint32_t) next);
		see_foreign(&w, c, at, (uint32_t) next);
		w.before2 = w.before;
		w.start2 = w.start;
		w.before = c;
		w.start = at;
		w.gap = false;
	}
	see_spacing(&w, '\n', (uint32_t) text.n);
	if (w.simplified >= SIMPLIFIED_MIN)
		judging_find(j, FINDING_SIMPLIFIED_CHARACTERS, part, w.simplified_at, w.simplified_end);
	if (w.mojibake >= MOJIBAKE_MIN)
		judging_find(j, FINDING_MOJIBAKE, part, w.mojibake_at, w.mojibake_end);
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char) s.p[i] >= 0x80)
			return false;
	return true;
}

/* In other languages: only what hides or dresses up Latin words. */
static void walk_latin(struct judging *j, uint32_t part)
{
	struct str text = judging_text(j, part);
	struct walk w = {.j = j, .part = part};
	for (size_t next = 0; next < text.n;) {
		/* Of ASCII letters among themselves there is nothing to see. */
		size_t run = w.gap || w.before >= 0x80 ? 0 : text_ascii_run(text, next);
		if (run > 0) {
			next += run;
			w.before = (unsigned char) text.p[next - 1];
			w.start = (uint32_t) next - 1;
			continue;
		}
		uint32_t at = (uint32_t) next;
		uint32_t c = text_next(text, &next);
		if (is_dropped_inside(c)) {
			w.gap = true;
			continue;
		}
		bool latin = text_script(c) == SCRIPT_LATIN, before = text_script(w.before) == SCRIPT_LATIN;
		if ((w.gap && latin && before) || (latin && is_false_latin(w.before)) || (before && is_false_latin(c)))
			see_pair(&w, c, (uint32_t) next);
		w.before = c;
		w.start = at;
		w.gap = false;
	}
}

static void find_styled(struct judging *j, uint32_t part)
{
	struct str text = judging_text(j, part);
	uint32_t first = 0, seen = 0;
	unsigned least = j->document->parts.at[part].kind == PART_BODY ? STYLED_BODY_MIN : STYLED_MIN;
	for (size_t next = 0; next < text.n;) {
		uint32_t at = (uint32_t) next;
		unsigned char lead = (unsigned char) text.p[next];
		if (lead != 0xE2 && lead != 0xF0) { /* no such letter begins otherwise */
			next++;
			continue;
		}
		if (!is_styled(text_next(text, &next)))
			continue;
		first = seen++ == 0 ? at : first;
		if (seen == least)
			judging_find(j, FINDING_STYLED_LETTERS, part, first, (uint32_t) next,
			             FACT("words", str_slice(text, first, next)));
	}
}

static void find_words(struct judging *j, enum word_tag tag, enum finding_id id)
{
	for (size_t i = 0; i < j->words.n; i++) {
		const struct word_hit *w = &j->words.at[i];
		if (w->tag == tag)
			judging_find(j, id, w->part, w->start, w->end,
			             FACT("words", str_slice(judging_text(j, w->part), w->start, w->end)));
	}
}

static bool is_written(const struct part *p)
{
	return p->kind == PART_SUBJECT || p->kind == PART_BODY || document_part_is_named(p, STR("header:From"));
}

void judge_writing(struct judging *j)
{
	if (j->japanese && j->document->kind != INPUT_CALL) {
		find_words(j, TAG_UNNATURAL, FINDING_UNNATURAL_WORDING);
		find_words(j, TAG_WRONG_GLYPH, FINDING_WRONG_GLYPH);
	}
	for (uint32_t i = 0; i < j->document->parts.n; i++) {
		if (!is_written(&j->document->parts.at[i]) || is_ascii(judging_text(j, i)))
			continue;
		if (j->japanese)
			walk_part(j, i);
		else
			walk_latin(j, i);
		find_styled(j, i);
	}
}
