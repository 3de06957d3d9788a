/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The machine that gathers a message from pieces: head lines, then a body that is sized, chunked or ends with the
 * connection. Every decision is made at a byte position, never at a piece's end, so cuts do not matter. Lines end with
 * CRLF and nothing else: a bare LF or CR is how two readers come to disagree. */
#include "http/inside.h"

#include "base/check.h"

enum { CHUNK_DIGITS_MAX = 15 };

struct http_parser *http_parser_new(enum http_side side, size_t body_max_bytes)
{
	struct http_parser *p = calloc(1, sizeof(*p));
	CHECK(p);
	p->side = side;
	p->body_max = body_max_bytes;
	p->head = buf_make(HTTP_HEAD_MAX_BYTES + 2);
	p->line = buf_make(HTTP_TRAILER_MAX_BYTES + 2);
	http_parser_next(p);
	return p;
}

void http_parser_free(struct http_parser *p)
{
	if (!p)
		return;
	buf_done(&p->head);
	buf_done(&p->line);
	buf_done(&p->body);
	free(p);
}

void http_parser_next(struct http_parser *p)
{
	buf_clear(&p->head);
	buf_clear(&p->line);
	buf_done(&p->body);
	p->state = STATE_HEAD;
	p->framing = FRAMING_NONE;
	p->left = 0;
	p->line_start = 0;
	p->trailer_bytes = 0;
	p->skipped_empty_line = false;
	p->without_body = false;
	p->body_is_taken = false;
	p->takes_body = false;
	p->message = (struct http_message){.fields = p->fields};
}

static int refuse_bad(struct http_parser *p, const char *reason)
{
	return http_refuse(p, 400, ERR_INVALID, reason);
}

/* Moves bytes up to and with the next LF into b. Returns 1 when the line is whole. */
static int take_line(struct buf *b, struct str *input, size_t room)
{
	size_t lf = str_find_char(*input, '\n', 0);
	size_t n = lf == STR_NOT_FOUND ? input->n : lf + 1;
	if (n > room)
		return ERR_TOO_LARGE;
	buf_add(b, input->p, n);
	*input = str_slice(*input, n, input->n);
	return lf != STR_NOT_FOUND;
}

static bool has_crlf_end(const struct buf *b, size_t from)
{
	return b->n >= from + 2 && b->p[b->n - 2] == '\r' && b->p[b->n - 1] == '\n';
}

static int head_too_large(struct http_parser *p, bool in_first_line)
{
	if (in_first_line && p->side == HTTP_REQUEST)
		return http_refuse(p, 414, ERR_TOO_LARGE, "request line too long");
	return http_refuse(p, 431, ERR_TOO_LARGE, "header fields too large");
}

static int feed_head(struct http_parser *p, struct str *input)
{
	if (p->head.n == 0 && input->n > 0 && input->p[0] != '\r' && !ascii_is_alpha(input->p[0]))
		return refuse_bad(p, "no method");

	bool in_first_line = p->line_start == 0;
	size_t max = in_first_line ? HTTP_LINE_MAX_BYTES : HTTP_HEAD_MAX_BYTES;
	int r = take_line(&p->head, input, max - p->head.n);
	if (r < 0)
		return head_too_large(p, in_first_line);
	if (r == 0)
		return HTTP_NEEDS_MORE;
	if (!has_crlf_end(&p->head, p->line_start))
		return refuse_bad(p, "line without CRLF");

	size_t length = p->head.n - p->line_start - 2;
	if (length > 0) {
		p->line_start = p->head.n;
		return HTTP_NEEDS_MORE;
	}
	if (in_first_line) {
		if (p->skipped_empty_line)
			return refuse_bad(p, "empty lines before the message");
		p->skipped_empty_line = true;
		buf_clear(&p->head);
		return HTTP_NEEDS_MORE;
	}
	r = http_parse_head(p);
	if (r < 0)
		return r;
	p->state = STATE_BODY_START;
	return HTTP_HEAD_DONE;
}

static int finish(struct http_parser *p)
{
	p->message.body = buf_str(&p->body);
	p->state = STATE_DONE;
	return HTTP_DONE;
}

static int start_body(struct http_parser *p)
{
	p->body = buf_make(p->body_max > 0 ? p->body_max : 1);
	switch (p->framing) {
	case FRAMING_NONE:
		return finish(p);
	case FRAMING_TO_END:
		p->state = STATE_TO_END;
		return HTTP_NEEDS_MORE;
	case FRAMING_CHUNKED:
		p->state = STATE_CHUNK_SIZE;
		return HTTP_NEEDS_MORE;
	case FRAMING_SIZED:
		if (p->left > p->body_max && !p->takes_body)
			return http_refuse(p, 413, ERR_TOO_LARGE, "body too large");
		p->state = STATE_SIZED;
		return p->left == 0 ? finish(p) : HTTP_NEEDS_MORE;
	}
	return refuse_bad(p, "framing");
}

static int take_body(struct http_parser *p, struct str *input)
{
	size_t n = input->n < p->left ? input->n : (size_t) p->left;
	if (buf_add(&p->body, input->p, n) < 0)
		return http_refuse(p, 413, ERR_TOO_LARGE, "body too large");
	p->left -= n;
	*input = str_slice(*input, n, input->n);
	return HTTP_NEEDS_MORE;
}

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* chunk-size [ ";" extensions ]; extensions are skipped but may hold no control characters. */
static int parse_chunk_size(struct str line, uint64_t *ret)
{
	uint64_t size = 0;
	size_t i = 0;
	for (; i < line.n && hex_value(line.p[i]) >= 0; i++) {
		if (i >= CHUNK_DIGITS_MAX)
			return ERR_INVALID;
		size = size << 4 | (uint64_t) hex_value(line.p[i]);
	}
	if (i == 0 || (i < line.n && line.p[i] != ';'))
		return ERR_INVALID;
	for (; i < line.n; i++)
		if ((unsigned char) line.p[i] < 0x20 || line.p[i] == 0x7f)
			return ERR_INVALID;
	*ret = size;
	return 0;
}

