/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One node of a message: its bytes, its text, its name. */
#include "base/err.h"
#include "read/encoding.h"
#include "read/field.h"
#include "read/flowed.h"
#include "read/mail-inside.h"

enum { TEXT_PART_MAX_BYTES = 8 * 1024 * 1024 };

int mail_decode_node(struct mail *m, const struct mime_node *n, struct buf *scratch, struct str *ret)
{
	size_t errors;
	int res = encoding_decode(n->encoding, n->body, scratch, ret, &errors);
	if (errors > 0)
		reading_unchecked(m->r, UNCHECKED_BROKEN);
	return res;
}

/* The node's text in UTF-8. */
static int node_text(struct mail *m, const struct mime_node *n, struct charset_text *ret)
{
	struct buf scratch = buf_make(m->r->limits->input_bytes + 16);
	struct str bytes, label = {NULL, 0};
	int res = mail_decode_node(m, n, &scratch, &bytes);
	if (res >= 0 && bytes.n > TEXT_PART_MAX_BYTES) {
		bytes = str_slice(bytes, 0, TEXT_PART_MAX_BYTES);
		reading_unchecked(m->r, UNCHECKED_TOO_LARGE);
	}
	if (res >= 0)
		res = field_parameter(n->content_type, STR("charset"), STR(""), m->r->a, &label);
	if (res >= 0 && label.n == 0)
		label = html_meta_charset(bytes);
	if (res >= 0)
		res = charset_decode(bytes, label, m->r->a, ret);
	buf_done(&scratch);
	return res;
}

void mail_note_charset(struct mail *m, const struct charset_text *t, uint32_t part)
{
	if (m->r->doc->charset.n == 0)
		m->r->doc->charset = t->used;
	if (t->unknown || t->broken)
		reading_unchecked(m->r, UNCHECKED_CHARSET);
	if (part == PART_NONE || part >= m->r->doc->parts.n)
		return;
	size_t end = m->r->doc->parts.at[part].text.n;
	if (t->broken)
		reading_mark(m->r, MARK_CHARSET_BROKEN, part, 0, end);
	if (t->wrong)
		reading_mark(m->r, MARK_CHARSET_WRONG, part, 0, end);
	if (t->foreign)
		reading_mark(m->r, MARK_FOREIGN_LANGUAGE, part, 0, end);
}

static bool is_html(const struct mime_node *n, struct str text)
{
	return str_eq(n->type, STR("text/html")) || str_eq(n->type, STR("application/xhtml+xml")) ||
	       (str_starts_with(n->type, STR("text/")) && !str_eq(n->type, STR("text/plain")) && html_is_html(text));
}

int mail_make_body(struct mail *m, const struct mime_node *n, struct charset_text *t, struct body *ret)
{
	struct str format = {NULL, 0}, delete_space = {NULL, 0};
	int res = node_text(m, n, t);
	if (res < 0)
		return res;
	if (is_html(n, t->text))
		return body_html(m->r, t->text, ret);
	res = field_parameter(n->content_type, STR("format"), STR(""), m->r->a, &format);
	if (res >= 0)
		res = field_parameter(n->content_type, STR("delsp"), STR(""), m->r->a, &delete_space);
	if (res < 0)
		return res;
	if (str_eq_icase(format, STR("flowed")))
		t->text = flowed_join(t->text, str_eq_icase(delete_space, STR("yes")), m->r->a);
	*ret = body_plain(t->text);
	return t->text.p || t->text.n == 0 ? 0 : ERR_TOO_LARGE;
}

bool mail_disposition_is(const struct mime_node *n, struct str want)
{
	struct str d = str_trim(str_slice(n->disposition, 0, str_find_char(n->disposition, ';', 0)));
	return str_eq_icase(d, want);
}

int mail_node_name(struct mail *m, const struct mime_node *n, struct str *ret)
{
	int res = field_parameter(n->disposition, STR("filename"), m->hint, m->r->a, ret);
	if (res >= 0 && ret->n == 0)
		res = field_parameter(n->content_type, STR("name"), m->hint, m->r->a, ret);
	return res;
}

bool mail_is_body(const struct mail *m, const struct mime_node *n)
{
	bool text = str_eq(n->type, STR("text/plain")) || str_eq(n->type, STR("text/html")) ||
	            str_eq(n->type, STR("text/enriched")) || str_eq(n->type, STR("application/xhtml+xml")) ||
	            str_eq(n->type, STR("text")) || n->kind == MIME_MULTIPART;
	return text && (!mail_disposition_is(n, STR("attachment")) || n == &m->m.at[0]);
}
