/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading rules/leak/: words and secrets become the literals of one database; each secret's expression is compiled for
 * the second look. A mistake is told with file and line. */
#include <stdio.h>

#include "base/err.h"
#include "base/fd.h"
#include "leak/data.h"
#include "text/scan-cache.h"

enum { PATH_MAX_BYTES = 4096, EXPRESSION_MAX_BYTES = 4 * 1024 * 1024 };

static const char *const group_words[LEAK_GROUP_COUNT] = {
#define GROUP(id, word) [LEAK_GROUP_##id] = word,
#include "leak/groups.def"
#undef GROUP
};

static const struct {
	const char *text;
	enum leak_anchor_kind kind;
} fixed_anchors[] = {
        {"@", LEAK_ANCHOR_AT},
        {"[at]", LEAK_ANCHOR_AT},
        {"(at)", LEAK_ANCHOR_AT},
        {"\\\\", LEAK_ANCHOR_SHARE},
        {"¥¥", LEAK_ANCHOR_SHARE},
        {".local", LEAK_ANCHOR_HOST},
        {".internal", LEAK_ANCHOR_HOST},
        {".intra", LEAK_ANCHOR_HOST},
        {".intranet", LEAK_ANCHOR_HOST},
        {".corp", LEAK_ANCHOR_HOST},
        {".lan", LEAK_ANCHOR_HOST},
        {".home.arpa", LEAK_ANCHOR_HOST},
        {".localdomain", LEAK_ANCHOR_HOST},
        {"://", LEAK_ANCHOR_URL},
        {"%", LEAK_ANCHOR_PERCENT},
};

/* ---- patterns ---- */

static int add_pattern(struct leak_rules *r, struct str literal, enum leak_anchor_kind kind, size_t index)
{
	struct leak_pattern *p = ARENA_PUSH(r->arena, &r->patterns);
	struct str *l = ARENA_PUSH(r->arena, &r->literals);
	if (!p || !l || r->patterns.n > LEAK_PATTERNS_MAX)
		return ERR_TOO_LARGE;
	*l = literal;
	*p = (struct leak_pattern){.bytes = (uint32_t) literal.n, .index = (uint16_t) index, .kind = (uint8_t) kind};
	if (kind == LEAK_ANCHOR_WORD) {
		p->edge_start = ascii_is_alpha(literal.p[0]); /* 31生 ends a date */
		p->edge_end = leak_is_word((unsigned char) literal.p[literal.n - 1]);
	}
	p->edge_end = p->edge_end || kind == LEAK_ANCHOR_HOST;
	return 0;
}

static int add_fixed(struct leak_rules *r)
{
	static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
	int result = 0;
	for (size_t i = 0; i < ARRAY_SIZE(fixed_anchors) && result >= 0; i++)
		result = add_pattern(r, str_of(fixed_anchors[i].text), fixed_anchors[i].kind, 0);
	for (size_t i = 0; i < ARRAY_SIZE(digits) * ARRAY_SIZE(digits) && result >= 0; i++) {
		struct str pair =
		        arena_printf(r->arena, "%s%s", digits[i / ARRAY_SIZE(digits)], digits[i % ARRAY_SIZE(digits)]);
		result = pair.p ? add_pattern(r, pair, LEAK_ANCHOR_KANJI, 0) : ERR_TOO_LARGE;
	}
	return result;
}

/* ---- words.yaml ---- */

struct word_entry {
	struct str group;
	struct str_list words;
};

static const struct yaml_field word_fields[] = {
        {"group", YAML_TEXT, offsetof(struct word_entry, group), true, NULL},
        {"words", YAML_TEXTS, offsetof(struct word_entry, words), true, NULL},
};

/* Words are looked for in folded text, so they are folded too. */
static int fold_word(struct leak_rules *r, struct str word, struct str *ret)
{
	struct leak_fold_space *space = leak_fold_space_new();
	struct leak_fold fold;
	int result = leak_fold(r->fold, word, space, &fold);
	if (result >= 0) {
		*ret = arena_dup(r->arena, fold.text);
		result = ret->p ? 0 : ERR_TOO_LARGE;
	}
	leak_fold_space_free(space);
	return result;
}

