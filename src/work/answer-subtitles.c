/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/err.h"
#include "text/fold.h"
#include "work/answer-block.h"
#include "work/answer.h"
#include "work/amount.h"

struct str answer_block(struct str answer, const char *name)
{
	struct str rest = str_slice(answer, 0, ANSWER_MAX_BYTES), line;
	const char *from = NULL;
	while (str_next_line(&rest, &line)) {
		struct str mark = str_trim(line);
		if (!str_starts_with(mark, STR("```")))
			continue;
		if (from)
			return str_make(from, (size_t) (line.p - from));
		if (str_eq_icase(str_trim(str_slice(mark, 3, mark.n)), str_of(name)))
			from = rest.p ? rest.p : line.p + line.n;
	}
	return from ? str_make(from, (size_t) (answer.p + answer.n - from)) : (struct str){NULL, 0};
}

static bool next_word(struct str *rest, struct str *ret)
{
	size_t n = 0;
	*rest = str_trim(*rest);
	while (n < rest->n && !ascii_is_space(rest->p[n]))
		n++;
	*ret = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->n);
	return n > 0;
}

/* "12", "12.5", "0:12", "00:00:12.500" in milliseconds. */
static bool parse_time(struct str s, uint64_t *ret_ms)
{
	struct str rest = s, piece;
	uint64_t ms = 0;
	int64_t amount;
	for (int pieces = 0; str_split(&rest, ':', &piece); pieces++) {
		if (pieces == 3 || !work_parse_amount(piece, &amount) || amount < 0 || amount > INT64_C(100000) * 10000)
			return false;
		ms = ms * 60 + (uint64_t) amount / 10;
	}
	*ret_ms = ms;
	return s.n > 0;
}

static size_t count_chars(struct str s)
{
	size_t n = 0;
	for (size_t at = 0; at < s.n; n++)
		text_next(s, &at);
	return n;
}

static bool read_subtitle(struct str line, struct answer_subtitle *ret)
{
	struct str start, end, rest = line;
	if (!next_word(&rest, &start) || !next_word(&rest, &end) || !parse_time(start, &ret->start_ms) ||
	    !parse_time(end, &ret->end_ms))
		return false;
	ret->text = str_trim(rest);
	return ret->end_ms > ret->start_ms && ret->text.n > 0;
}

static int by_start(const void *a, const void *b)
{
	const struct answer_subtitle *x = a, *y = b;
	return x->start_ms < y->start_ms ? -1 : x->start_ms > y->start_ms;
}

int answer_read_subtitles(struct str answer, struct arena *a, struct answer_subtitles *ret)
{
	struct str rest = answer_block(answer, "subtitles"), line;
	struct answer_subtitle subtitle;
	*ret = (struct answer_subtitles){0};
	while (str_next_line(&rest, &line) && ret->n < ANSWER_LINES_MAX) {
		if (str_trim(line).n == 0)
			continue;
		if (!read_subtitle(line, &subtitle)) {
			ret->unread++;
			continue;
		}
		struct answer_subtitle *slot = ARENA_PUSH(a, ret);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = subtitle;
		ret->too_long += count_chars(subtitle.text) > SUBTITLE_LINE_CHARS;
	}
	qsort(ret->at, ret->n, sizeof(subtitle), by_start);
	for (size_t i = 0; i + 1 < ret->n; i++)
		if (ret->at[i].end_ms > ret->at[i + 1].start_ms)
			ret->at[i].end_ms = ret->at[i + 1].start_ms;
	return 0;
}

static void add_time(struct buf *b, uint64_t ms)
{
	buf_printf(b, "%02llu:%02llu:%02llu.%03llu", (unsigned long long) ms / 3600000,
	           (unsigned long long) ms / 60000 % 60, (unsigned long long) ms / 1000 % 60,
	           (unsigned long long) ms % 1000);
}

int answer_write_webvtt(const struct answer_subtitles *subtitles, struct buf *ret)
{
	buf_add_c(ret, "WEBVTT\n\n");
	for (size_t i = 0; i < subtitles->n; i++) {
		const struct answer_subtitle *s = &subtitles->at[i];
		if (s->end_ms <= s->start_ms)
			continue; /* two began at once: the later one stands */
		add_time(ret, s->start_ms);
		buf_add_c(ret, " --> ");
		add_time(ret, s->end_ms);
		buf_add_char(ret, '\n');
		for (size_t at = 0; at < s->text.n; at++) {
			char c = s->text.p[at];
			if (c == '<' || c == '>' || c == '&')
				buf_add_c(ret, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
			else
				buf_add_char(ret, c);
		}
		buf_add_c(ret, "\n\n");
	}
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}
