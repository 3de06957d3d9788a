/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From nodes and values to HTML. */
#include "web/template-inside.h"

#include "base/err.h"
#include "http/form.h"

static const char fragment_member[] = "\x01html"; /* no text from outside can be a member of this name */

enum { VALUES_MAX = TEMPLATE_DEPTH_MAX + 2, NUMBER_MAX_BYTES = 40 };

struct rendering {
	const struct templates *templates;
	enum language language;
	struct buf *out;
	json_t *values[VALUES_MAX]; /* outermost first */
	size_t depth;
	unsigned partials;
};

static int render_nodes(struct rendering *r, const struct template *t, size_t from, size_t to);

static json_t *member(json_t *value, struct str name)
{
	char key[128];
	if (!json_is_object(value) || name.n >= sizeof(key))
		return NULL;
	memcpy(key, name.p, name.n);
	key[name.n] = '\0';
	return json_object_get(value, key);
}

static json_t *look_up(const struct rendering *r, struct str path)
{
	struct str first, rest = path;
	json_t *value = NULL;
	if (str_eq_c(path, "."))
		return r->values[r->depth - 1];
	str_split(&rest, '.', &first);
	for (size_t i = r->depth; i > 0 && !value; i--)
		value = member(r->values[i - 1], first);
	for (struct str piece; value && str_split(&rest, '.', &piece);)
		value = member(value, piece);
	return value;
}

/* Text of a scalar; numbers are written into `number`. */
static struct str text_of(json_t *value, char number[static NUMBER_MAX_BYTES])
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		return str_make(json_string_value(value), json_string_length(value));
	case JSON_INTEGER:
		snprintf(number, NUMBER_MAX_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return str_of(number);
	case JSON_REAL:
		snprintf(number, NUMBER_MAX_BYTES, "%.10g", json_real_value(value));
		return str_of(number);
	case JSON_TRUE:
		return STR("true");
	case JSON_FALSE:
		return STR("false");
	case JSON_OBJECT:
	case JSON_ARRAY:
	case JSON_NULL:
		break;
	}
	return (struct str){NULL, 0};
}

int template_escape(struct buf *b, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char *as = NULL;
		switch (s.p[i]) {
		case '&':
			as = "&amp;";
			break;
		case '<':
			as = "&lt;";
			break;
		case '>':
			as = "&gt;";
			break;
		case '"':
			as = "&quot;";
			break;
		case '\'':
			as = "&#39;";
			break;
		default:
			continue;
		}
		buf_add(b, s.p + from, i - from);
		buf_add_c(b, as);
		from = i + 1;
	}
	buf_add_str(b, str_slice(s, from, s.n));
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}

bool template_url_is_allowed(struct str url)
{
	static const char *const schemes[] = {"https:", "http:", "mailto:", "tel:"};
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char) url.p[i] <= 0x20 || url.p[i] == 0x7f || url.p[i] == '\\')
			return false;
	if (url.n > 0 && (url.p[0] == '?' || url.p[0] == '#'))
		return true;
	if (url.n > 0 && url.p[0] == '/')
		return url.n == 1 || url.p[1] != '/';
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (str_starts_with_icase(url, str_of(schemes[i])))
			return true;
	return false;
}

json_t *template_fragment(struct str html)
{
	json_t *j = json_object();
	json_t *text = json_stringn(html.p ? html.p : "", html.n);
	json_object_set_new(j, fragment_member, text ? text : json_string(""));
	return j;
}

bool template_is_fragment(const json_t *value)
{
	return json_object_get(value, fragment_member) != NULL;
}

static void render_value(struct rendering *r, const struct node *n)
{
	char number[NUMBER_MAX_BYTES];
	struct str text = text_of(look_up(r, n->text), number);
	if (n->kind == NODE_URL && !template_url_is_allowed(text))
		text = STR("#");
	if (n->writing == WRITE_COMPONENT)
		percent_encode(r->out, text);
	else
		template_escape(r->out, text);
}

static void render_fragment(struct rendering *r, const struct node *n)
{
	json_t *html = json_object_get(look_up(r, n->text), fragment_member);
	if (html)
		buf_add(r->out, json_string_value(html), json_string_length(html));
	else
		render_value(r, n);
}

static bool is_empty(json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_NULL:
	case JSON_FALSE:
		return true;
	case JSON_STRING:
		return json_string_length(value) == 0;
	case JSON_ARRAY:
		return json_array_size(value) == 0;
	case JSON_INTEGER:
		return json_integer_value(value) == 0;
	case JSON_REAL:
		return !(json_real_value(value) < 0 || json_real_value(value) > 0);
	case JSON_OBJECT:
	case JSON_TRUE:
		break;
	}
	return false;
}

