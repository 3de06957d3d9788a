/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stack of the boundaries that are open; each line that begins with "--" is held against it, innermost first. A
 * boundary of an outer level ends all inner ones. */
#include "read/mime.h"

#include "base/err.h"
#include "read/field.h"

enum { LEVELS_MAX = 64, BOUNDARY_MAX_BYTES = 200 };

struct level {
	struct str boundary;
	uint32_t node;
};

struct parser {
	struct str s;
	const struct read_limits *limits;
	struct arena *a;
	struct mime *m;
	struct level stack[LEVELS_MAX];
	size_t depth;
	size_t at;
};

enum found { FOUND_NOTHING, FOUND_PART, FOUND_END };

/* Whether the line at i is a boundary of an open level; *ret_level counts from 0. */
static enum found boundary_at(const struct parser *p, size_t i, size_t *ret_level)
{
	struct str rest = str_slice(p->s, i, p->s.n);
	if (rest.n < 3 || rest.p[0] != '-' || rest.p[1] != '-')
		return FOUND_NOTHING;
	rest = str_slice(rest, 2, rest.n);
	for (size_t k = p->depth; k-- > 0;) {
		struct str b = p->stack[k].boundary;
		if (b.n == 0 || !str_starts_with(rest, b))
			continue;
		struct str tail = str_slice(rest, b.n, b.n + 200);
		size_t end = str_find_char(tail, '\n', 0);
		tail = str_trim(str_slice(tail, 0, end));
		if (tail.n > 0 && !str_starts_with(tail, STR("--")))
			continue;
		*ret_level = k;
		return tail.n > 0 ? FOUND_END : FOUND_PART;
	}
	return FOUND_NOTHING;
}

static size_t after_line(struct str s, size_t i)
{
	size_t end = str_find_char(s, '\n', i);
	return end == STR_NOT_FOUND ? s.n : end + 1;
}

static void keep_field(struct mime_node *node, struct field f)
{
	if (!str_starts_with_icase(f.name, STR("content-")))
		return;
	if (str_eq_icase(f.name, STR("content-type")) && node->content_type.n == 0)
		node->content_type = f.value;
	else if (str_eq_icase(f.name, STR("content-transfer-encoding")) && node->encoding.n == 0)
		node->encoding = str_trim(f.value);
	else if (str_eq_icase(f.name, STR("content-disposition")) && node->disposition.n == 0)
		node->disposition = f.value;
	else if (str_eq_icase(f.name, STR("content-id")) && node->id.n == 0)
		node->id = str_trim(f.value);
}

/* Reads the header at p->at and leaves p->at at the body. */
static void read_header(struct parser *p, struct mime_node *node)
{
	size_t start = p->at, level;
	struct str rest = str_slice(p->s, start, p->s.n);
	bool broken = false;
	struct field f;
	for (;;) {
		size_t here = (size_t) (rest.p - p->s.p);
		if (rest.n == 0 || boundary_at(p, here, &level) != FOUND_NOTHING)
			break;
		if (!field_next(&rest, &f, &broken))
			break;
		if (here - start < p->limits->header_bytes)
			keep_field(node, f);
	}
	p->m->broken |= broken;
	p->at = rest.n == 0 ? p->s.n : (size_t) (rest.p - p->s.p);
	node->header = str_slice(p->s, start, p->at);
	if (node->header.n > p->limits->header_bytes) {
		p->m->header_cut = true;
		node->header = str_slice(node->header, 0, p->limits->header_bytes);
	}
}

/* A boundary parameter that is missing or empty: the first line that looks like one. */
static struct str guess_boundary(struct str s, size_t from)
{
	struct str line, rest = str_slice(s, from, from + 4096);
	while (str_next_line(&rest, &line))
		if (line.n > 4 && str_starts_with(line, STR("--")) && str_find_char(line, ' ', 0) == STR_NOT_FOUND)
			return str_slice(line, 2, line.n);
	return (struct str){NULL, 0};
}

static bool is_plain_encoding(struct str e)
{
	return e.n == 0 || str_eq_icase(e, STR("7bit")) || str_eq_icase(e, STR("8bit")) ||
	       str_eq_icase(e, STR("binary"));
}

