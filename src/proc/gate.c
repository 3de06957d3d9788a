/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  the AI gateway: inspects, masks, forwards, restores.
 * TRUSTS   the keeper. What clients and services send is untrusted and checked.
 * HOLDS    the listening sockets, the keys of the providers, the rules of what must not leave, requests at work with
 *          their tags: all in memory only.
 * MAY      accept and make connections, read certificates. Which places it connects to is the register's to say.
 * PEERS    clients; our pages over run/gate.sock, which alone may say who asks; the keeper; registered services.
 * IF IT DIES  its open requests are lost, another gate process serves, the master starts it again. */
#include <event2/event.h>
#include <event2/util.h>
#include <signal.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "gate/gate.h"
#include "proc/proc.h"

enum {
	GATE_CONNECTIONS_MAX = 4000,
	GATE_CONNECTIONS_PER_ADDRESS_MAX = 2000, /* programs behind one address */
	GATE_STOP_GRACE_MS = 4000,
	PATH_MAX_BYTES = 4096 + 64,
	MESSAGE_MAX_BYTES = 512,
};

struct gate_process {
	const struct proc_context *context;
	struct event_base *base;
	struct event *on_stop[2];
	struct gate *gate;
	struct http_server *servers[2]; /* local, network */
	int stopped;
};

static void on_stopped(void *context)
{
	struct gate_process *p = context;
	if (++p->stopped == 2)
		event_base_loopbreak(p->base);
}

static void on_stop_signal(evutil_socket_t fd, short what, void *context)
{
	struct gate_process *p = context;
	for (int i = 0; i < 2; i++)
		http_server_stop(p->servers[i], GATE_STOP_GRACE_MS);
}

/* Compiled patterns are kept beside the other rules' when the folder is there. */
static int open_gate(struct gate_process *p)
{
	char cache[PATH_MAX_BYTES], ca[PATH_MAX_BYTES], message[MESSAGE_MAX_BYTES] = "";
	snprintf(cache, sizeof(cache), "%s/cache", p->context->data_folder);
	snprintf(ca, sizeof(ca), "%s/tls/services-ca.pem", p->context->data_folder);
	const struct gate_options options = {.base = p->base,
	                                     .rules_folder = p->context->rules_folder,
	                                     .rules_cache = access(cache, F_OK) == 0 ? cache : NULL,
	                                     .keeper_socket = PROC_KEEPER_SOCKET,
	                                     .ca_file = access(ca, R_OK) == 0 ? ca : NULL,
	                                     .index = p->context->index};
	int r = gate_new(&options, &p->gate, message, sizeof(message));
	const char *why = message;
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "gate.not-opened", LOG_TEXT("why", why), LOG_TEXT("code", err_word(r)));
	return r;
}

static int open_doors(struct gate_process *p)
{
	for (int i = 0; i < 2; i++) {
		bool is_local = i == 0;
		struct http_server_options options = {
		        .connections_max = GATE_CONNECTIONS_MAX,
		        .connections_per_address_max =
		                is_local ? GATE_CONNECTIONS_MAX : GATE_CONNECTIONS_PER_ADDRESS_MAX,
		        .stopped = on_stopped,
		        .stopped_context = p,
		};
		gate_attach(p->gate, is_local, &options);
		p->servers[i] = http_server_new(p->base, &options);
	}
	for (size_t i = 0; i < p->context->listener_count; i++) {
		int r = http_server_listen(p->servers[i > 0], p->context->listeners[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void watch_signals(struct gate_process *p)
{
	static const int signals[] = {SIGTERM, SIGINT};
	for (int i = 0; i < 2; i++) {
		p->on_stop[i] = evsignal_new(p->base, signals[i], on_stop_signal, p);
		CHECK(p->on_stop[i] && event_add(p->on_stop[i], NULL) == 0);
	}
}

static void close_all(struct gate_process *p)
{
	/* Open requests first: their exchanges belong to the servers. */
	gate_free(p->gate);
	for (int i = 0; i < 2; i++) {
		http_server_free(p->servers[i]);
		if (p->on_stop[i])
			event_free(p->on_stop[i]);
	}
	event_base_free(p->base);
}

int gate_main(const struct proc_context *context)
{
	struct gate_process p = {.context = context, .base = event_base_new()};
	CHECK(p.base);
	int r = open_gate(&p);
	if (r >= 0)
		r = open_doors(&p);
	if (r >= 0) {
		watch_signals(&p);
		r = proc_enter_jail(context);
	}
	if (r >= 0) {
		log_event(LOG_LEVEL_INFO, "gate.ready", LOG_NUMBER("listeners", (int64_t) context->listener_count));
		event_base_dispatch(p.base);
	}
	close_all(&p);
	return r < 0 ? r : 0;
}
