/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Server-sent events (WHATWG HTML, 9.2) out of reads that were cut anywhere: lines end with LF, CR or CRLF, several
 * data lines are joined by LF, a blank line ends an event. Lines other than data are kept as they came. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

enum { SSE_EVENT_MAX_BYTES = 4 * 1024 * 1024 };

struct sse_event {
	struct str name; /* of the last event line; may be empty */
	struct str data;
	struct str other; /* all lines but data, each with LF */
	bool has_data;
};

/* A negative result ends the feeding and is handed on. */
typedef int sse_take(void *user, const struct sse_event *event);

struct sse {
	struct buf line, data, other;
	size_t name_at, name_n; /* in other */
	size_t data_lines;
	bool after_cr, has_begun;
	size_t bytes; /* of the event so far */
};

void sse_init(struct sse *s);
void sse_done(struct sse *s);
/* ERR_TOO_LARGE: an event over SSE_EVENT_MAX_BYTES. */
int sse_feed(struct sse *s, struct str bytes, sse_take *take, void *user);
/* The stream is over: an event whose lines are whole counts although its blank line is missing. */
int sse_end(struct sse *s, sse_take *take, void *user);
/* Writes an event; data may hold line ends. */
void sse_write(struct buf *b, struct str other, struct str data, bool has_data);
