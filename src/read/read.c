/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which reader, within which limits. */
#include "read/read.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/err.h"
#include "read/charset-guess.h"
#include "read/mail.h"
#include "read/qr.h"
#include "read/reading.h"
#include "read/text.h"
#include "read/tools.h"

const struct read_limits READ_LIMITS_DEFAULT = {
        .input_bytes = 64 * 1024 * 1024,
        .header_bytes =
                32 * 1024 * 1024, /* reading it is linear; less would let padding hide who it claims to be from */
        .body_bytes = 1024 * 1024,
        .mime_parts = 1000,
        .mime_levels = 40,
        .messages = 3,
        .members = 2000,
        .archive_levels = 2,
        .unpacked_bytes = 64 * 1024 * 1024,
        .unpacked_ratio = 1000,
        .images = 10,
        .pixels = 40 * 1000 * 1000,
        .pixels_all = 60 * 1000 * 1000,
        .time_us = 600 * 1000,
};

struct reader {
	const char *name;
	enum input_kind kind;
	reader_bid *bid;
	reader_read *read;
};

static const struct reader readers[] = {
#define READER(name, kind, bid, read) {#name, kind, bid, read},
#include "read/readers.def"
#undef READER
};

static const struct reader *choose(enum input_kind kind, struct str name, struct str bytes)
{
	const struct reader *best = NULL;
	int highest = 0;
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		int bid = readers[i].bid(kind, name, bytes);
		if (bid > highest) {
			highest = bid;
			best = &readers[i];
		}
	}
	CHECK(best);
	return best;
}

/* Line ends of old Macs, which no reader need know. */
static struct str unify_lines(struct str s, struct arena *a)
{
	struct str head = str_slice(s, 0, 64 * 1024UL);
	if (str_find_char(head, '\r', 0) == STR_NOT_FOUND || str_find_char(head, '\n', 0) != STR_NOT_FOUND ||
	    memchr(head.p, 0, head.n))
		return s;
	struct str copy = arena_dup(a, s);
	for (size_t i = 0; copy.p && i < copy.n; i++)
		if (copy.p[i] == '\r')
			((char *) (uintptr_t) copy.p)[i] = '\n';
	return copy.p ? copy : s;
}

static bool shows_nothing(const struct document *d)
{
	for (size_t i = 0; i < d->parts.n; i++)
		if ((d->parts.at[i].kind == PART_BODY || d->parts.at[i].kind == PART_QR) && d->parts.at[i].text.n > 0)
			return false;
	return true;
}

/* Random bytes and programs, read as if they were text: what was found counts, that nothing was found does not. */
static bool is_no_text(const struct document *d, const struct reader *reader, struct str bytes)
{
	bool as_text = reader->read != qr_read && reader->read != file_read && !d->has_headers;
	return as_text && charset_looks_binary(bytes, CHARSET_NONE);
}

int read_input(enum input_kind kind, struct str name, struct str bytes, const struct read_limits *limits,
               struct arena *a, struct document *ret)
{
	struct str input = str_slice(bytes, 0, limits->input_bytes);
	const struct reader *reader = choose(kind, name, input);
	struct document d = document_make(kind == INPUT_AUTO ? reader->kind : kind);
	struct reading r = {
	        .doc = &d,
	        .asked = kind,
	        .name = reading_cut_utf8(charset_is_utf8(name) ? name : STR(""), READING_NAME_MAX_BYTES),
	        .a = a,
	        .limits = limits,
	        .deadline_us = clock_monotonic_us() + limits->time_us,
	        .images_left = limits->images,
	        .members_left = limits->members,
	        .pixels_left = limits->pixels_all,
	        .unpacked_left = limits->unpacked_bytes,
	        .messages_left = limits->messages,
	};
	if (input.n < bytes.n)
		reading_unchecked(&r, UNCHECKED_TOO_LARGE);
	/* A reader that ran out of memory leaves a whole document behind, only not of everything. */
	if (reader->read(&r, unify_lines(input, a)) < 0)
		reading_unchecked(&r, UNCHECKED_TOO_LARGE);
	if (tools_were_missing())
		return ERR_UNSUPPORTED;
	if (shows_nothing(&d) || is_no_text(&d, reader, input))
		reading_unchecked(&r, UNCHECKED_NO_TEXT);
	*ret = d;
	return 0;
}
