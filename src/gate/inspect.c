/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The gathered text is made of segments, one for each string, with a line end between them, so that what was cut in two
 * pieces of a message is still found, and "key: value" where a key may say what the value is. Texts that hold JSON with
 * \u escapes (what most programs make of a tool's result) are gathered decoded. A place in the gathered text leads back
 * through the segment to bytes of the request. */
#include "gate/inspect.h"

#include <stdlib.h>

#include "base/err.h"

enum what { CLEAN, TEXT, MEDIA, OPAQUE, FILE_, STATE, PLACE, TOKENS };
#define FILE FILE_

struct segment {
	uint32_t token;    /* JSON_NONE: all of a form */
	size_t start, end; /* in the gathered text */
	bool may_change;
	bool is_loose;    /* \u escapes inside of the text were decoded */
	struct str inner; /* the text of the string, before that */
};

struct field {
	enum shape shape;
	struct str path;
	enum what what;
	bool below; /* ended in .**, which path has no more */
};

static const struct {
	enum shape shape;
	const char *path;
	enum what what;
} known[] = {
#define FIELD(shape, path, what) {SHAPE_##shape, path, what},
#include "gate/shapes.def"
#undef FIELD
};
#undef FILE

enum { PATH_MAX_BYTES = 512, MEDIA_LEAST_BYTES = 256 };

struct gather {
	struct inspection *i;
	struct arena *arena;
	struct buf text;
	struct {
		struct segment *at;
		size_t n, cap;
	} segments;
	char path[PATH_MAX_BYTES];
	size_t path_n;
};

/* ---- fields ---- */

static enum what what_is(enum shape shape, struct str path)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].shape != shape || known[i].path[0] != (path.n > 0 ? path.p[0] : 0))
			continue;
		struct str wanted = str_of(known[i].path);
		if (!str_ends_with(wanted, STR(".**"))) {
			if (str_eq(wanted, path))
				return known[i].what;
			continue;
		}
		struct str stem = str_slice(wanted, 0, wanted.n - 3);
		if (path.n > stem.n && str_starts_with(path, stem) && (path.p[stem.n] == '.' || path.p[stem.n] == '['))
			return known[i].what;
	}
	return CLEAN;
}

/* Only plain words can be part of a known path. */
static void push_name(struct gather *g, struct str name)
{
	bool is_word = name.n > 0 && name.n <= 64;
	for (size_t i = 0; i < name.n && is_word; i++)
		is_word = ascii_is_alnum(name.p[i]) || name.p[i] == '_' || name.p[i] == '-';
	struct str segment = is_word ? name : STR("?");
	if (g->path_n + segment.n + 1 >= sizeof(g->path))
		segment = (struct str){"", 0};
	if (g->path_n > 0 && g->path_n + 1 < sizeof(g->path))
		g->path[g->path_n++] = '.';
	memcpy(g->path + g->path_n, segment.p, segment.n);
	g->path_n += segment.n;
}

static struct str path_of(const struct gather *g)
{
	return str_make(g->path, g->path_n);
}

/* The place of a token with its numbers, for people. */
static struct str place_of(const struct json *j, uint32_t token, struct arena *a)
{
	uint32_t chain[JSON_DEPTH_MAX + 1];
	size_t depth = 0;
	CLEANUP(buf_done) struct buf b = buf_make(INSPECT_PLACE_MAX_BYTES * 2);
	for (uint32_t t = token; t != JSON_NONE && depth <= JSON_DEPTH_MAX; t = j->at[t].parent)
		chain[depth++] = t;
	while (depth-- > 1) {
		uint32_t holder = chain[depth], child = chain[depth - 1];
		if (j->at[holder].type == JSON_IS_ARRAY) {
			size_t n = 0;
			for (uint32_t c = holder + 1; c < child; c = j->at[c].next)
				n++;
			buf_printf(&b, "[%zu]", n);
			continue;
		}
		uint32_t key = j->at[child].is_key ? child : child - 1;
		struct str name = str_slice(j->text, j->at[key].start, j->at[key].end);
		bool is_word = name.n > 0 && name.n <= 40;
		for (size_t i = 0; i < name.n && is_word; i++)
			is_word = (name.p[i] >= 'a' && name.p[i] <= 'z') || name.p[i] == '_';
		buf_printf(&b, "%s%.*s", b.n > 0 ? "." : "", is_word ? (int) name.n : 1, is_word ? name.p : "?");
	}
	return arena_dup(a, str_slice(buf_str(&b), 0, INSPECT_PLACE_MAX_BYTES));
}

