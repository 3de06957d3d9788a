/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  pages, their JSON and the API: one request at a time is worked on, many are open.
 * TRUSTS   the keeper. What browsers send and what the reader answers is untrusted and checked.
 * HOLDS    the listening sockets, the request in hand, the TLS key when there is one (<data>/tls/key.pem).
 * MAY      accept connections, ask keeper, reader, press and gate over local sockets, read the rules again; writes
 * nothing. PEERS    browsers; keeper (run/keeper.sock); reader (run/reader.sock); press (run/press.sock); gate
 * (run/gate.sock). IF IT DIES  its open requests are lost, another web process serves, the master starts it again.
 *
 * SIGHUP reads the rules again, whole: with a mistake in them the earlier ones stay and the status page tells where it
 * is. SIGTERM ends it when the requests in hand are answered. */
#include <event2/event.h>
#include <signal.h>

#include "base/beside.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "keep/client.h"
#include "fact/fact.h"
#include "http/client.h"
#include "proc/proc.h"
#include "proc/web-press.h"
#include "proc/web-reader.h"
#include "web/site.h"
#include "work/work.h"

enum {
	WEB_CONNECTIONS_MAX = 1000,
	WEB_CONNECTIONS_PER_ADDRESS_MAX = 200, /* an office behind one address */
	WEB_STOP_GRACE_MS = 5000,
	KEEPER_CONNECT_MAX_MS = 2000,
	PATH_MAX_BYTES = 4096,
	WORK_ARENA_BYTES = 16 * 1024 * 1024,
	FACTS_ARENA_BYTES = 16 * 1024 * 1024,
};

struct web {
	const struct proc_context *context;
	struct event_base *base;
	struct event *on_stop[2], *on_reload_signal, *reload_timer;
	struct keep_client *keep;
	struct web_reader *reader;
	struct web_press *press;
	struct rules *rules;
	struct site *site;
	struct ssl_ctx_st *tls;
	struct http_server *server;
	struct http_client *client; /* to the gate */
	struct arena *work_arena;
	struct work_templates work;
	struct arena *facts_arena;
	struct facts facts;
	char company_rules[PATH_MAX_BYTES], gate_socket[PATH_MAX_BYTES];
};

/* cache: folder of the patterns compiled earlier; NULL once locked in, when no file can be written. */
static int load_rules(struct web *w, const char *cache)
{
	struct rules_complaint complaint = {0};
	struct rules *fresh = NULL;
	int r = rules_load_cached(w->context->rules_folder, w->company_rules, cache, &fresh, &complaint);
	if (r < 0) {
		log_event(LOG_LEVEL_ERROR, "rules.refused", LOG_TEXT("file", complaint.file),
		          LOG_NUMBER("line", complaint.line), LOG_TEXT("why", complaint.text));
		site_set_rules_complaint(w->site, &complaint);
		return r;
	}
	site_set_rules(w->site, fresh);
	site_set_rules_complaint(w->site, NULL);
	rules_free(w->rules);
	w->rules = fresh;
	log_event(LOG_LEVEL_INFO, "rules.loaded", LOG_NUMBER("brands", (int64_t) rules_brand_count(fresh)));
	return 0;
}

static int load_first_rules(struct web *w)
{
	char cache[PATH_MAX_BYTES];
	snprintf(cache, sizeof(cache), "%s/cache", w->context->data_folder);
	return load_rules(w, cache);
}

static void tell_ledger(struct web *w)
{
	const struct keep_actor actor = {.program = STR("web")};
	struct event e = event_make("rules.loaded", clock_now_us());
	char version[20];
	snprintf(version, sizeof(version), "%016llx", (unsigned long long) rules_version(w->rules));
	event_add_word(&e, "version", str_of(version));
	int r = keep_append_event(w->keep, &actor, &e, NULL);
	if (r < 0)
		log_event(LOG_LEVEL_WARNING, "rules.not-recorded", LOG_TEXT("why", err_word(r)));
}

static void on_reload(evutil_socket_t fd, short what, void *context)
{
	struct web *w = context;
	if (load_rules(w, NULL) >= 0 && w->context->index == 0)
		tell_ledger(w);
}

/* Compiling takes a moment: one process after the other, so that there is always one that serves. */
static void on_reload_signal(evutil_socket_t fd, short what, void *context)
{
	struct web *w = context;
	const struct timeval turn = {.tv_sec = (time_t) w->context->index};
	event_add(w->reload_timer, &turn);
}

static void on_stop_signal(evutil_socket_t fd, short what, void *context)
{
	struct web *w = context;
	http_server_stop(w->server, WEB_STOP_GRACE_MS);
}

static void on_stopped(void *context)
{
	event_base_loopbreak(context);
}

/* The key and certificate are read once, at the start. */
static int open_tls(struct web *w)
{
	char certificate[PATH_MAX_BYTES], key[PATH_MAX_BYTES];
	snprintf(certificate, sizeof(certificate), "%s/tls/certificate.pem", w->context->data_folder);
	snprintf(key, sizeof(key), "%s/tls/key.pem", w->context->data_folder);
	int r = http_tls_new(certificate, key, &w->tls);
	if (r == ERR_NOT_FOUND)
		return 0;
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "tls.refused", LOG_TEXT("why", err_word(r)));
	return r;
}

