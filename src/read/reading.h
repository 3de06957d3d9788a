/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the readers share while they read one input: the document under work, limits, what is left of them. */
#pragma once

#include <stdarg.h>

#include "read/read.h"

enum {
	READING_URL_MAX_BYTES = 8 * 1024,
	READING_LINK_TEXT_MAX_BYTES = 2 * 1024,
	READING_NAME_MAX_BYTES = 1024,
};

struct reading {
	struct document *doc;
	enum input_kind asked; /* as what it was handed in */
	struct str name;       /* of the file, may be empty */
	struct arena *a;
	const struct read_limits *limits;
	int64_t deadline_us;
	uint32_t bodies, codes;
	uint32_t images_left, members_left;
	uint64_t pixels_left, unpacked_left;
	uint32_t messages_left;
	uint32_t link_flags; /* added to every link: LINK_ATTACHED while an attachment is read */
};

/* 0 to 100: how much the bytes look like what the reader reads, when they were handed in as kind; 0 refuses. */
typedef int reader_bid(enum input_kind kind, struct str name, struct str bytes);
/* A reader takes the whole input. Its own failures are unchecked bits; < 0 only ERR_TOO_LARGE. */
typedef int reader_read(struct reading *r, struct str bytes);

/* True and UNCHECKED_TIMEOUT set once the time limit has passed. */
bool reading_is_late(struct reading *r);
/* Adds a body ("body", "body:2", ...), cut to the limit at a character; PART_NONE when it did not fit. */
uint32_t reading_add_body(struct reading *r, struct str text);
/* A link whose text is bytes [start, end) of the part. Lengths are cut to the limits. NULL when it did not fit. */
struct link *reading_add_link(struct reading *r, uint32_t part, uint32_t start, uint32_t end, struct str url,
                              uint32_t flags);
/* A link that no text shows: it gets a part "link:N" that holds its target. */
struct link *reading_add_hidden_link(struct reading *r, struct str text, struct str url, uint32_t flags);
uint32_t reading_add_attachment(struct reading *r, struct str name, struct str declared, struct str detected,
                                uint64_t size_bytes, uint32_t flags, uint32_t inside);
void reading_mark(struct reading *r, enum mark_kind kind, uint32_t part, size_t start, size_t end);
void reading_unchecked(struct reading *r, enum unchecked what);
/* At most max bytes of s, never half a character. */
struct str reading_cut_utf8(struct str s, size_t max);