static int refuse(struct gather *g, uint32_t token, enum inspect_refusal why)
{
	if (g->i->refusal == INSPECT_FINE) {
		g->i->refusal = why;
		g->i->refused_place = place_of(&g->i->json, token, g->arena);
	}
	return 0;
}

/* ---- gathering ---- */

static int hex_value(char c)
{
	c = ascii_lower(c);
	return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Length of the \uXXXX (or pair) at p that stands for a character, else 0. */
static size_t loose_escape(struct str s, size_t at)
{
	if (s.p[at] != '\\' || at + 6 > s.n || s.p[at + 1] != 'u')
		return 0;
	size_t n = at + 12 <= s.n && s.p[at + 6] == '\\' && s.p[at + 7] == 'u' &&
	                           json_is_string_body(str_slice(s, at, at + 12)) &&
	                           !json_is_string_body(str_slice(s, at, at + 6))
	                   ? 12
	                   : 6;
	for (size_t i = at + 2; i < at + 6; i++)
		if (hex_value(s.p[i]) < 0)
			return 0;
	return json_is_string_body(str_slice(s, at, at + n)) ? n : 0;
}

static bool has_loose(struct str s)
{
	for (size_t at = 0; (at = str_find(s, STR("\\u"), at)) != STR_NOT_FOUND; at++)
		if (loose_escape(s, at) > 0)
			return true;
	return false;
}

static void add_loose(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = loose_escape(s, i);
		char decoded[12];
		if (n == 0)
			buf_add_char(b, s.p[i++]);
		else
			buf_add(b, decoded, json_decode(str_slice(s, i, i + n), decoded));
		i += n;
	}
}

/* Where in s the decoded text's byte `offset` begins. */
static size_t loose_place(struct str s, struct json_walk *w, size_t offset)
{
	while (w->text < offset && w->raw < s.n) {
		size_t n = loose_escape(s, w->raw);
		char decoded[12];
		w->text += n == 0 ? 1 : json_decode(str_slice(s, w->raw, w->raw + n), decoded);
		w->raw += n == 0 ? 1 : n;
	}
	return w->raw;
}

static int add_segment(struct gather *g, uint32_t token, struct str text, bool may_change)
{
	if (text.n == 0)
		return 0;
	struct segment *s = g->segments.n < INSPECT_SEGMENTS_MAX ? ARENA_PUSH(g->arena, &g->segments) : NULL;
	if (!s)
		return ERR_TOO_LARGE;
	*s = (struct segment){.token = token, .start = g->text.n, .may_change = may_change, .inner = text};
	s->is_loose = has_loose(text);
	if (s->is_loose)
		add_loose(&g->text, text);
	else
		buf_add_str(&g->text, text);
	s->end = g->text.n;
	buf_add_char(&g->text, '\n');
	return buf_failed(&g->text) ? ERR_TOO_LARGE : 0;
}

static bool is_sealed(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !strchr("+/=_-", s.p[i] ? s.p[i] : '!'))
			return false;
	return true;
}

static bool is_in_thought(const struct gather *g, uint32_t token)
{
	struct str type = json_member_text(&g->i->json, g->i->json.at[token].parent, "type", g->arena);
	return str_eq_c(type, "thinking") || str_eq_c(type, "redacted_thinking") || str_eq_c(type, "reasoning");
}

/* "data:image/png;base64,..." and the bare bytes have nothing to read; an address has. */
static int take_media(struct gather *g, uint32_t token, struct str text)
{
	const struct json *j = &g->i->json;
	uint32_t holder = j->at[token].parent;
	struct str type = json_member_text(j, holder, "type", g->arena);
	struct str media = json_member_text(j, holder, "media_type", g->arena);
	if (g->i->shape == SHAPE_MESSAGES && str_eq_c(type, "text"))
		return add_segment(g, token, text, true);
	if (g->i->shape == SHAPE_MESSAGES && media.n > 0 && !str_starts_with(media, STR("image/")))
		return refuse(g, token, INSPECT_FILE);
	g->i->has_media = true;
	size_t comma = str_find_char(text, ',', 0);
	bool is_data = str_starts_with_icase(text, STR("data:")) && comma != STR_NOT_FOUND && comma < 100;
	struct str bytes = is_data ? str_slice(text, comma + 1, text.n) : text;
	if (!is_sealed(bytes) || bytes.n < MEDIA_LEAST_BYTES) /* too short to be any: perhaps a number or a key */
		return add_segment(g, token, text, false);
	return is_data ? add_segment(g, token, str_slice(text, 0, comma), false) : 0;
}

