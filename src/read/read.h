/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Untrusted bytes to a document: the only code that parses what strangers sent. It is linked into the reader process
 * alone and needs nothing there: after read_prepare() it opens no file, socket, library or thread. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "doc/document.h"

/* What one input may cost. Over a limit the rest is left out and an unchecked bit says so. */
struct read_limits {
	size_t input_bytes;  /* longer input is cut */
	size_t header_bytes; /* of one header block */
	size_t body_bytes;   /* visible text of one body */
	uint32_t mime_parts;
	uint32_t mime_levels;
	uint32_t messages; /* levels of messages inside messages */
	uint32_t members;  /* of all archives together */
	uint32_t archive_levels;
	uint64_t unpacked_bytes; /* of all archives together */
	uint32_t unpacked_ratio; /* unpacked : packed */
	uint32_t images;
	uint64_t pixels;     /* of one image */
	uint64_t pixels_all; /* of all images together */
	int64_t time_us;     /* after it no further image, archive or attachment is begun */
};
extern const struct read_limits READ_LIMITS_DEFAULT;

/* An arena of this size is enough for whatever the default limits let through. */
#define READ_ARENA_BYTES ((size_t) 96 * 1024 * 1024)

/* Loads every table and library that reading needs (converters, magic database, locale, time zone). Once per process,
 * before the jail; ERR_SYSTEM in *what with a static English word of the thing that is missing. Reading works without
 * the magic database too, with fewer types known. */
int read_prepare(const char **ret_missing);
/* The same without the large libraries (read/tools.h); converters are opened when they are first used. */
int read_prepare_light(const char **ret_missing);

/* Reads bytes as kind, or finds out the kind (INPUT_AUTO: mail, picture with a code, addresses by line, else text).
 * name is the file's name if there is one, for the bids. Every input gives a document: what could not be read is in
 * ret->unchecked. 0; after read_prepare_light() ERR_UNSUPPORTED when it needs what is not loaded. *ret lives in a, and
 * in name. */
int read_input(enum input_kind kind, struct str name, struct str bytes, const struct read_limits *limits,
               struct arena *a, struct document *ret);
