/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "ipc/frame.h"
#include "ipc/socket.h"

enum { TIMEOUT_MS = 5000, BODY_MAX_BYTES = 4 * 1024 * 1024 };

static int setup(void **state)
{
	int *ends = malloc(2 * sizeof(int));
	*state = ends;
	signal(SIGPIPE, SIG_IGN);
	return socket_pair(ends);
}

static int teardown(void **state)
{
	int *ends = *state;
	fd_close(ends[0]);
	fd_close(ends[1]);
	free(ends);
	return 0;
}

static void a_frame_arrives_with_its_descriptor(void **state)
{
	int *ends = *state, file;
	struct buf body = buf_make(BODY_MAX_BYTES);
	struct frame frame;

	assert_int_equal(fd_memfd("test", STR("inside"), &file), 0);
	assert_int_equal(frame_send(ends[0], 7, 42, STR("hello"), file, TIMEOUT_MS), 0);
	assert_int_equal(frame_send(ends[0], 8, 43, STR(""), -1, TIMEOUT_MS), 0);
	assert_int_equal(frame_receive(ends[1], &body, TIMEOUT_MS, &frame), 0);
	assert_int_equal(frame.type, 7);
	assert_int_equal(frame.id, 42);
	assert_true(str_eq(frame.body, STR("hello")));
	assert_true(frame.fd >= 0);
	char inside[6];
	assert_int_equal(fd_read_all(frame.fd, inside, sizeof(inside)), 0);
	assert_memory_equal(inside, "inside", 6);
	fd_close(frame.fd);
	assert_int_equal(frame_receive(ends[1], &body, TIMEOUT_MS, &frame), 0);
	assert_int_equal(frame.id, 43);
	assert_int_equal(frame.body.n, 0);
	assert_int_equal(frame.fd, -1);
	fd_close(file);
	buf_done(&body);
}

static void a_frame_larger_than_the_socket_arrives_whole(void **state)
{
	int *ends = *state;
	struct buf body = buf_make(BODY_MAX_BYTES);
	struct frame frame;
	char *large = calloc(1, BODY_MAX_BYTES);

	large[BODY_MAX_BYTES - 1] = 'z';
	pid_t child = fork();
	if (child == 0)
		_exit(frame_send(ends[0], 1, 1, (struct str){large, BODY_MAX_BYTES}, -1, TIMEOUT_MS) < 0);
	assert_int_equal(frame_receive(ends[1], &body, TIMEOUT_MS, &frame), 0);
	assert_int_equal(frame.body.n, BODY_MAX_BYTES);
	assert_int_equal(frame.body.p[BODY_MAX_BYTES - 1], 'z');
	int status;
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	free(large);
	buf_done(&body);
}

static void a_frame_over_the_cap_is_refused(void **state)
{
	int *ends = *state;
	struct buf body = buf_make(4);
	struct frame frame;

	assert_int_equal(frame_send(ends[0], 1, 1, STR("12345"), -1, TIMEOUT_MS), 0);
	assert_int_equal(frame_receive(ends[1], &body, TIMEOUT_MS, &frame), ERR_TOO_LARGE);
	buf_done(&body);
}

static void silence_and_an_end_are_told_apart(void **state)
{
	int *ends = *state;
	struct buf body = buf_make(BODY_MAX_BYTES);
	struct frame frame;

	int64_t start_us = clock_monotonic_us();
	assert_int_equal(frame_receive(ends[1], &body, 50, &frame), ERR_TIMEOUT);
	assert_in_range((uintmax_t) (clock_monotonic_us() - start_us), 45000, 2000000);
	assert_int_equal(fd_write_all(ends[0], "\5\0\0\0\1\0\0\0", 8), 0);
	assert_int_equal(frame_receive(ends[1], &body, 50, &frame), ERR_TIMEOUT);
	fd_close(ends[0]);
	ends[0] = -1;
	assert_int_equal(frame_receive(ends[1], &body, TIMEOUT_MS, &frame), ERR_CLOSED);
	assert_int_equal(frame_send(ends[1], 1, 1, STR("x"), -1, TIMEOUT_MS), ERR_CLOSED);
	buf_done(&body);
}

static void a_reader_that_does_not_read_costs_the_time_limit(void **state)
{
	int *ends = *state;
	char *large = calloc(1, BODY_MAX_BYTES);

	assert_int_equal(frame_send(ends[0], 1, 1, (struct str){large, BODY_MAX_BYTES}, -1, 50), ERR_TIMEOUT);
	free(large);
}