/* What the node is by its Content-Type; a multipart is pushed on the stack. */
static int open_node(struct parser *p, uint32_t index)
{
	struct mime_node *node = &p->m->at[index];
	struct str boundary = {NULL, 0};
	node->type = field_media_type(field_unfold(node->content_type, p->a), p->a);
	if (node->type.n == 0)
		node->type = STR("text/plain");
	bool multipart = str_starts_with(node->type, STR("multipart/"));
	bool message = str_eq(node->type, STR("message/rfc822")) || str_eq(node->type, STR("message/global"));
	if ((!multipart && !message) || (message && !is_plain_encoding(node->encoding)))
		return 0;
	if (node->level >= p->limits->mime_levels || p->depth >= LEVELS_MAX) {
		p->m->too_deep = true;
		return 0;
	}
	node->kind = message ? MIME_MESSAGE : MIME_MULTIPART;
	if (message)
		return 0;
	int r = field_parameter(node->content_type, STR("boundary"), STR(""), p->a, &boundary);
	if (r < 0)
		return r;
	boundary = str_trim(boundary);
	if (boundary.n == 0 || boundary.n > BOUNDARY_MAX_BYTES) {
		p->m->broken = true;
		boundary = guess_boundary(p->s, p->at);
	}
	p->stack[p->depth++] = (struct level){boundary, index};
	return 0;
}

static int add_node(struct parser *p, uint32_t parent, uint32_t *ret)
{
	if (p->m->n >= p->limits->mime_parts) {
		p->m->too_many = true;
		*ret = PART_NONE;
		return 0;
	}
	struct mime_node *node = ARENA_PUSH(p->a, p->m);
	if (!node)
		return ERR_TOO_LARGE;
	uint32_t index = (uint32_t) (p->m->n - 1);
	*node = (struct mime_node){.parent = parent, .next = PART_NONE, .first = PART_NONE, .last = PART_NONE};
	if (parent != PART_NONE) {
		struct mime_node *up = &p->m->at[parent];
		node->level = up->level + 1;
		if (up->last != PART_NONE)
			p->m->at[up->last].next = index;
		else
			up->first = index;
		up->last = index;
	}
	*ret = index;
	return 0;
}

/* Reads the header of a part and, where it is a message, that of the message in it, and so on. Gives the innermost
 * node, or PART_NONE over the limit: the part is then passed over. */
static int begin_part(struct parser *p, uint32_t parent, uint32_t *ret)
{
	for (;;) {
		uint32_t index;
		int r = add_node(p, parent, &index);
		if (r < 0 || index == PART_NONE) {
			*ret = PART_NONE;
			return r;
		}
		read_header(p, &p->m->at[index]);
		p->m->at[index].body = str_slice(p->s, p->at, p->s.n);
		r = open_node(p, index);
		if (r < 0)
			return r;
		*ret = index;
		if (p->m->at[index].kind != MIME_MESSAGE)
			return 0;
		parent = index;
	}
}

/* The node's text ends before the line end at i; so does that of every message around it that no boundary has closed.
 */
static void end_part(struct parser *p, uint32_t index, uint32_t until, size_t i)
{
	size_t end = i;
	if (end > 0 && p->s.p[end - 1] == '\n')
		end--;
	if (end > 0 && p->s.p[end - 1] == '\r')
		end--;
	for (; index != PART_NONE && index != until; index = p->m->at[index].parent) {
		struct mime_node *node = &p->m->at[index];
		size_t start = (size_t) (node->body.p - p->s.p);
		node->body = str_slice(p->s, start, end > start ? end : start);
	}
}

/* The next boundary line at or after i; p->s.n when there is none. */
static enum found find_boundary(const struct parser *p, size_t i, size_t *ret_at, size_t *ret_level)
{
	while (i < p->s.n && p->depth > 0) {
		enum found f = boundary_at(p, i, ret_level);
		*ret_at = i;
		if (f != FOUND_NOTHING)
			return f;
		size_t next = str_find(p->s, STR("\n--"), i);
		if (next == STR_NOT_FOUND)
			break;
		i = next + 1;
	}
	*ret_at = p->s.n;
	return FOUND_NOTHING;
}

int mime_parse(struct str bytes, const struct read_limits *limits, struct arena *a, struct mime *ret)
{
	struct mime m = {0};
	struct parser p = {.s = bytes, .limits = limits, .a = a, .m = &m};
	uint32_t current;
	size_t at, level = 0;
	int r = begin_part(&p, PART_NONE, &current);
	while (r >= 0 && !m.too_many) {
		enum found f = find_boundary(&p, p.at, &at, &level);
		if (f == FOUND_NOTHING)
			break;
		m.broken |= level + 1 < p.depth;
		uint32_t owner = p.stack[level].node;
		end_part(&p, current, owner, at);
		p.at = after_line(bytes, at);
		p.depth = f == FOUND_END ? level : level + 1;
		current = owner;
		if (f == FOUND_PART)
			r = begin_part(&p, owner, &current);
	}
	m.broken |= p.depth > 0;
	*ret = m;
	return r < 0 ? r : 0;
}