static int open_site(struct web *w)
{
	struct template_complaint complaint = {0};
	const struct site_options options = {
	        .table = page_table,
	        .templates = embedded_templates,
	        .assets = embedded_assets,
	        .keep = w->keep,
	        .keeper = site_keeper_of(w->keep),
	        .reader = web_reader_of(w->reader),
	        .press = web_press_of(w->press),
	        .gate = {w->client, w->gate_socket},
	        .work = &w->work,
	        .facts = &w->facts,
	        .data_folder = w->context->data_folder,
	};
	int r = site_new(&options, &w->site, &complaint);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "template.refused", LOG_TEXT("file", complaint.file),
		          LOG_NUMBER("line", complaint.line), LOG_TEXT("why", complaint.text));
	return r;
}

static int load_work(struct web *w)
{
	struct rules_complaint complaint = {0};
	char folder[PATH_MAX_BYTES];
	w->work_arena = arena_new(WORK_ARENA_BYTES);
	int r = beside_program("templates", folder, sizeof(folder));
	if (r >= 0)
		r = work_load_folder(folder, w->work_arena, &w->work, &complaint);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "templates.refused", LOG_TEXT("file", complaint.file),
		          LOG_NUMBER("line", complaint.line), LOG_TEXT("why", complaint.text));
	return r;
}

static int load_facts(struct web *w)
{
	struct rules_complaint complaint = {0};
	char folder[PATH_MAX_BYTES];
	w->facts_arena = arena_new(FACTS_ARENA_BYTES);
	int r = beside_program("facts", folder, sizeof(folder));
	if (r >= 0)
		r = facts_load_folder(folder, w->facts_arena, &w->facts, &complaint);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "facts.refused", LOG_TEXT("file", complaint.file),
		          LOG_NUMBER("line", complaint.line), LOG_TEXT("why", complaint.text));
	return r;
}

static int open_peers(struct web *w)
{
	const struct http_client_options options = {.base = w->base, .only_local = true};
	int r = keep_client_open(w->context->data_folder, &w->keep);
	if (r < 0)
		return r;
	keep_client_set_timeout(w->keep, KEEP_CALL_TIMEOUT_MS, KEEPER_CONNECT_MAX_MS);
	snprintf(w->gate_socket, sizeof(w->gate_socket), "%s/run/gate.sock", w->context->data_folder);
	r = http_client_new(&options, &w->client);
	w->press = web_press_new(w->base, PROC_PRESS_SOCKET);
	return r < 0 ? r : web_reader_new(w->base, PROC_READER_SOCKET, &w->reader);
}

static int listen_on_handed_down(struct web *w)
{
	struct http_server_options options = {
	        .connections_max = WEB_CONNECTIONS_MAX,
	        .connections_per_address_max = WEB_CONNECTIONS_PER_ADDRESS_MAX,
	        .tls = w->tls,
	};
	site_attach(w->site, &options);
	options.stopped = on_stopped;
	options.stopped_context = w->base;
	w->server = http_server_new(w->base, &options);
	for (size_t i = 0; i < w->context->listener_count; i++) {
		int r = http_server_listen(w->server, w->context->listeners[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void watch_signals(struct web *w)
{
	w->on_stop[0] = evsignal_new(w->base, SIGTERM, on_stop_signal, w);
	w->on_stop[1] = evsignal_new(w->base, SIGINT, on_stop_signal, w);
	w->on_reload_signal = evsignal_new(w->base, SIGHUP, on_reload_signal, w);
	w->reload_timer = evtimer_new(w->base, on_reload, w);
	CHECK(w->on_stop[0] && w->on_stop[1] && w->on_reload_signal && w->reload_timer);
	event_add(w->on_stop[0], NULL);
	event_add(w->on_stop[1], NULL);
	event_add(w->on_reload_signal, NULL);
}

static void free_event(struct event *e)
{
	if (e)
		event_free(e);
}

static void close_all(struct web *w)
{
	web_reader_free(w->reader); /* answers what is still open, so before the server */
	web_press_free(w->press);
	http_client_free(w->client);
	http_server_free(w->server);
	site_free(w->site);
	rules_free(w->rules);
	keep_client_free(w->keep);
	arena_free(w->work_arena);
	arena_free(w->facts_arena);
	http_tls_free(w->tls);
	free_event(w->on_stop[0]);
	free_event(w->on_stop[1]);
	free_event(w->on_reload_signal);
	free_event(w->reload_timer);
	if (w->base)
		event_base_free(w->base);
}

static int open_all(struct web *w)
{
	w->base = event_base_new();
	CHECK(w->base);
	snprintf(w->company_rules, sizeof(w->company_rules), "%s/rules", w->context->data_folder);
	int r = open_peers(w);
	if (r >= 0)
		r = open_tls(w);
	if (r >= 0)
		r = load_work(w);
	if (r >= 0)
		r = load_facts(w);
	if (r >= 0)
		r = open_site(w);
	if (r >= 0)
		r = load_first_rules(w);
	if (r >= 0)
		r = listen_on_handed_down(w);
	return r;
}

int web_main(const struct proc_context *context)
{
	struct web w = {.context = context};
	int r = open_all(&w);
	if (r >= 0) {
		watch_signals(&w);
		r = proc_enter_jail(context);
	}
	if (r >= 0) {
		log_event(LOG_LEVEL_INFO, "web.ready", LOG_NUMBER("listeners", (int64_t) context->listener_count));
		event_base_dispatch(w.base);
	}
	close_all(&w);
	return r < 0 ? r : 0;
}
