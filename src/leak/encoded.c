/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A run of base64 of at least RUN_MIN_BYTES holds a byte of the alphabet at every PROBE_BYTES-th place, so Japanese
 * text is stepped over. What decodes to control characters or to no UTF-8 is no text and is left alone. */
#include "leak/encoded.h"

#include "base/err.h"

enum {
	RUN_MIN_BYTES = 16, /* 11 digits of a phone, padded */
	PROBE_BYTES = 12,
	LINE_MIN_BYTES = 48, /* a run goes on over a line end only after a long line */
	PIECE_BYTES = 96 * 1024,
	PIECE_OVERLAP_BYTES = 2048,
	COMPONENT_MAX_BYTES = 500, /* how far a span is widened to its encoded component */
	PERCENT_MIN = 1,           /* encoded bytes in a run */
};

/* ---- base64 ---- */

/* 0: no letter of base64; else its value and one. */
#define RUN10(c, v) [c] = (v), (v) + 1, (v) + 2, (v) + 3, (v) + 4, (v) + 5, (v) + 6, (v) + 7, (v) + 8, (v) + 9
static const uint8_t values[256] = {
        RUN10('A', 1),  RUN10('K', 11), ['U'] = 21, 22,         23,         24, 25, 26,
        RUN10('a', 27), RUN10('k', 37), ['u'] = 47, 48,         49,         50, 51, 52,
        RUN10('0', 53), ['+'] = 63,     ['-'] = 63, ['/'] = 64, ['_'] = 64,
};
#undef RUN10

static inline int value_of(unsigned char c)
{
	return values[c] - 1;
}

/* Where the line goes on when a long line of a run ends at `at`; 0 when it does not. */
static size_t next_line(struct str s, size_t line, size_t at)
{
	if (at - line < LINE_MIN_BYTES || at >= s.n)
		return 0;
	if (s.p[at] == '\r')
		at++;
	if (at >= s.n || s.p[at] != '\n')
		return 0;
	at++;
	return at < s.n && value_of((unsigned char) s.p[at]) >= 0 ? at : 0;
}

static size_t run_end(struct str s, size_t start)
{
	size_t at = start;
	for (size_t line = start;;) {
		while (at < s.n && value_of((unsigned char) s.p[at]) >= 0)
			at++;
		size_t next = next_line(s, line, at);
		if (next == 0)
			break;
		line = at = next;
	}
	for (int padding = 0; padding < 2 && at < s.n && s.p[at] == '='; padding++)
		at++;
	return at;
}

bool leak_base64_next(struct str s, size_t *next, struct leak_base64 *ret)
{
	for (size_t at = *next; at < s.n; at += PROBE_BYTES) {
		size_t start = at;
		if (value_of((unsigned char) s.p[at]) < 0)
			continue;
		while (start > *next && value_of((unsigned char) s.p[start - 1]) >= 0)
			start--;
		size_t end = run_end(s, start);
		*next = end;
		if (end - start >= RUN_MIN_BYTES) {
			*ret = (struct leak_base64){start, end};
			return true;
		}
		at = end; /* no shorter run can begin before the next probe and be long enough without reaching it */
	}
	return false;
}

bool leak_base64_is_done(const struct leak_base64 *run, size_t at)
{
	return run->start + at >= run->end;
}

/* Cuts what is no whole character off both ends of a piece. */
static void trim_characters(struct buf *b, bool first)
{
	size_t from = 0;
	while (!first && from < b->n && from < 3 && ((unsigned char) b->p[from] & 0xC0) == 0x80)
		from++;
	buf_consume(b, from);
	for (size_t back = 1; back <= 3 && back <= b->n; back++) {
		unsigned char c = (unsigned char) b->p[b->n - back];
		if ((c & 0xC0) == 0x80)
			continue;
		size_t bytes = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
		if (bytes > back)
			b->n -= back;
		break;
	}
}

static bool is_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char) s.p[i];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			return false;
	}
	return s.n > 0;
}

/* UTF-16LE of Latin text, as some shells encode their commands: every other byte is zero. */
static void narrow(struct buf *b)
{
	size_t n = b->n / 2;
	if (b->n < 8)
		return;
	for (size_t i = 0; i < n; i++)
		if (b->p[2 * i + 1] != 0 || (unsigned char) b->p[2 * i] >= 0x80)
			return;
	for (size_t i = 0; i < n; i++)
		b->p[i] = b->p[2 * i];
	b->n = n;
}