static int feed_chunk_size(struct http_parser *p, struct str *input)
{
	int r = take_line(&p->line, input, HTTP_CHUNK_LINE_MAX_BYTES - p->line.n);
	if (r < 0)
		return refuse_bad(p, "chunk size line too long");
	if (r == 0)
		return HTTP_NEEDS_MORE;
	if (!has_crlf_end(&p->line, 0))
		return refuse_bad(p, "chunk size line without CRLF");
	if (parse_chunk_size(str_slice(buf_str(&p->line), 0, p->line.n - 2), &p->left) < 0)
		return refuse_bad(p, "chunk size");
	buf_clear(&p->line);
	if (p->left > p->body_max - p->body.n && !p->takes_body)
		return http_refuse(p, 413, ERR_TOO_LARGE, "body too large");
	p->state = p->left > 0 ? STATE_CHUNK_DATA : STATE_TRAILER;
	return HTTP_NEEDS_MORE;
}

static int feed_chunk_end(struct http_parser *p, struct str *input)
{
	size_t n = 2 - p->line.n < input->n ? 2 - p->line.n : input->n;
	buf_add(&p->line, input->p, n);
	*input = str_slice(*input, n, input->n);
	if (p->line.n >= 1 && p->line.p[0] != '\r')
		return refuse_bad(p, "chunk longer than its size");
	if (p->line.n < 2)
		return HTTP_NEEDS_MORE;
	if (p->line.p[1] != '\n')
		return refuse_bad(p, "chunk longer than its size");
	buf_clear(&p->line);
	p->state = STATE_CHUNK_SIZE;
	return HTTP_NEEDS_MORE;
}

static int feed_trailer(struct http_parser *p, struct str *input)
{
	size_t before = p->line.n;
	int r = take_line(&p->line, input, HTTP_TRAILER_MAX_BYTES - p->trailer_bytes);
	if (r < 0)
		return http_refuse(p, 431, ERR_TOO_LARGE, "trailer fields too large");
	p->trailer_bytes += p->line.n - before;
	if (r == 0)
		return HTTP_NEEDS_MORE;
	if (!has_crlf_end(&p->line, 0))
		return refuse_bad(p, "line without CRLF");
	if (p->line.n == 2)
		return finish(p);
	struct http_field ignored;
	r = http_parse_field(p, str_slice(buf_str(&p->line), 0, p->line.n - 2), &ignored);
	buf_clear(&p->line);
	return r < 0 ? r : HTTP_NEEDS_MORE;
}

static int feed_to_end(struct http_parser *p, struct str *input)
{
	if (buf_add_str(&p->body, *input) < 0)
		return http_refuse(p, 413, ERR_TOO_LARGE, "body too large");
	*input = (struct str){NULL, 0};
	return HTTP_NEEDS_MORE;
}

static int step(struct http_parser *p, struct str *input)
{
	int r;
	switch (p->state) {
	case STATE_HEAD:
		return feed_head(p, input);
	case STATE_BODY_START:
		return start_body(p);
	case STATE_SIZED:
		r = take_body(p, input);
		return r >= 0 && p->left == 0 ? finish(p) : r;
	case STATE_CHUNK_SIZE:
		return feed_chunk_size(p, input);
	case STATE_CHUNK_DATA:
		r = take_body(p, input);
		if (r >= 0 && p->left == 0)
			p->state = STATE_CHUNK_END;
		return r;
	case STATE_CHUNK_END:
		return feed_chunk_end(p, input);
	case STATE_TRAILER:
		return feed_trailer(p, input);
	case STATE_TO_END:
		return feed_to_end(p, input);
	case STATE_DONE:
		return HTTP_DONE;
	case STATE_FAILED:
		break;
	}
	return ERR_INVALID;
}

int http_parser_feed(struct http_parser *p, struct str input, size_t *ret_used)
{
	struct str rest = input;
	int r = HTTP_NEEDS_MORE;
	if (p->body_is_taken) {
		buf_clear(&p->body);
		p->body_is_taken = false;
	}
	do
		r = step(p, &rest);
	while (r == HTTP_NEEDS_MORE && (rest.n > 0 || p->state == STATE_BODY_START));
	*ret_used += input.n - rest.n;
	return r;
}

int http_parser_end(struct http_parser *p)
{
	return p->state == STATE_TO_END ? finish(p) : ERR_CLOSED;
}

int http_parser_status(const struct http_parser *p)
{
	return p->status;
}

const char *http_parser_reason(const struct http_parser *p)
{
	return p->reason ? p->reason : "";
}

struct str http_parser_take_body(struct http_parser *p)
{
	struct str bytes = p->body_is_taken ? (struct str){NULL, 0} : buf_str(&p->body);
	p->body_is_taken = true;
	p->takes_body = true;
	return bytes;
}

void http_parser_set_body_max(struct http_parser *p, size_t bytes)
{
	p->body_max = bytes;
}

void http_parser_expect_no_body(struct http_parser *p)
{
	p->without_body = true;
}

const struct http_message *http_parser_message(const struct http_parser *p)
{
	return &p->message;
}

bool http_parser_is_idle(const struct http_parser *p)
{
	return p->state == STATE_HEAD && p->head.n == 0;
}
