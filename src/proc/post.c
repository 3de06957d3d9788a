/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  sends mail: takes one message after the other from the keeper's queue and hands it to the company's server;
 *          once a day it makes the reminders. Without a server set it waits.
 * TRUSTS   the keeper. What the server says is untrusted: it is cut, cleaned and shown, never acted on beyond SMTP.
 * HOLDS    the password of the server and the message in hand, each for as long as it takes.
 * MAY      make connections outward, start threads (libcurl looks names up in one); of files certificates and the
 *          resolver's.
 * PEERS    the keeper, over run/keeper.sock; the one server that the settings name.
 * IF IT DIES  the message in hand is tried again with the same Message-ID; the master starts it again. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "post/post.h"
#include "proc/proc.h"

enum {
	WAIT_MS = 1000,        /* between looks at an empty queue */
	WAIT_LONGER_MS = 5000, /* when the keeper is away */
	PATH_MAX_BYTES = 4096 + 64,
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

/* A company with certificates of its own puts them beside its others. */
static int open_sender(const struct proc_context *context, struct sender **ret)
{
	CLEANUP(buf_done) struct buf ca = buf_make(SEND_CA_MAX_BYTES);
	char path[PATH_MAX_BYTES];
	snprintf(path, sizeof(path), "%s/tls/mail-ca.pem", context->data_folder);
	int r = fd_read_file(path, &ca);
	if (r < 0 && r != ERR_NOT_FOUND)
		log_event(LOG_LEVEL_ERROR, "post.ca-not-read", LOG_TEXT("why", err_word(r)));
	return r < 0 && r != ERR_NOT_FOUND ? r : sender_new(buf_str(&ca), &is_asked_to_stop, ret);
}

static void loop(struct post *p)
{
	while (!is_asked_to_stop) {
		int r = post_step(p);
		/* ERR_DENIED: the master has not yet listed this process. */
		if (r < 0 && r != ERR_DENIED && !is_asked_to_stop)
			log_event(LOG_LEVEL_WARNING, "post.no-keeper", LOG_TEXT("why", err_word(r)));
		if (r <= 0 && !is_asked_to_stop)
			(void) poll(NULL, 0, r < 0 && r != ERR_DENIED ? WAIT_LONGER_MS : WAIT_MS);
	}
}

int post_main(const struct proc_context *context)
{
	struct post p = {0};
	watch_signals();
	int r = open_sender(context, &p.sender);
	if (r >= 0)
		r = keep_client_open(".", &p.keep);
	if (r >= 0)
		r = proc_enter_jail(context);
	if (r >= 0)
		loop(&p);
	keep_client_free(p.keep);
	sender_free(p.sender);
	return r < 0 ? r : 0;
}
