/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers of one item a line, its fields divided by bars. */
#include "base/clock.h"
#include "base/err.h"
#include "work/answer.h"
#include "work/amount.h"

/* Cuts the text before the next bar, half or full width. */
static bool next_field(struct str *rest, struct str *ret)
{
	size_t half = str_find_char(*rest, '|', 0), full = str_find(*rest, STR("｜"), 0);
	size_t at = half < full ? half : full;
	if (!rest->p)
		return false;
	*ret = str_trim(str_slice(*rest, 0, at == STR_NOT_FOUND ? rest->n : at));
	if (at == STR_NOT_FOUND)
		*rest = (struct str){NULL, 0};
	else
		*rest = str_slice(*rest, at + (at == half ? 1 : strlen("｜")), rest->n);
	return true;
}

/* "- ", "1. ", "・", and the bars around a table's row. */
static struct str cut_list_mark(struct str line)
{
	static const char *const marks[] = {"- ", "* ", "・", "•", "□", "☐", "|", "｜"};
	size_t digits = 0;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (str_starts_with(line, str_of(marks[i])))
			return str_trim(str_slice(line, strlen(marks[i]), line.n));
	while (digits < line.n && ascii_is_digit(line.p[digits]))
		digits++;
	if (digits > 0 && digits < 4 && digits + 1 < line.n && (line.p[digits] == '.' || line.p[digits] == ')') &&
	    line.p[digits + 1] == ' ')
		return str_trim(str_slice(line, digits + 2, line.n));
	return line;
}

static bool is_unknown(struct str s)
{
	static const char *const words[] = {"未定", "不明", "なし", "-", "—", "unknown", "none", "tbd", "n/a"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_icase(s, str_of(words[i])))
			return true;
	return s.n == 0;
}

static bool is_rule(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '-' && s.p[i] != ':' && s.p[i] != ' ' && s.p[i] != '|')
			return false;
	return true;
}

static bool read_todo(struct str line, struct arena *a, struct answer_todo *ret)
{
	struct str owner = {0}, due = {0}, task = {0}, rest = cut_list_mark(line);
	int64_t days;
	if (!next_field(&rest, &owner) || !next_field(&rest, &due) || !next_field(&rest, &task) || is_rule(line) ||
	    task.n == 0)
		return false;
	bool has_day = work_parse_day(due, &days);
	/* A row of headings: its middle field is neither a day nor a word for none. */
	if (!has_day && !is_unknown(due))
		return false;
	*ret = (struct answer_todo){.owner = is_unknown(owner) ? STR("") : owner, .task = task, .due = STR("")};
	if (has_day) {
		char text[CLOCK_TEXT_BYTES];
		clock_format_utc(days * 86400 * 1000000, text);
		ret->due = arena_dup(a, str_make(text, 10));
	}
	return true;
}

int answer_read_todos(struct str answer, struct arena *a, struct answer_todos *ret)
{
	struct str rest = str_slice(answer, 0, ANSWER_MAX_BYTES), line;
	struct answer_todo todo;
	*ret = (struct answer_todos){0};
	for (size_t i = 0; i < ANSWER_LINES_MAX && str_next_line(&rest, &line); i++) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		if (!read_todo(line, a, &todo)) {
			ret->unread++;
			continue;
		}
		struct answer_todo *slot = ARENA_PUSH(a, ret);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = todo;
	}
	return 0;
}

static size_t count_numbers(struct str list, uint8_t *seen, size_t count, struct answer_themes *themes)
{
	struct str number;
	size_t n = 0;
	uint64_t value;
	while (str_split(&list, ',', &number)) {
		if (str_parse_u64(str_trim(number), UINT32_MAX, &value) < 0 || value == 0 || value > count) {
			themes->unknown++;
			continue;
		}
		themes->twice += seen[value] == 1;
		n += seen[value] == 0;
		if (seen[value] < 2)
			seen[value]++;
	}
	return n;
}

int answer_read_themes(struct str answer, size_t count, struct arena *a, struct answer_themes *ret)
{
	struct str rest = str_slice(answer, 0, ANSWER_MAX_BYTES), line, name, numbers;
	uint8_t *seen = arena_alloc(a, count + 1);
	*ret = (struct answer_themes){0};
	if (!seen)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < ANSWER_LINES_MAX && str_next_line(&rest, &line); i++) {
		struct str fields = cut_list_mark(str_trim(line));
		if (!next_field(&fields, &name) || !next_field(&fields, &numbers) || numbers.n == 0 ||
		    !ascii_is_digit(numbers.p[0]))
			continue;
		struct answer_theme *slot = ARENA_PUSH(a, ret);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = (struct answer_theme){name, count_numbers(numbers, seen, count, ret)};
	}
	for (size_t i = 1; i <= count; i++)
		ret->missing += seen[i] == 0;
	return 0;
}
