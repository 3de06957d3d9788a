/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A matter is kept aside until the sentence is over; it counts when the sentence holds a person, a word for one person,
 * or a label of a form, or when the sentence before or behind holds a person and this one does not speak in general. */
#include "leak/sensitive.h"

#include <stdio.h>

#include "base/err.h"
#include "base/fd.h"
#include "rules/schema.h"

enum { MATTER_CHARS_MAX = 14, ARENA_MAX_BYTES = 1 << 20 };

/* ---- the words ---- */

struct group_entry {
	struct str group;
	struct str_list words;
};

static const struct yaml_field fields[] = {
        {"group", YAML_TEXT, offsetof(struct group_entry, group), true, NULL},
        {"words", YAML_TEXTS, offsetof(struct group_entry, words), true, NULL},
};

static const struct {
	const char *group;
	enum names_role_number role;
} groups[] = {
        {"matter", NAMES_SENSITIVE_NUMBER},      {"weak", NAMES_SENSITIVE_WEAK_NUMBER},
        {"end", NAMES_SENSITIVE_END_NUMBER},     {"not", NAMES_SENSITIVE_NOT_NUMBER},
        {"label", NAMES_SENSITIVE_LABEL_NUMBER}, {"tie", NAMES_TIE_NUMBER},
        {"tie-role", NAMES_TIE_ROLE_NUMBER},     {"general", NAMES_GENERAL_NUMBER},
};

static int read_group(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	struct group_entry entry = {0};
	int r = yaml_read_mapping(f, item, fields, ARRAY_SIZE(fields), &entry);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!str_eq_c(entry.group, groups[i].group))
			continue;
		for (size_t k = 0; k < entry.words.n; k++)
			names_add(context, entry.words.at[k], groups[i].role);
		return 0;
	}
	return yaml_complain(f, item, "there is no group \"%.*s\"", STR_ARG(entry.group));
}

int sensitive_load(struct names_load *load, const char *folder, char *message, size_t message_bytes)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/leak/sensitive.yaml", folder);
	CLEANUP(buf_done) struct buf b = buf_make(NAMES_FILE_MAX_BYTES);
	CLEANUP(arena_freep) struct arena *arena = arena_new(ARENA_MAX_BYTES);
	struct rules_complaint complaint = {0};
	struct yaml_file f = {.path = path, .arena = arena, .complaint = &complaint};
	int r = fd_read_file(path, &b);
	if (r < 0) {
		snprintf(message, message_bytes, "%s: %s", path, err_text(r));
		return r == ERR_NOT_FOUND ? ERR_INVALID : r;
	}
	r = yaml_file_open(&f, buf_str(&b));
	if (r >= 0) {
		const yaml_node_t *root = yaml_file_root(&f);
		r = root ? yaml_each_item(&f, root, read_group, load) : yaml_complain(&f, NULL, "the file is empty");
		yaml_file_done(&f);
	}
	if (r < 0)
		snprintf(message, message_bytes, "%s:%u: %s", complaint.file, complaint.line, complaint.text);
	return r;
}

/* ---- the sentences ---- */

void sensitive_begin(struct sensitive_scan *scan)
{
	scan->n = 0;
	scan->sentence = SENSITIVE_REACH + 1;
	scan->person_sentence = 0;
}

struct sentence {
	size_t start, end;
	bool person, tie, tie_role, label, general;
};

static bool ends_sentence(uint32_t c)
{
	return c == 0x3002 || c == '!' || c == '?';
}

/* [ret_start, end): a matter that begins at i, or whose end word stands at i. 0: none. */
static size_t matter_at(const struct leak_line *line, size_t i, size_t *ret_start)
{
	uint64_t roles = 0;
	size_t n = line_longest(line, i, NAMES_BIT(SENSITIVE) | NAMES_BIT(SENSITIVE_NOT), &roles);
	*ret_start = i;
	if (n && roles & NAMES_BIT(SENSITIVE))
		return i + n;
	if (n)
		return 0;
	/* 逆流性食道炎: kanji and katakana up to an end word. */
	if (line->kind[i] != CHAR_HAN && line->kind[i] != CHAR_KATAKANA)
		return 0;
	if (i > 0 && line->kind[i - 1] >= CHAR_KATAKANA)
		return 0;
	for (size_t at = i + 1; at < line->n && at < i + MATTER_CHARS_MAX; at++) {
		if (line->kind[at] < CHAR_KATAKANA && line->c[at] != 0x304C) /* が of がん */
			return 0;
		if (line_longest(line, at, NAMES_BIT(SENSITIVE), NULL) > 1)
			return 0;
		n = line_longest(line, at, NAMES_BIT(SENSITIVE_END), NULL);
		if (n && line_kind(line, at + n) < CHAR_KATAKANA)
			return line_longest_before(line, at + n, NAMES_BIT(SENSITIVE_NOT)) > 1 ? 0 : at + n;
	}
	return 0;
}

static bool is_general(const struct leak_line *line, const struct sentence *s)
{
	for (size_t i = s->start; i < s->end; i++) {
		size_t start, end = matter_at(line, i, &start);
		if (end)
			i = end - 1;
		else if (line_longest(line, i, NAMES_BIT(GENERAL), NULL))
			return true;
	}
	return false;
}

