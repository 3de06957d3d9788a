/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/html-context.h"

#include <string.h>

#include "base/check.h"

static void word_clear(char word[static HTML_WORD_MAX_BYTES])
{
	memset(word, 0, HTML_WORD_MAX_BYTES);
}

static void word_add(char word[static HTML_WORD_MAX_BYTES], char c)
{
	size_t n = strnlen(word, HTML_WORD_MAX_BYTES - 1);
	if (n < HTML_WORD_MAX_BYTES - 1)
		word[n] = ascii_lower(c);
}

static void leave_tag(struct html_context *c)
{
	bool raw = str_eq_c(str_of(c->tag), "script") || str_eq_c(str_of(c->tag), "style");
	c->place = raw ? PLACE_RAW : PLACE_TEXT;
}

static void feed_text(struct html_context *c, struct str rest)
{
	if (rest.p[0] != '<')
		return;
	if (str_starts_with(rest, STR("<!--"))) {
		c->place = PLACE_COMMENT;
	} else if (rest.n == 1 || (ascii_is_alpha(rest.p[1]) || rest.p[1] == '/' || rest.p[1] == '!')) {
		c->place = PLACE_TAG_NAME;
		word_clear(c->tag);
	}
}

static void feed_raw(struct html_context *c, struct str rest)
{
	struct str name = str_of(c->tag);
	if (str_starts_with(rest, STR("</")) && str_starts_with_icase(str_slice(rest, 2, rest.n), name)) {
		c->place = PLACE_TAG_NAME;
		word_clear(c->tag);
	}
}

static void begin_name(struct html_context *c, char first)
{
	c->place = PLACE_NAME;
	word_clear(c->attribute);
	word_clear(c->value_start);
	c->value_begun = false;
	word_add(c->attribute, first);
}

static void feed_tag(struct html_context *c, char at)
{
	if (at == '>')
		leave_tag(c);
	else if (at == '=')
		c->place = PLACE_AFTER_EQUALS;
	else if (!ascii_is_space(at) && at != '/')
		begin_name(c, at);
}

static void feed_name(struct html_context *c, char at)
{
	if (at == '=')
		c->place = PLACE_AFTER_EQUALS;
	else if (at == '>')
		leave_tag(c);
	else if (ascii_is_space(at) || at == '/')
		c->place = PLACE_TAG;
	else
		word_add(c->attribute, at);
}

static void feed_after_equals(struct html_context *c, char at)
{
	if (at == '"' || at == '\'') {
		c->place = PLACE_QUOTED;
		c->quote = at;
	} else if (at == '>') {
		leave_tag(c);
	} else if (!ascii_is_space(at)) {
		c->place = PLACE_UNQUOTED;
	}
}

static void feed_quoted(struct html_context *c, char at)
{
	if (at == c->quote) {
		c->place = PLACE_TAG;
	} else {
		word_add(c->value_start, at);
		c->value_begun = true;
	}
}

static void feed_one(struct html_context *c, struct str rest)
{
	char at = rest.p[0];
	switch (c->place) {
	case PLACE_TEXT:
		feed_text(c, rest);
		return;
	case PLACE_TAG_NAME:
		if (at == '>')
			leave_tag(c);
		else if (ascii_is_space(at))
			c->place = PLACE_TAG;
		else if (at != '<')
			word_add(c->tag, at);
		return;
	case PLACE_TAG:
		feed_tag(c, at);
		return;
	case PLACE_NAME:
		feed_name(c, at);
		return;
	case PLACE_AFTER_EQUALS:
		feed_after_equals(c, at);
		return;
	case PLACE_QUOTED:
		feed_quoted(c, at);
		return;
	case PLACE_UNQUOTED:
		if (at == '>')
			leave_tag(c);
		else if (ascii_is_space(at))
			c->place = PLACE_TAG;
		return;
	case PLACE_COMMENT:
		if (at == '-' && str_starts_with(rest, STR("-->")))
			c->place = PLACE_TEXT;
		return;
	case PLACE_RAW:
		feed_raw(c, rest);
		return;
	}
}

void html_context_feed(struct html_context *c, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		feed_one(c, str_slice(text, i, text.n));
}

void html_context_note_value(struct html_context *c)
{
	c->value_begun = true;
}

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_c(str_of(word), list[i]))
			return true;
	return false;
}

static enum html_writing writing_of_address(const struct html_context *c)
{
	static const char *const own[] = {"/", "#", "?", "tel:", "mailto:", "otpauth:"};
	if (!c->value_begun)
		return WRITE_ADDRESS;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (str_starts_with(str_of(c->value_start), str_of(own[i])) &&
		    !str_starts_with(str_of(c->value_start), STR("//")))
			return WRITE_COMPONENT;
	return WRITE_FORBIDDEN;
}

enum html_writing html_context_writing(const struct html_context *c)
{
	static const char *const addresses[] = {"href",      "src",      "action", "formaction", "poster",
	                                        "data",      "cite",     "hx-get", "hx-post",    "hx-put",
	                                        "hx-delete", "hx-patch", "ping",   "background", "xlink:href"};
	static const char *const forbidden[] = {"style",   "srcdoc",     "srcset", "http-equiv",
	                                        "hx-vals", "hx-headers", "hx-on",  "hx-vars"};
	if (c->place == PLACE_TEXT)
		return WRITE_ESCAPED;
	if (c->place != PLACE_QUOTED || str_starts_with(str_of(c->attribute), STR("on")) ||
	    is_one_of(c->attribute, forbidden, ARRAY_SIZE(forbidden)))
		return WRITE_FORBIDDEN;
	if (is_one_of(c->attribute, addresses, ARRAY_SIZE(addresses)))
		return writing_of_address(c);
	return WRITE_ESCAPED;
}
