/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The site over loopback with a table, templates, keeper and reader of its own: who gets in, what is refused, what the
 * answers look like. */
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
#include "base/err.h"
#include "base/fd.h"
#include "web/site.h"

enum { ANSWER_MAX_BYTES = 1024 * 1024, WAIT_US = 5000000, REQUEST_MAX_BYTES = 8192 };

/* ---- pages ---- */

static int open_page(struct page *p)
{
	page_put_str(p, "said", page_query(p, "say"));
	page_put(p, "mark", template_fragment(STR("<mark>x</mark>")));
	return 0;
}

static int staff_page(struct page *p)
{
	page_put_str(p, "said", p->person.name);
	return 0;
}

static int form_page(struct page *p)
{
	if (p->method == HTTP_POST && str_eq_c(page_field(p, "go"), "away"))
		return page_redirect(p, "/open");
	if (p->method == HTTP_POST && str_eq_c(page_field(p, "go"), "evil"))
		return page_redirect(p, "//evil.example/");
	if (p->method == HTTP_POST && page_field(p, "go").n == 0)
		return page_problem(p, "page-error.home", "go");
	page_put_str(p, "said", page_field(p, "go"));
	return 0;
}

static int reading_page(struct page *p)
{
	page_put_str(p, "said", p->has_input ? p->input : STR("nothing"));
	page_put_str(p, "error", str_of(p->read_error < 0 ? err_word(p->read_error) : ""));
	page_put_str(p, "kind", str_of(p->document ? input_kind_word(p->document->kind) : ""));
	return 0;
}

static int missing_page(struct page *p)
{
	return str_eq_c(page_parameter(p, "id"), "7") ? 0 : ERR_NOT_FOUND;
}

static int broken_page(struct page *p)
{
	return ERR_CORRUPT;
}

static int download_page(struct page *p)
{
	return page_download(p, "text/csv; charset=utf-8", "list.csv", STR("a,b\r\n"));
}

enum { LONG_PIECES = 300 };

static int next_piece(void *context, struct page *p, struct buf *piece)
{
	unsigned *pieces = context;

	if (str_eq_c(page_query(p, "break"), "yes") && *pieces == 5)
		return ERR_CORRUPT;
	if (++*pieces % 2 == 0 && !page_is_json(p))
		buf_printf(piece, "[%u]", *pieces);
	if (*pieces < LONG_PIECES)
		return 1;
	page_put_str(p, "said", STR("<all>"));
	return 0;
}

static int long_page(struct page *p)
{
	unsigned *pieces = ARENA_NEW(p->arena, unsigned);
	return page_stream(p, &(struct page_source){pieces, next_piece});
}

static int long_file_page(struct page *p)
{
	unsigned *pieces = ARENA_NEW(p->arena, unsigned);
	return page_stream_file(p, "text/csv", "long.csv", &(struct page_source){pieces, next_piece});
}

static const struct page_entry table[] = {
        {"/account", METHOD_GET | METHOD_POST, WHO_PERSON, staff_page, "x.html", PAGE_BEFORE_SECOND_FACTOR},
        {"/broken", METHOD_GET, WHO_ANYBODY, broken_page, "x.html", 0},
        {"/download", METHOD_GET, WHO_ANYBODY, download_page, "", 0},
        {"/form", METHOD_GET | METHOD_POST, WHO_ANYBODY, form_page, "x.html", 0},
        {"/login", METHOD_GET | METHOD_POST, WHO_ANYBODY, form_page, "x.html", PAGE_GUESSABLE},
        {"/long", METHOD_GET, WHO_ANYBODY, long_page, "x.html", 0},
        {"/long.csv", METHOD_GET, WHO_ANYBODY, long_file_page, "x.html", 0},
        {"/manager", METHOD_GET, WHO_MANAGER, staff_page, "x.html", 0},
        {"/open", METHOD_GET, WHO_ANYBODY, open_page, "x.html", 0},
        {"/read", METHOD_GET | METHOD_POST, WHO_MEMBER, reading_page, "x.html", PAGE_READS_INPUT},
        {"/read/api", METHOD_POST, WHO_MEMBER, reading_page, "", PAGE_API | PAGE_READS_INPUT | PAGE_TOKEN_CHECK},
        {"/setup", METHOD_GET, WHO_ANYBODY, open_page, "x.html", PAGE_SETUP},
        {"/staff", METHOD_GET, WHO_MEMBER, staff_page, "x.html", PAGE_TOKEN_READ},
        {"/things/:id", METHOD_GET, WHO_ANYBODY, missing_page, "x.html", 0},
        {NULL, 0, 0, NULL, NULL, 0},
};

