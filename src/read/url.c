/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "read/charset-decode.h"
#include "read/links.h"
#include "read/text.h"

enum { LOOK_BYTES = 64 * 1024, AUTO_LINES_MAX = 100, TEXT_MAX_BYTES = 1024 * 1024 };

static bool has_scheme(struct str s)
{
	size_t n = 0;
	while (n < s.n && (ascii_is_alnum(s.p[n]) || s.p[n] == '+' || s.p[n] == '-' || s.p[n] == '.'))
		n++;
	return n > 1 && n < s.n && s.p[n] == ':' && ascii_is_alpha(s.p[0]) && n + 1 < s.n &&
	       !ascii_is_digit(s.p[n + 1]);
}

static bool is_one_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_space(s.p[i]))
			return false;
	return s.n > 0;
}

/* Every line is one address with its scheme. */
static bool is_list(struct str s)
{
	struct str line;
	size_t count = 0;
	while (str_next_line(&s, &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		if (!is_one_word(line) || !has_scheme(line) ||
		    (!str_contains(line, STR("://")) && !str_starts_with_icase(line, STR("javascript:")) &&
		     !str_starts_with_icase(line, STR("data:"))))
			return false;
		if (++count > AUTO_LINES_MAX)
			return false;
	}
	return count > 0;
}

int url_bid(enum input_kind kind, struct str name, struct str bytes)
{
	if (kind == INPUT_URL)
		return 100;
	return kind == INPUT_AUTO && is_list(str_slice(bytes, 0, LOOK_BYTES)) ? 70 : 0;
}

/* Browsers take tabs out of an address wherever they stand (WHATWG URL, 4.1, "basic URL parser", step 3). What stands
 * between them may be cells of a table as well, so both readings are given. */
static void add_without_tabs(struct reading *r, struct str line, uint32_t part)
{
	char *p = arena_alloc(r->a, line.n + 1);
	size_t n = 0, start = (size_t) (line.p - r->doc->parts.at[part].text.p);
	if (!has_scheme(line) || str_find_char(line, '\t', 0) == STR_NOT_FOUND || !p)
		return;
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != '\t')
			p[n++] = line.p[i];
	if (is_one_word(str_make(p, n)))
		reading_add_link(r, part, (uint32_t) start, (uint32_t) (start + line.n), str_make(p, n), 0);
}

/* A line that is one word is an address whatever it looks like; in other lines addresses are looked for. */
static int read_line(struct reading *r, struct str line, uint32_t part)
{
	struct found_links found;
	size_t start = (size_t) (line.p - r->doc->parts.at[part].text.p);
	add_without_tabs(r, line, part);
	int res = links_find(line, DOCUMENT_LINKS_MAX, r->a, &found);
	if (res < 0)
		return res;
	bool whole = found.n == 1 && found.at[0].start == 0 && found.at[0].end == line.n;
	if (is_one_word(line) && !whole) {
		struct str url = has_scheme(line) ? line : arena_printf(r->a, "http://%.*s", STR_ARG(line));
		reading_add_link(r, part, (uint32_t) start, (uint32_t) (start + line.n), url, 0);
		return 0;
	}
	for (size_t i = 0; i < found.n; i++) {
		const struct found_link *l = &found.at[i];
		reading_add_link(r, part, (uint32_t) start + l->start, (uint32_t) start + l->end, l->url,
		                 l->mail ? LINK_MAILTO : 0);
	}
	return 0;
}

int url_read(struct reading *r, struct str bytes)
{
	struct charset_text t;
	struct str line;
	int res = charset_decode(str_slice(bytes, 0, TEXT_MAX_BYTES), STR(""), r->a, &t);
	if (res < 0)
		return res;
	if (bytes.n > TEXT_MAX_BYTES)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	uint32_t part = reading_add_body(r, str_trim(t.text));
	if (part == PART_NONE)
		return 0;
	struct str rest = r->doc->parts.at[part].text;
	while (res >= 0 && r->doc->links.n < DOCUMENT_LINKS_MAX && str_next_line(&rest, &line))
		if (str_trim(line).n > 0)
			res = read_line(r, str_trim(line), part);
	if (r->doc->links.n >= DOCUMENT_LINKS_MAX && rest.n > 0)
		reading_unchecked(r, UNCHECKED_TOO_MANY);
	return res;
}
