/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server over loopback, in this process: raw bytes in, raw bytes out. The handler answers "METHOD path body";
 * /later is answered from the loop, after its connection may have gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "http/connection.h"

enum { ANSWER_MAX_BYTES = 4 * 1024 * 1024, BODY_MAX_BYTES = 1000, BIG_BYTES = 2 * 1024 * 1024, WAIT_US = 5000000 };

struct fixture {
	struct event_base *base;
	struct http_server *server;
	struct http_exchange *later;
	uint16_t port;
	bool stopped;
};

static size_t body_max(void *context, const struct http_message *head)
{
	return BODY_MAX_BYTES;
}

static void answer_text(struct http_exchange *x, int status, struct str body)
{
	struct http_answer answer = {.status = status, .body = body};
	http_answer_add(&answer, "X-Split", STR("a\r\nEvil: yes"));
	http_exchange_answer(x, &answer);
}

static void answer_echo(struct http_exchange *x)
{
	const struct http_message *m = http_exchange_message(x);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	buf_printf(&b, "%s %.*s %.*s", http_method_word(m->method), STR_ARG(m->path), STR_ARG(m->body));
	if (str_eq_c(m->path, "/big"))
		for (size_t i = 0; i < BIG_BYTES; i++)
			buf_add_char(&b, 'x');
	answer_text(x, 200, buf_str(&b));
	buf_done(&b);
}

static void on_request(void *context, struct http_exchange *x)
{
	struct fixture *f = context;
	if (str_eq_c(http_exchange_message(x)->path, "/later"))
		f->later = x;
	else
		answer_echo(x);
}

static void on_refused(void *context, struct http_exchange *x, int status, const char *reason)
{
	answer_text(x, status, str_of(reason));
}

static void on_stopped(void *context)
{
	((struct fixture *) context)->stopped = true;
}

static int listen_on_loopback(uint16_t *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(0, bind(fd, (struct sockaddr *) &address, sizeof(address)));
	assert_int_equal(0, listen(fd, 64));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *) &address, &n));
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static int set_up(void **state)
{
	static struct fixture f;
	f = (struct fixture){.base = event_base_new()};
	const struct http_server_options options = {.connections_max = 3,
	                                            .connections_per_address_max = 100,
	                                            .context = &f,
	                                            .body_max = body_max,
	                                            .request = on_request,
	                                            .refused = on_refused,
	                                            .stopped_context = &f,
	                                            .stopped = on_stopped};
	f.server = http_server_new(f.base, &options);
	*state = &f;
	return http_server_listen(f.server, listen_on_loopback(&f.port));
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	http_server_free(f->server);
	event_base_free(f->base);
	return 0;
}