#define FILE_OF(name, text, hash)                                                                                      \
	{                                                                                                              \
		{name, sizeof(name) - 1}, {text, sizeof(text) - 1}, hash                                               \
	}

static const struct embedded templates[] = {
        FILE_OF("x.html", "<h1>{{said}}</h1>{{{mark}}}{{#problem}}!{{text}}{{/problem}}", "0"),
        FILE_OF("error.html", "<h1>{{error.message}}</h1><p>{{error.kept}}</p><p>{{error.next}}</p>", "0"),
        FILE_OF("layout.html",
                "<html lang=\"{{page.language}}\"><b>{{page.csrf}}</b>{{#page.person}}<i>{{name}}</i>{{/page.person}}"
                "{{#page.section.open}}OPEN{{/page.section.open}}{{{page.content}}}</html>",
                "0"),
        {{NULL, 0}, {NULL, 0}, NULL},
};

static const struct embedded assets[] = {
        FILE_OF("app.css", "p{}", "0123456789abcdef"),
        {{NULL, 0}, {NULL, 0}, NULL},
};

/* ---- keeper and reader ---- */

struct fixture {
	struct event_base *base;
	struct http_server *server;
	struct site *site;
	uint16_t port;
	bool is_set_up, keeper_gone;
	const char *proxies;
	struct {
		struct arena *arena;
		site_read_done *done;
		void *user;
		enum input_kind kind;
		int refuse;
	} reader;
};

static int find_session(void *context, const struct keep_actor *actor, struct str token, struct arena *a,
                        struct page_person *ret_person, struct str *ret_language, struct str *ret_csrf)
{
	if (((struct fixture *) context)->keeper_gone)
		return ERR_UNAVAILABLE;
	bool is_boss = str_eq_c(token, "boss"), is_new = str_eq_c(token, "new");
	if (!is_boss && !is_new && !str_eq_c(token, "good"))
		return ERR_NOT_FOUND;
	*ret_person = (struct page_person){
	        .id = is_boss ? 1 : 7, .name = STR("Ann <a>"), .role = is_boss ? ROLE_PRESIDENT : ROLE_STAFF};
	ret_person->needs_second_factor = is_new;
	*ret_language = STR("en");
	*ret_csrf = STR("csrf-of-session");
	return 0;
}

static int find_token(void *context, const struct keep_actor *actor, struct str token, struct arena *a,
                      struct page_person *ret_person, struct str *ret_language, uint64_t *ret_scopes)
{
	if (!str_eq_c(token, "checker"))
		return ERR_NOT_FOUND;
	*ret_person = (struct page_person){.id = 7, .name = STR("Ann"), .role = ROLE_STAFF};
	*ret_language = STR("en");
	*ret_scopes = TOKEN_CHECK;
	return 0;
}

static int is_set_up(void *context, bool *ret)
{
	*ret = ((struct fixture *) context)->is_set_up;
	return 0;
}

static int setting(void *context, const char *name, struct arena *a, struct str *ret_value)
{
	const char *proxies = ((struct fixture *) context)->proxies;
	*ret_value = proxies && str_eq_c(str_of(name), "server.trusted-proxies") ? str_of(proxies) : STR("");
	return 0;
}

static int ask_reader(void *context, enum input_kind kind, struct str name, struct str bytes, struct arena *a,
                      site_read_done *done, void *user)
{
	struct fixture *f = context;
	if (f->reader.refuse < 0)
		return f->reader.refuse;
	f->reader.arena = a;
	f->reader.done = done;
	f->reader.user = user;
	f->reader.kind = kind;
	return 0;
}

