/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The body of a request as fields, whichever way it was sent: a form, a form with files, a JSON object, or for an
 * API address that reads input, the bare bytes. */
#include "base/err.h"
#include "web/clean.h"
#include "web/site-inside.h"

int input_read_query(struct page *p)
{
	return form_parse_urlencoded(p->inside->message->query, PAGE_FIELDS_MAX, p->arena, &p->inside->query);
}

static int add_json_member(struct page *p, const char *name, json_t *value)
{
	struct form_field *f = ARENA_PUSH(p->arena, &p->inside->form);
	if (!f || p->inside->form.n > PAGE_FIELDS_MAX)
		return ERR_TOO_LARGE;
	f->name = str_of(name);
	f->value = str_make(json_string_value(value), json_string_length(value));
	return 0;
}

static int read_json(struct page *p, struct str body)
{
	struct page_inside *in = p->inside;
	const char *name;
	json_t *value;
	in->body_json = json_loadb(body.p ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(in->body_json))
		return ERR_INVALID;
	json_object_foreach(in->body_json, name, value)
	{
		int r = json_is_string(value) ? add_json_member(p, name, value) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

int input_read_form(struct page *p)
{
	struct page_inside *in = p->inside;
	struct str field = http_field(in->message, "Content-Type"), type = media_type(field), body = in->message->body;
	if (str_eq_icase(type, STR("application/x-www-form-urlencoded")))
		return form_parse_urlencoded(body, PAGE_FIELDS_MAX, p->arena, &in->form);
	if (str_eq_icase(type, STR("multipart/form-data")))
		return form_parse_multipart(body, media_parameter(field, "boundary"), PAGE_FIELDS_MAX, p->arena,
		                            &in->form);
	if (str_eq_icase(type, STR("application/json")))
		return read_json(p, body);
	unsigned takes_bytes = PAGE_API | PAGE_READS_INPUT;
	if (body.n == 0 || (in->route.entry->flags & takes_bytes) == takes_bytes)
		return 0;
	return ERR_UNSUPPORTED;
}

static void take_kind(struct page *p, struct str word)
{
	p->input_kind = INPUT_AUTO;
	if (input_kind_of(word, &p->input_kind) < 0)
		p->input_kind = INPUT_AUTO;
}

void input_choose(struct page *p)
{
	const struct page_upload *file = page_upload(p, "file");
	struct str kind = page_field(p, "kind"), text = page_field(p, "text");
	bool has_fields = p->inside->form.n > 0;

	take_kind(p, kind.n > 0 ? kind : page_query(p, "kind"));
	if (file) {
		p->input = file->bytes;
		p->input_name = file->name.n > 0 ? clean_utf8(file->name, p->arena) : STR("file");
	} else if (text.n > 0) {
		p->input = text;
		p->input_name = STR("text");
	} else if (!has_fields && !p->inside->body_json) {
		p->input = p->inside->message->body;
		p->input_name = STR("body");
	}
	p->has_input = p->input.n > 0;
}
