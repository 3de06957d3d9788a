/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Templates: a part of Mustache, escaping by default, compiled once and checked as they are compiled.
 *   {{a.b}}  {{.}}            value, escaped for where it stands (text, quoted attribute, address)
 *   {{{a}}}                   a fragment made by template_fragment(); any other value is escaped as always
 *   {{#a}}..{{/a}}            once per element of a list, once for an object or true, string or number (not "" or 0)
 *   {{^a}}..{{/a}}            when a is absent, false, null, "", 0 or an empty list
 *   {{> name}}                the template name.html, with the same values
 *   {{_ key}}                 catalogue text of the page's language
 *   {{_ key.[a.b] who=c.d}}   the value of a.b completes the key; {who} in the text is filled from c.d
 *   {{url a.b}}               a whole address from data: http, https, mailto, tel or a path of ours, else "#"
 *   {{asset app.css}}         address of a file of assets/, with its hash
 *   {{! a note}}
 * A name is looked up in the innermost value first, then outwards. The layout adds the object `page`:
 *   page.title .path .language .languages[] {tag,current} .csrf .company .section.<first piece of the path> (true)
 *   page.person {id,name,role} (null: nobody) .is_manager .is_patrol .is_member .content (in layout.html:
 * {{{page.content}}}) Refused when compiled: a value in <script>, <style>, an on... or style attribute, an unquoted
 * attribute, a tag or attribute name; {{a}} at the start of href, src, action, formaction (use {{url a}}, or write a
 * path before it: then the value is percent-encoded). Templates are src/web/layout/ and src/web/pages/ *.html; the file
 * name is the template's name. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "i18n/i18n.h"

enum {
	TEMPLATE_MAX_BYTES = 512 * 1024, /* one source */
	TEMPLATE_DEPTH_MAX = 32,         /* nested sections and partials together */
	TEMPLATES_MAX = 400,
};

struct templates;

struct template_complaint {
	char file[64];
	unsigned line;
	char text[160]; /* English, one sentence part */
};

/* Appends the address of a file of assets/ to b; false when there is none of this name. */
typedef bool template_asset_fn(struct str name, struct buf *b);

/* asset may be NULL: then {{asset ..}} is refused. */
struct templates *templates_new(template_asset_fn *asset);
void templates_free(struct templates *t); /* takes NULL */
CLEANUP_DEFINE(struct templates *, templates_freep, templates_free)
/* name: "check.html". source must outlive t. ERR_INVALID fills *ret_complaint. */
int templates_add(struct templates *t, struct str name, struct str source, struct template_complaint *ret_complaint);
/* After the last add: every partial, asset and every catalogue key without [..] must exist. */
int templates_check(const struct templates *t, struct template_complaint *ret_complaint);

/* Appends the template to b; values from inner, then outer (may be NULL). ERR_NOT_FOUND no such template,
 * ERR_TOO_LARGE. */
int templates_render(const struct templates *t, struct str name, enum language language, json_t *inner, json_t *outer,
                     struct buf *b);
/* New reference: HTML that is known to be right as it is (a picture, marked text). */
json_t *template_fragment(struct str html);
bool template_is_fragment(const json_t *value);
/* Appends s escaped for HTML text and quoted attributes. */
int template_escape(struct buf *b, struct str s);
/* Is this an address that a link may have: http, https, mailto, tel, or a path ("/..", "?..", "#..") of ours. */
bool template_url_is_allowed(struct str url);
