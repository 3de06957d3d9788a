/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * words.yaml: what sentences say, each with a tag that judges ask for:
 *   - id: threat-ja
 *     tag: threat
 *     texts: [アカウントを停止]          # literals, folded as they are read
 *     patterns: ['[0-9]+時間以内']      # regular expressions over folded text: small letters, no spaces between kanji
 *
 * All of them and all spellings of brands become one scanner. A gap ".{0,24}" between two parts of a pattern, outside
 * of brackets, is not given to the engine, which compiles long repeats slowly and then cannot tell where a match
 * starts: the parts become patterns of their own and are joined here when the next begins at most that many characters
 * behind the one before. A gap may pass one line end, but neither an empty line nor a full stop 。 */
#include "base/err.h"
#include "rules/expand.h"
#include "rules/inside.h"
#include "text/fold.h"

static const char *const tag_words[] = {
#define X(code, word) word,
        WORD_TAG_LIST(X)
#undef X
};

_Static_assert(WORD_TAG_COUNT <= 64, "tags must fit into one 64-bit set");

const char *word_tag_word(enum word_tag tag)
{
	CHECK((size_t) tag < WORD_TAG_COUNT);
	return tag_words[tag];
}

static int read_tag(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	enum word_tag *tag = target;
	struct str word;
	int r = yaml_read_text(f, node, &word);
	if (r < 0)
		return r;
	for (size_t i = 0; i < WORD_TAG_COUNT; i++) {
		if (str_eq_c(word, tag_words[i])) {
			*tag = (enum word_tag) i;
			return 0;
		}
	}
	return yaml_complain(f, node, "\"%.*s\" is not a tag", STR_ARG(word));
}

struct word_reading {
	struct rules *rules;
	bool own;
	size_t first; /* words before this file */
};

static int add_word(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	static const struct yaml_field fields[] = {
	        {"id", YAML_TEXT, offsetof(struct word_rule, id), true, NULL},
	        {"tag", YAML_OTHER, offsetof(struct word_rule, tag), true, read_tag},
	        {"texts", YAML_TEXTS, offsetof(struct word_rule, texts), false, NULL},
	        {"patterns", YAML_TEXTS, offsetof(struct word_rule, patterns), false, NULL},
	};
	struct word_reading *reading = context;
	struct rules *r = reading->rules;
	struct word_rule w = {.path = f->path, .line = (unsigned) item->start_mark.line + 1};
	int result = yaml_read_mapping(f, item, fields, ARRAY_SIZE(fields), &w);
	if (result < 0)
		return result;
	uint32_t *index;
	result = set_put(&r->word_ids, r->arena, w.id, &index);
	if (result < 0)
		return result;
	if (*index != SET_NONE && *index >= reading->first)
		return yaml_complain(f, item, "the id \"%.*s\" stands here twice", STR_ARG(w.id));
	if (*index != SET_NONE) {
		r->words.at[*index] = w;
		return 0;
	}
	if (r->words.n >= RULES_WORDS_MAX)
		return yaml_complain(f, item, "more than %d words", RULES_WORDS_MAX);
	struct word_rule *slot = ARENA_PUSH(r->arena, &r->words);
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = w;
	*index = (uint32_t) r->words.n - 1;
	return 0;
}

int rules_read_words(struct rules *r, struct yaml_file *f, bool own)
{
	struct word_reading reading = {.rules = r, .own = own, .first = r->words.n};
	return yaml_each_item(f, yaml_file_root(f), add_word, &reading);
}

struct compiling {
	struct rules *rules;
	struct rules_complaint *complaint;
	struct {
		struct scan_pattern *at;
		size_t n, cap;
	} patterns;
	struct {
		const struct word_rule **at;
		size_t n, cap;
	} words; /* of each pattern, NULL for a brand */
};

static int add_pattern(struct compiling *c, struct str text, uint32_t flags, struct target target,
                       const struct word_rule *word)
{
	struct scan_pattern *p = ARENA_PUSH(c->rules->arena, &c->patterns);
	struct target *t = ARENA_PUSH(c->rules->arena, &c->rules->targets);
	const struct word_rule **w = ARENA_PUSH(c->rules->arena, &c->words);
	if (!p || !t || !w)
		return ERR_TOO_LARGE;
	*t = target;
	*w = word;
	*p = (struct scan_pattern){.text = text, .id = (uint32_t) c->rules->targets.n - 1, .flags = flags};
	return 0;
}

static int add_literals(struct compiling *c, struct str_list texts, struct target target, const struct word_rule *word)
{
	for (size_t i = 0; i < texts.n; i++) {
		struct folded f;
		int r = text_fold(texts.at[i], c->rules->arena, &f);
		if (r >= 0)
			r = add_pattern(c, f.text, 0, target, word);
		if (r < 0)
			return r;
	}
	return 0;
}

static int complain(struct compiling *c, const struct word_rule *w, const char *text)
{
	*c->complaint = (struct rules_complaint){.line = w ? w->line : 0};
	snprintf(c->complaint->file, sizeof(c->complaint->file), "%s", w ? w->path : "brands.yaml");
	snprintf(c->complaint->text, sizeof(c->complaint->text), "%s", text);
	return ERR_INVALID;
}

