/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See html.h. What an element makes of the text inside it (hidden, colours) is kept on the stack of open elements; a
 * closing tag looks only for elements that are known to be open, so that every entry is pushed and popped once. */
#include "read/html.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"
#include "read/html-inside.h"
#include "read/html-style.h"
#include "read/html-tag.h"

enum { IMPLIED_LOOK_MAX = 8, INLINE_LOOK_MAX = 16, URL_MAX_BYTES = 64 * 1024, SHEETS_MAX_BYTES = 256 * 1024 };

/* "//host/x", "/x" and "x" against <base>; everything else stays as it is. */
static struct str resolve(struct html *h, struct str url)
{
	struct str base = h->base;
	size_t scheme = str_find(base, STR("://"), 0);
	size_t colon = str_find_char(url, ':', 0), slash = str_find_char(url, '/', 0);
	if (scheme == STR_NOT_FOUND || url.n == 0 || url.p[0] == '#' || (colon != STR_NOT_FOUND && colon < slash))
		return url;
	if (str_starts_with(url, STR("//")))
		return arena_printf(h->a, "%.*s%.*s", (int) scheme + 1, base.p, STR_ARG(url));
	size_t root = str_find_char(base, '/', scheme + 3);
	size_t keep = root == STR_NOT_FOUND ? base.n : url.p[0] == '/' ? root : str_rfind_char(base, '/') + 1;
	const char *between = root == STR_NOT_FOUND && url.p[0] != '/' ? "/" : "";
	return arena_printf(h->a, "%.*s%s%.*s", (int) keep, base.p, between, STR_ARG(url));
}

