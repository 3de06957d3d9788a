/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of one request: path, person, role, limits, form, reader, handler, answer. Each step either goes on or
 * answers with what is wrong. Only the reader is waited for, and while it reads, the loop serves others. */
#include "web/site.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "web/clean.h"
#include "web/site-inside.h"

static int add_templates(struct site *s, struct template_complaint *ret_complaint)
{
	for (const struct embedded *e = s->options.templates; e->name.n > 0; e++) {
		int r = templates_add(s->templates, e->name, e->bytes, ret_complaint);
		if (r < 0)
			return r;
	}
	return templates_check(s->templates, ret_complaint);
}

int site_new(const struct site_options *options, struct site **ret, struct template_complaint *ret_complaint)
{
	struct site *s = calloc(1, sizeof(*s));
	CHECK(s);
	s->options = *options;
	s->templates = templates_new(asset_address);
	s->strangers = limit_new(STRANGER_BURST, STRANGER_REFILL_US);
	s->guesses = limit_new(GUESS_BURST, GUESS_REFILL_US);
	s->emergencies = limit_new(EMERGENCY_BURST, EMERGENCY_REFILL_US);
	s->state =
	        (struct page_process_state){.started_us = clock_now_us(), .data_folder = str_of(options->data_folder)};
	int r = add_templates(s, ret_complaint);
	if (r < 0) {
		site_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

void site_free(struct site *s)
{
	if (!s)
		return;
	templates_free(s->templates);
	limit_free(s->strangers);
	limit_free(s->guesses);
	limit_free(s->emergencies);
	free(s);
}

void site_set_rules(struct site *s, const struct rules *rules)
{
	s->rules = rules;
	s->state.rules_version = rules ? rules_version(rules) : 0;
}

void site_set_rules_complaint(struct site *s, const struct rules_complaint *complaint)
{
	if (complaint)
		s->rules_complaint = *complaint;
	s->state.rules_complaint = complaint ? &s->rules_complaint : NULL;
}

/* JSON when it is asked for and HTML is not. */
static bool wants_json(const struct http_message *m)
{
	struct str accept = http_field(m, "Accept");
	return str_find_icase(accept, STR("application/json"), 0) != STR_NOT_FOUND &&
	       str_find_icase(accept, STR("text/html"), 0) == STR_NOT_FOUND;
}

static struct page *page_new(struct site *s, struct http_exchange *x)
{
	static const struct company nothing_known;
	struct arena *a = arena_new(PAGE_ARENA_MAX_BYTES);
	struct page *p = ARENA_NEW(a, struct page);
	CHECK(p && (p->inside = ARENA_NEW(a, struct page_inside)));
	const struct http_message *m = http_exchange_message(x);
	p->arena = a;
	p->method = m->method == HTTP_HEAD ? HTTP_GET : m->method;
	p->path = STR("/");
	p->remote = http_exchange_remote(x);
	p->now_us = clock_now_us();
	p->started_us = clock_monotonic_us();
	p->keep = s->options.keep;
	p->actor = (struct keep_actor){.program = STR("web"), .remote = p->remote};
	p->company = &nothing_known;
	p->input_kind = INPUT_AUTO;
	p->model = json_object();
	*p->inside = (struct page_inside){
	        .site = s, .exchange = x, .message = m, .is_secure = http_exchange_is_tls(x), .is_json = wants_json(m)};
	s->state.requests++;
	return p;
}

static struct str allow_text(struct page *p, unsigned methods)
{
	struct str text = {"", 0};
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if (methods & 1u << i)
			text = arena_printf(p->arena, "%.*s%s%s%s", STR_ARG(text), text.n ? ", " : "",
			                    http_method_word((enum http_method) i), i == HTTP_GET ? ", HEAD" : "");
	return text;
}

static int find_route(struct page *p)
{
	struct page_inside *in = p->inside;
	if (route_decode_path(in->message->path, p->arena, &p->path) < 0 || input_read_query(p) < 0)
		return PROBLEM_BAD_REQUEST;
	in->route = route_find(in->site->options.table, p->method, p->path);
	if (!in->route.entry)
		return PROBLEM_NOT_FOUND;
	in->template_name = str_of(in->route.entry->template_name);
	if (in->route.entry->flags & PAGE_API)
		in->is_json = true;
	if (!(in->route.entry->methods & 1u << p->method)) {
		in->allow = allow_text(p, in->route.methods);
		return PROBLEM_METHOD;
	}
	return -1;
}

static int check_limits(const struct page *p)
{
	const struct site *s = p->inside->site;
	int64_t now_us = clock_monotonic_us();
	bool is_guess = p->inside->route.entry->flags & PAGE_GUESSABLE && p->method == HTTP_POST;
	if (is_guess && !limit_take(s->guesses, p->remote, now_us))
		return PROBLEM_TOO_OFTEN;
	bool is_emergency = p->inside->route.entry->flags & PAGE_EMERGENCY;
	if (p->person.id == 0 && !limit_take(is_emergency ? s->emergencies : s->strangers, p->remote, now_us))
		return PROBLEM_TOO_OFTEN;
	return -1;
}

/* Until the first run is finished every page leads to /setup. */
static int check_set_up(struct page *p)
{
	struct site *s = p->inside->site;
	const struct site_keeper *k = &s->options.keeper;
	if (s->is_set_up || p->inside->route.entry->flags & PAGE_SETUP)
		return -1;
	int r = k->is_set_up(k->context, &s->is_set_up);
	if (r < 0)
		return (int) problem_of_error(r);
	if (!s->is_set_up)
		page_redirect(p, "/setup");
	return -1;
}

static int check_form(struct page *p)
{
	session_prepare_form_token(p);
	if (p->method == HTTP_GET)
		return -1;
	int r = input_read_form(p);
	return r < 0 ? (int) problem_of_error(r) : session_check_form(p);
}

/* A page that is not there is shown in the person's own layout, so the person is looked for all the same. */
static int find_route_and_person(struct page *p)
{
	int problem = find_route(p);
	int persons_problem = session_find_person(p);
	return problem >= 0 ? problem : persons_problem;
}

/* All steps before the handler; -1 when it may run, or when an answer is there already. */
static int prepare(struct page *p)
{
	int problem = find_route_and_person(p);
	if (problem < 0)
		problem = check_limits(p);
	if (problem < 0)
		problem = check_set_up(p);
	if (problem < 0 && p->inside->location.n == 0)
		problem = session_check_who(p);
	if (problem < 0 && p->inside->location.n == 0)
		problem = check_form(p);
	return problem;
}

void page_go_on(struct page *p)
{
	struct page_inside *in = p->inside;
	if (in->asking && !in->failed)
		ask_start(p);
	else if (in->printing.n > 0 && !in->failed)
		print_start(p);
	else
		respond(p);
}

static void run_handler(struct page *p)
{
	struct page_inside *in = p->inside;
	p->rules = in->site->rules;
	int r = in->route.entry->run(p);
	if (r < 0 && !in->failed)
		page_error(p, r);
	if (in->failed - 1 == (int) PROBLEM_INTERNAL)
		log_event(LOG_LEVEL_ERROR, "page.failed", LOG_TEXT("page", in->route.entry->path),
		          LOG_TEXT("why", err_word(r)));
	page_go_on(p);
}

static void on_read(void *user, int r, const struct document *document)
{
	struct page *p = user;
	p->document = r < 0 ? NULL : document;
	p->read_error = r < 0 ? r : 0;
	run_handler(p);
}

static void read_input(struct page *p)
{
	const struct site_reader *reader = &p->inside->site->options.reader;
	input_choose(p);
	company_load(p);
	if (!p->has_input) {
		run_handler(p);
		return;
	}
	int r = reader->ask(reader->context, p->input_kind, p->input_name, p->input, p->arena, on_read, p);
	if (r < 0)
		on_read(p, r, NULL);
}

static void serve(void *context, struct http_exchange *x)
{
	struct site *s = context;
	if (asset_serve(s, x))
		return;
	struct page *p = page_new(s, x);
	company_load_name(p);
	remote_choose(p);
	int problem = prepare(p);
	if (problem >= 0)
		respond_problem(p, (enum page_problem) problem);
	else if (p->inside->location.n > 0)
		respond(p);
	else if (p->method == HTTP_POST && p->inside->route.entry->flags & PAGE_READS_INPUT)
		read_input(p);
	else
		run_handler(p);
}

/* Only somebody who shows a session or token may send a large body; whether it is a good one is seen later. */
static size_t body_max(void *context, const struct http_message *head)
{
	struct site *s = context;
	struct route route = route_find(s->options.table, head->method, head->path);
	struct str cookies = http_field(head, "Cookie");
	bool shows_somebody = http_has_field(head, "Authorization") || cookie_value(cookies, COOKIE_SESSION).n > 0 ||
	                      cookie_value(cookies, COOKIE_PASS).n > 0;
	bool reads = route.entry && route.entry->flags & (PAGE_READS_INPUT | PAGE_LARGE_FORM);
	return reads && shows_somebody ? PAGE_INPUT_MAX_BYTES : PAGE_FORM_MAX_BYTES;
}

static enum page_problem problem_of_status(int status)
{
	return status == 413 || status == 414 || status == 431 ? PROBLEM_TOO_LARGE : PROBLEM_BAD_REQUEST;
}

/* The message may be half read: nothing of it is used but the wish for a language and for JSON. */
static void answer_refused(void *context, struct http_exchange *x, int status, const char *reason)
{
	struct page *p = page_new(context, x);
	p->language = language_negotiate(http_field(p->inside->message, "Accept-Language"));
	p->inside->forced_status = status;
	struct route route = route_find(p->inside->site->options.table, p->method, p->inside->message->path);
	if ((route.entry && route.entry->flags & PAGE_API) || http_has_field(p->inside->message, "Authorization"))
		p->inside->is_json = true;
	respond_problem(p, problem_of_status(status));
}

void site_attach(struct site *s, struct http_server_options *options)
{
	options->context = s;
	options->body_max = body_max;
	options->request = serve;
	options->refused = answer_refused;
}
