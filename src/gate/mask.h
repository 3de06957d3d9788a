/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tags instead of values, for one request: 〔人物1〕. The same value has the same tag.
 * Numbers are given in the order in which values first stand in the request, and clients send a conversation whole with
 * every turn, so a value keeps its tag through the conversation although nothing is kept between requests: there is no
 * table that two people could share, and nothing to lose in a restart. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "leak/leak.h"

enum {
	MASK_TAGS_MAX = 20000,
	MASK_TAG_MAX_BYTES = 64,
};

struct mask;

/* Lives in the arena. avoid: text in which no new tag may stand already (a person who writes 〔人物1〕 means that). */
struct mask *mask_new(struct arena *a, struct str avoid);
/* The tag of a value, a new one if need be. value must live as long as the mask. ERR_TOO_LARGE. */
int mask_tag(struct mask *m, enum leak_kind kind, struct str value, struct str *ret_tag);
size_t mask_count(const struct mask *m);

/* A tag at the front of text? ESCAPED: text is itself JSON in a string, where 〔 may stand as \u3014. */
enum mask_reading { MASK_PLAIN, MASK_ESCAPED };
enum mask_match {
	MASK_NONE,  /* no tag begins here */
	MASK_MORE,  /* one may, once more text comes */
	MASK_FOUND, /* *ret_bytes long, for *ret_value */
};
enum mask_match mask_find(const struct mask *m, enum mask_reading reading, struct str text, bool is_last,
                          size_t *ret_bytes, struct str *ret_value);
/* The word in the tags of a kind: "人物". */
const char *mask_word(enum leak_kind kind);