/* ---- the connection ---- */

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
	struct template_complaint complaint;
	f = (struct fixture){.base = event_base_new(), .is_set_up = true};
	const struct site_options options = {
	        .table = table,
	        .templates = templates,
	        .assets = assets,
	        .data_folder = "/nowhere",
	        .keeper = {&f, find_session, find_token, is_set_up, setting},
	        .reader = {&f, ask_reader},
	};
	struct http_server_options http = {.connections_max = 100, .connections_per_address_max = 100};
	assert_int_equal(0, site_new(&options, &f.site, &complaint));
	site_attach(f.site, &http);
	f.server = http_server_new(f.base, &http);
	*state = &f;
	return http_server_listen(f.server, listen_on_loopback(&f.port));
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	http_server_free(f->server);
	site_free(f->site);
	event_base_free(f->base);
	return 0;
}

static int dial(const struct fixture *f, struct str request)
{
	struct sockaddr_in address = {
	        .sin_family = AF_INET, .sin_port = htons(f->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(0, connect(fd, (struct sockaddr *) &address, sizeof(address)));
	assert_int_equal(0, fd_write_all(fd, request.p, request.n));
	return fd;
}

static void read_to_end(struct fixture *f, int fd, struct buf *b)
{
	int64_t end_us = clock_monotonic_us() + WAIT_US;
	while (clock_monotonic_us() < end_us) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		event_base_loop(f->base, EVLOOP_NONBLOCK);
		if (poll(&p, 1, 1) <= 0)
			continue;
		buf_reserve(b, 65536);
		ssize_t n = read(fd, b->p + b->n, 65536);
		if (n <= 0)
			return;
		b->n += (size_t) n;
	}
	fail_msg("no end of the answer");
}

static struct str request_text(struct arena *a, const char *line, const char *fields, const char *body)
{
	return arena_printf(a, "%s HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
	                    line, strlen(body), fields, body);
}

static struct buf ask(struct fixture *f, const char *line, const char *fields, const char *body)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(REQUEST_MAX_BYTES * 4);
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	CLEANUP_FD fd = dial(f, request_text(a, line, fields, body));
	read_to_end(f, fd, &b);
	return b;
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Accept: application/json\r\n"
#define GOOD "Cookie: sonae-session=good\r\n"
#define WITH_FORM_COOKIE "Cookie: sonae-form=0123456789abcdef0123456789abcdef\r\n"
#define FORM_TOKEN "csrf=0123456789abcdef0123456789abcdef"

static const struct {
	const char *name, *line, *fields, *body;
	const char *want[3];
	const char *not_want;
} cases[] = {
        {"page",
         "GET /open?say=%3Cb%3E",
         "",
         "",
         {"HTTP/1.1 200 ", "<h1>&lt;b&gt;</h1><mark>x</mark>", "OPEN"},
         "<b>0<"},
        {"json", "GET /open?say=hi", JSON, "", {"HTTP/1.1 200 ", "application/json", "{\"said\":\"hi\"}"}, "mark"},
        {"broken utf-8", "GET /open?say=%ff", JSON, "", {"HTTP/1.1 200 ", "\xef\xbf\xbd", ""}, NULL},
        {"japanese first", "GET /open", "", "", {"lang=\"ja\"", "Content-Language: ja", ""}, NULL},
        {"english wanted", "GET /open", "Accept-Language: en\r\n", "", {"lang=\"en\"", "", ""}, NULL},
        {"language chosen",
         "GET /open?lang=en",
         "",
         "",
         {"lang=\"en\"", "Set-Cookie: sonae-language=en; Path=/", ""},
         NULL},
        {"language kept", "GET /open", "Cookie: sonae-language=en\r\n", "", {"lang=\"en\"", "", ""}, NULL},
        {"policy",
         "GET /open",
         "",
         "",
         {"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';", "frame-ancestors 'none'",
          "Cache-Control: no-store"},
         "unsafe"},
        {"form cookie", "GET /open", "", "", {"Set-Cookie: sonae-form=", "; SameSite=Strict; HttpOnly", ""}, "Secure"},
        {"head", "HEAD /open", "", "", {"HTTP/1.1 200 ", "Content-Length: ", ""}, "<h1>"},
        {"nowhere",
         "GET /nowhere",
         "Accept-Language: en\r\n",
         "",
         {"HTTP/1.1 404 ", "There is no such page.", "Nothing was changed."},
         NULL},
        {"nowhere in json",
         "GET /nowhere",
         JSON "Accept-Language: en\r\n",
         "",
         {"HTTP/1.1 404 ", "\"word\":\"not-found\"", "\"message\":\"There is no such page.\""},
         NULL},
        {"method", "DELETE /form", "", "", {"HTTP/1.1 405 ", "Allow: GET, HEAD, POST", ""}, NULL},
        {"broken path", "GET /%zz", "", "", {"HTTP/1.1 400 ", "", ""}, NULL},
        {"hidden slash", "GET /things%2f7", "", "", {"HTTP/1.1 400 ", "", ""}, NULL},
        {"parameter", "GET /things/7", "", "", {"HTTP/1.1 200 ", "", ""}, NULL},
        {"parameter not there", "GET /things/8", "", "", {"HTTP/1.1 404 ", "", ""}, NULL},
        {"handler fails", "GET /broken", "", "", {"HTTP/1.1 500 ", "", ""}, NULL},
        {"download",
         "GET /download",
         "",
         "",
         {"Content-Disposition: attachment; filename=\"list.csv\"", "text/csv", "a,b\r\n"},
         NULL},
        {"long work",
         "GET /long",
         "",
         "",
         {"HTTP/1.1 200 ", "[298]", "[300]<h1>&lt;all&gt;</h1></html>"},
         "Content-Length"},
        {"long work in json", "GET /long", JSON, "", {"HTTP/1.1 200 ", "{\"said\":\"<all>\"}", ""}, "<html"},
        {"long work, head alone", "HEAD /long", "", "", {"HTTP/1.1 200 ", "chunked", ""}, "<"},
        {"long work broken off",
         "GET /long?break=yes",
         "Accept-Language: en\r\n",
         "",
         {"HTTP/1.1 200 ", "[4]", "Everything recorded so far is kept."},
         "[6]"},
        {"long file", "GET /long.csv", "", "", {"attachment; filename=\"long.csv\"", "[300]", "\r\n0\r\n\r\n"}, "html"},
        {"long file broken off", "GET /long.csv?break=yes", "", "", {"HTTP/1.1 200 ", "[4]", ""}, "\r\n0\r\n\r\n"},
        {"not signed in",
         "GET /staff?x=1",
         "",
         "",
         {"HTTP/1.1 303 ", "Location: /login?next=%2Fstaff%3Fx%3D1", ""},
         NULL},
        {"not signed in, json", "GET /staff", JSON, "", {"HTTP/1.1 401 ", "\"word\":\"sign-in\"", ""}, NULL},
        {"session", "GET /staff", GOOD, "", {"HTTP/1.1 200 ", "Ann &lt;a&gt;", "lang=\"en\""}, "Ann <a>"},
        {"old session", "GET /staff", "Cookie: sonae-session=old\r\n", "", {"HTTP/1.1 303 ", "", ""}, NULL},
        {"second factor wanted",
         "GET /staff",
         "Cookie: sonae-session=new\r\n",
         "",
         {"HTTP/1.1 303 ", "Location: /account\r\n", ""},
         NULL},
        {"second factor being set up",
         "GET /account",
         "Cookie: sonae-session=new\r\n",
         "",
         {"HTTP/1.1 200 ", "", ""},
         NULL},
        {"role too small", "GET /manager", GOOD, "", {"HTTP/1.1 403 ", "", ""}, "<h1>Ann"},
        {"role fits", "GET /manager", "Cookie: sonae-session=boss\r\n", "", {"HTTP/1.1 200 ", "", ""}, NULL},
        {"form", "POST /form", FORM WITH_FORM_COOKIE, "go=x+y&" FORM_TOKEN, {"HTTP/1.1 200 ", "x y", ""}, NULL},
        {"form without token", "POST /form", FORM WITH_FORM_COOKIE, "go=x", {"HTTP/1.1 403 ", "", ""}, NULL},
        {"form without cookie", "POST /form", FORM, "go=x&" FORM_TOKEN, {"HTTP/1.1 403 ", "", ""}, NULL},
        {"form with empty cookie",
         "POST /form",
         FORM "Cookie: sonae-form=\r\n",
         "go=x&csrf=",
         {"HTTP/1.1 403 ", "", ""},
         NULL},
        {"form from elsewhere",
         "POST /form",
         FORM WITH_FORM_COOKIE "Origin: https://evil.example\r\n",
         "go=x&" FORM_TOKEN,
         {"HTTP/1.1 403 ", "", ""},
         NULL},
        {"form from here",
         "POST /form",
         FORM WITH_FORM_COOKIE "Origin: http://a.example\r\n",
         "go=x&" FORM_TOKEN,
         {"HTTP/1.1 200 ", "", ""},
         NULL},
        {"form across sites",
         "POST /form",
         FORM WITH_FORM_COOKIE "Sec-Fetch-Site: cross-site\r\n",
         "go=x&" FORM_TOKEN,
         {"HTTP/1.1 403 ", "", ""},
         NULL},
        {"session's own token", "POST /form", FORM GOOD, "go=x&csrf=csrf-of-session", {"HTTP/1.1 200 ", "", ""}, NULL},
        {"other token in a session",
         "POST /form",
         FORM "Cookie: sonae-session=good; sonae-form=0123456789abcdef0123456789abcdef\r\n",
         "go=x&" FORM_TOKEN,
         {"HTTP/1.1 403 ", "", ""},
         NULL},
        {"json form",
         "POST /form",
         "Content-Type: application/json\r\nX-CSRF-Token: csrf-of-session\r\n" GOOD,
         "{\"go\": \"x\"}",
         {"HTTP/1.1 200 ", "<h1>x</h1>", ""},
         NULL},
        {"json with double keys",
         "POST /form",
         "Content-Type: application/json\r\nX-CSRF-Token: csrf-of-session\r\n" GOOD,
         "{\"go\": \"x\", \"go\": \"y\"}",
         {"HTTP/1.1 400 ", "", ""},
         NULL},
        {"other body", "POST /form", "Content-Type: text/plain\r\n" GOOD, "go=x", {"HTTP/1.1 400 ", "", ""}, NULL},
        {"redirect",
         "POST /form",
         FORM GOOD,
         "go=away&csrf=csrf-of-session",
         {"HTTP/1.1 303 ", "Location: /open\r\n", ""},
         NULL},
        {"redirect outward",
         "POST /form",
         FORM GOOD,
         "go=evil&csrf=csrf-of-session",
         {"HTTP/1.1 303 ", "Location: /\r\n", ""},
         "evil"},
        {"problem", "POST /form", FORM GOOD, "csrf=csrf-of-session", {"HTTP/1.1 422 ", "!To the start page", ""}, NULL},
        {"token",
         "POST /read/api?kind=mail",
         "Authorization: Bearer checker\r\n",
         "",
         {"HTTP/1.1 200 ", "\"said\":\"nothing\"", ""},
         NULL},
        {"token without scope",
         "GET /staff",
         "Authorization: Bearer checker\r\n",
         "",
         {"HTTP/1.1 403 ", "\"word\":\"denied\"", ""},
         NULL},
        {"token for a plain page",
         "GET /open",
         "Authorization: Bearer checker\r\n",
         "",
         {"HTTP/1.1 403 ", "", ""},
         NULL},
        {"wrong token",
         "GET /staff",
         "Authorization: Bearer other\r\n",
         "",
         {"HTTP/1.1 401 ", "WWW-Authenticate: Bearer", ""},
         NULL},
        {"asset",
         "GET /assets/app.css",
         "",
         "",
         {"HTTP/1.1 200 ", "ETag: \"0123456789abcdef\"", "no-cache"},
         "immutable"},
        {"asset by hash",
         "GET /assets/app.css?v=0123456789abcdef",
         "",
         "",
         {"text/css", "max-age=31536000, immutable", "p{}"},
         NULL},
        {"asset not changed",
         "GET /assets/app.css",
         "If-None-Match: \"0123456789abcdef\"\r\n",
         "",
         {"HTTP/1.1 304 ", "ETag", ""},
         "p{}"},
        {"asset not there", "GET /assets/../x", "", "", {"HTTP/1.1 404 ", "", ""}, NULL},
        {"bad request", "GET /a b", "Accept-Language: en\r\n", "", {"HTTP/1.1 400 ", "<h1>", ""}, NULL},
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = ask(*state, cases[i].line, cases[i].fields, cases[i].body);
		for (size_t k = 0; k < ARRAY_SIZE(cases[i].want) && cases[i].want[k]; k++)
			if (!str_contains(buf_str(&b), str_of(cases[i].want[k])))
				fail_msg("%s: no %s in %.*s", cases[i].name, cases[i].want[k], STR_ARG(buf_str(&b)));
		if (cases[i].not_want && str_contains(buf_str(&b), str_of(cases[i].not_want)))
			fail_msg("%s: %s in %.*s", cases[i].name, cases[i].not_want, STR_ARG(buf_str(&b)));
		buf_done(&b);
	}
}