static void look_around(const struct leak_line *line, struct sentence *s)
{
	for (size_t i = s->start; i < s->end; i++) {
		if (line->kind[i] < CHAR_LATIN ||
		    !(line->any[i] & (NAMES_BIT(TIE) | NAMES_BIT(TIE_ROLE) | NAMES_BIT(SENSITIVE_LABEL))))
			continue;
		s->tie = s->tie || line_longest(line, i, NAMES_BIT(TIE), NULL);
		s->tie_role = s->tie_role || line_longest(line, i, NAMES_BIT(TIE_ROLE), NULL);
		size_t n = line_longest(line, i, NAMES_BIT(SENSITIVE_LABEL), NULL);
		uint32_t c = line_char(line, line_skip_spaces(line, i + n));
		s->label = s->label || (n && (c == ':' || c == 0x3011 || c == ']'));
	}
}

/* 手帳2級, 要介護度3 */
static size_t with_grade(const struct leak_line *line, size_t end)
{
	static const char *const units[] = {"級", "度", "期", "種", "型"};
	if (line_kind(line, end) != CHAR_DIGIT)
		return end;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (line_starts_with(line, end + 1, units[i]))
			return end + 2;
	}
	return end;
}

static void settle(struct leak_state *st, struct sensitive_scan *scan, bool person)
{
	size_t kept = 0;
	for (size_t i = 0; i < scan->n; i++) {
		if (person)
			leak_add(st, scan->pending[i].start, scan->pending[i].end, LEAK_SENSITIVE, LEAK_MEDIUM,
			         "sensitive-near");
		else if (scan->pending[i].sentence + 1 >= scan->sentence)
			scan->pending[kept++] = scan->pending[i];
	}
	scan->n = kept;
}

/* Takes what was found in this sentence, or keeps it aside until the next one. */
static void take(struct leak_state *st, struct sensitive_scan *scan, const struct leak_line *line,
                 const struct sentence *s, size_t start, size_t end)
{
	bool near = scan->sentence - scan->person_sentence <= SENSITIVE_REACH;
	bool sure = s->person || s->tie || s->label;
	if ((sure && (!s->general || s->person)) || (s->tie_role && !s->general)) {
		leak_add(st, line->at[start], line->at[end], LEAK_SENSITIVE, s->person ? LEAK_HIGH : LEAK_MEDIUM,
		         "sensitive-person");
	} else if (near && !s->general) {
		leak_add(st, line->at[start], line->at[end], LEAK_SENSITIVE, LEAK_MEDIUM, "sensitive-near");
	} else if (!s->general && scan->n < SENSITIVE_PENDING_MAX) {
		scan->pending[scan->n].start = line->at[start];
		scan->pending[scan->n].end = line->at[end];
		scan->pending[scan->n++].sentence = scan->sentence;
	}
}

/* The matters that begin in [s->start, s->end), plain ones or weak ones; how many. */
static size_t find_matters(struct leak_state *st, struct sensitive_scan *scan, const struct leak_line *line,
                           const struct sentence *s, bool weak)
{
	size_t found = 0;
	for (size_t i = s->start; i < s->end; i++) {
		if (line->kind[i] < CHAR_LATIN ||
		    (line->kind[i] == CHAR_LATIN && i > 0 && line->kind[i - 1] == CHAR_LATIN))
			continue;
		size_t start = i, end = 0;
		if (!weak)
			end = matter_at(line, i, &start);
		else if (line->any[i] & NAMES_BIT(SENSITIVE_WEAK))
			end = i + line_longest(line, i, NAMES_BIT(SENSITIVE_WEAK), NULL);
		if (end <= i || line_is_taken(line, start, end))
			continue;
		end = with_grade(line, end);
		take(st, scan, line, s, start, end);
		found++;
		i = end - 1;
	}
	return found;
}

static bool has_matter(const struct leak_line *line, const struct sentence *s)
{
	const uint64_t any = NAMES_BIT(SENSITIVE) | NAMES_BIT(SENSITIVE_WEAK) | NAMES_BIT(SENSITIVE_END);
	for (size_t i = s->start; i < s->end; i++) {
		if (line->any[i] & any)
			return true;
	}
	return false;
}

static void read_sentence(struct leak_state *st, struct sensitive_scan *scan, const struct leak_line *line,
                          struct sentence *s)
{
	for (size_t i = 0; i < line->persons && !s->person; i++)
		s->person = line->person[i].start >= s->start && line->person[i].start < s->end;
	scan->sentence++;
	if (scan->n > 0)
		settle(st, scan, s->person);
	if (s->person)
		scan->person_sentence = scan->sentence;
	if (!has_matter(line, s))
		return;
	look_around(line, s);
	s->general = is_general(line, s);
	if (find_matters(st, scan, line, s, false) == 0)
		(void) find_matters(st, scan, line, s, true);
}

void sensitive_read(struct leak_state *st, struct sensitive_scan *scan, const struct leak_line *line)
{
	for (size_t start = 0; start < line->n;) {
		size_t end = start;
		while (end < line->n && !ends_sentence(line->c[end]))
			end++;
		struct sentence s = {.start = start, .end = end};
		read_sentence(st, scan, line, &s);
		start = end + 1;
	}
}

void sensitive_end(struct leak_state *st, struct sensitive_scan *scan)
{
	scan->n = 0;
}
