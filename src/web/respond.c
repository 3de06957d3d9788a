/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a page that its handler has filled to the bytes of the answer: HTML in the layout, JSON, a redirect, a file, or
 * a page that says what went wrong, what was kept and what to do next. */
#include "base/err.h"
#include "base/log.h"
#include "web/site-inside.h"

#define CONTENT_POLICY                                                                                                 \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src "       \
	"'self'; "                                                                                                     \
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

enum { ERROR_KEY_MAX_BYTES = 96, JSON_DEPTH_MAX = 64, REAL_DIGITS = 10 };

void respond_security_headers(struct http_answer *answer)
{
	http_answer_add(answer, "Content-Security-Policy", STR(CONTENT_POLICY));
	http_answer_add(answer, "X-Content-Type-Options", STR("nosniff"));
	/* With "no-referrer" a browser sends forms with "Origin: null", which session_check_form() refuses. */
	http_answer_add(answer, "Referrer-Policy", STR("same-origin"));
	http_answer_add(answer, "Cross-Origin-Opener-Policy", STR("same-origin"));
	http_answer_add(answer, "Cross-Origin-Resource-Policy", STR("same-origin"));
	http_answer_add(answer, "Cross-Origin-Embedder-Policy", STR("require-corp"));
	http_answer_add(answer, "Permissions-Policy", STR("camera=(), microphone=(), geolocation=()"));
}

void respond_add_fields(struct page *p, struct http_answer *answer, struct str type)
{
	struct page_inside *in = p->inside;

	respond_security_headers(answer);
	http_answer_add(answer, "Cache-Control", STR("no-store"));
	http_answer_add(answer, "Content-Type", type);
	http_answer_add(answer, "Content-Language", str_of(language_tag(p->language)));
	if (in->text_name.n > 0)
		http_answer_add(answer, "Content-Disposition", in->text_name);
	if (in->location.n > 0)
		http_answer_add(answer, "Location", in->location);
	if (in->allow.n > 0)
		http_answer_add(answer, "Allow", in->allow);
	if (answer->status == 401)
		http_answer_add(answer, "WWW-Authenticate", STR("Bearer"));
	if (answer->status == 429 || answer->status == 503)
		http_answer_add(answer, "Retry-After", STR("5"));
	for (size_t i = 0; i < in->cookie_count; i++)
		http_answer_add(answer, "Set-Cookie", in->cookies[i]);
}

static void send_body(struct page *p, int status, struct str type, struct str body)
{
	struct http_answer answer = {.status = status, .body = body};
	respond_add_fields(p, &answer, type);
	http_exchange_answer(p->inside->exchange, &answer);
	page_free(p);
}

/* Fragments of HTML have no place in JSON: those who read it have the plain values beside them. */
static void drop_fragments(json_t *value, unsigned depth)
{
	const char *name;
	json_t *inner;
	void *next;
	size_t i;
	if (depth >= JSON_DEPTH_MAX)
		return;
	json_array_foreach(value, i, inner) drop_fragments(inner, depth + 1);
	json_object_foreach_safe(value, next, name, inner)
	{
		if (template_is_fragment(inner))
			json_object_del(value, name);
		else
			drop_fragments(inner, depth + 1);
	}
}

static void send_json(struct page *p, int status, json_t *value)
{
	drop_fragments(value, 0);
	char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
	send_body(p, status, STR("application/json"), str_of(text ? text : "{}"));
	free(text);
}

int respond_add_json(struct page *p, struct buf *b)
{
	drop_fragments(p->model, 0);
	char *text = json_dumps(p->model, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
	int r = buf_add_c(b, text ? text : "{}");
	free(text);
	return r;
}

static json_t *languages_json(enum language current)
{
	json_t *list = json_array();
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		json_array_append_new(list, json_pack("{s:s, s:b}", "tag", language_tag((enum language) i), "current",
		                                      i == (int) current));
	return list;
}

static json_t *person_json(const struct page *p)
{
	if (p->person.id == 0)
		return json_null();
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) p->person.id));
	json_object_set_new(j, "name", page_json_str(p->person.name));
	json_object_set_new(j, "role", json_string(role_word(p->person.role)));
	return j;
}

static json_t *section_json(struct str path)
{
	struct str first = {NULL, 0}, rest = str_slice(path, 1, path.n);
	char name[64] = "home";
	json_t *j = json_object();
	if (str_split(&rest, '/', &first) && first.n > 0 && first.n < sizeof(name))
		snprintf(name, sizeof(name), "%.*s", STR_ARG(first));
	json_object_set_new(j, name, json_true());
	return j;
}

static json_t *title_json(struct page *p, struct str template_name)
{
	char key[ERROR_KEY_MAX_BYTES];
	if (p->inside->title.n > 0)
		return page_json_str(p->inside->title);
	size_t dot = str_rfind_char(template_name, '.');
	snprintf(key, sizeof(key), "%.*s.title", STR_ARG(str_slice(template_name, 0, dot)));
	const char *text = i18n_find(p->language, str_of(key));
	return json_string(text ? text : "");
}

