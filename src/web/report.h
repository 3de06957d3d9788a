/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one JSON form of a verdict, the same on `sonae check --json`, POST /api/check and the page's own JSON
 * (docs/check.md): input, kind, verdict, score, claims[], reasons[], links[], not_checked[], elapsed_us, and parts[]
 * when asked for. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "doc/document.h"
#include "i18n/i18n.h"
#include "judge/judge.h"

struct report_options {
	struct str input; /* how the caller names the input: a path, "-", a field name */
	enum language language;
	bool with_parts;
	int64_t elapsed_us;
};

enum { REPORT_MAX_BYTES = 256 * 1024 * 1024 };

/* Appends the object as text, on one line without its end. ERR_TOO_LARGE when it does not fit the buffer. */
int report_write(struct buf *b, const struct document *d, const struct verdict *v,
                 const struct report_options *options);
int report_failure_write(struct buf *b, enum input_kind kind, enum unchecked why, const struct report_options *options);
/* The same parsed. A new reference, never NULL. Titles, details and not_checked are sentences in the language asked
 * for; quotes and part texts are the input's own words: for the person who asked, not for a log. */
json_t *report_json(const struct document *d, const struct verdict *v, const struct report_options *options);
/* The report of an input that could not be read at all: verdict "cannot-tell", why = UNCHECKED_TIMEOUT and the like. */
json_t *report_failure_json(enum input_kind kind, enum unchecked why, const struct report_options *options);

/* The text a finding stands on, cut at quote_max_bytes on a character boundary; empty when it stands on no part. */
struct str report_quote(const struct document *d, const struct finding *f, size_t quote_max_bytes);
/* Appends the sentence of a finding; suffix is "title" or "detail". */
int report_finding_text(struct buf *b, enum language language, const struct finding *f, const char *suffix);
