/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From source to nodes. While it walks, it follows the HTML around the tags and decides for each value how it must be
 * written there; a place where no writing is safe is a mistake of the template. */
#include "web/template-inside.h"

#include "base/err.h"

struct compiling {
	struct templates *templates;
	struct template *into;
	struct template_complaint *complaint;
	struct str rest;
	unsigned line;
	struct html_context html;
	size_t open[TEMPLATE_DEPTH_MAX]; /* indexes of the sections that are not closed yet */
	size_t depth;
};

static int complain(struct compiling *c, const char *text, struct str about)
{
	c->complaint->line = c->line;
	snprintf(c->complaint->file, sizeof(c->complaint->file), "%.*s", STR_ARG(str_slice(c->into->name, 0, 60)));
	snprintf(c->complaint->text, sizeof(c->complaint->text), "%s: %.*s", text, STR_ARG(str_slice(about, 0, 60)));
	return ERR_INVALID;
}

static struct node *add_node(struct compiling *c, enum node_kind kind, struct str text)
{
	struct node *n = ARENA_PUSH(c->templates->arena, &c->into->nodes);
	CHECK(n);
	*n = (struct node){.kind = kind, .text = text, .line = c->line};
	return n;
}

static void add_text(struct compiling *c, struct str text)
{
	if (text.n == 0)
		return;
	add_node(c, NODE_TEXT, text);
	html_context_feed(&c->html, text);
	for (size_t i = 0; i < text.n; i++)
		c->line += text.p[i] == '\n';
}

static bool is_path(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
			return false;
	return s.n > 0;
}

static int add_value(struct compiling *c, enum node_kind kind, struct str path)
{
	if (!is_path(path))
		return complain(c, "not a name", path);
	enum html_writing writing = html_context_writing(&c->html);
	bool is_address = kind == NODE_URL || kind == NODE_ASSET;
	if (kind == NODE_ASSET && !c->templates->asset)
		return complain(c, "there are no assets", path);
	if (writing == WRITE_FORBIDDEN)
		return complain(c, "no value may stand here", path);
	if (kind == NODE_FRAGMENT && c->html.place != PLACE_TEXT)
		return complain(c, "a fragment may stand in text only", path);
	if (writing == WRITE_ADDRESS && !is_address)
		return complain(c, "an address starts with {{url ..}}, {{asset ..}} or a path", path);
	if (writing == WRITE_COMPONENT && is_address)
		return complain(c, "a whole address stands behind a path", path);
	add_node(c, kind, path)->writing = writing;
	html_context_note_value(&c->html);
	return 0;
}

static int open_section(struct compiling *c, enum node_kind kind, struct str path)
{
	if (!is_path(path))
		return complain(c, "not a name", path);
	if (c->depth >= TEMPLATE_DEPTH_MAX)
		return complain(c, "too many sections inside each other", path);
	c->open[c->depth++] = c->into->nodes.n;
	add_node(c, kind, path);
	return 0;
}

static int close_section(struct compiling *c, struct str path)
{
	if (c->depth == 0)
		return complain(c, "closes what is not open", path);
	struct node *opened = &c->into->nodes.at[c->open[--c->depth]];
	if (!str_eq(opened->text, path))
		return complain(c, "closes another section than the innermost", path);
	opened->end = c->into->nodes.n;
	return 0;
}

/* name=path name=path ... */
static int read_facts(struct compiling *c, struct str rest, struct node *n)
{
	struct catalogue_fact *facts = ARENA_ARRAY(c->templates->arena, struct catalogue_fact, CATALOGUE_FACTS_MAX);
	CHECK(facts);
	for (struct str word; str_split(&rest, ' ', &word);) {
		size_t equals = str_find_char(word, '=', 0);
		if (word.n == 0)
			continue;
		if (equals == STR_NOT_FOUND || n->fact_count >= CATALOGUE_FACTS_MAX)
			return complain(c, "expected name=path", word);
		struct catalogue_fact *f = &facts[n->fact_count++];
		*f = (struct catalogue_fact){str_slice(word, 0, equals), str_slice(word, equals + 1, word.n)};
		if (!is_path(f->name) || !is_path(f->path))
			return complain(c, "expected name=path", word);
	}
	n->facts = facts;
	return 0;
}

/* Pieces in [..] are paths, the rest is part of the key. */
static bool is_key(struct str key)
{
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] != '[')
			continue;
		size_t close = str_find_char(key, ']', i);
		if (close == STR_NOT_FOUND || !is_path(str_slice(key, i + 1, close)))
			return false;
		i = close;
	}
	return key.n > 0 && key.n < CATALOGUE_KEY_MAX_BYTES;
}