int leak_base64_decode(struct str s, const struct leak_base64 *run, size_t *at, struct buf *out)
{
	unsigned bits = 0, group = 0, held = 0;
	size_t i = run->start + *at;
	bool first = *at == 0;
	buf_clear(out);
	for (; i < run->end && out->n < PIECE_BYTES; i++) {
		int v = value_of((unsigned char) s.p[i]);
		if (v < 0)
			continue;
		bits = bits << 6 | (unsigned) v;
		held += 6;
		group++;
		if (held < 8)
			continue;
		held -= 8;
		int r = buf_add_char(out, (char) (bits >> held & 0xFF));
		if (r < 0)
			return r;
	}
	/* Back by whole groups of four letters, counted without line ends. */
	size_t next = i;
	if (i < run->end) {
		size_t back = PIECE_OVERLAP_BYTES + group % 4;
		while (back > 0 && next > run->start + *at + 1)
			back -= value_of((unsigned char) s.p[--next]) >= 0;
	}
	*at = next - run->start;
	narrow(out);
	trim_characters(out, first);
	return is_text(buf_str(out)) ? 0 : ERR_INVALID;
}

/* ---- percent-encoding ---- */

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_encoded(struct str s, size_t at)
{
	return at + 2 < s.n && s.p[at] == '%' && hex_value(s.p[at + 1]) >= 0 && hex_value(s.p[at + 2]) >= 0;
}

static bool is_url_char(char c)
{
	return ascii_is_alnum(c) || (c != '\0' && strchr("%._~+-=&/?#:;,@!*'()$[]", c));
}

static size_t first_anchor(const struct leak_anchor *at, size_t n, size_t place)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (at[middle].end <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool leak_percent_next(const struct leak_state *st, size_t *next, struct leak_percent *ret)
{
	size_t n;
	const struct leak_anchor *anchors = leak_anchors(st, &n);
	for (size_t i = first_anchor(anchors, n, *next); i < n; i++) {
		size_t start = anchors[i].start, count = 0;
		if (anchors[i].kind != LEAK_ANCHOR_PERCENT || start < *next || !is_encoded(st->text, start))
			continue;
		while (start > *next && is_url_char(st->text.p[start - 1]))
			start--;
		size_t end = start;
		for (; end < st->text.n && is_url_char(st->text.p[end]); end++)
			count += is_encoded(st->text, end);
		*next = end;
		if (count >= PERCENT_MIN) {
			*ret = (struct leak_percent){start, end};
			return true;
		}
	}
	return false;
}

static int add_place(struct leak_list *map, size_t place)
{
	uint32_t *p = leak_list_push(map, sizeof(*p), LEAK_FOLD_MAX_BYTES + 1);
	if (!p)
		return ERR_TOO_LARGE;
	*p = (uint32_t) place;
	return 0;
}

int leak_percent_decode(struct str s, const struct leak_percent *run, struct buf *out, struct leak_list *map)
{
	int r = 0;
	buf_clear(out);
	map->n = 0;
	for (size_t at = run->start; at < run->end && r >= 0;) {
		bool encoded = at + 2 < run->end && is_encoded(s, at);
		char c = encoded          ? (char) (hex_value(s.p[at + 1]) << 4 | hex_value(s.p[at + 2]))
		         : s.p[at] == '+' ? ' '
		                          : s.p[at];
		r = add_place(map, at);
		if (r >= 0)
			r = buf_add_char(out, c);
		at += encoded ? 3 : 1;
	}
	if (r >= 0)
		r = add_place(map, run->end);
	return r < 0 ? r : is_text(buf_str(out)) ? 0 : ERR_INVALID;
}

void leak_percent_component(struct str s, const struct leak_percent *run, size_t *start, size_t *end)
{
	size_t first = *start, last = *end;
	while (*start > run->start && first - *start < COMPONENT_MAX_BYTES && !strchr("&=?/#;,", s.p[*start - 1]))
		--*start;
	while (*end < run->end && *end - last < COMPONENT_MAX_BYTES && !strchr("&=?/#;,", s.p[*end]))
		++*end;
}