static void expect(struct buf *b, const char *want)
{
	if (!str_contains(buf_str(b), str_of(want)))
		fail_msg("no %s in %.*s", want, STR_ARG(buf_str(b)));
	buf_done(b);
}

static void test_first_run_leads_to_setup(void **state)
{
	struct fixture *f = *state;
	f->is_set_up = false;
	struct buf b = ask(f, "GET /staff", "", "");
	expect(&b, "Location: /setup\r\n");
	b = ask(f, "GET /setup", "", "");
	expect(&b, "HTTP/1.1 200 ");
	f->is_set_up = true;
	b = ask(f, "GET /open", "", "");
	expect(&b, "HTTP/1.1 200 ");
}

static void test_keeper_gone(void **state)
{
	struct fixture *f = *state;
	f->keeper_gone = true;
	struct buf b = ask(f, "GET /staff", GOOD "Accept-Language: en\r\n", "");
	assert_true(str_contains(buf_str(&b), STR("HTTP/1.1 503 ")));
	expect(&b, "Everything recorded so far is kept.");
}

#define PART(name, more, value) "--b\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" value "\r\n"
#define MULTIPART "Content-Type: multipart/form-data; boundary=b\r\n"

static int send_input(struct fixture *f, const char *body)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(REQUEST_MAX_BYTES * 4);
	int fd = dial(f, request_text(a, "POST /read", MULTIPART GOOD JSON, body));
	f->reader.done = NULL;
	for (int i = 0; i < 1000 && !f->reader.done; i++)
		event_base_loop(f->base, EVLOOP_ONCE);
	assert_non_null(f->reader.done);
	return fd;
}

