/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See html.h. What an element makes of the text inside it (hidden, colours) is kept on the stack of open elements; a
 * closing tag looks only for elements that are known to be open, so that every entry is pushed and popped once. */
#include "read/html.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"
#include "read/entity.h"
#include "read/html-style.h"
#include "read/html-tag.h"

enum { IMPLIED_LOOK_MAX = 8, INLINE_LOOK_MAX = 16, URL_MAX_BYTES = 64 * 1024, SHEETS_MAX_BYTES = 256 * 1024 };

enum element_flag {
	ELEMENT_BLOCK = 1 << 0, /* stands on lines of its own */
	ELEMENT_VOID = 1 << 1,
	ELEMENT_CELL = 1 << 2,
	ELEMENT_IMPLIED = 1 << 3, /* a new one closes the one before */
	ELEMENT_SKIP = 1 << 4,    /* what is inside never shows */
	ELEMENT_SCOPE = 1 << 5,   /* implied closing does not look past it */
	ELEMENT_GAP = 1 << 6,     /* an empty line around it */
};

struct element {
	const char *name;
	unsigned flags;
};

/* Sorted by name. Elements that are not here stand in the line. */
static const struct element elements[] = {
        {"address", ELEMENT_BLOCK},
        {"area", ELEMENT_VOID},
        {"article", ELEMENT_BLOCK},
        {"aside", ELEMENT_BLOCK},
        {"audio", ELEMENT_SKIP},
        {"base", ELEMENT_VOID},
        {"blockquote", ELEMENT_BLOCK},
        {"body", ELEMENT_BLOCK},
        {"br", ELEMENT_VOID},
        {"center", ELEMENT_BLOCK},
        {"col", ELEMENT_VOID},
        {"dd", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"div", ELEMENT_BLOCK},
        {"dl", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"dt", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"embed", ELEMENT_VOID},
        {"fieldset", ELEMENT_BLOCK},
        {"footer", ELEMENT_BLOCK},
        {"form", ELEMENT_BLOCK},
        {"h1", ELEMENT_BLOCK | ELEMENT_GAP},
        {"h2", ELEMENT_BLOCK | ELEMENT_GAP},
        {"h3", ELEMENT_BLOCK | ELEMENT_GAP},
        {"h4", ELEMENT_BLOCK},
        {"h5", ELEMENT_BLOCK},
        {"h6", ELEMENT_BLOCK},
        {"header", ELEMENT_BLOCK},
        {"hr", ELEMENT_VOID | ELEMENT_BLOCK},
        {"img", ELEMENT_VOID},
        {"input", ELEMENT_VOID},
        {"li", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"link", ELEMENT_VOID},
        {"main", ELEMENT_BLOCK},
        {"meta", ELEMENT_VOID},
        {"nav", ELEMENT_BLOCK},
        {"object", 0},
        {"ol", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"option", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"p", ELEMENT_BLOCK | ELEMENT_IMPLIED | ELEMENT_GAP},
        {"param", ELEMENT_VOID},
        {"pre", ELEMENT_BLOCK},
        {"section", ELEMENT_BLOCK},
        {"source", ELEMENT_VOID},
        {"table", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"tbody", ELEMENT_IMPLIED},
        {"td", ELEMENT_CELL | ELEMENT_IMPLIED},
        {"template", ELEMENT_SKIP},
        {"th", ELEMENT_CELL | ELEMENT_IMPLIED},
        {"thead", ELEMENT_IMPLIED},
        {"tr", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"track", ELEMENT_VOID},
        {"ul", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"video", ELEMENT_SKIP},
        {"wbr", ELEMENT_VOID},
};

enum { ELEMENT_COUNT = ARRAY_SIZE(elements) };

struct open_element {
	uint32_t name;  /* hash */
	uint16_t index; /* in elements, or ELEMENT_COUNT */
	uint16_t flags;
	bool gone, tiny, skip, anchor;
	uint32_t color, background;
};