static int compare_words(const void *a, const void *b)
{
	return str_cmp(*(const struct str *) a, str_of(*(const char *const *) b));
}

/* The words of the protocols themselves: as keys they tell nothing about a value, as values they say nothing, and they
 * would stand between the pieces of a text. */
static bool is_usual(struct str name)
{
	static const char *const usual[] = {
	        "additionalProperties",
	        "arguments",
	        "array",
	        "assistant",
	        "auto",
	        "boolean",
	        "budget_tokens",
	        "cache_control",
	        "call_id",
	        "content",
	        "data",
	        "description",
	        "detail",
	        "developer",
	        "dimensions",
	        "effort",
	        "encoding_format",
	        "enum",
	        "ephemeral",
	        "frequency_penalty",
	        "function",
	        "function_call",
	        "function_call_output",
	        "id",
	        "image",
	        "image_url",
	        "include_usage",
	        "index",
	        "input",
	        "input_audio",
	        "input_image",
	        "input_schema",
	        "input_text",
	        "instructions",
	        "integer",
	        "is_error",
	        "items",
	        "json_schema",
	        "logprobs",
	        "max_completion_tokens",
	        "max_output_tokens",
	        "max_tokens",
	        "media_type",
	        "message",
	        "messages",
	        "metadata",
	        "model",
	        "n",
	        "name",
	        "none",
	        "number",
	        "object",
	        "output",
	        "output_audio",
	        "output_text",
	        "parallel_tool_calls",
	        "parameters",
	        "presence_penalty",
	        "properties",
	        "reasoning",
	        "refusal",
	        "required",
	        "response_format",
	        "role",
	        "schema",
	        "seed",
	        "service_tier",
	        "signature",
	        "source",
	        "status",
	        "stop",
	        "stop_sequences",
	        "store",
	        "stream",
	        "stream_options",
	        "strict",
	        "string",
	        "summary",
	        "system",
	        "temperature",
	        "text",
	        "text_delta",
	        "thinking",
	        "tool",
	        "tool_call_id",
	        "tool_calls",
	        "tool_choice",
	        "tool_result",
	        "tool_use",
	        "tool_use_id",
	        "tools",
	        "top_k",
	        "top_logprobs",
	        "top_p",
	        "type",
	        "url",
	        "user",
	};
	return bsearch(&name, usual, ARRAY_SIZE(usual), sizeof(usual[0]), compare_words) != NULL;
}

static int take_string(struct gather *g, uint32_t token)
{
	const struct json *j = &g->i->json;
	struct str text = json_text(j, token, g->arena);
	enum what what = what_is(g->i->shape, path_of(g));
	if (what == CLEAN && is_usual(text))
		return 0;
	if (!text.p && text.n == 0 && j->at[token].end > j->at[token].start)
		return ERR_TOO_LARGE;
	switch (what) {
	case MEDIA:
		return take_media(g, token, text);
	case OPAQUE:
		return is_sealed(text) && is_in_thought(g, token) ? 0 : add_segment(g, token, text, false);
	case FILE_:
		return refuse(g, token, INSPECT_FILE);
	case STATE:
		return refuse(g, token, INSPECT_STATE);
	case PLACE:
		return refuse(g, token, INSPECT_OTHER_PLACE);
	case TEXT:
		return add_segment(g, token, text, true);
	case TOKENS:
	case CLEAN:
		break;
	}
	if (g->i->shape == SHAPE_RESPONSES && str_eq_c(text, "item_reference"))
		return refuse(g, token, INSPECT_STATE);
	return add_segment(g, token, text, false);
}

static int take_number(struct gather *g, uint32_t token)
{
	const struct json_token *t = &g->i->json.at[token];
	struct str text = str_slice(g->i->json.text, t->start, t->end);
	struct str path = path_of(g);
	if (g->i->shape == SHAPE_EMBEDDINGS && str_starts_with(path, STR("input")))
		return refuse(g, token, INSPECT_TOKENS);
	return text.n < INSPECT_NUMBER_MIN_DIGITS ? 0 : add_segment(g, token, text, false);
}