static struct str tidy_url(struct html *h, struct str raw)
{
	struct str s = str_trim(html_attribute_decode(str_slice(raw, 0, URL_MAX_BYTES), h->a));
	char *p = arena_alloc(h->a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r' && s.p[i] != '\t')
			p[n++] = s.p[i];
	return resolve(h, str_make(p, n));
}

/* PART_NONE when the limit is reached. The link stands where the text now ends. */
static uint32_t add_link(struct html *h, struct str raw_url, uint32_t flags)
{
	struct html_page *page = h->page;
	if (page->links.n >= HTML_LINKS_MAX) {
		page->too_many = true;
		return PART_NONE;
	}
	struct str url = tidy_url(h, raw_url);
	if (url.n == 0 || url.p[0] == '#')
		return PART_NONE;
	struct html_link *l = ARENA_PUSH(h->a, &page->links);
	if (!l)
		return PART_NONE;
	*l = (struct html_link){.url = url, .flags = flags, .start = (uint32_t) h->text.n, .end = (uint32_t) h->text.n};
	return (uint32_t) (page->links.n - 1);
}

static void add_attribute_link(struct html *h, const struct html_token *t, const char *name, uint32_t flags)
{
	struct str raw = html_attribute(t, name);
	if (raw.n > 0)
		add_link(h, raw, flags);
}

static void close_anchor(struct html *h)
{
	h->anchor = PART_NONE;
	h->anchor_begun = false;
}

static void open_anchor(struct html *h, const struct html_token *t)
{
	close_anchor(h);
	struct str href = html_attribute(t, "href");
	if (href.n > 0)
		h->anchor = add_link(h, href, LINK_HTML);
}

static void read_image(struct html *h, const struct html_token *t)
{
	struct str src = html_attribute(t, "src");
	struct str alt = html_attribute(t, "alt");
	h->page->pictures++;
	if (h->anchor != PART_NONE && !h->anchor_begun && alt.n > 0)
		h->page->links.at[h->anchor].label = html_attribute_decode(alt, h->a);
	if (str_starts_with_icase(src, STR("data:image/"))) {
		size_t data = str_find(src, STR(";base64,"), 0);
		if (data != STR_NOT_FOUND && h->page->embedded_count < HTML_EMBEDDED_MAX)
			h->page->embedded[h->page->embedded_count++] = str_slice(src, data + 8, src.n);
	} else if (src.n > 0 && !str_starts_with_icase(src, STR("cid:"))) {
		h->page->pictures_outside++;
		add_link(h, src, LINK_IMAGE);
	}
}

static void read_meta(struct html *h, const struct html_token *t)
{
	if (!str_eq_icase(html_attribute(t, "http-equiv"), STR("refresh")))
		return;
	struct str content = html_attribute(t, "content");
	size_t at = str_find_icase(content, STR("url="), 0);
	if (at == STR_NOT_FOUND)
		return;
	struct str url = str_trim(str_slice(content, at + 4, content.n));
	if (url.n >= 2 && (url.p[0] == '\'' || url.p[0] == '"'))
		url = str_slice(url, 1, url.n - (url.p[url.n - 1] == url.p[0]));
	add_link(h, url, LINK_HTML);
}

static void input_element(struct html *h, const struct html_token *t)
{
	struct str type = html_attribute(t, "type");
	if (str_eq_icase(type, STR("password")))
		html_add_mark_once(h, MARK_PASSWORD_FIELD);
	if ((str_eq_icase(type, STR("submit")) || str_eq_icase(type, STR("button"))) && !html_is_hidden(html_top(h)))
		html_add_text(h, html_attribute(t, "value"));
	add_attribute_link(h, t, "formaction", LINK_FORM);
}

static void read_form(struct html *h, const struct html_token *t)
{
	html_add_mark_once(h, MARK_FORM);
	add_attribute_link(h, t, "action", LINK_FORM);
}

/* What an element is beside its text. */
static void read_element(struct html *h, const struct html_token *t)
{
	struct str name = t->name;
	if (str_eq(name, STR("a"))) {
		open_anchor(h, t);
	} else if (str_eq(name, STR("img")) || str_eq(name, STR("image"))) {
		read_image(h, t);
	} else if (str_eq(name, STR("area"))) {
		add_attribute_link(h, t, "href", LINK_HTML);
	} else if (str_eq(name, STR("base"))) {
		if (h->base.n == 0)
			h->base = tidy_url(h, html_attribute(t, "href"));
	} else if (str_eq(name, STR("meta"))) {
		read_meta(h, t);
	} else if (str_eq(name, STR("form"))) {
		read_form(h, t);
	} else if (str_eq(name, STR("input"))) {
		input_element(h, t);
	} else if (str_eq(name, STR("button"))) {
		add_attribute_link(h, t, "formaction", LINK_FORM);
	} else if (str_eq(name, STR("script"))) {
		html_add_mark_once(h, MARK_SCRIPT);
		add_attribute_link(h, t, "src", LINK_IMAGE);
	} else if (str_eq(name, STR("iframe")) || str_eq(name, STR("embed")) || str_eq(name, STR("frame"))) {
		add_attribute_link(h, t, "src", LINK_IMAGE);
	} else if (str_eq(name, STR("object"))) {
		add_attribute_link(h, t, "data", LINK_IMAGE);
	} else if (str_eq(name, STR("font")) && style_is_foreign_font(html_attribute(t, "face"))) {
		html_add_mark_once(h, MARK_FOREIGN_FONT);
	} else if (str_eq(name, STR("link"))) {
		h->sheet.unclear_background |=
		        str_find_icase(html_attribute(t, "rel"), STR("stylesheet"), 0) != STR_NOT_FOUND;
	} else if (str_eq(name, STR("br"))) {
		h->newlines++;
	}
}

static void read_sheet(struct html *h, struct str s)
{
	if (h->sheet_bytes + s.n > SHEETS_MAX_BYTES)
		return;
	h->sheet_bytes += s.n;
	style_read_sheet(s, &h->sheet);
}

static bool is_foreign_language(struct str lang)
{
	return str_starts_with_icase(lang, STR("zh")) || str_starts_with_icase(lang, STR("ko"));
}

static void read_style(struct html *h, const struct html_token *t, struct open_element *e)
{
	struct style s = STYLE_NONE;
	struct str lang = html_attribute(t, "lang"), bgcolor = html_attribute(t, "bgcolor"),
	           style = html_attribute(t, "style");
	struct str classes = html_attribute(t, "class");
	style_apply(&h->sheet, t->name, classes, html_attribute(t, "id"), &s);
	if (bgcolor.n > 0)
		s.background = style_color(bgcolor);
	if (html_attribute(t, "background").n > 0 ||
	    (h->sheet.unclear_background && classes.n > 0 && s.background == STYLE_COLOR_NONE))
		s.background = STYLE_COLOR_UNCLEAR;
	if (str_eq(t->name, STR("font")) && html_attribute(t, "color").n > 0)
		s.color = style_color(html_attribute(t, "color"));
	if (style.n > 0)
		style_read_declarations(
		        str_find_char(style, '&', 0) == STR_NOT_FOUND ? style : html_attribute_decode(style, h->a), &s);
	e->gone |= s.gone || html_attribute(t, "hidden").p != NULL;
	if (s.sized)
		e->tiny = s.tiny;
	if (s.color != STYLE_COLOR_NONE)
		e->color = s.color;
	if (s.background != STYLE_COLOR_NONE)
		e->background = s.background;
	if (s.foreign_font)
		html_add_mark_once(h, MARK_FOREIGN_FONT);
	if (is_foreign_language(lang))
		html_add_mark_once(h, MARK_FOREIGN_LANGUAGE);
}

static void pop(struct html *h)
{
	struct open_element *e = html_top(h);
	h->open[e->index]--;
	if (e->anchor)
		close_anchor(h);
	h->stack.n--;
}

static void push(struct html *h, const struct open_element *e)
{
	if (h->stack.n >= HTML_LEVELS_MAX) {
		h->page->too_deep = true;
		h->overflow++;
		return;
	}
	struct open_element *slot = ARENA_PUSH(h->a, &h->stack);
	if (!slot)
		return;
	*slot = *e;
	h->open[e->index]++;
}

/* <li> after <li>, <td> after <td> and so on: the one before ends where the next begins. */
static void close_implied(struct html *h, uint32_t name)
{
	size_t n = h->stack.n;
	for (size_t i = n; i > 0 && n - i < IMPLIED_LOOK_MAX; i--) {
		struct open_element *e = &h->stack.at[i - 1];
		if (e->name == name) {
			while (h->stack.n >= i)
				pop(h);
			return;
		}
		if (e->flags & ELEMENT_SCOPE)
			return;
	}
}

static void close_element(struct html *h, const struct html_token *t)
{
	uint32_t name = (uint32_t) str_hash(t->name);
	uint16_t index = element_index(t->name);
	unsigned flags = element_flags(index);
	size_t look = index < ELEMENT_COUNT ? h->stack.n : INLINE_LOOK_MAX;
	if (flags & ELEMENT_BLOCK)
		html_break_line(h, flags & ELEMENT_GAP ? 2 : 1);
	if (str_eq(t->name, STR("pre")) && h->pre > 0)
		h->pre--;
	if (str_eq(t->name, STR("a")))
		close_anchor(h);
	if (h->overflow > 0) {
		h->overflow--;
		return;
	}
	if (h->open[index] == 0)
		return;
	for (size_t i = h->stack.n; i > 0 && look > 0; i--, look--) {
		struct open_element *e = &h->stack.at[i - 1];
		if (e->name == name && e->index == index) {
			while (h->stack.n >= i)
				pop(h);
			return;
		}
		/* </b> does not end the <div> around it. */
		if (index == ELEMENT_COUNT && (e->flags & (ELEMENT_BLOCK | ELEMENT_CELL)))
			return;
	}
}

static void open_element(struct html *h, const struct html_token *t)
{
	uint16_t index = element_index(t->name);
	unsigned flags = element_flags(index);
	uint32_t name = (uint32_t) str_hash(t->name);
	if (flags & ELEMENT_IMPLIED)
		close_implied(h, name);
	struct open_element e = *html_top(h);
	e.name = name;
	e.index = index;
	e.flags = (uint16_t) flags;
	e.skip |= (flags & ELEMENT_SKIP) != 0;
	e.anchor = str_eq(t->name, STR("a"));
	read_style(h, t, &e);
	if (flags & ELEMENT_BLOCK)
		html_break_line(h, flags & ELEMENT_GAP ? 2 : 1);
	if (flags & ELEMENT_CELL)
		h->space = true;
	if (str_eq(t->name, STR("pre")))
		h->pre++;
	if (!(flags & ELEMENT_VOID))
		push(h, &e);
	read_element(h, t);
}

static void open_raw(struct html *h, const struct html_token *t)
{
	if (str_eq(t->name, STR("style")))
		read_sheet(h, t->text);
	else if (str_eq(t->name, STR("textarea")) || str_eq(t->name, STR("xmp")))
		html_add_text(h, t->text);
	else
		read_element(h, t);
}

static void clamp_places(struct html_page *page)
{
	for (size_t i = 0; i < page->marks.n; i++) {
		struct html_mark *m = &page->marks.at[i];
		if (m->start > page->text.n)
			m->start = (uint32_t) page->text.n;
		if (m->end > page->text.n)
			m->end = (uint32_t) page->text.n;
	}
	for (size_t i = 0; i < page->links.n; i++) {
		struct html_link *l = &page->links.at[i];
		if (l->end > page->text.n)
			l->end = (uint32_t) page->text.n;
		if (l->start > l->end)
			l->start = l->end;
	}
}

static bool run(struct html *h, struct str s)
{
	struct html_token *t = ARENA_NEW(h->a, struct html_token);
	while (t && html_next_token(&s, t)) {
		if (t->kind == HTML_TEXT)
			html_add_text(h, t->text);
		else if (t->kind == HTML_CLOSE)
			close_element(h, t);
		else if (t->raw)
			open_raw(h, t);
		else
			open_element(h, t);
	}
	return t != NULL;
}

int html_parse(struct str s, size_t text_max_bytes, struct arena *a, struct html_page *ret)
{
	struct html_page page = {0};
	struct html *h = ARENA_NEW(a, struct html);
	if (!h)
		return ERR_TOO_LARGE;
	h->a = a;
	h->page = &page;
	h->text = buf_make(text_max_bytes + 4);
	h->text_max = text_max_bytes;
	h->anchor = PART_NONE;
	h->hidden_at = STR_NOT_FOUND;
	bool ran = run(h, s);
	page.text = arena_dup(a, buf_str(&h->text));
	buf_done(&h->text);
	clamp_places(&page);
	if (!ran || (!page.text.p && page.text.n > 0))
		return ERR_TOO_LARGE;
	*ret = page;
	return 0;
}

struct str html_meta_charset(struct str s)
{
	struct str head = str_slice(s, 0, 4096);
	size_t at = str_find_icase(head, STR("charset"), 0);
	if (at == STR_NOT_FOUND)
		return (struct str){NULL, 0};
	at += 7;
	while (at < head.n &&
	       (ascii_is_space(head.p[at]) || head.p[at] == '=' || head.p[at] == '"' || head.p[at] == '\''))
		at++;
	size_t end = at;
	while (end < head.n && (ascii_is_alnum(head.p[end]) || head.p[end] == '-' || head.p[end] == '_'))
		end++;
	return str_slice(head, at, end);
}

bool html_is_html(struct str s)
{
	static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body",  "<table",
	                                     "<div",           "<meta", "<p>",   "<script"};
	struct str head = str_trim(str_slice(s, 0, 4096));
	if (str_starts_with(head, STR("\xEF\xBB\xBF")))
		head = str_trim(str_slice(head, 3, head.n));
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (str_starts_with_icase(head, str_of(starts[i])))
			return true;
	return false;
}