/* 氏　名, 生 年 月 日: short labels of kanji are spread over the width of a form. */
static int add_spread(struct leak_rules *r, struct str word, size_t group)
{
	enum { KANJI_BYTES = 3, CHARS_MAX = 4, GAP_MAX = 4 };
	int result = 0;
	size_t chars = word.n / KANJI_BYTES;
	for (size_t i = 0; i < word.n; i += KANJI_BYTES)
		if (word.n % KANJI_BYTES != 0 || (unsigned char) word.p[i] < 0xE4 || (unsigned char) word.p[i] > 0xE9)
			return 0;
	if (chars < 2 || chars > CHARS_MAX)
		return 0;
	for (int gap = 1; gap <= (chars == 2 ? GAP_MAX : 2) && result >= 0; gap++) {
		struct buf b = buf_make(CHARS_MAX * (KANJI_BYTES + GAP_MAX));
		for (size_t i = 0; i < chars; i++) {
			(void) buf_add(&b, word.p + i * KANJI_BYTES, KANJI_BYTES);
			for (int k = 0; k < gap && i + 1 < chars; k++)
				(void) buf_add_char(&b, ' ');
		}
		struct str spread = arena_dup(r->arena, buf_str(&b));
		result = spread.p ? add_pattern(r, spread, LEAK_ANCHOR_WORD, group) : ERR_TOO_LARGE;
		buf_done(&b);
	}
	return result;
}

static bool is_label(size_t group)
{
	return group != LEAK_GROUP_HONORIFIC && group != LEAK_GROUP_OTHER_NUMBER && group != LEAK_GROUP_BANK;
}

static int read_group(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	struct leak_rules *r = context;
	struct word_entry entry = {0};
	size_t group = 0;
	int result = yaml_read_mapping(f, item, word_fields, ARRAY_SIZE(word_fields), &entry);
	if (result < 0)
		return result;
	while (group < LEAK_GROUP_COUNT && !str_eq_c(entry.group, group_words[group]))
		group++;
	if (group == LEAK_GROUP_COUNT)
		return yaml_complain(f, item, "there is no group \"%.*s\"", STR_ARG(entry.group));
	r->has_group[group] = true;
	for (size_t i = 0; i < entry.words.n && result >= 0; i++) {
		struct str folded = {0};
		result = fold_word(r, entry.words.at[i], &folded);
		if (result >= 0 && folded.n == 0)
			return yaml_complain(f, item, "\"%.*s\" is nothing when folded", STR_ARG(entry.words.at[i]));
		if (result >= 0)
			result = add_pattern(r, folded, LEAK_ANCHOR_WORD, group);
		if (result >= 0 && is_label(group))
			result = add_spread(r, folded, group);
	}
	return result;
}

static int read_words(struct leak_rules *r, struct yaml_file *f, const yaml_node_t *root)
{
	int result = yaml_each_item(f, root, read_group, r);
	for (size_t i = 0; i < LEAK_GROUP_COUNT && result >= 0; i++)
		if (!r->has_group[i])
			result = yaml_complain(f, root, "the group \"%s\" has no words", group_words[i]);
	return result;
}

/* ---- secrets.yaml ---- */

static const struct yaml_field secret_fields[] = {
        {"id", YAML_TEXT, offsetof(struct leak_secret, id), true, NULL},
        {"vendor", YAML_TEXT, offsetof(struct leak_secret, vendor), true, NULL},
        {"regex", YAML_TEXT, offsetof(struct leak_secret, regex), true, NULL},
        {"keywords", YAML_TEXTS, offsetof(struct leak_secret, keywords), true, NULL},
        {"shape", YAML_TEXT, offsetof(struct leak_secret, shape), false, NULL},
        {"kind", YAML_TEXT, offsetof(struct leak_secret, kind), false, NULL},
        {"entropy", YAML_NUMBER, offsetof(struct leak_secret, entropy), false, NULL},
        {"lead", YAML_NUMBER, offsetof(struct leak_secret, lead), false, NULL},
        {"finds", YAML_TEXTS, offsetof(struct leak_secret, finds), true, NULL},
        {"leaves", YAML_TEXTS, offsetof(struct leak_secret, leaves), true, NULL},
};

/* Kana, kanji and punctuation beside a value are borders; Latin letters and digits are not, but for the letter of an
 * escape (\\n in quoted source). A value that itself begins or ends with a mark needs no border there. */
