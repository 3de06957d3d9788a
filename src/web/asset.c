/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files of assets/ under /assets/. An address that carries the content's hash may be kept for a year; every answer has
 * the hash as its ETag. */
#include "web/site-inside.h"

#define PREFIX "/assets/"

enum { ETAG_MAX_BYTES = 32 };

bool asset_address(struct str name, struct buf *b)
{
	const struct embedded *e = embedded_find(embedded_assets, name);
	return e && buf_printf(b, PREFIX "%.*s?v=%s", STR_ARG(e->name), e->hash) >= 0;
}

static void answer_asset(struct http_exchange *x, const struct http_message *m, const struct embedded *e)
{
	char etag[ETAG_MAX_BYTES];
	struct http_answer answer = {.status = 200, .body = e->bytes, .body_is_static = true};
	struct str version = {NULL, 0};

	snprintf(etag, sizeof(etag), "\"%s\"", e->hash);
	if (str_starts_with(m->query, STR("v=")))
		version = str_slice(m->query, 2, m->query.n);
	respond_security_headers(&answer);
	http_answer_add(&answer, "Content-Type", str_of(embedded_type(e->name)));
	http_answer_add(&answer, "ETag", str_of(etag));
	http_answer_add(&answer, "Cache-Control",
	                str_eq_c(version, e->hash) ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
	if (str_contains(http_field(m, "If-None-Match"), str_of(etag))) {
		answer.status = 304;
		answer.body = (struct str){NULL, 0};
	}
	http_exchange_answer(x, &answer);
}

bool asset_serve(struct site *s, struct http_exchange *x)
{
	const struct http_message *m = http_exchange_message(x);
	if (!str_starts_with(m->path, STR(PREFIX)) || (m->method != HTTP_GET && m->method != HTTP_HEAD))
		return false;
	const struct embedded *e = embedded_find(s->options.assets, str_slice(m->path, sizeof(PREFIX) - 1, m->path.n));
	if (!e)
		return false;
	answer_asset(x, m, e);
	return true;
}