/* The object `page` that template.h promises. */
static json_t *layout_json(struct page *p, struct str template_name)
{
	json_t *j = json_object(), *whole = json_object();
	json_object_set_new(j, "title", title_json(p, template_name));
	json_object_set_new(j, "path", page_json_str(p->path));
	json_object_set_new(j, "language", json_string(language_tag(p->language)));
	json_object_set_new(j, "languages", languages_json(p->language));
	json_object_set_new(j, "csrf", page_json_str(p->csrf));
	json_object_set_new(j, "company", page_json_str(p->company_name));
	json_object_set_new(j, "section", section_json(p->path));
	json_object_set_new(j, "person", person_json(p));
	json_object_set_new(j, "is_manager", json_boolean(page_may(p, WHO_MANAGER)));
	json_object_set_new(j, "is_patrol", json_boolean(page_may(p, WHO_PATROL)));
	json_object_set_new(j, "is_member", json_boolean(page_may(p, WHO_MEMBER)));
	json_object_set_new(whole, "page", j);
	return whole;
}

static int lay_out(struct page *p, json_t *layout, struct str content, struct buf *html)
{
	json_object_set_new(json_object_get(layout, "page"), "content", template_fragment(content));
	return templates_render(p->inside->site->templates, STR("layout.html"), p->language, layout, NULL, html);
}

int respond_layout(struct page *p, struct str content, struct buf *html)
{
	json_t *layout = layout_json(p, p->inside->template_name);
	int r = lay_out(p, layout, content, html);
	json_decref(layout);
	return r;
}

static int render_html(struct page *p, struct str name, struct buf *html)
{
	const struct templates *t = p->inside->site->templates;
	json_t *layout = layout_json(p, name);
	struct buf content = buf_make(PAGE_HTML_MAX_BYTES);
	bool is_bare = p->inside->route.entry && p->inside->route.entry->flags & PAGE_BARE;
	int r = templates_render(t, name, p->language, p->model, layout, is_bare ? html : &content);
	if (r >= 0 && !is_bare)
		r = lay_out(p, layout, buf_str(&content), html);
	buf_done(&content);
	json_decref(layout);
	return r;
}

static void send_html(struct page *p, int status, struct str name)
{
	struct buf html = buf_make(PAGE_HTML_MAX_BYTES);
	int r = render_html(p, name, &html);
	if (r >= 0) {
		send_body(p, status, STR("text/html; charset=utf-8"), buf_str(&html));
	} else {
		log_event(LOG_LEVEL_ERROR, "page.not-rendered", LOG_TEXT("why", err_word(r)));
		send_body(p, 500, STR("text/plain; charset=utf-8"),
		          str_of(i18n_text(p->language, "page-error.internal.happened")));
	}
	buf_done(&html);
}

static void send_redirect(struct page *p)
{
	if (!p->inside->is_json) {
		send_body(p, 303, STR("text/plain"), (struct str){NULL, 0});
		return;
	}
	page_put_str(p, "location", p->inside->location);
	send_json(p, 303, p->model);
}

void respond(struct page *p)
{
	struct page_inside *in = p->inside;
	int status = in->status ? in->status : 200;
	if (in->has_begun) {
		http_exchange_end(in->exchange, !in->failed);
		page_free(p);
		return;
	}
	if (in->failed)
		respond_problem(p, (enum page_problem)(in->failed - 1));
	else if (in->location.n > 0)
		send_redirect(p);
	else if (in->source.next)
		respond_stream(p);
	else if (in->is_text)
		send_body(p, status, in->text_type, in->text);
	else if (in->is_json)
		send_json(p, status, p->model);
	else
		send_html(p, status, in->template_name);
}

static const char *problem_text(const struct page *p, enum page_problem problem, const char *part)
{
	char key[ERROR_KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "page-error.%s.%s", problem_word(problem), part);
	return i18n_text(p->language, key);
}

static void redirect_to_login(struct page *p)
{
	struct buf b = buf_make(2 * HTTP_LINE_MAX_BYTES * 3);
	buf_add_c(&b, "/login?next=");
	percent_encode(&b, p->inside->message->target);
	p->inside->location = arena_dup(p->arena, buf_str(&b));
	buf_done(&b);
	send_redirect(p);
}

static int status_of(const struct page *p, enum page_problem problem)
{
	return p->inside->forced_status ? p->inside->forced_status : problem_status(problem);
}

void respond_put_problem(struct page *p, enum page_problem problem)
{
	json_object_clear(p->model);
	json_t *error = json_pack("{s:s, s:s, s:s, s:s, s:i}", "word", problem_word(problem), "message",
	                          problem_text(p, problem, "happened"), "kept", problem_text(p, problem, "kept"),
	                          "next", problem_text(p, problem, "next"), "status", status_of(p, problem));
	json_object_set_new(p->model, "error", error);
}

void respond_problem(struct page *p, enum page_problem problem)
{
	struct page_inside *in = p->inside;
	bool shows_page = !in->is_json && p->method == HTTP_GET && in->route.entry;
	p->inside->site->state.refused++;
	if (problem == PROBLEM_SIGN_IN && shows_page) {
		redirect_to_login(p);
		return;
	}
	respond_put_problem(p, problem);
	in->title = str_of(problem_text(p, problem, "happened"));
	if (in->is_json)
		send_json(p, status_of(p, problem), p->model);
	else
		send_html(p, status_of(p, problem), STR("error.html"));
}