static int add_catalogue(struct compiling *c, struct str tag)
{
	size_t space = str_find_char(tag, ' ', 0);
	struct str key = str_slice(tag, 0, space == STR_NOT_FOUND ? tag.n : space);
	if (!is_key(key))
		return complain(c, "not a catalogue key", key);
	if (html_context_writing(&c->html) != WRITE_ESCAPED)
		return complain(c, "no text may stand here", key);
	struct node *n = add_node(c, NODE_CATALOGUE, key);
	html_context_note_value(&c->html);
	return space == STR_NOT_FOUND ? 0 : read_facts(c, str_slice(tag, space + 1, tag.n), n);
}

static int add_partial(struct compiling *c, struct str name)
{
	if (!is_path(name))
		return complain(c, "not a name", name);
	if (c->html.place != PLACE_TEXT)
		return complain(c, "a part may stand in text only", name);
	add_node(c, NODE_PARTIAL, name);
	return 0;
}

static int add_tag(struct compiling *c, struct str tag)
{
	struct str operand = str_trim(str_slice(tag, 1, tag.n));
	if (tag.n == 0)
		return complain(c, "empty tag", tag);
	switch (tag.p[0]) {
	case '!':
		return 0;
	case '#':
		return open_section(c, NODE_SECTION, operand);
	case '^':
		return open_section(c, NODE_INVERTED, operand);
	case '/':
		return close_section(c, operand);
	case '>':
		return add_partial(c, operand);
	case '_':
		if (tag.n > 1 && tag.p[1] == ' ')
			return add_catalogue(c, operand);
		break;
	case '{':
		return add_value(c, NODE_FRAGMENT, operand);
	default:
		break;
	}
	if (str_starts_with(tag, STR("url ")))
		return add_value(c, NODE_URL, str_trim(str_slice(tag, 4, tag.n)));
	if (str_starts_with(tag, STR("asset ")))
		return add_value(c, NODE_ASSET, str_trim(str_slice(tag, 6, tag.n)));
	return add_value(c, NODE_VALUE, str_trim(tag));
}

/* A tag that stands alone on its line takes the line end with it, as Mustache has it for sections. */
static void drop_line_end(struct compiling *c, struct str before, struct str tag)
{
	bool is_structure = tag.n > 0 && strchr("#^/!>", tag.p[0]) && tag.p[0] != '\0';
	size_t lf = str_rfind_char(before, '\n');
	struct str blank = str_slice(before, lf == STR_NOT_FOUND ? 0 : lf + 1, before.n);
	if (!is_structure || str_trim(blank).n > 0 || c->rest.n == 0 || c->rest.p[0] != '\n' ||
	    c->html.place != PLACE_TEXT)
		return;
	c->rest = str_slice(c->rest, 1, c->rest.n);
	c->line++;
}

/* Cuts "{{tag}}" or "{{{tag}}}" off c->rest, which starts with it. The tag of the latter starts with '{'. */
static int take_tag(struct compiling *c, struct str *ret_tag)
{
	bool triple = str_starts_with(c->rest, STR("{{{"));
	struct str close = triple ? STR("}}}") : STR("}}");
	size_t end = str_find(c->rest, close, 2);
	if (end == STR_NOT_FOUND)
		return complain(c, "tag without end", str_slice(c->rest, 0, 20));
	*ret_tag = str_slice(c->rest, 2, end);
	for (size_t i = 0; i < ret_tag->n; i++)
		c->line += ret_tag->p[i] == '\n';
	c->rest = str_slice(c->rest, end + close.n, c->rest.n);
	return 0;
}

static int finish(struct compiling *c)
{
	if (c->depth > 0)
		return complain(c, "section is not closed", c->into->nodes.at[c->open[c->depth - 1]].text);
	if (c->html.place != PLACE_TEXT)
		return complain(c, "ends inside a tag, a comment or a script", str_of(c->html.tag));
	return 0;
}

int template_compile(struct templates *t, struct template *into, struct str source,
                     struct template_complaint *ret_complaint)
{
	struct compiling c = {.templates = t, .into = into, .complaint = ret_complaint, .rest = source, .line = 1};
	for (struct str before = {NULL, 0}, tag;;) {
		size_t at = str_find(c.rest, STR("{{"), 0);
		before = str_slice(c.rest, 0, at == STR_NOT_FOUND ? c.rest.n : at);
		add_text(&c, before);
		if (at == STR_NOT_FOUND)
			return finish(&c);
		c.rest = str_slice(c.rest, at, c.rest.n);
		int r = take_tag(&c, &tag);
		if (r >= 0)
			r = add_tag(&c, str_trim(tag));
		if (r < 0)
			return r;
		drop_line_end(&c, before, str_trim(tag));
	}
}