struct html {
	struct arena *a;
	struct html_page *page;
	struct buf text;
	size_t text_max;
	DOCUMENT_LIST(struct open_element, stack);
	uint32_t open[ELEMENT_COUNT + 1]; /* how many of each are open */
	size_t overflow;
	struct style_sheet sheet;
	size_t sheet_bytes;
	struct str base;
	unsigned newlines; /* line ends to put before the next character */
	bool space;        /* a blank to put there */
	size_t pre;
	uint32_t anchor; /* index of the open link, or PART_NONE */
	bool anchor_begun;
	uint32_t marked;  /* bits of kinds that are marked once */
	size_t hidden_at; /* place of the last mark for hidden text */
};

static uint16_t index_of(struct str name)
{
	size_t low = 0, high = ELEMENT_COUNT;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(name, str_of(elements[mid].name));
		if (order == 0)
			return (uint16_t) mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return ELEMENT_COUNT;
}

static unsigned flags_of(uint16_t index)
{
	return index < ELEMENT_COUNT ? elements[index].flags : 0;
}

static struct open_element *top(struct html *h)
{
	static const struct open_element root = {.color = STYLE_COLOR_NONE, .background = STYLE_COLOR_NONE};
	return h->stack.n ? &h->stack.at[h->stack.n - 1] : (struct open_element *) (uintptr_t) &root;
}

static void add_mark(struct html *h, enum mark_kind kind, size_t start, size_t end)
{
	if (h->page->marks.n >= HTML_MARKS_MAX)
		return;
	struct html_mark *m = ARENA_PUSH(h->a, &h->page->marks);
	if (m)
		*m = (struct html_mark){kind, (uint32_t) start, (uint32_t) end};
}

static void add_mark_once(struct html *h, enum mark_kind kind)
{
	if (h->marked & 1U << kind)
		return;
	h->marked |= 1U << kind;
	add_mark(h, kind, h->text.n, h->text.n);
}

static bool is_hidden(const struct open_element *e)
{
	if (e->gone || e->tiny)
		return true;
	if (e->color == STYLE_COLOR_NONE || e->color == STYLE_COLOR_UNCLEAR)
		return false;
	return e->color == (e->background == STYLE_COLOR_NONE ? 0xFFFFFF : e->background);
}

/* Text that is not shown leaves a mark where it would stand; blanks are no text. */
static void note_hidden(struct html *h, struct str s)
{
	bool blank = true;
	for (size_t i = 0; i < s.n && blank; i++)
		blank = ascii_is_space(s.p[i]) || str_starts_with(str_slice(s, i, i + 6), STR("&nbsp;"));
	if (blank || top(h)->skip || h->hidden_at == h->text.n)
		return;
	h->hidden_at = h->text.n;
	add_mark(h, MARK_HIDDEN_TEXT, h->text.n, h->text.n);
}

static void break_line(struct html *h, unsigned count)
{
	if (h->newlines < count)
		h->newlines = count;
}

/* Writes the blanks that stand before visible characters, and begins the link that these belong to. */
static void before_text(struct html *h)
{
	bool fresh = h->text.n == 0 || h->text.p[h->text.n - 1] == '\n';
	if (h->newlines > 0 && h->text.n > 0) {
		while (h->text.n > 0 && h->text.p[h->text.n - 1] == ' ')
			h->text.n--;
		for (unsigned i = 0; i < h->newlines && i < 2; i++)
			buf_add_char(&h->text, '\n');
	} else if (h->space && !fresh) {
		buf_add_char(&h->text, ' ');
	}
	h->newlines = 0;
	h->space = false;
	if (h->anchor != PART_NONE && !h->anchor_begun) {
		h->anchor_begun = true;
		h->page->links.at[h->anchor].start = (uint32_t) h->text.n;
	}
}

static void add_run(struct html *h, const char *p, size_t n)
{
	before_text(h);
	if (h->text.n + n > h->text_max) {
		h->page->too_large = true;
		return;
	}
	buf_add(&h->text, p, n);
	if (h->anchor != PART_NONE)
		h->page->links.at[h->anchor].end = (uint32_t) h->text.n;
}

static bool is_wide(const char *p)
{
	unsigned char c = (unsigned char) *p;
	return c >= 0xE3 && c <= 0xE9;
}

/* A line end between two wide characters is no blank (CSS Text 3, 4.1.2). */
static bool joins_wide(const struct html *h, struct str s, size_t i)
{
	return h->text.n >= 3 && h->newlines == 0 && is_wide(h->text.p + h->text.n - 3) && i < s.n && is_wide(s.p + i);
}