#define BORDER_BEFORE "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt])|(?![A-Za-z0-9]))"
#define BORDER_BEHIND "(?:(?![A-Za-z0-9])|(?<![A-Za-z0-9]))"

static int compile_secret(struct leak_rules *r, struct yaml_file *f, const yaml_node_t *item, struct leak_secret *s)
{
	int error;
	PCRE2_SIZE place;
	struct str whole =
	        arena_printf(r->arena, s->assigned ? "(?:%.*s)" BORDER_BEHIND : BORDER_BEFORE "(?:%.*s)" BORDER_BEHIND,
	                     STR_ARG(s->regex));
	if (!whole.p)
		return ERR_TOO_LARGE;
	s->code = pcre2_compile((PCRE2_SPTR) whole.p, whole.n, PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT, &error,
	                        &place, NULL);
	if (!s->code) {
		PCRE2_UCHAR text[120];
		pcre2_get_error_message(error, text, sizeof(text));
		return yaml_complain(f, item, "the regex of \"%.*s\" is bad near character %zu: %s", STR_ARG(s->id),
		                     (size_t) place, (const char *) text);
	}
	pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE);
	return 0;
}

static int read_secret(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	struct leak_rules *r = context;
	struct leak_secret *s = ARENA_PUSH(r->arena, &r->secrets);
	if (!s || r->secrets.n > LEAK_SECRETS_MAX)
		return ERR_TOO_LARGE;
	int result = yaml_read_mapping(f, item, secret_fields, ARRAY_SIZE(secret_fields), s);
	if (result < 0)
		return result;
	for (size_t i = 0; i + 1 < r->secrets.n; i++)
		if (str_eq(r->secrets.at[i].id, s->id))
			return yaml_complain(f, item, "\"%.*s\" stands here twice", STR_ARG(s->id));
	s->line = (unsigned) item->start_mark.line + 1;
	s->assigned = str_eq_c(s->shape, "value");
	if (s->shape.n > 0 && !s->assigned && !str_eq_c(s->shape, "token"))
		return yaml_complain(f, item, "the shape is token or value");
	s->leak_kind = LEAK_SECRET;
	if (s->kind.n > 0 && leak_kind_from_word(s->kind, &s->leak_kind) < 0)
		return yaml_complain(f, item, "there is no kind \"%.*s\"", STR_ARG(s->kind));
	s->why = arena_printf(r->arena, "secret:%.*s", STR_ARG(s->vendor)).p;
	for (size_t i = 0; i < s->keywords.n && result >= 0; i++)
		result = add_pattern(r, s->keywords.at[i], LEAK_ANCHOR_SECRET, r->secrets.n - 1);
	return result < 0 ? result : compile_secret(r, f, item, s);
}

static int read_secrets(struct leak_rules *r, struct yaml_file *f, const yaml_node_t *root)
{
	return yaml_each_item(f, root, read_secret, r);
}

/* ---- the database ---- */

static int write_expressions(const struct leak_rules *r, struct buf *b, size_t *offsets)
{
	int result = 0;
	for (size_t i = 0; i < r->literals.n && result >= 0; i++) {
		struct str l = r->literals.at[i];
		offsets[i] = b->n;
		for (size_t k = 0; k < l.n && result >= 0; k++)
			result = ascii_is_alnum(l.p[k]) ? buf_add_char(b, l.p[k])
			                                : buf_printf(b, "\\x%02x", (unsigned char) l.p[k]);
		if (result >= 0)
			result = buf_add_char(b, '\0');
	}
	return result;
}

static int compile_database(struct leak_rules *r, const struct buf *b, const size_t *offsets, char *message, size_t n)
{
	const char **expressions = calloc(r->literals.n, sizeof(*expressions));
	unsigned *flags = calloc(r->literals.n, sizeof(*flags)), *numbers = calloc(r->literals.n, sizeof(*numbers));
	hs_compile_error_t *error = NULL;
	CHECK(expressions && flags && numbers);
	for (size_t i = 0; i < r->literals.n; i++) {
		expressions[i] = b->p + offsets[i];
		numbers[i] = (unsigned) i;
		flags[i] =
		        r->patterns.at[i].kind == LEAK_ANCHOR_SECRET && !r->secrets.at[r->patterns.at[i].index].assigned
		                ? 0
		                : HS_FLAG_CASELESS;
	}
	hs_error_t e = hs_compile_multi(expressions, flags, numbers, (unsigned) r->literals.n, HS_MODE_BLOCK, NULL,
	                                &r->database, &error);
	if (e != HS_SUCCESS && error)
		snprintf(message, n, "%s", error->message);
	hs_free_compile_error(error);
	free(expressions);
	free(flags);
	free(numbers);
	return e == HS_SUCCESS ? 0 : ERR_INVALID;
}