static int take_key(struct gather *g, uint32_t key, struct str name)
{
	if (is_usual(name))
		return 0;
	int r = add_segment(g, key, name, false);
	/* "key: value" on one line. */
	if (r >= 0 && g->text.n > 0)
		g->text.p[g->text.n - 1] = ':';
	return r;
}

static int take_value(struct gather *g, uint32_t token);

static int take_members(struct gather *g, uint32_t object)
{
	const struct json *j = &g->i->json;
	size_t before = g->path_n;
	int r = 0;
	for (uint32_t k = object + 1; k < j->at[object].next && r >= 0; k = j->at[k + 1].next) {
		struct str name = json_text(j, k, g->arena);
		push_name(g, name);
		r = take_key(g, k, name);
		if (r >= 0)
			r = take_value(g, k + 1);
		g->path_n = before;
	}
	return r;
}

static int take_items(struct gather *g, uint32_t array)
{
	const struct json *j = &g->i->json;
	size_t before = g->path_n;
	int r = 0;
	if (g->path_n + 2 < sizeof(g->path)) {
		memcpy(g->path + g->path_n, "[]", 2);
		g->path_n += 2;
	}
	for (uint32_t c = array + 1; c < j->at[array].next && r >= 0; c = j->at[c].next)
		r = take_value(g, c);
	g->path_n = before;
	return r;
}

static int take_value(struct gather *g, uint32_t token)
{
	switch (g->i->json.at[token].type) {
	case JSON_IS_OBJECT:
		return take_members(g, token);
	case JSON_IS_ARRAY:
		return take_items(g, token);
	case JSON_IS_STRING:
		return take_string(g, token);
	case JSON_IS_NUMBER:
		return take_number(g, token);
	default:
		return 0;
	}
}

uint64_t inspect_tokens(struct str text)
{
	uint64_t ascii = 0, other = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char) text.p[i];
		ascii += c < 0x80;
		other += c >= 0xc0;
	}
	return ascii / 4 + other + 1;
}

static int gather_form(struct gather *g, struct str body)
{
	int r = add_segment(g, JSON_NONE, body, false);
	if (r >= 0 && g->segments.n > 0)
		g->segments.at[0].is_loose = false;
	return r;
}

int inspect_read(struct str body, enum shape shape, const struct inspect_scanner *scanner, struct arena *a,
                 struct inspection *ret, size_t *ret_place)
{
	struct gather g = {.i = ret, .arena = a, .text = buf_make(body.n * 2 + 1024)};
	*ret = (struct inspection){.shape = shape};
	int r = shape == SHAPE_FORM ? 0 : json_scan(body, a, &ret->json, ret_place);
	if (r < 0)
		return r;
	if (shape == SHAPE_FORM)
		r = gather_form(&g, body);
	else if (json_is(&ret->json, 0, JSON_IS_OBJECT))
		r = take_members(&g, 0);
	else
		ret->refusal = INSPECT_BAD_SHAPE;
	ret->text = arena_dup(a, buf_str(&g.text));
	ret->segments = g.segments.at;
	ret->segment_count = g.segments.n;
	ret->tokens = inspect_tokens(ret->text);
	if (r >= 0 && arena_is_full(a))
		r = ERR_TOO_LARGE;
	if (r >= 0)
		r = leak_scan(scanner->rules, scanner->words, scanner->scratch, ret->text, a, &ret->spans);
	buf_wipe_done(&g.text);
	return r;
}

/* ---- deciding ---- */

/* The first segment that ends behind a place; segments are in order. */
static size_t segment_at(const struct inspection *i, size_t place, size_t from)
{
	while (from < i->segment_count && i->segments[from].end <= place)
		from++;
	return from;
}

static bool can_change(const struct inspection *i, const struct leak_span *span, size_t segment)
{
	for (; segment < i->segment_count && i->segments[segment].start < span->end; segment++)
		if (!i->segments[segment].may_change)
			return false;
	return true;
}

static int note_stopped(const struct inspection *i, size_t segment, enum leak_kind kind, struct arena *a,
                        struct inspect_decision *d)
{
	uint32_t token = segment < i->segment_count ? i->segments[segment].token : JSON_NONE;
	if (d->stopped_count >= INSPECT_STOPPED_LISTED)
		return 0;
	struct str place = token == JSON_NONE ? STR("form") : place_of(&i->json, token, a);
	if (!place.p)
		return ERR_TOO_LARGE;
	d->stopped[d->stopped_count++] = (struct inspect_part){place, kind};
	return 0;
}