/* Folds what is not ASCII and leaves the expression's own signs alone. */
static int fold_expression(struct compiling *c, const struct word_rule *w, struct str in, struct str *ret)
{
	struct buf b = buf_make(RULES_TEXT_MAX_BYTES * 4);
	int r = 0;
	for (size_t at = 0; r >= 0 && at < in.n;) {
		size_t end = at;
		while (end < in.n && (unsigned char) in.p[end] >= 0x80)
			end++;
		struct folded f;
		if (end > at) {
			r = text_fold(str_slice(in, at, end), c->rules->arena, &f);
			if (r >= 0)
				r = buf_add_str(&b, f.text);
			at = end;
			continue;
		}
		if (in.p[at] >= 'A' && in.p[at] <= 'Z' && (at == 0 || in.p[at - 1] != '\\'))
			r = complain(c, w, "a pattern is written in small letters");
		else
			r = buf_add_char(&b, in.p[at++]);
	}
	if (r >= 0)
		*ret = arena_dup(c->rules->arena, buf_str(&b));
	buf_done(&b);
	return r;
}

/* Length of ".{0,N}" at the front of s, 0 when it is something else. */
static size_t gap_length(struct str s, uint32_t *ret_chars)
{
	static const struct str opening = {".{0,", 4};
	uint64_t chars;
	size_t close = str_find_char(s, '}', 0);
	if (!str_starts_with(s, opening) || close == STR_NOT_FOUND ||
	    str_parse_u64(str_slice(s, opening.n, close), WORD_GAP_MAX_CHARS, &chars) < 0)
		return 0;
	*ret_chars = (uint32_t) chars;
	return close + 1;
}

/* Cuts the part before the next gap outside of brackets off *rest; *ret_gap is 0 at the last part. */
static struct str next_part(struct str *rest, uint32_t *ret_gap)
{
	int depth = 0;
	bool class = false;
	*ret_gap = 0;
	for (size_t i = 0; i < rest->n; i++) {
		char c = rest->p[i];
		if (c == '\\') {
			i++;
			continue;
		}
		class = class ? c != ']' : c == '[';
		depth += !class && c == '(' ? 1 : 0;
		depth -= !class && c == ')' ? 1 : 0;
		size_t gap = depth == 0 && !class ? gap_length(str_slice(*rest, i, rest->n), ret_gap) : 0;
		if (gap > 0) {
			struct str part = str_slice(*rest, 0, i);
			*rest = str_slice(*rest, i + gap, rest->n);
			return part;
		}
	}
	struct str part = *rest;
	*rest = (struct str){0};
	return part;
}

/* Of texts of which one ends with the other only the longest counts where both match, as of an expression. */
static int link_longer(struct compiling *c, size_t first, size_t count)
{
	struct rules *r = c->rules;
	for (size_t i = first; i < first + count; i++) {
		struct target *t = &r->targets.at[i];
		t->longer = (uint32_t) r->longer.n;
		for (size_t k = first; k < first + count; k++) {
			if (r->targets.at[k].text.n <= t->text.n || !str_ends_with(r->targets.at[k].text, t->text))
				continue;
			uint32_t *slot = ARENA_PUSH(r->arena, &r->longer);
			if (!slot)
				return ERR_TOO_LARGE;
			*slot = (uint32_t) k;
			t->longer_count++;
		}
	}
	return 0;
}

static int add_expression(struct compiling *c, struct str part, struct target target, const struct word_rule *w)
{
	struct expansion e;
	if (!expand_expression(part, c->rules->arena, &e))
		return add_pattern(c, part, SCAN_REGEX, target, w);
	size_t first = c->rules->targets.n;
	target.edge_start = e.edge_start;
	target.edge_end = e.edge_end;
	for (size_t i = 0; i < e.texts.n; i++) {
		target.text = e.texts.at[i];
		int r = add_pattern(c, target.text, SCAN_ANYWHERE, target, w);
		if (r < 0)
			return r;
	}
	return link_longer(c, first, e.texts.n);
}

static int add_chain(struct compiling *c, struct str expression, struct target target, const struct word_rule *w)
{
	struct str rest = expression;
	uint32_t gap = 0, gap_before = 0;
	for (unsigned step = 0; rest.n > 0; step++) {
		struct str part = next_part(&rest, &gap);
		if (part.n == 0 || (rest.n == 0 && gap > 0))
			return complain(c, w, "a pattern must not begin or end with a gap");
		if (step >= WORD_STEPS_MAX)
			return complain(c, w, "a pattern has too many gaps");
		target.step = (uint8_t) step;
		target.gap = gap_before;
		target.last = rest.n == 0;
		int r = add_expression(c, part, target, w);
		if (r < 0)
			return r;
		gap_before = gap;
	}
	return 0;
}

