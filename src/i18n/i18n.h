/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one catalogue of everything people read. po/<area>.json maps keys to Japanese and English:
 *   { "check.title": { "ja": "確かめる", "en": "Check" } }
 * script/make-catalogue turns the files into a sorted C table at build time and stops the build when a text is
 * missing, empty, twice there, or its two languages name different {placeholders}. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum language { LANGUAGE_JA, LANGUAGE_EN, LANGUAGE_COUNT };

/* "ja" or "en"; anything else gives Japanese. */
enum language language_of(struct str tag);
const char *language_tag(enum language language);
/* The language that an Accept-Language field (RFC 9110 12.5.4) prefers. */
enum language language_negotiate(struct str accept_language);

/* Text of a key; NULL when there is none (a key in the code is checked by a test, a key from data may be missing). */
const char *i18n_find(enum language language, struct str key);
/* Text of a key that must exist. */
const char *i18n_text(enum language language, const char *key);

struct i18n_fact {
	const char *key;
	struct str value;
};
/* Appends the text with each {key} replaced; a placeholder without a fact stays as it is. No escaping happens here. */
int i18n_format(struct buf *b, enum language language, struct str key, const struct i18n_fact *facts, size_t count);
enum { I18N_DAY_BYTES = 24 };
/* A day "2026-11-03" as people of the language read it: "2026年11月3日", or as it is; anything else stays as it is, cut
 * to fit. The one way in which pages for people and papers write days; forms, CSV and JSON keep the ISO form. */
struct str i18n_day(enum language language, struct str day, char ret[static I18N_DAY_BYTES]);
/* Walks the catalogue: key number i in order, NULL at the end. */
const char *i18n_key_at(size_t i);
