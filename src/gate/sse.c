/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/sse.h"

#include "base/err.h"

void sse_init(struct sse *s)
{
	*s = (struct sse){.line = buf_make(SSE_EVENT_MAX_BYTES),
	                  .data = buf_make(SSE_EVENT_MAX_BYTES),
	                  .other = buf_make(SSE_EVENT_MAX_BYTES + 1)};
}

void sse_done(struct sse *s)
{
	buf_wipe_done(&s->line);
	buf_wipe_done(&s->data);
	buf_wipe_done(&s->other);
}

static void start_over(struct sse *s)
{
	buf_clear(&s->data);
	buf_clear(&s->other);
	s->name_at = s->name_n = s->data_lines = s->bytes = 0;
}

static int hand_over(struct sse *s, sse_take *take, void *user)
{
	struct sse_event e = {.name = str_slice(buf_str(&s->other), s->name_at, s->name_at + s->name_n),
	                      .data = buf_str(&s->data),
	                      .other = buf_str(&s->other),
	                      .has_data = s->data_lines > 0};
	int r = s->data_lines > 0 || s->other.n > 0 ? take(user, &e) : 0;
	start_over(s);
	return r;
}

static struct str value_of(struct str line, size_t colon)
{
	struct str value = str_slice(line, colon + 1, line.n);
	return value.n > 0 && value.p[0] == ' ' ? str_slice(value, 1, value.n) : value;
}

static void take_line(struct sse *s, struct str line)
{
	size_t colon = str_find_char(line, ':', 0);
	struct str field = str_slice(line, 0, colon == STR_NOT_FOUND ? line.n : colon);
	struct str value = colon == STR_NOT_FOUND ? (struct str){"", 0} : value_of(line, colon);
	if (str_eq_c(field, "data")) {
		if (s->data_lines++ > 0)
			buf_add_char(&s->data, '\n');
		buf_add_str(&s->data, value);
		return;
	}
	if (str_eq_c(field, "event")) {
		s->name_at = s->other.n + (line.n - value.n);
		s->name_n = value.n;
	}
	buf_add_str(&s->other, line);
	buf_add_char(&s->other, '\n');
}

static int end_line(struct sse *s, struct str line, sse_take *take, void *user)
{
	if (!s->has_begun && str_starts_with(line, STR("\xef\xbb\xbf")))
		line = str_slice(line, 3, line.n);
	s->has_begun = true;
	if (line.n == 0)
		return hand_over(s, take, user);
	take_line(s, line);
	return buf_failed(&s->data) || buf_failed(&s->other) ? ERR_TOO_LARGE : 0;
}

static size_t find_end(struct str bytes, size_t from)
{
	const char *lf = from < bytes.n ? memchr(bytes.p + from, '\n', bytes.n - from) : NULL;
	size_t most = lf ? (size_t) (lf - bytes.p) : bytes.n;
	const char *cr = from < most ? memchr(bytes.p + from, '\r', most - from) : NULL;
	return cr ? (size_t) (cr - bytes.p) : most;
}

int sse_feed(struct sse *s, struct str bytes, sse_take *take, void *user)
{
	size_t at = 0;
	while (at < bytes.n) {
		if (s->after_cr && bytes.p[at] == '\n') {
			at++;
			s->after_cr = false;
			continue;
		}
		s->after_cr = false;
		size_t end = find_end(bytes, at);
		struct str piece = str_slice(bytes, at, end);
		s->bytes += piece.n;
		if (s->bytes > SSE_EVENT_MAX_BYTES)
			return ERR_TOO_LARGE;
		if (end == bytes.n)
			return buf_add_str(&s->line, piece);
		if (s->line.n > 0) {
			buf_add_str(&s->line, piece);
			piece = buf_str(&s->line);
		}
		s->after_cr = bytes.p[end] == '\r';
		int r = buf_failed(&s->line) ? ERR_TOO_LARGE : end_line(s, piece, take, user);
		buf_clear(&s->line);
		if (r < 0)
			return r;
		at = end + 1;
	}
	return 0;
}

int sse_end(struct sse *s, sse_take *take, void *user)
{
	/* A line that was cut off says nothing, but for the one that needs no end. */
	if (str_eq_c(buf_str(&s->line), "data: [DONE]"))
		take_line(s, buf_str(&s->line));
	buf_clear(&s->line);
	return hand_over(s, take, user);
}

void sse_write(struct buf *b, struct str other, struct str data, bool has_data)
{
	buf_add_str(b, other);
	while (has_data) {
		size_t end = str_find_char(data, '\n', 0);
		buf_add_c(b, "data: ");
		buf_add_str(b, str_slice(data, 0, end == STR_NOT_FOUND ? data.n : end));
		buf_add_char(b, '\n');
		if (end == STR_NOT_FOUND)
			break;
		data = str_slice(data, end + 1, data.n);
	}
	buf_add_char(b, '\n');
}