static int add_word_patterns(struct compiling *c, uint32_t index)
{
	const struct word_rule *w = &c->rules->words.at[index];
	struct target target = {.kind = RULES_HIT_WORD, .index = index, .tag = w->tag, .last = true};
	int r = add_literals(c, w->texts, target, w);
	for (size_t i = 0; r >= 0 && i < w->patterns.n; i++) {
		struct str expression = {0};
		target.chain = (uint32_t) c->rules->chain_count++;
		r = fold_expression(c, w, w->patterns.at[i], &expression);
		if (r >= 0)
			r = add_chain(c, expression, target, w);
	}
	return r;
}

int rules_compile(struct rules *r, struct rules_complaint *complaint)
{
	struct compiling c = {.rules = r, .complaint = complaint};
	int result = 0;
	for (size_t i = 0; result >= 0 && i < r->words.n; i++)
		result = add_word_patterns(&c, (uint32_t) i);
	for (size_t i = 0; result >= 0 && i < r->brands.n; i++) {
		struct target target = {.kind = RULES_HIT_BRAND, .index = (uint32_t) i, .last = true};
		result = add_literals(&c, r->brands.at[i].spellings, target, NULL);
		target.kind = RULES_HIT_BRAND_WEAK;
		if (result >= 0)
			result = add_literals(&c, r->brands.at[i].weak, target, NULL);
	}
	size_t bad = 0;
	char message[200] = "the patterns do not compile";
	if (result >= 0) {
		result = scanner_new(c.patterns.at, c.patterns.n, NULL, &r->scanner, &bad, message, sizeof(message));
		if (result < 0)
			complain(&c, bad < c.words.n ? c.words.at[bad] : NULL, message);
	}
	if (result >= 0)
		r->progress = ARENA_ARRAY(r->arena, struct progress, r->chain_count * WORD_STEPS_MAX + 1);
	return result < 0 ? result : r->progress ? 0 : ERR_TOO_LARGE;
}

struct scanning {
	const struct rules *rules;
	rules_hit_fn *fn;
	void *context;
	struct str text;
};

static bool gap_fits(struct str text, size_t from, size_t to, uint32_t most)
{
	static const struct str stop = {"。", 3}, empty_line = {"\n\n", 2};
	if (to < from || to - from > (size_t) most * 4)
		return false;
	struct str between = str_slice(text, from, to);
	size_t chars = 0;
	for (size_t i = 0; i < between.n; i++)
		chars += ((unsigned char) between.p[i] & 0xC0) != 0x80;
	return chars <= most && !str_contains(between, stop) && !str_contains(between, empty_line);
}

/* Whether the part that was found goes on from the part before; *ret_start is where the whole begins. */
static bool goes_on(const struct scanning *s, const struct target *t, uint32_t start, uint32_t *ret_start)
{
	*ret_start = start;
	if (t->step == 0)
		return true;
	const struct progress *before = &s->rules->progress[t->chain * WORD_STEPS_MAX + t->step - 1];
	for (size_t i = 0; i < before->n && i < WORD_RECENT; i++) {
		const struct span *span = &before->recent[(before->n - 1 - i) % WORD_RECENT];
		if (span->end <= start && gap_fits(s->text, span->end, start, t->gap)) {
			*ret_start = span->start;
			return true;
		}
	}
	return false;
}

static bool edges_hold(const struct target *t, struct str text, size_t start, size_t end)
{
	return (!t->edge_start || expand_is_edge(text, start)) && (!t->edge_end || expand_is_edge(text, end));
}

/* Whether a longer text of the same expression ends here too. */
static bool is_part_of_longer(const struct scanning *s, const struct target *t, size_t end)
{
	for (uint32_t i = 0; i < t->longer_count; i++) {
		const struct target *l = &s->rules->targets.at[s->rules->longer.at[t->longer + i]];
		if (l->text.n <= end && str_ends_with(str_slice(s->text, 0, end), l->text) &&
		    edges_hold(l, s->text, end - l->text.n, end))
			return true;
	}
	return false;
}

static bool on_hit(void *context, uint32_t id, uint32_t start, uint32_t end)
{
	struct scanning *s = context;
	const struct target *t = &s->rules->targets.at[id];
	uint32_t whole = start;
	if (!edges_hold(t, s->text, start, end) || is_part_of_longer(s, t, end))
		return true;
	if (!goes_on(s, t, start, &whole))
		return true;
	if (!t->last) {
		struct progress *p = &s->rules->progress[t->chain * WORD_STEPS_MAX + t->step];
		p->recent[p->n++ % WORD_RECENT] = (struct span){whole, end};
		return true;
	}
	struct rules_hit hit = {.kind = t->kind, .index = t->index, .tag = t->tag, .start = whole, .end = end};
	return s->fn(s->context, &hit);
}

int rules_scan(const struct rules *r, struct str folded, rules_hit_fn *fn, void *context)
{
	struct scanning s = {.rules = r, .fn = fn, .context = context, .text = folded};
	memset(r->progress, 0, r->chain_count * WORD_STEPS_MAX * sizeof(*r->progress));
	return scanner_run(r->scanner, folded, on_hit, &s);
}

size_t rules_scan_memory_bytes(const struct rules *r)
{
	return scanner_memory_bytes(r->scanner);
}