static const char upload[] = PART("csrf", "", "csrf-of-session") PART("kind", "", "sms")
        PART("file", "; filename=\"a.txt\"", "hello") "--b--\r\n";

static void test_reader_does_not_hold_others_up(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = send_input(f, upload);
	struct document d = {.kind = INPUT_SMS};
	assert_int_equal(INPUT_SMS, f->reader.kind);
	struct buf b = ask(f, "GET /open", "", "");
	expect(&b, "HTTP/1.1 200 ");
	f->reader.done(f->reader.user, 0, &d);
	struct buf answer = buf_make(ANSWER_MAX_BYTES);
	read_to_end(f, fd, &answer);
	assert_true(str_contains(buf_str(&answer), STR("\"said\":\"hello\"")));
	expect(&answer, "\"kind\":\"sms\"");
}

static void test_reader_fails(void **state)
{
	struct fixture *f = *state;
	CLEANUP_FD fd = send_input(f, upload);
	f->reader.done(f->reader.user, ERR_CRASHED, NULL);
	struct buf answer = buf_make(ANSWER_MAX_BYTES);
	read_to_end(f, fd, &answer);
	assert_true(str_contains(buf_str(&answer), STR("HTTP/1.1 200 ")));
	expect(&answer, "\"error\":\"crashed\"");
	f->reader.refuse = ERR_BUSY;
	answer = ask(f, "POST /read/api", "Authorization: Bearer checker\r\nContent-Type: message/rfc822\r\n", "hello");
	expect(&answer, "\"error\":\"busy\"");
}