static int compile(struct leak_rules *r, const char *cache, char *message, size_t n)
{
	size_t *offsets = calloc(r->literals.n + 1, sizeof(*offsets));
	struct buf b = buf_make(EXPRESSION_MAX_BYTES);
	CHECK(offsets);
	int result = write_expressions(r, &b, offsets);
	uint64_t key = (scan_cache_seed() ^ str_hash(buf_str(&b)) ^ r->version) * 0x100000001b3ULL;
	if (result >= 0 && (!cache || scan_cache_load(cache, key, &r->database) < 0)) {
		result = compile_database(r, &b, offsets, message, n);
		if (result >= 0 && cache)
			scan_cache_keep(cache, key, r->database);
	}
	buf_done(&b);
	free(offsets);
	return result;
}

/* ---- all ---- */

static int read_file(struct leak_rules *r, const char *folder, const char *name,
                     int (*read)(struct leak_rules *, struct yaml_file *, const yaml_node_t *),
                     struct rules_complaint *complaint)
{
	char path[PATH_MAX_BYTES];
	struct buf b = buf_make(RULES_FILE_MAX_BYTES);
	snprintf(path, sizeof(path), "%s/leak/%s", folder, name);
	struct yaml_file f = {.path = path, .arena = r->arena, .complaint = complaint};
	int result = fd_read_file(path, &b);
	if (result < 0) {
		(void) yaml_complain(&f, NULL, "%s", err_text(result));
		buf_done(&b);
		return result;
	}
	r->version = (r->version ^ str_hash(buf_str(&b))) * 0x100000001b3ULL;
	result = yaml_file_open(&f, buf_str(&b));
	if (result >= 0) {
		const yaml_node_t *root = yaml_file_root(&f);
		result = root ? read(r, &f, root) : yaml_complain(&f, NULL, "the file is empty");
		yaml_file_done(&f);
	}
	buf_done(&b);
	return result;
}

static int load(struct leak_rules *r, const char *folder, const char *cache, char *message, size_t n)
{
	struct rules_complaint complaint = {0};
	int result = leak_fold_table_new(&r->fold);
	if (result >= 0)
		result = add_fixed(r);
	if (result >= 0)
		result = read_file(r, folder, "words.yaml", read_words, &complaint);
	if (result >= 0)
		result = read_file(r, folder, "secrets.yaml", read_secrets, &complaint);
	if (result < 0) {
		snprintf(message, n, "%s:%u: %s", complaint.file, complaint.line,
		         complaint.text[0] ? complaint.text : err_text(result));
		return result;
	}
	result = compile(r, cache, message, n);
	if (result >= 0)
		result = leak_names_new(folder, cache, &r->names, message, n);
	return result;
}

int leak_rules_new(const char *folder, const char *cache, struct leak_rules **ret, char *message, size_t message_bytes)
{
	struct leak_rules *r = calloc(1, sizeof(*r));
	CHECK(r && message_bytes > 0);
	message[0] = '\0';
	r->arena = arena_new(LEAK_DATA_ARENA_MAX_BYTES);
	int result = load(r, folder, cache, message, message_bytes);
	if (result < 0 && message[0] == '\0')
		snprintf(message, message_bytes, "%s: %s", folder, err_text(result));
	if (result < 0)
		leak_rules_free(r);
	else
		*ret = r;
	return result;
}

void leak_rules_free(struct leak_rules *r)
{
	if (!r)
		return;
	leak_names_free(r->names);
	for (size_t i = 0; i < r->secrets.n; i++)
		pcre2_code_free(r->secrets.at[i].code);
	hs_free_database(r->database);
	leak_fold_table_free(r->fold);
	arena_free(r->arena);
	free(r);
}
