/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a model answered, read by code: it is untrusted text, and lines that do not fit the asked form are left out and
 * counted, never guessed. */
#pragma once

#include "base/buf.h"
#include "work/work.h"

enum { ANSWER_MAX_BYTES = 2 * 1024 * 1024, ANSWER_LINES_MAX = 5000, SUBTITLE_LINE_CHARS = 42 };

/* "owner | due | task"; also with full-width bars and a list mark in front. */
struct answer_todo {
	struct str owner; /* empty: not known */
	struct str due;   /* YYYY-MM-DD, empty: not known */
	struct str task;
};
struct answer_todos {
	struct answer_todo *at;
	size_t n, cap;
	size_t unread; /* lines that are no to-do */
};
int answer_read_todos(struct str answer, struct arena *a, struct answer_todos *ret);

/* "A -> B : condition" between ```flow and ```. Steps are numbered in the order in which they are named first. */
struct answer_arrow {
	uint32_t from, to;
	struct str condition; /* may be empty */
};
struct answer_flow {
	struct {
		struct str *at;
		size_t n, cap;
	} steps;
	struct {
		struct answer_arrow *at;
		size_t n, cap;
	} arrows;
	size_t unread;
};
int answer_read_flow(struct str answer, struct arena *a, struct answer_flow *ret);
/* The steps from top to bottom with straight arrows to the next and bowed ones to others, as SVG with a title. */
int answer_draw_flow(const struct answer_flow *flow, struct str title, struct buf *ret);

/* "start end text" in seconds between ```subtitles and ```: WebVTT (W3C), in order of time, without overlaps. */
struct answer_subtitle {
	uint64_t start_ms, end_ms;
	struct str text;
};
struct answer_subtitles {
	struct answer_subtitle *at;
	size_t n, cap;
	size_t unread, too_long; /* too_long: longer than SUBTITLE_LINE_CHARS */
};
int answer_read_subtitles(struct str answer, struct arena *a, struct answer_subtitles *ret);
int answer_write_webvtt(const struct answer_subtitles *subtitles, struct buf *ret);

/* "theme | 1,2,5": counts by code, and which of the numbers 1..count are in no theme or in two. */
struct answer_theme {
	struct str name;
	size_t count;
};
struct answer_themes {
	struct answer_theme *at;
	size_t n, cap;
	size_t missing, twice, unknown;
};
int answer_read_themes(struct str answer, size_t count, struct arena *a, struct answer_themes *ret);