static void test_guesses_are_limited(void **state)
{
	struct fixture *f = *state;
	int refused = 0;
	for (int i = 0; i < 30; i++) {
		struct buf b = ask(f, "POST /login", FORM WITH_FORM_COOKIE, "go=x&" FORM_TOKEN);
		refused += str_starts_with(buf_str(&b), STR("HTTP/1.1 429 "));
		buf_done(&b);
	}
	assert_in_range(refused, 8, 11);
	struct buf b = ask(f, "GET /login", "", "");
	expect(&b, "HTTP/1.1 200 ");
}

/* How many of 30 guesses are refused that say they come from 30 addresses. */
static int refused_of_forwarded(struct fixture *f, const char *before, const char *after)
{
	int refused = 0;
	for (int i = 0; i < 30; i++) {
		char fields[256];
		snprintf(fields, sizeof(fields), FORM WITH_FORM_COOKIE "X-Forwarded-For: %s%d%s\r\n", before, i, after);
		struct buf b = ask(f, "POST /login", fields, "go=x&" FORM_TOKEN);
		refused += str_starts_with(buf_str(&b), STR("HTTP/1.1 429 "));
		buf_done(&b);
	}
	return refused;
}

static void test_only_a_trusted_proxy_says_who_asks(void **state)
{
	struct fixture *f = *state;
	assert_in_range(refused_of_forwarded(f, "192.0.2.", ""), 8, 11);
	struct buf b = ask(f, "GET /login", "X-Forwarded-Proto: https\r\n", "");
	assert_true(str_find(buf_str(&b), STR("; Secure"), 0) == STR_NOT_FOUND);
	expect(&b, "Set-Cookie: ");
}

