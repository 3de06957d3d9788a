/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a page asks the gate: the handler leaves a question and returns; others are served meanwhile; the answer comes to
 * another function of the page, which fills the model as a handler does, or asks again. */
#pragma once

#include "web/page.h"
#include "work/work.h"

enum {
	ASK_ANSWER_MAX_BYTES = 8 * 1024 * 1024,
	ASK_PATH_MAX_BYTES = 200,
};

struct ask_answer {
	int r; /* 0: an answer came; ERR_UNAVAILABLE: the gate does not run or is full; ERR_TIMEOUT; ERR_TOO_LARGE */
	int status;      /* of HTTP */
	struct str body; /* lives in p->arena; of a stream nothing */
};

struct ask_question {
	const char *path; /* "/inspect", "/v1/models"; no body: GET */
	struct str body;  /* JSON, copied */
	uint64_t talk;    /* the conversation; 0 none */
	struct str hide;  /* kinds with commas that are masked at least */
	bool only_local;
	/* A stream: each piece as it comes, for page_stream_write(); NULL: the answer is collected. */
	int (*piece)(struct page *p, int status, struct str bytes);
	/* Like a handler. Its context lives in p->context. */
	int (*done)(struct page *p, const struct ask_answer *answer);
};

/* Asks after the handler has returned 0; returns 0. One at a time. */
int page_ask(struct page *p, const struct ask_question *question);
/* For the second function: what the first one left. */
void page_set_context(struct page *p, void *context);
void *page_context(const struct page *p);

/* The answer goes out in pieces from now on: text/event-stream, JSON lines and the like. */
void page_begin_pieces(struct page *p, const char *media_type);
void page_add_piece(struct page *p, struct str bytes);
bool page_has_begun_pieces(const struct page *p);
/* The browser has gone: nothing more is of use to it. */
bool page_is_gone(const struct page *p);

/* Work templates: the shipped ones and the company's own; live in p->arena or longer. ERR_... of the keeper. */
int page_work(struct page *p, struct work_templates *ret);
