/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/marked.h"

#include "web/template.h"

enum {
	AROUND_MAX_BYTES = 72,
	QUOTE_MAX_BYTES = 300,
	PART_SHOWN_MAX_BYTES = 24 * 1024,
	HTML_MAX_BYTES = 512 * 1024,
	PLACES_MAX = 200
};

static bool is_inside_character(struct str s, size_t at)
{
	return at < s.n && ((unsigned char) s.p[at] & 0xC0) == 0x80;
}

static size_t back_to_character(struct str s, size_t at)
{
	while (at > 0 && is_inside_character(s, at))
		at--;
	return at;
}

/* From a few words before, not over a line end. */
static size_t start_of_context(struct str s, size_t start)
{
	size_t from = start > AROUND_MAX_BYTES ? start - AROUND_MAX_BYTES : 0;
	while (is_inside_character(s, from))
		from++;
	for (size_t i = start; i > from; i--)
		if (s.p[i - 1] == '\n')
			return i;
	return from;
}

static size_t end_of_context(struct str s, size_t end)
{
	size_t to = end + AROUND_MAX_BYTES < s.n ? back_to_character(s, end + AROUND_MAX_BYTES) : s.n;
	for (size_t i = end; i < to; i++)
		if (s.p[i] == '\n')
			return i;
	return to;
}

static json_t *finish(struct buf *b)
{
	json_t *j = buf_failed(b) ? json_null() : template_fragment(buf_str(b));
	buf_done(b);
	return j;
}

json_t *marked_quote(const struct document *d, const struct finding *f)
{
	if (f->part == PART_NONE || f->end <= f->start)
		return json_null();
	struct str s = d->parts.at[f->part].text;
	size_t end = f->end - f->start > QUOTE_MAX_BYTES ? back_to_character(s, f->start + QUOTE_MAX_BYTES) : f->end;
	size_t from = start_of_context(s, f->start), to = end == f->end ? end_of_context(s, end) : end;
	struct buf b = buf_make(HTML_MAX_BYTES);
	buf_add_c(&b, from > 0 && s.p[from - 1] != '\n' ? "…" : "");
	template_escape(&b, str_slice(s, from, f->start));
	buf_add_c(&b, "<mark>");
	template_escape(&b, str_slice(s, f->start, end));
	buf_add_c(&b, end < f->end ? "…</mark>" : "</mark>");
	template_escape(&b, str_slice(s, end, to));
	buf_add_c(&b, to < s.n && s.p[to] != '\n' ? "…" : "");
	return finish(&b);
}

struct place {
	size_t start, end, number;
};

static int order_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static size_t collect(const struct verdict *v, uint32_t part, struct place places[static PLACES_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < v->findings.n && n < PLACES_MAX; i++) {
		const struct finding *f = &v->findings.at[i];
		if (f->part == part && f->end > f->start)
			places[n++] = (struct place){f->start, f->end, i + 1};
	}
	qsort(places, n, sizeof(*places), order_places);
	return n;
}

/* Places that overlap become one mark with all their numbers. */
static void write_marks(struct str s, size_t limit, const struct place *places, size_t n, struct buf *b)
{
	size_t at = 0;
	for (size_t i = 0; i < n && places[i].start < limit;) {
		size_t end = places[i].end, next = i;
		while (next < n && places[next].start < end) {
			end = places[next].end > end ? places[next].end : end;
			next++;
		}
		end = end > limit ? limit : end;
		template_escape(b, str_slice(s, at, places[i].start));
		buf_add_c(b, "<mark>");
		template_escape(b, str_slice(s, places[i].start, end));
		for (; i < next; i++)
			buf_printf(b, "<sup>%zu</sup>", places[i].number);
		buf_add_c(b, "</mark>");
		at = end;
	}
	template_escape(b, str_slice(s, at, limit));
}

json_t *marked_part(const struct document *d, const struct verdict *v, uint32_t part, bool *ret_cut)
{
	struct place places[PLACES_MAX];
	struct str s = d->parts.at[part].text;
	size_t n = collect(v, part, places);
	size_t limit = s.n > PART_SHOWN_MAX_BYTES ? back_to_character(s, PART_SHOWN_MAX_BYTES) : s.n;
	struct buf b = buf_make(HTML_MAX_BYTES);
	write_marks(s, limit, places, n, &b);
	*ret_cut = limit < s.n;
	return finish(&b);
}