static void the_parser_takes_frames_byte_by_byte(void **state)
{
	struct buf stream = buf_make(1000);
	struct frame_parser parser;
	struct frame frame;
	int count = 0;

	frame_encode(&stream, 1, 10, STR("one"));
	frame_encode(&stream, 2, 11, STR(""));
	frame_encode(&stream, 3, 12, STR("three"));
	frame_parser_init(&parser, 5);
	for (size_t i = 0; i < stream.n; i++) {
		assert_int_equal(frame_parser_feed(&parser, (struct str){stream.p + i, 1}), 0);
		int r = frame_parser_next(&parser, &frame);
		assert_true(r == 0 || r == 1);
		count += r;
		if (r == 1)
			assert_int_equal(frame.id, 9 + count);
	}
	assert_int_equal(count, 3);
	assert_true(str_eq(frame.body, STR("three")));
	assert_int_equal(frame_parser_feed(&parser, buf_str(&stream)), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(frame_parser_next(&parser, &frame), 1);
	assert_int_equal(frame_parser_next(&parser, &frame), 0);
	buf_clear(&stream);
	frame_encode(&stream, 1, 1, STR("123456"));
	frame_parser_feed(&parser, buf_str(&stream));
	assert_int_equal(frame_parser_next(&parser, &frame), ERR_TOO_LARGE);
	frame_parser_done(&parser);
	buf_done(&stream);
}

static void the_parser_reads_what_is_there(void **state)
{
	int *ends = *state;
	struct frame_parser parser;
	struct frame frame;

	frame_parser_init(&parser, 100);
	assert_int_equal(frame_parser_read(&parser, ends[1]), ERR_AGAIN);
	assert_int_equal(frame_send(ends[0], 1, 5, STR("x"), -1, TIMEOUT_MS), 0);
	assert_int_equal(frame_parser_read(&parser, ends[1]), FRAME_HEADER_BYTES + 1);
	assert_int_equal(frame_parser_next(&parser, &frame), 1);
	assert_int_equal(frame.id, 5);
	fd_close(ends[0]);
	ends[0] = -1;
	assert_int_equal(frame_parser_read(&parser, ends[1]), ERR_CLOSED);
	frame_parser_done(&parser);
}

static void check_socket_at(const char *folder, const char *name)
{
	char path[4000];
	int listener, client, server;
	struct socket_peer peer;
	struct stat info;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(socket_connect_local(path, 100, &client), ERR_UNAVAILABLE);
	assert_int_equal(socket_listen_local(path, 8, &listener), 0);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(socket_connect_local(path, 100, &client), 0);
	assert_int_equal(socket_accept(listener, &server), 0);
	assert_int_equal(socket_peer(server, &peer), 0);
	assert_int_equal(peer.pid, getpid());
	assert_int_equal(peer.uid, geteuid());
	fd_close(client);
	fd_close(server);
	fd_close(listener);
	assert_int_equal(socket_connect_local(path, 100, &client), ERR_UNAVAILABLE);
	assert_int_equal(socket_listen_local(path, 8, &listener), 0);
	fd_close(listener);
	unlink(path);
}

static void sockets_by_path_short_and_long(void **state)
{
	char folder[] = "/tmp/sonae-test-XXXXXX", deep[300];

	assert_non_null(mkdtemp(folder));
	check_socket_at(folder, "a.sock");
	snprintf(deep, sizeof(deep), "%s/%0120d", folder, 7);
	assert_int_equal(mkdir(deep, 0700), 0);
	check_socket_at(deep, "a.sock");
	rmdir(deep);
	rmdir(folder);
}

static void a_full_queue_is_a_timeout(void **state)
{
	char folder[] = "/tmp/sonae-test-XXXXXX", path[100];
	int listener, clients[8], r = 0;
	size_t n = 0;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.sock", folder);
	assert_int_equal(socket_listen_local(path, 0, &listener), 0);
	while (n < ARRAY_SIZE(clients) && (r = socket_connect_local(path, 60, &clients[n])) >= 0)
		n++;
	assert_int_equal(r, ERR_TIMEOUT);
	while (n > 0)
		fd_close(clients[--n]);
	fd_close(listener);
	unlink(path);
	rmdir(folder);
}

#define WITH_PAIR(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        WITH_PAIR(a_frame_arrives_with_its_descriptor),
	        WITH_PAIR(a_frame_larger_than_the_socket_arrives_whole),
	        WITH_PAIR(a_frame_over_the_cap_is_refused),
	        WITH_PAIR(silence_and_an_end_are_told_apart),
	        WITH_PAIR(a_reader_that_does_not_read_costs_the_time_limit),
	        cmocka_unit_test(the_parser_takes_frames_byte_by_byte),
	        WITH_PAIR(the_parser_reads_what_is_there),
	        cmocka_unit_test(sockets_by_path_short_and_long),
	        cmocka_unit_test(a_full_queue_is_a_timeout),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
