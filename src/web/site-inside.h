/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the site share. */
#pragma once

#include "http/form.h"
#include "web/limit.h"
#include "web/problem.h"
#include "web/route.h"
#include "web/site.h"

#define COOKIE_SESSION "sonae-session"
#define COOKIE_FORM "sonae-form"
#define COOKIE_LANGUAGE "sonae-language"
#define COOKIE_PASS "sonae-incident"

enum {
	FORM_TOKEN_DIGITS = 32,
	COOKIE_SECONDS = 30 * 24 * 3600, /* at most; the keeper decides when a session ends */
	ANSWER_COOKIES_MAX = 4,
	TOKEN_MAX_BYTES = 200,
	COMPANY_NAME_MAX_BYTES = 128,
	TRUSTED_PROXIES_MAX_BYTES = 1024,
	SETTINGS_KEPT_US = 5000000,
	/* for those who are not known by a session or token, per address */
	STRANGER_BURST = 300,
	STRANGER_REFILL_US = 50000,
	EMERGENCY_BURST = 1000, /* an office behind one address */
	EMERGENCY_REFILL_US = 2500,
	GUESS_BURST = 20,
	GUESS_REFILL_US = 3000000,
};

struct site {
	struct site_options options;
	struct templates *templates;
	struct page_process_state state;
	struct rules_complaint rules_complaint;
	const struct rules *rules;
	struct limit *strangers, *guesses, *emergencies;
	bool is_set_up;
	char company_name[COMPANY_NAME_MAX_BYTES];
	int64_t company_name_us; /* when it was asked for; 0: never */
	char trusted_proxies[TRUSTED_PROXIES_MAX_BYTES];
	int64_t trusted_proxies_us;
};

struct page_inside {
	struct site *site;
	struct http_exchange *exchange;
	const struct http_message *message;
	struct route route;
	struct form query, form;
	const struct facts *facts; /* of this request; NULL: not asked for yet */
	bool facts_are_whole;
	struct page_upload upload; /* the one that page_upload() gives */
	json_t *body_json;
	bool is_secure, is_json;
	struct asking *asking; /* ask.c: a question to the gate that waits or is under way */
	void *context;         /* what a page left for the function that takes the answer */
	bool has_begun;        /* the answer goes out in pieces */
	struct str printing;   /* print.c: a paper that the press is to set; empty: none */
	enum press_format print_format;
	struct str print_name;
	bool has_token;
	struct str expected_csrf;
	struct keep_brand_list brands; /* of company_load(): the rows of the page of names */

	/* the answer */
	int status;
	struct str title;
	struct str template_name;
	struct str location;
	struct str allow;
	struct str text_type, text, text_name;
	bool is_text;
	struct page_source source; /* no next: the answer is whole at once */
	struct str stream_tail;
	struct str cookies[ANSWER_COOKIES_MAX];
	size_t cookie_count;
	int forced_status; /* of a refusal while reading; 0 none */
	int failed;        /* enum page_problem + 1, 0 none */
};

/* session.c: who is asking, and may they? The later ones answer with the problem (enum page_problem) or -1 for fine. */
void session_choose_language(struct page *p, struct str persons);
int session_find_person(struct page *p);
int session_check_who(struct page *p); /* may set a redirect instead */
int session_check_form(const struct page *p);
void session_prepare_form_token(struct page *p);

/* input.c */
int input_read_query(struct page *p);
/* Query and body into fields. ERR_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED. */
int input_read_form(struct page *p);
/* What PAGE_READS_INPUT hands to the reader: p->input, input_kind, input_name, has_input. */
void input_choose(struct page *p);

/* respond.c: each sends the answer and frees the page. */
void respond(struct page *p);
void respond_problem(struct page *p, enum page_problem problem);

/* stream.c: the same for an answer in pieces. */
void respond_stream(struct page *p);
/* Their parts. content stands where the page's own does. */
int respond_layout(struct page *p, struct str content, struct buf *html);
void respond_add_fields(struct page *p, struct http_answer *answer, struct str type);
int respond_add_json(struct page *p, struct buf *b);
void respond_put_problem(struct page *p, enum page_problem problem);

/* The headers that every answer has. */
void respond_security_headers(struct http_answer *answer);

/* asset.c: true when the path was one of an asset; then it is answered. */
bool asset_serve(struct site *s, struct http_exchange *x);
bool asset_address(struct str name, struct buf *b);

/* ask.c: begins what page_ask() left; the page goes on when the answer is there. */
void ask_start(struct page *p);

/* print.c: hands the press what page_pdf() left; the answer goes out when it is set. */
void print_start(struct page *p);

/* site.c: what a handler, or a function that took an answer, left to be done. */
void page_go_on(struct page *p);

/* company.c: what the company knows, from the settings, into p->arena. */
void company_load(struct page *p);
/* Lays them over the rules of the page; rules may be read anew while a document is read, so just before judging. */
int company_lay_over(struct page *p);
/* The rows of the page of names, laid over the rules (judge/overlay.h); in a. */
int company_overlay(const struct rules *rules, const struct keep_brand_list *brands, struct arena *a,
                    const struct overlay **ret);
void company_load_name(struct page *p);

/* remote.c: p->remote and is_secure as proxies of the company's own tell them. */
void remote_choose(struct page *p);

/* page.c */
void page_free(struct page *p);
/* cookie.c: a value that is no plain word is left out; 0 seconds: it goes. */
bool cookie_is_word(struct str s, size_t max);
void cookie_add(struct page *p, const char *name, struct str value, bool is_for_script, int seconds);
