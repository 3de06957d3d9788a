/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The head of a message (RFC 9112 sections 2 to 6, RFC 9110 section 5): first line, fields, and what they say about the
 * body. Whatever may be read in two ways is refused: spaces before a colon, folded lines, two lengths, a length beside
 * chunks, a sign or other decoration of a number, control characters, no Host or two. */
#include "http/inside.h"

#include "base/check.h"

enum { LENGTH_DIGITS_MAX = 18, STATUS_MIN = 100, STATUS_MAX = 599 };

int http_refuse(struct http_parser *p, int status, int code, const char *reason)
{
	p->state = STATE_FAILED;
	p->status = status;
	p->reason = reason;
	return code;
}

static int refuse_bad(struct http_parser *p, const char *reason)
{
	return http_refuse(p, 400, ERR_INVALID, reason);
}

static bool is_token_char(char c)
{
	return ascii_is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

bool http_is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_token_char(s.p[i]))
			return false;
	return s.n > 0;
}

static struct str trim_blanks(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_slice(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static bool has_control(struct str s, char allowed)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char) s.p[i];
		if ((c < 0x20 && s.p[i] != allowed) || c == 0x7f)
			return true;
	}
	return false;
}

int http_parse_field(struct http_parser *p, struct str line, struct http_field *ret)
{
	if (line.p[0] == ' ' || line.p[0] == '\t')
		return refuse_bad(p, "folded header line");
	size_t colon = str_find_char(line, ':', 0);
	if (colon == STR_NOT_FOUND)
		return refuse_bad(p, "header line without colon");
	struct http_field f = {.name = str_slice(line, 0, colon),
	                       .value = trim_blanks(str_slice(line, colon + 1, line.n))};
	if (!http_is_token(f.name))
		return refuse_bad(p, "header name");
	if (has_control(f.value, '\t'))
		return refuse_bad(p, "control character in a header");
	*ret = f;
	return 0;
}

static int parse_version(struct http_parser *p, struct str version)
{
	if (version.n != 8 || !str_starts_with(version, STR("HTTP/")) || !ascii_is_digit(version.p[5]) ||
	    version.p[6] != '.' || !ascii_is_digit(version.p[7]))
		return refuse_bad(p, "HTTP version");
	if (version.p[5] != '1')
		return http_refuse(p, 505, ERR_UNSUPPORTED, "HTTP version");
	p->message.minor = version.p[7] == '0' ? 0 : 1;
	p->message.keep_alive = p->message.minor == 1;
	return 0;
}

static int find_method(struct http_parser *p, struct str word)
{
	if (!http_is_token(word))
		return refuse_bad(p, "method");
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if (str_eq_c(word, http_method_word((enum http_method) i))) {
			p->message.method = (enum http_method) i;
			return 0;
		}
	return http_refuse(p, 501, ERR_UNSUPPORTED, "method");
}

/* Only what a host and port can hold; the meaning is the caller's. */
static bool is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && (s.p[i] == '\0' || !strchr("-._:[]", s.p[i])))
			return false;
	return s.n > 0;
}

static int parse_target(struct http_parser *p, struct str target)
{
	struct http_message *m = &p->message;
	for (size_t i = 0; i < target.n; i++)
		if ((unsigned char) target.p[i] <= 0x20 || (unsigned char) target.p[i] >= 0x7f || target.p[i] == '#')
			return refuse_bad(p, "character in the target");
	m->target = target;
	struct str rest = target;
	if (str_starts_with_icase(target, STR("http://")) || str_starts_with_icase(target, STR("https://"))) {
		size_t from = str_find(target, STR("://"), 0) + 3;
		size_t slash = str_find_char(target, '/', from);
		m->host = str_slice(target, from, slash == STR_NOT_FOUND ? target.n : slash);
		if (!is_host(m->host))
			return refuse_bad(p, "host of the target");
		rest = slash == STR_NOT_FOUND ? STR("/") : str_slice(target, slash, target.n);
	}
	bool is_whole_server = m->method == HTTP_OPTIONS && str_eq_c(rest, "*");
	if (!is_whole_server && (rest.n == 0 || rest.p[0] != '/'))
		return refuse_bad(p, "target");
	size_t mark = str_find_char(rest, '?', 0);
	m->path = str_slice(rest, 0, mark == STR_NOT_FOUND ? rest.n : mark);
	m->query = mark == STR_NOT_FOUND ? (struct str){NULL, 0} : str_slice(rest, mark + 1, rest.n);
	return 0;
}

static int parse_request_line(struct http_parser *p, struct str line)
{
	size_t first = str_find_char(line, ' ', 0);
	size_t last = str_rfind_char(line, ' ');
	if (first == STR_NOT_FOUND || first == last)
		return refuse_bad(p, "request line");
	int r = find_method(p, str_slice(line, 0, first));
	if (r >= 0)
		r = parse_version(p, str_slice(line, last + 1, line.n));
	if (r >= 0)
		r = parse_target(p, str_slice(line, first + 1, last));
	return r;
}

static int parse_status_line(struct http_parser *p, struct str line)
{
	uint64_t status = 0;
	if (line.n < 12 || line.p[8] != ' ' || (line.n > 12 && line.p[12] != ' ') || has_control(line, '\t'))
		return refuse_bad(p, "status line");
	if (str_parse_u64(str_slice(line, 9, 12), STATUS_MAX, &status) < 0 || status < STATUS_MIN)
		return refuse_bad(p, "status");
	p->message.status = (int) status;
	return parse_version(p, str_slice(line, 0, 8));
}

