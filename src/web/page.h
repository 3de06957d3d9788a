/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a page is written. A page is three things:
 *   src/web/pages/<name>.c     int <name>_page(struct page *p): fills p->model, returns >= 0 or an error
 *   src/web/pages/<name>.html  the template (template.h) that shows the model
 *   one line in src/web/pages.def
 * Before the handler runs the framework has checked the method, the session or API token, the role, the anti-forgery
 * token and every limit, parsed the form and, with PAGE_READS_INPUT, had the reader turn the input into p->document.
 * After it the framework renders the model into the layout in the person's language, or sends the model itself as JSON
 * when the caller asked for application/json or came with an API token. What a handler puts into the model is
 * therefore public to whoever may open the page. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"
#include "doc/document.h"
#include "http/message.h"
#include "i18n/i18n.h"
#include "judge/judge.h"
#include "keep/client.h"
#include "paper/press.h"
#include "rules/rules.h"
#include "store/role.h"

enum {
	PAGE_ARENA_MAX_BYTES = 64 * 1024 * 1024,
	PAGE_FORM_MAX_BYTES = 256 * 1024,        /* body of a page without PAGE_READS_INPUT */
	PAGE_INPUT_MAX_BYTES = 32 * 1024 * 1024, /* body of a page with it */
	PAGE_HTML_MAX_BYTES = 16 * 1024 * 1024,  /* rendered */
	PAGE_PARAMETERS_MAX = 4,
	PAGE_FIELDS_MAX = 300,
};

/* Who may open a page: a set of roles. Nobody's session is needed for WHO_ANYBODY. */
#define WHO_ANYBODY 0u
#define WHO_MANAGER (1u << ROLE_PRESIDENT | 1u << ROLE_OPERATOR)
#define WHO_PATROL (WHO_MANAGER | 1u << ROLE_OFFICER)
#define WHO_MEMBER (WHO_PATROL | 1u << ROLE_STAFF)
#define WHO_PERSON (WHO_MEMBER | 1u << ROLE_EXPERT) /* every role: pages that only look */

enum page_flag {
	/* On POST the uploaded file "file", else the field "text", goes to the reader as what the field "kind" says
	 * (absent or unknown word: the reader decides). It does not block other people. */
	PAGE_READS_INPUT = 1 << 0,
	/* Open while the first-run setup is not finished; every other page then redirects to /setup. */
	PAGE_SETUP = 1 << 1,
	PAGE_BARE = 1 << 2, /* the template is the whole document: no layout (print forms) */
	/* JSON only, no template ("" in the table); an API token with the scope of the line is enough. */
	PAGE_API = 1 << 3,
	/* Guessing is worth it here (login, setup code, invitation): the tighter per-address limit applies to POST. */
	PAGE_GUESSABLE = 1 << 4,
	/* An API token with TOKEN_CHECK, TOKEN_REPORT or TOKEN_READ may open it; without one of these no token may. */
	PAGE_TOKEN_CHECK = 1 << 5,
	PAGE_TOKEN_REPORT = 1 << 6,
	PAGE_TOKEN_READ = 1 << 7,
	/* Open to a person who still has to set up a second factor. Every other page that needs a person leads them to
	 * the first page of the table that has this flag and takes GET; without one in the table nothing is asked. */
	PAGE_BEFORE_SECOND_FACTOR = 1 << 8,
	/* For bad moments: everybody in the office opens it at once, so a stranger's limit is a wide one of its own. */
	PAGE_EMERGENCY = 1 << 10,
	PAGE_LARGE_FORM = 1 << 9, /* a form with a file that the page itself takes: up to PAGE_INPUT_MAX_BYTES */
};

struct page_person {
	uint64_t id; /* 0: nobody */
	struct str name;
	enum person_role role;
	bool by_token;            /* came with an API token, not with a session */
	bool needs_second_factor; /* the company wants one and the person has none yet */
};

struct page_upload {
	struct str field;
	struct str name; /* as the sender wrote it; untrusted, for showing only */
	struct str type;
	struct str bytes;
};

/* One answer under way. All views live in p->arena until the answer is sent. */
struct page {
	struct arena *arena;
	enum http_method method; /* HTTP_GET for HEAD too */
	struct str path;         /* decoded, without query */
	struct str remote;       /* address of the other side, "192.0.2.7" */
	enum language language;
	struct page_person person;
	struct str session; /* the session's token; empty: none */
	struct str csrf;    /* for <input name="csrf">; in templates {{page.csrf}} */
	int64_t now_us;

	struct keep_client *keep;
	struct keep_actor actor; /* keep_xxx(p->keep, &p->actor, ...) */
	const struct rules *rules;
	const struct company *company; /* from the settings; without known senders */
	struct str company_name;

	/* PAGE_READS_INPUT, on POST */
	const struct document *document; /* NULL: nothing was handed in, or read_error says why not */
	int read_error;                  /* 0, ERR_TIMEOUT, ERR_CRASHED, ERR_TOO_LARGE, ERR_BUSY, ERR_UNAVAILABLE */
	bool has_input;                  /* something was handed in */
	enum input_kind input_kind;      /* as asked for */
	struct str input_name;           /* file name, or "text" */
	struct str input;                /* its bytes */
	int64_t started_us;              /* clock_monotonic_us() when the input was complete */

	json_t *model;              /* an empty object at first */
	struct page_inside *inside; /* the framework's own */
};

typedef int page_fn(struct page *p);

