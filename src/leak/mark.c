/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Marks of confidentiality: 社外秘 and the like as a mark on a text (in brackets, on a line of its own, beside a title)
 * or said of this text (本資料は社外秘です), not as a word that is talked about (「社外秘」という語, 社外秘とは). */
#include "leak/data.h"
#include "text/fold.h"

enum { LINE_MAX_BYTES = 400 };

static bool starts_with_any(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts_with(s, str_of(words[i])))
			return true;
	return false;
}
#define STARTS_WITH_ANY(s, list) starts_with_any((s), (list), ARRAY_SIZE(list))

static bool ends_with_any(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends_with(s, str_of(words[i])))
			return true;
	return false;
}
#define ENDS_WITH_ANY(s, list) ends_with_any((s), (list), ARRAY_SIZE(list))

static const char *const openings[] = {"【", "[", "(", "〔", "《", "〈", "<", "［", "『", "≪", "｛", "{"};
static const char *const closings[] = {"】", "]", ")", "〕", "》", "〉", ">", "］", "』", "≫", "｝", "}"};
/* The word is a subject, not a mark. */
static const char *const talk[] = {
        "という",     "とは",     "と書",       "と記",     "と印",     "の意味",     "の定義", "の例",     "の表示",
        "の扱い",     "の取扱",   "について",   "にあたる", "にすべき", "かどうか",   "と呼",   "と判",     "とか",
        "などの",     "等の",     "の区分",     "のルール", "のはん",   "のスタンプ", "の判",   "の印",     "の要件",
        "を守",       "保持",     "管理",       "文書の",   "情報の定", "マーク",     "区分",   "の線引",   "の基準",
        "に関する規", "の見分",   "の違い",     "と「",     "・",       "や",         "、極秘", "、社外秘", "でない",
        "ではな",     "ではあり", "でしょうか", "ですか",   "の読み",   "の英訳",     "の英語", "を英語",   "を辞書"};
/* It is said of this text. */
static const char *const said[] = {
        "です",       "だ",       "とする", "とし",         "につき",     "なので",     "のため",   "でお願い",
        "扱い",       "取扱い",   "となり", "である",       "資料です",   "の資料です", "情報です", "の情報です",
        "情報を含",   "を含み",   "を含む", "でございます", "にてお願い", "に付き",     "で頼",     "のまま",
        "でよろしく", "として扱", "の内容", "の資料",       "資料",       "案件",       "でし"};

static struct str line_before(struct str s, size_t at)
{
	size_t start = at;
	while (start > 0 && at - start < LINE_MAX_BYTES && s.p[start - 1] != '\n')
		start--;
	return str_slice(s, start, at);
}

static struct str line_after(struct str s, size_t at)
{
	size_t end = at;
	while (end < s.n && end - at < LINE_MAX_BYTES && s.p[end] != '\n')
		end++;
	return str_slice(s, at, end);
}

/* Only decoration: spaces, stars, bullets, rules. */
static bool is_decoration(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t c = text_next(s, &at);
		if (text_script(c) != SCRIPT_OTHER || c == 0x300C || c == 0x300D)
			return false;
	}
	return true;
}

static bool is_short(struct str word) /* one kanji: 秘 */
{
	return word.n <= 3;
}

static bool is_latin(struct str word)
{
	return ascii_is_alpha(word.p[0]);
}

static bool has_lower(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] >= 'a' && word.p[i] <= 'z')
			return true;
	return false;
}

/* "Confidential" needs more than itself: brackets, a line of its own, or capitals with nothing of a sentence around. */
static bool is_mark(struct str word, struct str before, struct str after)
{
	bool bracketed = ENDS_WITH_ANY(before, openings) && STARTS_WITH_ANY(after, closings);
	bool alone = is_decoration(before) && is_decoration(after);
	struct str rest = after;
	if (bracketed) {
		size_t at = 0;
		text_next(rest, &at);
		rest = str_slice(rest, at, rest.n);
		return !STARTS_WITH_ANY(rest, talk);
	}
	if (alone)
		return true;
	if (str_starts_with(after, STR("」")) || is_short(word))
		return false;
	if (STARTS_WITH_ANY(after, talk))
		return false;
	if (is_latin(word))
		return !has_lower(word) &&
		       (is_decoration(before) || is_decoration(after) || str_ends_with(before, STR("  ")) ||
		        str_ends_with(before, STR("/ ")) || str_ends_with(before, STR("| ")));
	struct str edge = str_trim(before);
	if (is_decoration(before)) /* at the head of a line: a separator must follow */
		return after.n > 0 && strchr(" :/|-_\t", after.p[0]) ? true : STARTS_WITH_ANY(after, said);
	if (is_decoration(after)) /* at its end: a separator must stand before */
		return edge.n < before.n || strchr(":/|-_", before.p[before.n - 1]) ||
		       str_ends_with(before, STR("は")) || str_ends_with(before, STR("、"));
	if (strchr("_", before.p[before.n - 1]) || after.p[0] == '_')
		return true; /* in the name of a file */
	return str_ends_with(before, STR("は")) && STARTS_WITH_ANY(after, said);
}

/* ㊙ is never part of a word. */
static bool is_one_sign(const struct leak_state *st, const struct leak_word *w)
{
	uint32_t at = leak_original_start(st, w->start);
	return str_starts_with(str_slice(st->original, at, st->original.n), STR("㊙"));
}

void leak_find_marks(struct leak_state *st)
{
	for (size_t i = 0; i < st->words.n; i++) {
		const struct leak_word *w = &st->words.at[i];
		if (w->group != LEAK_GROUP_MARK)
			continue;
		struct str word = str_slice(st->text, w->start, w->end);
		if (is_one_sign(st, w) || is_mark(word, line_before(st->text, w->start), line_after(st->text, w->end)))
			leak_add(st, w->start, w->end, LEAK_CONFIDENTIAL_MARK, LEAK_HIGH, "confidential-mark");
	}
}
