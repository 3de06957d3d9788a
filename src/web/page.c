/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What handlers call. */
#include "web/page.h"

#include "base/clock.h"
#include "base/err.h"
#include "web/clean.h"
#include "web/site-inside.h"

void page_free(struct page *p)
{
	json_decref(p->model);
	json_decref(p->inside->body_json);
	arena_free(p->arena);
}

struct str page_parameter(const struct page *p, const char *name)
{
	return route_value(&p->inside->route, name);
}

int page_parameter_u64(const struct page *p, const char *name, uint64_t *ret)
{
	return str_parse_u64(page_parameter(p, name), INT64_MAX, ret) < 0 ? ERR_NOT_FOUND : 0;
}

static const struct form_field *find_field(const struct form *form, const char *name, size_t skip)
{
	for (size_t i = 0; i < form->n; i++)
		if (!form->at[i].is_file && str_eq_c(form->at[i].name, name) && skip-- == 0)
			return &form->at[i];
	return NULL;
}

struct str page_query(const struct page *p, const char *name)
{
	const struct form_field *f = find_field(&p->inside->query, name, 0);
	return f ? clean_lines(f->value, p->arena) : (struct str){NULL, 0};
}

struct str page_field(const struct page *p, const char *name)
{
	const struct form_field *f = find_field(&p->inside->form, name, 0);
	return f ? clean_lines(f->value, p->arena) : (struct str){NULL, 0};
}

bool page_has_field(const struct page *p, const char *name)
{
	return find_field(&p->inside->form, name, 0) != NULL;
}

bool page_field_at(const struct page *p, const char *name, size_t i, struct str *ret)
{
	const struct form_field *f = find_field(&p->inside->form, name, i);
	if (f)
		*ret = clean_lines(f->value, p->arena);
	return f != NULL;
}

const struct page_upload *page_upload(const struct page *p, const char *name)
{
	const struct form *form = &p->inside->form;
	for (size_t i = 0; i < form->n; i++) {
		const struct form_field *f = &form->at[i];
		if (!f->is_file || f->value.n == 0 || !str_eq_c(f->name, name))
			continue;
		p->inside->upload = (struct page_upload){f->name, f->file_name, f->type, f->value};
		return &p->inside->upload;
	}
	return NULL;
}

bool page_may(const struct page *p, unsigned who)
{
	return who == WHO_ANYBODY || (p->person.id != 0 && who & 1u << p->person.role);
}

bool page_is_json(const struct page *p)
{
	return p->inside->is_json;
}

void page_put(struct page *p, const char *name, json_t *value)
{
	json_object_set_new(p->model, name, value ? value : json_null());
}

void page_put_str(struct page *p, const char *name, struct str value)
{
	page_put(p, name, page_json_str(value));
}

json_t *page_json_str(struct str value)
{
	json_t *j = json_stringn(value.p ? value.p : "", value.n);
	if (j)
		return j;
	CLEANUP(arena_freep) struct arena *a = arena_new(value.n * 4 + 4096);
	struct str clean = clean_utf8(value, a);
	j = json_stringn(clean.p ? clean.p : "", clean.n);
	return j ? j : json_null();
}

json_t *page_json_time(int64_t when_us)
{
	char utc[CLOCK_TEXT_BYTES], local[CLOCK_TEXT_BYTES];
	if (when_us == 0)
		return json_null();
	clock_format_utc(when_us, utc);
	clock_format_local(when_us, local);
	return json_pack("{s:I, s:s, s:s}", "us", (json_int_t) when_us, "utc", utc, "local", local);
}

int page_problem(struct page *p, const char *key, const char *field)
{
	json_t *problem = json_object();
	json_object_set_new(problem, "key", json_string(key));
	json_object_set_new(problem, "text", json_string(i18n_text(p->language, key)));
	json_object_set_new(problem, "field", field && *field ? json_string(field) : json_null());
	page_put(p, "problem", problem);
	page_set_status(p, 422);
	return 0;
}

void page_set_status(struct page *p, int status)
{
	p->inside->status = status;
}

void page_set_title(struct page *p, struct str title)
{
	p->inside->title = arena_dup(p->arena, title);
}

int page_redirect(struct page *p, const char *path)
{
	return page_redirect_str(p, str_of(path));
}

int page_redirect_str(struct page *p, struct str path)
{
	bool is_own = path.n > 0 && path.p[0] == '/' && template_url_is_allowed(path);
	p->inside->location = is_own ? arena_dup(p->arena, path) : STR("/");
	p->inside->status = 303;
	return 0;
}

void page_set_template(struct page *p, const char *name)
{
	p->inside->template_name = arena_dup(p->arena, str_of(name));
}

int page_text(struct page *p, const char *media_type_text, struct str bytes)
{
	struct page_inside *in = p->inside;
	in->is_text = true;
	in->text_type = arena_dup(p->arena, str_of(media_type_text));
	in->text = arena_dup(p->arena, bytes);
	return arena_is_full(p->arena) ? ERR_TOO_LARGE : 0;
}

int page_download(struct page *p, const char *media_type_text, const char *name, struct str bytes)
{
	p->inside->text_name = arena_printf(p->arena, "attachment; filename=\"%s\"", name);
	return page_text(p, media_type_text, bytes);
}

int page_error(struct page *p, int r)
{
	p->inside->failed = (int) problem_of_error(r) + 1;
	return r;
}

void page_start_session(struct page *p, struct str token)
{
	cookie_add(p, COOKIE_SESSION, token, false, COOKIE_SECONDS);
	cookie_add(p, COOKIE_FORM, (struct str){NULL, 0}, false, 0);
}

void page_end_session(struct page *p)
{
	cookie_add(p, COOKIE_SESSION, (struct str){NULL, 0}, false, 0);
}

struct str page_origin(const struct page *p)
{
	return arena_printf(p->arena, "%s://%.*s", p->inside->is_secure ? "https" : "http",
	                    STR_ARG(p->inside->message->host));
}

void page_set_pass(struct page *p, struct str pass)
{
	cookie_add(p, COOKIE_PASS, pass, false, KEEP_PASS_DAYS * (int) (CLOCK_DAY_US / CLOCK_SECOND_US));
}

struct str page_pass(const struct page *p)
{
	struct str pass = cookie_value(http_field(p->inside->message, "Cookie"), COOKIE_PASS);
	return cookie_is_word(pass, TOKEN_MAX_BYTES) ? pass : STR("");
}

void page_set_language(struct page *p, enum language language)
{
	p->language = language;
	cookie_add(p, COOKIE_LANGUAGE, str_of(language_tag(language)), false, COOKIE_SECONDS);
}

const struct page_process_state *page_process(const struct page *p)
{
	return &p->inside->site->state;
}
