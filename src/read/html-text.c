/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Visible text: blanks run together, lines broken where a browser breaks them, hidden text left out and marked. */
#include "read/entity.h"
#include "read/html-inside.h"

struct open_element *html_top(struct html *h)
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

void html_add_mark_once(struct html *h, enum mark_kind kind)
{
	if (h->marked & 1U << kind)
		return;
	h->marked |= 1U << kind;
	add_mark(h, kind, h->text.n, h->text.n);
}

bool html_is_hidden(const struct open_element *e)
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
	if (blank || html_top(h)->skip || h->hidden_at == h->text.n)
		return;
	h->hidden_at = h->text.n;
	add_mark(h, MARK_HIDDEN_TEXT, h->text.n, h->text.n);
}

void html_break_line(struct html *h, unsigned count)
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

void html_add_text(struct html *h, struct str s)
{
	if (html_is_hidden(html_top(h)) || html_top(h)->skip) {
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
