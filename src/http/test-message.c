/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The message parser: what is refused (the table is that of nginx, and stricter), what is understood, and that the
 * answer does not depend on where the bytes were cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "http/inside.h"
#include "http/parser.h"

enum { BODY_MAX_BYTES = 100 };

#define GET "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"

#define C(name, input, status, body)                                                                                   \
	{                                                                                                              \
		name, {input, sizeof(input) - 1}, status,                                                              \
		{                                                                                                      \
			body, sizeof(body) - 1                                                                         \
		}                                                                                                      \
	}

static const struct {
	const char *name;
	struct str input;
	int status; /* 0: understood */
	struct str body;
} cases[] = {
        C("plain get", GET "Host: a\r\n\r\n", 0, ""),
        C("one empty line before", "\r\n" GET "Host: a\r\n\r\n", 0, ""),
        C("two empty lines before", "\r\n\r\n" GET "Host: a\r\n\r\n", 400, ""),
        C("length", POST "Content-Length: 5\r\n\r\nhello", 0, "hello"),
        C("length 0", POST "Content-Length: 0\r\n\r\n", 0, ""),
        C("chunks", POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", 0, "abcde"),
        C("chunks with trailer", POST "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n", 0, "a"),
        C("http 1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0, ""),
        C("absolute target", "GET http://a.example/x?y HTTP/1.1\r\nHost: a\r\n\r\n", 0, ""),
        C("cl and te", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""),
        C("te and cl", POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, ""),
        C("two cl differ", POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, ""),
        C("two cl same", POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, ""),
        C("cl list", POST "Content-Length: 5, 5\r\n\r\nhello", 400, ""),
        C("cl plus", POST "Content-Length: +5\r\n\r\nhello", 400, ""),
        C("cl minus", POST "Content-Length: -5\r\n\r\nhello", 400, ""),
        C("cl letter", POST "Content-Length: 5x\r\n\r\nhello", 400, ""),
        C("cl hex", POST "Content-Length: 0x5\r\n\r\nhello", 400, ""),
        C("cl empty", POST "Content-Length:\r\n\r\n", 400, ""),
        C("cl overflow", POST "Content-Length: 18446744073709551621\r\n\r\nhello", 400, ""),
        C("cl over limit", POST "Content-Length: 101\r\n\r\n", 413, ""),
        C("space before colon", POST "Content-Length : 5\r\n\r\nhello", 400, ""),
        C("two te", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""),
        C("te other", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, ""),
        C("te identity", POST "Transfer-Encoding: identity\r\n\r\n", 501, ""),
        C("te in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""),
        C("chunk overflow", POST "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello", 400, ""),
        C("chunk over limit", POST "Transfer-Encoding: chunked\r\n\r\nfff\r\n", 413, ""),
        C("chunk sum over limit", POST "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n64\r\n", 413, ""),
        C("chunk sign", POST "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n", 400, ""),
        C("chunk hex mark", POST "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n", 400, ""),
        C("chunk blank", POST "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n", 400, ""),
        C("chunk empty size", POST "Transfer-Encoding: chunked\r\n\r\n\r\n", 400, ""),
        C("chunk bare lf", POST "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n", 400, ""),
        C("chunk longer", POST "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", 400, ""),
        C("chunk end lf", POST "Transfer-Encoding: chunked\r\n\r\n2\r\nab\n", 400, ""),
        C("trailer folded", POST "Transfer-Encoding: chunked\r\n\r\n0\r\n a\r\n\r\n", 400, ""),
        C("nul in value", GET "Host: a\r\nX: a\0b\r\n\r\n", 400, ""),
        C("nul in name", GET "Host: a\r\nX\0: a\r\n\r\n", 400, ""),
        C("cr in value", GET "Host: a\r\nX: a\rb\r\n\r\n", 400, ""),
        C("no host", GET "\r\n", 400, ""),
        C("two hosts", GET "Host: a\r\nHost: a\r\n\r\n", 400, ""),
        C("empty host", GET "Host:\r\n\r\n", 400, ""),
        C("host with path", GET "Host: a/b\r\n\r\n", 400, ""),
        C("host with at", GET "Host: a@b\r\n\r\n", 400, ""),
        C("bare lf", "GET / HTTP/1.1\nHost: a\n\n", 400, ""),
        C("bare lf in head", GET "Host: a\n\r\n", 400, ""),
        C("folded", GET "Host: a\r\nX: a\r\n b\r\n\r\n", 400, ""),
        C("folded first", GET " Host: a\r\n\r\n", 400, ""),
        C("no colon", GET "Host: a\r\nX\r\n\r\n", 400, ""),
        C("empty name", GET "Host: a\r\n: x\r\n\r\n", 400, ""),
        C("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""),
        C("space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""),
        C("no version", "GET /\r\nHost: a\r\n\r\n", 400, ""),
        C("version 2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, ""),
        C("version word", "GET / HTTQ/1.1\r\nHost: a\r\n\r\n", 400, ""),
        C("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, ""),
        C("small method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, ""),
        C("relative target", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""),
        C("fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""),
        C("high byte in target", "GET /\xe3 HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""),
        C("tls hello", "\x16\x03\x01\x02", 400, ""),
        C("expect other", GET "Host: a\r\nExpect: tea\r\n\r\n", 417, ""),
};

struct outcome {
	int status;
	struct str body;
	bool is_done;
	size_t used;
};

static int feed_piece(struct http_parser *p, struct str piece, struct outcome *ret)
{
	for (;;) {
		size_t used = 0;
		int r = http_parser_feed(p, piece, &used);
		ret->used += used;
		piece = str_slice(piece, used, piece.n);
		if (r < 0)
			ret->status = http_parser_status(p);
		if (r == HTTP_DONE) {
			ret->body = http_parser_message(p)->body;
			ret->is_done = true;
		}
		if (r != HTTP_HEAD_DONE)
			return r;
	}
}

/* Feeds input in pieces of `size` bytes after a first one of `first`. */
static struct outcome feed(struct http_parser *p, struct str input, size_t first, size_t size)
{
	struct outcome o = {0};
	size_t from = 0, to = first;
	int r = HTTP_NEEDS_MORE;
	while (r == HTTP_NEEDS_MORE && from < input.n) {
		to = to < input.n ? to : input.n;
		r = feed_piece(p, str_slice(input, from, to), &o);
		from = to;
		to += size;
	}
	return o;
}

static void check_case(size_t i, size_t first, size_t size)
{
	CLEANUP(http_parser_freep) struct http_parser *p = http_parser_new(HTTP_REQUEST, BODY_MAX_BYTES);
	struct outcome o = feed(p, cases[i].input, first, size);
	if (o.status != cases[i].status || o.is_done != (cases[i].status == 0))
		fail_msg("%s cut at %zu: status %d (%s), done %d", cases[i].name, first, o.status,
		         http_parser_reason(p), o.is_done);
	if (cases[i].status == 0)
		assert_true(str_eq(o.body, cases[i].body));
}

static void test_cases_whole_and_cut_everywhere(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (size_t cut = 1; cut <= cases[i].input.n; cut++)
			check_case(i, cut, cases[i].input.n);
		check_case(i, 1, 1);
	}
}

static void test_fields_and_target(void **state)
{
	CLEANUP(http_parser_freep) struct http_parser *p = http_parser_new(HTTP_REQUEST, BODY_MAX_BYTES);
	feed(p, STR("GET /a/b?c=d HTTP/1.1\r\nhost: x:80\r\nAccept: \t text/html \r\nConnection: Close\r\n\r\n"), 99,
	     99);
	const struct http_message *m = http_parser_message(p);
	assert_true(str_eq_c(m->path, "/a/b"));
	assert_true(str_eq_c(m->query, "c=d"));
	assert_true(str_eq_c(m->host, "x:80"));
	assert_true(str_eq_c(http_field(m, "ACCEPT"), "text/html"));
	assert_false(m->keep_alive);
}

static void test_two_messages_in_one_piece(void **state)
{
	CLEANUP(http_parser_freep) struct http_parser *p = http_parser_new(HTTP_REQUEST, BODY_MAX_BYTES);
	struct str both = STR(POST "Content-Length: 2\r\n\r\nhi" GET "Host: b\r\n\r\n");
	struct outcome o = feed(p, both, both.n, both.n);
	assert_true(o.is_done && str_eq_c(o.body, "hi"));
	http_parser_next(p);
	assert_true(http_parser_is_idle(p));
	struct outcome second = feed(p, str_slice(both, o.used, both.n), both.n, both.n);
	assert_true(second.is_done && o.used + second.used == both.n);
	assert_true(str_eq_c(http_parser_message(p)->host, "b"));
}

static int status_of_filler(const char *before, size_t count, const char *filler, const char *after)
{
	CLEANUP(http_parser_freep) struct http_parser *p = http_parser_new(HTTP_REQUEST, BODY_MAX_BYTES);
	struct outcome o = feed(p, str_of(before), 4096, 4096);
	for (size_t i = 0; i < count && o.status == 0; i++) {
		struct outcome next = feed(p, str_of(filler), 4096, 4096);
		o.status = next.status;
	}
	if (o.status == 0)
		o = feed(p, str_of(after), 4096, 4096);
	return o.status;
}

static void test_limits_of_the_head(void **state)
{
	assert_int_equal(431, status_of_filler(GET "Host: a\r\nX: ", 2 * 1024 * 1024, "x", "\r\n\r\n"));
	assert_int_equal(431, status_of_filler(GET "Host: a\r\n", 101, "X: y\r\n", "\r\n"));
	assert_int_equal(0, status_of_filler(GET "Host: a\r\n", 99, "X: y\r\n", "\r\n"));
	assert_int_equal(414, status_of_filler("GET /", HTTP_LINE_MAX_BYTES, "x", " HTTP/1.1\r\n"));
	assert_int_equal(431,
	                 status_of_filler(POST "Transfer-Encoding: chunked\r\n\r\n0\r\n", 2000, "X: y\r\n", "\r\n"));
	assert_int_equal(400, status_of_filler(POST "Transfer-Encoding: chunked\r\n\r\n0;", 2000, "x", "\r\n"));
}

static void test_responses(void **state)
{
	CLEANUP(http_parser_freep) struct http_parser *p = http_parser_new(HTTP_RESPONSE, BODY_MAX_BYTES);
	struct outcome o = feed(p, STR("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), 7, 1);
	assert_true(o.is_done && http_parser_message(p)->status == 200 && str_eq_c(o.body, "hi"));
	http_parser_next(p);
	assert_true(feed(p, STR("HTTP/1.1 304 \r\nContent-Length: 2\r\n\r\n"), 99, 99).is_done);
	http_parser_next(p);
	assert_false(feed(p, STR("HTTP/1.0 200 OK\r\n\r\nto the end"), 99, 99).is_done);
	assert_int_equal(HTTP_DONE, http_parser_end(p));
	assert_true(str_eq_c(http_parser_message(p)->body, "to the end"));
	http_parser_next(p);
	assert_int_equal(400, feed(p, STR("HTTP/1.1 20 OK\r\n\r\n"), 99, 99).status);
}

/* A body that is taken as it comes: more than body_max in all, cut anywhere. */
static void test_body_in_pieces(void **state)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	                           "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
	for (size_t cut = 1; cut < 8; cut++) {
		struct http_parser *p = http_parser_new(HTTP_RESPONSE, 8);
		CLEANUP(buf_done) struct buf body = buf_make(64);
		int r = HTTP_NEEDS_MORE;
		for (size_t at = 0; at < sizeof(text) - 1 && r >= 0;) {
			size_t used = 0;
			r = http_parser_feed(p, str_slice(STR(text), at, at + cut), &used);
			at += used;
			if (r == HTTP_HEAD_DONE)
				assert_int_equal(http_parser_take_body(p).n, 0);
			else if (r >= 0)
				buf_add_str(&body, http_parser_take_body(p));
		}
		assert_int_equal(r, HTTP_DONE);
		assert_true(str_eq(buf_str(&body), STR("hello world")));
		http_parser_free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_body_in_pieces),     cmocka_unit_test(test_cases_whole_and_cut_everywhere),
	        cmocka_unit_test(test_fields_and_target),  cmocka_unit_test(test_two_messages_in_one_piece),
	        cmocka_unit_test(test_limits_of_the_head), cmocka_unit_test(test_responses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