static bool has_word(struct str list, struct str word)
{
	for (struct str piece; str_split(&list, ',', &piece);)
		if (str_eq_icase(trim_blanks(piece), word))
			return true;
	return false;
}

/* What was seen of the fields that decide where a message ends. */
struct seen {
	bool host, length, coding;
};

static int note_host(struct http_parser *p, struct seen *seen, struct str value)
{
	if (seen->host)
		return refuse_bad(p, "two Host fields");
	seen->host = true;
	if (!is_host(value))
		return refuse_bad(p, "Host");
	if (p->message.host.n == 0)
		p->message.host = value;
	return 0;
}

static int note_length(struct http_parser *p, struct seen *seen, struct str value)
{
	if (seen->length)
		return refuse_bad(p, "two Content-Length fields");
	seen->length = true;
	if (value.n == 0 || value.n > LENGTH_DIGITS_MAX || str_parse_u64(value, UINT64_MAX, &p->left) < 0)
		return refuse_bad(p, "Content-Length");
	return 0;
}

static int note_coding(struct http_parser *p, struct seen *seen, struct str value)
{
	if (seen->coding || p->message.minor == 0)
		return refuse_bad(p, "Transfer-Encoding");
	seen->coding = true;
	if (!str_eq_icase(value, STR("chunked")))
		return http_refuse(p, 501, ERR_UNSUPPORTED, "Transfer-Encoding");
	return 0;
}

static int note_field(struct http_parser *p, struct seen *seen, const struct http_field *f)
{
	if (str_eq_icase(f->name, STR("Host")))
		return note_host(p, seen, f->value);
	if (str_eq_icase(f->name, STR("Content-Length")))
		return note_length(p, seen, f->value);
	if (str_eq_icase(f->name, STR("Transfer-Encoding")))
		return note_coding(p, seen, f->value);
	if (str_eq_icase(f->name, STR("Connection"))) {
		if (has_word(f->value, STR("close")))
			p->message.keep_alive = false;
	} else if (str_eq_icase(f->name, STR("Expect"))) {
		if (!str_eq_icase(f->value, STR("100-continue")))
			return http_refuse(p, 417, ERR_UNSUPPORTED, "Expect");
		p->message.expects_continue = p->message.minor == 1;
	}
	return 0;
}

static int decide_framing(struct http_parser *p, const struct seen *seen)
{
	int status = p->message.status;
	if (seen->length && seen->coding)
		return refuse_bad(p, "both Content-Length and Transfer-Encoding");
	if (p->side == HTTP_REQUEST && p->message.minor == 1 && !seen->host)
		return refuse_bad(p, "no Host");
	if (p->without_body || (p->side == HTTP_RESPONSE && (status < 200 || status == 204 || status == 304)))
		p->framing = FRAMING_NONE;
	else if (seen->coding)
		p->framing = FRAMING_CHUNKED;
	else if (seen->length)
		p->framing = FRAMING_SIZED;
	else
		p->framing = p->side == HTTP_RESPONSE ? FRAMING_TO_END : FRAMING_NONE;
	if (p->framing == FRAMING_TO_END)
		p->message.keep_alive = false;
	return 0;
}

/* The head's lines were checked to end with CRLF; the last one is empty. */
static bool next_line(struct str *rest, struct str *ret)
{
	size_t lf = str_find_char(*rest, '\n', 0);
	if (lf == STR_NOT_FOUND || lf == 1)
		return false;
	*ret = str_slice(*rest, 0, lf - 1);
	*rest = str_slice(*rest, lf + 1, rest->n);
	return true;
}

int http_parse_head(struct http_parser *p)
{
	struct str rest = buf_str(&p->head), line = {NULL, 0};
	struct seen seen = {false, false, false};

	next_line(&rest, &line);
	int r = p->side == HTTP_REQUEST ? parse_request_line(p, line) : parse_status_line(p, line);
	while (r >= 0 && next_line(&rest, &line)) {
		if (p->message.field_count >= HTTP_FIELDS_MAX)
			return http_refuse(p, 431, ERR_TOO_LARGE, "too many header fields");
		struct http_field *f = &p->fields[p->message.field_count];
		r = http_parse_field(p, line, f);
		if (r >= 0)
			r = note_field(p, &seen, f);
		p->message.field_count++;
	}
	return r < 0 ? r : decide_framing(p, &seen);
}

struct str http_field(const struct http_message *m, const char *name)
{
	struct str wanted = str_of(name);
	for (size_t i = 0; i < m->field_count; i++)
		if (str_eq_icase(m->fields[i].name, wanted))
			return m->fields[i].value;
	return (struct str){NULL, 0};
}

bool http_has_field(const struct http_message *m, const char *name)
{
	struct str wanted = str_of(name);
	for (size_t i = 0; i < m->field_count; i++)
		if (str_eq_icase(m->fields[i].name, wanted))
			return true;
	return false;
}

const char *http_method_word(enum http_method method)
{
	static const char *const words[] = {
#define X(code, word) [code] = word,
	        HTTP_METHOD_LIST(X)
#undef X
	};
	CHECK((size_t) method < HTTP_METHOD_COUNT);
	return words[method];
}