/* ---- the request; what is absent is the empty view ---- */
/* The piece of the path that stands for :name in the table's path. */
struct str page_parameter(const struct page *p, const char *name);
/* ERR_NOT_FOUND when it is no number. */
int page_parameter_u64(const struct page *p, const char *name, uint64_t *ret);
struct str page_query(const struct page *p, const char *name);
/* Of the form, urlencoded, multipart or a JSON object's text members alike. Always valid UTF-8, line ends are LF. */
struct str page_field(const struct page *p, const char *name);
bool page_has_field(const struct page *p, const char *name); /* a box that is ticked */
/* The i-th field of this name, for boxes that share one; false when there are fewer. */
bool page_field_at(const struct page *p, const char *name, size_t i, struct str *ret);
/* NULL when none or an empty one was chosen. */
const struct page_upload *page_upload(const struct page *p, const char *name);
bool page_may(const struct page *p, unsigned who); /* is the person's role in WHO_... */
bool page_is_json(const struct page *p);           /* the answer will be JSON */

/* ---- the model ---- */
/* Sets a member; value is taken over (NULL counts as null). Names of JSON are docs: words with "_". */
void page_put(struct page *p, const char *name, json_t *value);
void page_put_str(struct page *p, const char *name, struct str value);
/* New reference to a string; bytes that are no UTF-8 become U+FFFD. */
json_t *page_json_str(struct str value);
/* New reference: {"us": n, "utc": "...", "local": "2026-11-22 21:00"}; null for 0. */
json_t *page_json_time(int64_t when_us);
/* Model member "problem" = {"key": key, "text": sentence, "field": field or null} with status 422:
 * for a form that comes back with a sentence. field "" : the form as a whole. Returns 0. */
int page_problem(struct page *p, const char *key, const char *field);

/* ---- the answer ---- */
void page_set_status(struct page *p, int status);
/* The title defaults to the catalogue text "<template name>.title". */
void page_set_title(struct page *p, struct str title);
/* 303 See Other to a path of our own ("/check"); returns 0. */
int page_redirect(struct page *p, const char *path);
int page_redirect_str(struct page *p, struct str path);
/* Another template than the table's (a form and its result), "result.html". */
void page_set_template(struct page *p, const char *name);
/* These bytes are the whole answer (they are copied); returns 0. */
int page_text(struct page *p, const char *media_type, struct str bytes);
/* The same, to be saved under name (ASCII letters, digits, "-._"). */
int page_download(struct page *p, const char *media_type, const char *name, struct str bytes);
/* ---- answers that take long ---- */
/* Runs between the requests of others, one piece at a time; none is asked for before the last one was taken.
 * 1: a piece was added (or nothing yet), 0: that was all, < 0: broken off. Its context lives in p->arena. */
struct page_source {
	void *context;
	int (*next)(void *context, struct page *p, struct buf *piece);
};
/* A page: the layout and the pieces (HTML, how far the work is; nothing when page_is_json()), and behind them the
 * template with the model as the source leaves it, or the JSON. */
int page_stream(struct page *p, const struct page_source *source);
/* A file to be saved under name. Broken off: the other side sees that it is not whole. */
int page_stream_file(struct page *p, const char *media_type, const char *name, const struct page_source *source);
/* Appends a template to a piece; takes model over. */
int page_render(struct page *p, const char *template_name, json_t *model, struct buf *b);
/* The error page of a code from base/err.h: what happened, what was kept, what next. Returns r: `return page_error(p,
 * r);` A handler that returns an error gives the same page. */
int page_error(struct page *p, int r);

/* ---- coming and going ---- */
/* Hands the session's token (keep_login_begin, keep_setup_finish, keep_invitation_accept) to the browser. */
void page_start_session(struct page *p, struct str token);
void page_end_session(struct page *p); /* only the cookie; the keeper is told with keep_session_end() */
/* A paper as a file to be saved under this name with the ending of the format, which the press sets after the handler
 * has returned 0; others are served meanwhile. */
int page_print(struct page *p, const struct paper *paper, enum press_format format, const char *name);
/* "https://host:port" as the browser reached us. */
struct str page_origin(const struct page *p);
/* The pass of an incident, for who has no account and came in with the code of the paper; empty: none. */
void page_set_pass(struct page *p, struct str pass);
struct str page_pass(const struct page *p);
void page_set_language(struct page *p, enum language language);

/* ---- what the process knows of itself, for the status page ---- */
struct page_process_state {
	int64_t started_us;
	uint64_t requests, refused;
	uint64_t rules_version;
	const struct rules_complaint *rules_complaint; /* NULL: the rules in use are those in the files */
	struct str data_folder;
};
const struct page_process_state *page_process(const struct page *p);

/* ---- the table ---- */
struct page_entry {
	const char *path; /* "/cases/:id"; a piece that starts with ':' matches one piece of a path */
	unsigned methods; /* 1 << HTTP_GET | 1 << HTTP_POST: METHOD_GET, METHOD_POST in pages.def */
	unsigned who;     /* WHO_... */
	page_fn *run;
	const char *template_name; /* "check.html" */
	unsigned flags;            /* PAGE_... */
};
#define METHOD_GET (1u << HTTP_GET)
#define METHOD_POST (1u << HTTP_POST)

/* Every page, from pages.def; a NULL path ends it. */
extern const struct page_entry page_table[];

#define PAGE(path, methods, who, run, template_name, flags) int run(struct page *p);
#include "web/pages.def"
#undef PAGE