static void test_a_trusted_proxy_says_who_asks(void **state)
{
	struct fixture *f = *state;
	f->proxies = "10.0.0.9, 127.0.0.1";
	assert_int_equal(refused_of_forwarded(f, "192.0.2.", ""), 0);
	assert_int_equal(refused_of_forwarded(f, "198.51.100.", ", 10.0.0.9"), 0);
	/* What the other side itself sent before the proxy's word, and what is no address, do not count. */
	assert_in_range(refused_of_forwarded(f, "203.0.113.", ", 203.0.113.250"), 8, 11);
	assert_in_range(refused_of_forwarded(f, "unknown-", ""), 8, 11);
	struct buf b = ask(f, "GET /login", "X-Forwarded-Proto: https\r\n", "");
	expect(&b, "; Secure");
}

static void test_large_body_to_the_api(void **state)
{
	struct fixture *f = *state;
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	CLEANUP_FD fd = dial(f, STR("POST /read/api HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n"));
	shutdown(fd, SHUT_WR);
	read_to_end(f, fd, &b);
	expect(&b, "\"word\":\"too-large\"");
}

static void test_large_bodies_only_from_somebody(void **state)
{
	struct fixture *f = *state;
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	CLEANUP_FD fd = dial(
	        f, STR("POST /read HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\nContent-Length: 1000000\r\n\r\n"));
	shutdown(fd, SHUT_WR);
	read_to_end(f, fd, &b);
	assert_true(str_contains(buf_str(&b), STR("HTTP/1.1 413 ")));
	expect(&b, "What was sent is too large.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Somebody who takes nothing of a long answer, and others meanwhile. */
static void long_work_blocks_nobody(void **state)
{
	struct fixture *f = *state;
	CLEANUP(arena_freep) struct arena *a = arena_new(REQUEST_MAX_BYTES * 4);
	CLEANUP_FD fd = dial(f, request_text(a, "GET /long", "", ""));
	struct buf other = ask(f, "GET /open?say=hi", "", ""), slow = buf_make(ANSWER_MAX_BYTES);
	assert_true(str_find(buf_str(&other), STR("<h1>hi</h1>"), 0) != STR_NOT_FOUND);
	read_to_end(f, fd, &slow);
	assert_true(str_find(buf_str(&slow), STR("[300]"), 0) != STR_NOT_FOUND);
	buf_done(&other);
	buf_done(&slow);
	int gone = dial(f, request_text(a, "GET /long", "", ""));
	event_base_loop(f->base, EVLOOP_NONBLOCK);
	close(gone);
	other = ask(f, "GET /open?say=hi", "", "");
	assert_true(str_find(buf_str(&other), STR("<h1>hi</h1>"), 0) != STR_NOT_FOUND);
	buf_done(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(test_cases),
	        TEST(test_first_run_leads_to_setup),
	        TEST(test_keeper_gone),
	        TEST(test_reader_does_not_hold_others_up),
	        TEST(test_reader_fails),
	        TEST(test_guesses_are_limited),
	        TEST(test_only_a_trusted_proxy_says_who_asks),
	        TEST(test_a_trusted_proxy_says_who_asks),
	        TEST(test_large_bodies_only_from_somebody),
	        TEST(test_large_body_to_the_api),
	        TEST(long_work_blocks_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
