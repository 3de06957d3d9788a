/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  sets papers (PDF) in fonts, one after the other
 * TRUSTS   nobody: what a paper says was typed by people; it is decoded and checked
 * HOLDS    nothing but the paper in hand
 * MAY      read fonts, start threads, as its libraries do; no network, nothing of the house, no programs
 * PEERS    the web, over run/press.sock
 * IF IT DIES  one paper is not printed and says so; the master starts it again */
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "ipc/socket.h"
#include "paper/press.h"
#include "proc/proc.h"

enum {
	QUESTION_TIMEOUT_MS = 5000,
	WAIT_FOREVER_MS = -1,
	WARM_UP_MAX_BYTES = 1024 * 1024,
	WARM_UP_ARENA_BYTES = 64 * 1024
};

static volatile sig_atomic_t is_asked_to_stop;

static void on_stop(int number)
{
	(void) number;
	is_asked_to_stop = 1;
}

static void watch_signals(void)
{
	const struct sigaction action = {.sa_handler = on_stop}; /* poll() comes back */
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

static void serve_one(int listener)
{
	CLEANUP_FD connection = -1;
	int r = socket_accept(listener, &connection);
	if (r >= 0)
		r = press_answer(connection, QUESTION_TIMEOUT_MS);
	if (r < 0 && r != ERR_AGAIN && r != ERR_CLOSED)
		log_event(LOG_LEVEL_WARNING, "press.not-answered", LOG_TEXT("why", err_word(r)));
}

/* A first paper, so that a machine without fonts says so at the start. */
static void warm_up(void)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(WARM_UP_ARENA_BYTES);
	CLEANUP(buf_done) struct buf b = buf_make(WARM_UP_MAX_BYTES);
	struct paper *paper = paper_new(a, STR("備え"), STR(""), STR(""));
	int r = paper ? paper_write_pdf(paper, &b) : ERR_TOO_LARGE;
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "press.no-paper", LOG_TEXT("why", err_word(r)));
}

int press_main(const struct proc_context *context)
{
	CHECK(context->listener_count == 1);
	watch_signals();
	int r = proc_enter_jail(context);
	if (r >= 0)
		warm_up();
	while (r >= 0 && !is_asked_to_stop) {
		struct pollfd waits = {.fd = context->listeners[0], .events = POLLIN};
		if (poll(&waits, 1, WAIT_FOREVER_MS) > 0)
			serve_one(context->listeners[0]);
	}
	return r;
}