static int dial(const struct fixture *f)
{
	struct sockaddr_in address = {
	        .sin_family = AF_INET, .sin_port = htons(f->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(0, connect(fd, (struct sockaddr *) &address, sizeof(address)));
	return fd;
}

/* Runs the loop and reads until `want` stands in what came, the peer ends, or time is over. */
static bool read_until(struct fixture *f, int fd, struct buf *b, const char *want)
{
	int64_t end_us = clock_monotonic_us() + WAIT_US;
	while (clock_monotonic_us() < end_us) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		event_base_loop(f->base, EVLOOP_NONBLOCK);
		if (want && str_contains(buf_str(b), str_of(want)))
			return true;
		if (poll(&p, 1, 1) <= 0)
			continue;
		buf_reserve(b, 65536);
		ssize_t n = read(fd, b->p + b->n, 65536);
		if (n <= 0)
			return !want;
		b->n += (size_t) n;
	}
	return false;
}

static struct buf ask(struct fixture *f, const char *request, const char *want)
{
	CLEANUP_FD fd = dial(f);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	fd_write_all(fd, request, strlen(request));
	if (!read_until(f, fd, &b, want))
		fail_msg("no %s in %.*s", want ? want : "end", STR_ARG(str_slice(buf_str(&b), 0, 400)));
	return b;
}

#define HOST " HTTP/1.1\r\nHost: a\r\n"

static void test_keep_alive_and_pipelining(void **state)
{
	struct buf b = ask(*state,
	                   "GET /1" HOST "\r\nPOST /2" HOST "Content-Length: 2\r\n\r\nhiGET /3" HOST
	                   "Connection: close\r\n\r\n",
	                   NULL);
	size_t one = str_find(buf_str(&b), STR("GET /1 "), 0), two = str_find(buf_str(&b), STR("POST /2 hi"), 0);
	size_t three = str_find(buf_str(&b), STR("GET /3 "), 0);
	assert_true(one < two && two < three && three != STR_NOT_FOUND);
	assert_true(str_contains(buf_str(&b), STR("Connection: close")));
	assert_false(str_contains(buf_str(&b), STR("Evil")));
	buf_done(&b);
}

static void test_head_has_no_body(void **state)
{
	struct buf b = ask(*state, "HEAD /x" HOST "Connection: close\r\n\r\n", NULL);
	assert_true(str_contains(buf_str(&b), STR("Content-Length: 8")));
	assert_false(str_contains(buf_str(&b), STR("HEAD /x")));
	buf_done(&b);
}

static void test_refusal_closes(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = dial(f);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	static const char bad[] =
	        "POST /" HOST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhelloGET /smuggled" HOST "\r\n";
	fd_write_all(fd, bad, sizeof(bad) - 1);
	assert_true(read_until(f, fd, &b, NULL));
	assert_true(str_starts_with(buf_str(&b), STR("HTTP/1.1 400 ")));
	assert_false(str_contains(buf_str(&b), STR("smuggled")));
	buf_done(&b);
}

static void test_large_body_is_refused_and_seen(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = dial(f);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	static const char head[] = "POST /" HOST "Content-Length: 99999\r\n\r\n";
	fd_write_all(fd, head, sizeof(head) - 1);
	for (int i = 0; i < 20; i++) {
		char part[1000] = {0};
		fd_write_all(fd, part, sizeof(part));
		event_base_loop(f->base, EVLOOP_NONBLOCK);
	}
	assert_true(read_until(f, fd, &b, NULL));
	assert_true(str_starts_with(buf_str(&b), STR("HTTP/1.1 413 ")));
	buf_done(&b);
}

static void test_expect_continue(void **state)
{
	struct buf b =
	        ask(*state, "POST /" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", "100 Continue\r\n\r\n");
	buf_done(&b);
	b = ask(*state, "POST /" HOST "Expect: 100-continue\r\nContent-Length: 2000\r\n\r\n", "413 ");
	assert_false(str_contains(buf_str(&b), STR("100 Continue")));
	buf_done(&b);
}

static void test_big_answer_to_a_half_closed_peer(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = dial(f);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	static const char request[] = "GET /big" HOST "\r\n";
	fd_write_all(fd, request, sizeof(request) - 1);
	shutdown(fd, SHUT_WR);
	assert_true(read_until(f, fd, &b, NULL));
	assert_true(b.n > BIG_BYTES);
	buf_done(&b);
}

static void wait_for_later(struct fixture *f)
{
	for (int i = 0; i < 1000 && !f->later; i++)
		event_base_loop(f->base, EVLOOP_ONCE);
	assert_non_null(f->later);
}

static void test_answer_later_in_order(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = dial(f);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	static const char both[] = "GET /later" HOST "\r\nGET /next" HOST "\r\n";
	fd_write_all(fd, both, sizeof(both) - 1);
	wait_for_later(f);
	event_base_loop(f->base, EVLOOP_NONBLOCK);
	answer_echo(f->later);
	assert_true(read_until(f, fd, &b, "GET /next"));
	assert_true(str_find(buf_str(&b), STR("/later"), 0) < str_find(buf_str(&b), STR("/next"), 0));
	buf_done(&b);
}

static void test_answer_after_the_peer_left(void **state)
{
	struct fixture *f = *state;
	int fd = dial(f);
	const struct linger reset = {.l_onoff = 1};
	static const char request[] = "GET /later" HOST "\r\n";
	f->later = NULL;
	fd_write_all(fd, request, sizeof(request) - 1);
	wait_for_later(f);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	for (int i = 0; i < 20; i++) {
		usleep(1000);
		event_base_loop(f->base, EVLOOP_NONBLOCK);
	}
	assert_int_equal(1, http_server_connections(f->server));
	answer_echo(f->later);
	assert_int_equal(0, http_server_connections(f->server));
}

static void test_room_is_made_among_idle_connections(void **state)
{
	struct fixture *f = *state;
	int idle[6];
	for (size_t i = 0; i < ARRAY_SIZE(idle); i++) {
		idle[i] = dial(f);
		for (int k = 0; k < 5; k++) {
			usleep(200);
			event_base_loop(f->base, EVLOOP_NONBLOCK);
		}
	}
	assert_int_equal(3, http_server_connections(f->server));
	struct buf b = ask(f, "GET /ok" HOST "\r\n", "GET /ok");
	buf_done(&b);
	for (size_t i = 0; i < ARRAY_SIZE(idle); i++)
		close(idle[i]);
}

/* What the server's own tick does, at another time. */
static bool is_alive_at(struct fixture *f, int64_t after_ms)
{
	if (f->server->first)
		connection_tick(f->server->first, f->server->first->phase_since_us + after_ms * 1000);
	return http_server_connections(f->server) == 1;
}

static void test_time_limits_of_slow_peers(void **state)
{
	static const struct {
		const char *name, *sent;
		int64_t limit_ms;
	} cases[] = {
	        {"nothing", "", HTTP_IDLE_MAX_MS},
	        {"half a head", "GET / HTTP/1.1\r\nHost:", HTTP_HEAD_MAX_MS},
	        {"half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc", HTTP_BODY_GRACE_MS},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *f = *state;
		CLEANUP_FD fd = dial(f);
		fd_write_all(fd, cases[i].sent, strlen(cases[i].sent));
		for (int k = 0; k < 10; k++) {
			usleep(1000);
			event_base_loop(f->base, EVLOOP_NONBLOCK);
		}
		if (!is_alive_at(f, cases[i].limit_ms - 100) || is_alive_at(f, cases[i].limit_ms + 100))
			fail_msg("%s", cases[i].name);
	}
}

static void test_graceful_stop(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = dial(f);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	static const char request[] = "GET /later" HOST "\r\n";
	f->later = NULL;
	fd_write_all(fd, request, sizeof(request) - 1);
	wait_for_later(f);
	http_server_stop(f->server, 60000);
	event_base_loop(f->base, EVLOOP_NONBLOCK);
	assert_false(f->stopped);
	answer_echo(f->later);
	assert_true(read_until(f, fd, &b, NULL));
	assert_true(str_contains(buf_str(&b), STR("GET /later")));
	for (int i = 0; i < 3 && !f->stopped; i++)
		event_base_loop(f->base, EVLOOP_ONCE);
	assert_true(f->stopped);
	buf_done(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(test_keep_alive_and_pipelining),
	        TEST(test_head_has_no_body),
	        TEST(test_refusal_closes),
	        TEST(test_large_body_is_refused_and_seen),
	        TEST(test_expect_continue),
	        TEST(test_big_answer_to_a_half_closed_peer),
	        TEST(test_answer_later_in_order),
	        TEST(test_answer_after_the_peer_left),
	        TEST(test_room_is_made_among_idle_connections),
	        TEST(test_time_limits_of_slow_peers),
	        TEST(test_graceful_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
