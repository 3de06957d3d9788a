/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages of one web process: from a request to its answer. What lies outside the process (keeper, reader) comes in
 * as small tables of functions, so that a test can stand in for it. */
#pragma once

#include "fact/fact.h"
#include "http/server.h"
#include "web/embed.h"
#include "web/page.h"
#include "web/template.h"
#include "work/work.h"

struct site;

/* Who is asking; texts live in the arena. All return 0 or what the keeper said. */
struct site_keeper {
	void *context;
	/* ERR_NOT_FOUND: no such session (any more). */
	int (*find_session)(void *context, const struct keep_actor *actor, struct str token, struct arena *a,
	                    struct page_person *ret_person, struct str *ret_language, struct str *ret_csrf);
	/* ret_scopes: enum token_scope bits. */
	int (*find_token)(void *context, const struct keep_actor *actor, struct str token, struct arena *a,
	                  struct page_person *ret_person, struct str *ret_language, uint64_t *ret_scopes);
	int (*is_set_up)(void *context, bool *ret);
	int (*setting)(void *context, const char *name, struct arena *a, struct str *ret_value);
};

/* The keeper behind a client. */
struct site_keeper site_keeper_of(struct keep_client *client);

/* Called once per question that was taken; document is NULL when r < 0, else lives in the arena of the question. */
typedef void site_read_done(void *user, int r, const struct document *document);
struct site_reader {
	void *context;
	/* Takes a question and returns at once; the bytes live until done is called, which may be at once too.
	 * A negative result: not taken. */
	int (*ask)(void *context, enum input_kind kind, struct str name, struct str bytes, struct arena *a,
	           site_read_done *done, void *user);
};

/* Called once per question that was taken; bytes live until it returns. */
typedef void site_press_done(void *user, int r, struct str bytes);
struct site_press {
	void *context;
	/* Takes a question (paper/press.h) and returns at once; the bytes live until done is called, which may be at
	 * once too. A negative result: not taken. */
	int (*ask)(void *context, struct str question, site_press_done *done, void *user);
};

/* The gate: a local socket that speaks HTTP; it takes our word for who asks. client NULL: there is none. */
struct http_client;
struct site_gate {
	struct http_client *client;
	const char *socket_path;
};

struct site_options {
	const struct page_entry *table;
	const struct embedded *templates;
	const struct embedded *assets;
	struct keep_client *keep; /* for the handlers; may be NULL in tests */
	struct site_keeper keeper;
	struct site_reader reader;
	struct site_press press; /* ask NULL: none */
	struct site_gate gate;
	const struct work_templates *work; /* the shipped ones; NULL: none */
	const struct facts *facts;         /* NULL: none */
	const char *data_folder;
};

/* Compiles all templates; ERR_INVALID and ERR_NOT_FOUND fill *ret_complaint. Strings of options outlive the site. */
int site_new(const struct site_options *options, struct site **ret, struct template_complaint *ret_complaint);
void site_free(struct site *s); /* takes NULL; no question to the reader may be open */
/* rules: what handlers get from now on; the caller frees the old ones after the call. complaint NULL: all is well. */
void site_set_rules(struct site *s, const struct rules *rules);
void site_set_rules_complaint(struct site *s, const struct rules_complaint *complaint);

/* Options of an HTTP server that serves this site: context, body_max, request and refused are set. */
void site_attach(struct site *s, struct http_server_options *options);