int inspect_decide(const struct inspection *i, const struct policy_matrix *matrix, const uint8_t *approved,
                   struct arena *a, struct inspect_decision *ret)
{
	size_t segment = 0;
	int r = 0;
	*ret = (struct inspect_decision){.actions = arena_alloc(a, i->spans.n),
	                                 .stopped = ARENA_ARRAY(a, struct inspect_part, INSPECT_STOPPED_LISTED)};
	if (!ret->actions || !ret->stopped)
		return ERR_TOO_LARGE;
	policy_decide_spans(matrix, &i->spans, approved, ret->actions, &ret->policy);
	for (size_t n = 0; n < i->spans.n && r >= 0; n++) {
		const struct leak_span *span = &i->spans.at[n];
		segment = segment_at(i, span->start, segment);
		if (ret->actions[n] == POLICY_MASK && !can_change(i, span, segment)) {
			ret->actions[n] = POLICY_STOP;
			ret->policy.kinds[POLICY_STOP] |= POLICY_KIND_BIT(span->kind);
			ret->policy.worst = POLICY_STOP;
		}
		ret->counts[span->kind][ret->actions[n]]++;
		if (ret->actions[n] == POLICY_STOP)
			r = note_stopped(i, segment, span->kind, a, ret);
	}
	return r;
}

/* ---- masking ---- */

struct cut {
	const struct inspection *i;
	struct json_walk inner, raw; /* how far the current segment was walked */
	size_t segment;
	size_t last_end;
};

/* Bytes of the request for [start, end) of the gathered text inside of a segment. */
static struct json_edit place_in_request(struct cut *c, size_t segment, size_t start, size_t end)
{
	const struct segment *s = &c->i->segments[segment];
	const struct json_token *t = &c->i->json.at[s->token];
	struct str raw = str_slice(c->i->json.text, t->start, t->end);
	if (segment != c->segment) {
		c->inner = c->raw = (struct json_walk){0, 0};
		c->segment = segment;
	}
	start -= s->start;
	end -= s->start;
	if (s->is_loose) {
		start = loose_place(s->inner, &c->inner, start);
		/* An escaped backslash before an escape must not lose its other half. */
		size_t back = 0;
		while (start > back && s->inner.p[start - back - 1] == '\\')
			back++;
		start -= back % 2;
		end = loose_place(s->inner, &c->inner, end);
	}
	struct json_edit e = {.start = t->start + json_walk_to(&c->raw, raw, start)};
	e.end = t->start + json_walk_to(&c->raw, raw, end);
	if (e.start < c->last_end)
		e.start = c->last_end;
	c->last_end = e.end;
	return e;
}

static int cut_span(struct cut *c, const struct leak_span *span, size_t segment, struct str tag, struct arena *a,
                    void *edits)
{
	struct {
		struct json_edit *at;
		size_t n, cap;
	} *list = edits;
	for (; segment < c->i->segment_count && c->i->segments[segment].start < span->end; segment++) {
		const struct segment *s = &c->i->segments[segment];
		size_t start = span->start > s->start ? span->start : s->start,
		       end = span->end < s->end ? span->end : s->end;
		if (start >= end)
			continue;
		struct json_edit *e = ARENA_PUSH(a, list);
		if (!e)
			return ERR_TOO_LARGE;
		*e = place_in_request(c, segment, start, end);
		e->by = tag;
		tag = (struct str){"", 0};
	}
	return 0;
}

int inspect_mask(const struct inspection *i, const struct inspect_decision *d, struct mask *mask, struct arena *a,
                 struct json_edit **ret_edits, size_t *ret_count)
{
	struct cut c = {.i = i, .segment = SIZE_MAX};
	struct {
		struct json_edit *at;
		size_t n, cap;
	} edits = {NULL, 0, 0};
	size_t segment = 0;
	int r = 0;
	for (size_t n = 0; n < i->spans.n && r >= 0; n++) {
		const struct leak_span *span = &i->spans.at[n];
		struct str tag = {NULL, 0};
		segment = segment_at(i, span->start, segment);
		if (d->actions[n] != POLICY_MASK)
			continue;
		r = mask_tag(mask, span->kind, str_slice(i->text, span->start, span->end), &tag);
		if (r >= 0)
			r = cut_span(&c, span, segment, tag, a, &edits);
	}
	*ret_edits = edits.at;
	*ret_count = edits.n;
	return r;
}