static int render_with(struct rendering *r, json_t *value, const struct template *t, size_t from, size_t to)
{
	if (r->depth >= VALUES_MAX)
		return ERR_TOO_LARGE;
	r->values[r->depth++] = value;
	int result = render_nodes(r, t, from, to);
	r->depth--;
	return result;
}

static int render_section(struct rendering *r, const struct template *t, size_t at)
{
	const struct node *n = &t->nodes.at[at];
	json_t *value = look_up(r, n->text);
	int result = 0;
	if (is_empty(value))
		return 0;
	if (!json_is_array(value))
		return render_with(r, value, t, at + 1, n->end);
	for (size_t i = 0; i < json_array_size(value) && result >= 0; i++)
		result = render_with(r, json_array_get(value, i), t, at + 1, n->end);
	return result;
}

static int render_partial(struct rendering *r, const struct node *n)
{
	const struct template *t = templates_find_partial(r->templates, n->text);
	if (!t)
		return ERR_NOT_FOUND;
	if (r->partials >= TEMPLATE_DEPTH_MAX)
		return ERR_TOO_LARGE;
	r->partials++;
	int result = render_nodes(r, t, 0, t->nodes.n);
	r->partials--;
	return result;
}

static void complete_key(struct rendering *r, struct str key, struct buf *b)
{
	char number[NUMBER_MAX_BYTES];
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] != '[') {
			buf_add_char(b, key.p[i]);
			continue;
		}
		size_t close = str_find_char(key, ']', i);
		buf_add_str(b, text_of(look_up(r, str_slice(key, i + 1, close)), number));
		i = close;
	}
}

static void render_catalogue(struct rendering *r, const struct node *n)
{
	struct buf key = buf_make(CATALOGUE_KEY_MAX_BYTES * 4), text = buf_make(TEMPLATE_TEXT_MAX_BYTES);
	struct i18n_fact facts[CATALOGUE_FACTS_MAX];
	char names[CATALOGUE_FACTS_MAX][64], numbers[CATALOGUE_FACTS_MAX][NUMBER_MAX_BYTES];

	complete_key(r, n->text, &key);
	for (size_t i = 0; i < n->fact_count; i++) {
		snprintf(names[i], sizeof(names[i]), "%.*s", STR_ARG(n->facts[i].name));
		facts[i] = (struct i18n_fact){names[i], text_of(look_up(r, n->facts[i].path), numbers[i])};
	}
	if (i18n_find(r->language, buf_str(&key)) &&
	    i18n_format(&text, r->language, buf_str(&key), facts, n->fact_count) >= 0)
		template_escape(r->out, buf_str(&text));
	else
		template_escape(r->out, buf_str(&key)); /* visible, so that it is noticed */
	buf_done(&key);
	buf_done(&text);
}

static int render_node(struct rendering *r, const struct template *t, size_t at)
{
	const struct node *n = &t->nodes.at[at];
	switch (n->kind) {
	case NODE_TEXT:
		return buf_add_str(r->out, n->text);
	case NODE_VALUE:
	case NODE_URL:
		render_value(r, n);
		return 0;
	case NODE_FRAGMENT:
		render_fragment(r, n);
		return 0;
	case NODE_ASSET:
		return r->templates->asset(n->text, r->out) ? 0 : ERR_NOT_FOUND;
	case NODE_SECTION:
		return render_section(r, t, at);
	case NODE_INVERTED:
		return is_empty(look_up(r, n->text)) ? render_nodes(r, t, at + 1, n->end) : 0;
	case NODE_PARTIAL:
		return render_partial(r, n);
	case NODE_CATALOGUE:
		render_catalogue(r, n);
		return 0;
	}
	return 0;
}

static int render_nodes(struct rendering *r, const struct template *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct node *n = &t->nodes.at[i];
		int result = render_node(r, t, i);
		if (result < 0)
			return result;
		if (buf_failed(r->out))
			return ERR_TOO_LARGE;
		if (n->kind == NODE_SECTION || n->kind == NODE_INVERTED)
			i = n->end - 1;
	}
	return 0;
}

int templates_render(const struct templates *t, struct str name, enum language language, json_t *inner, json_t *outer,
                     struct buf *b)
{
	const struct template *found = templates_find(t, name);
	struct rendering r = {.templates = t, .language = language, .out = b};
	if (!found)
		return ERR_NOT_FOUND;
	if (outer)
		r.values[r.depth++] = outer;
	r.values[r.depth++] = inner;
	return render_nodes(&r, found, 0, found->nodes.n);
}