static size_t add_blank(struct html *h, struct str s, size_t i)
{
	size_t from = i;
	bool line = false;
	if (h->pre > 0) {
		if (s.p[i] == '\n')
			h->newlines++;
		else
			add_run(h, " ", 1);
		return i + 1;
	}
	for (; i < s.n && ascii_is_space(s.p[i]); i++)
		line |= s.p[i] == '\n';
	if (!(line && from > 0 && joins_wide(h, s, i)))
		h->space = true;
	return i;
}

static void add_text(struct html *h, struct str s)
{
	if (is_hidden(top(h)) || top(h)->skip) {
		note_hidden(h, s);
		return;
	}
	for (size_t i = 0; i < s.n;) {
		uint32_t code;
		if (ascii_is_space(s.p[i])) {
			i = add_blank(h, s, i);
			continue;
		}
		if (s.p[i] == '&') {
			size_t n = entity_at(s, i, false, &code);
			char bytes[4];
			struct buf b = {.p = bytes, .cap = sizeof(bytes) + 1, .max = sizeof(bytes)};
			if (n > 0) {
				entity_add_utf8(&b, code == 0xA0 || code == '\t' || code == '\n' ? ' ' : code);
				add_run(h, b.p, b.n);
				i += n;
				continue;
			}
		}
		size_t from = i++;
		while (i < s.n && s.p[i] != '&' && !ascii_is_space(s.p[i]))
			i++;
		add_run(h, s.p + from, i - from);
	}
}

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

static void read_input(struct html *h, const struct html_token *t)
{
	struct str type = html_attribute(t, "type");
	if (str_eq_icase(type, STR("password")))
		add_mark_once(h, MARK_PASSWORD_FIELD);
	if ((str_eq_icase(type, STR("submit")) || str_eq_icase(type, STR("button"))) && !is_hidden(top(h)))
		add_text(h, html_attribute(t, "value"));
	add_attribute_link(h, t, "formaction", LINK_FORM);
}

static void read_form(struct html *h, const struct html_token *t)
{
	add_mark_once(h, MARK_FORM);
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
		read_input(h, t);
	} else if (str_eq(name, STR("button"))) {
		add_attribute_link(h, t, "formaction", LINK_FORM);
	} else if (str_eq(name, STR("script"))) {
		add_mark_once(h, MARK_SCRIPT);
		add_attribute_link(h, t, "src", LINK_IMAGE);
	} else if (str_eq(name, STR("iframe")) || str_eq(name, STR("embed")) || str_eq(name, STR("frame"))) {
		add_attribute_link(h, t, "src", LINK_IMAGE);
	} else if (str_eq(name, STR("object"))) {
		add_attribute_link(h, t, "data", LINK_IMAGE);
	} else if (str_eq(name, STR("font")) && style_is_foreign_font(html_attribute(t, "face"))) {
		add_mark_once(h, MARK_FOREIGN_FONT);
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
		add_mark_once(h, MARK_FOREIGN_FONT);
	if (is_foreign_language(lang))
		add_mark_once(h, MARK_FOREIGN_LANGUAGE);
}

static void pop(struct html *h)
{
	struct open_element *e = top(h);
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
	uint16_t index = index_of(t->name);
	unsigned flags = flags_of(index);
	size_t look = index < ELEMENT_COUNT ? h->stack.n : INLINE_LOOK_MAX;
	if (flags & ELEMENT_BLOCK)
		break_line(h, flags & ELEMENT_GAP ? 2 : 1);
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
	uint16_t index = index_of(t->name);
	unsigned flags = flags_of(index);
	uint32_t name = (uint32_t) str_hash(t->name);
	if (flags & ELEMENT_IMPLIED)
		close_implied(h, name);
	struct open_element e = *top(h);
	e.name = name;
	e.index = index;
	e.flags = (uint16_t) flags;
	e.skip |= (flags & ELEMENT_SKIP) != 0;
	e.anchor = str_eq(t->name, STR("a"));
	read_style(h, t, &e);
	if (flags & ELEMENT_BLOCK)
		break_line(h, flags & ELEMENT_GAP ? 2 : 1);
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
		add_text(h, t->text);
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
			add_text(h, t->text);
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
