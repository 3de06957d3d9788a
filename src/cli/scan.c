/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `sonae scan`: what in a text must not leave the house, where, and what would happen to it on its way to a service
 * outside. The found text itself is never printed. Works without a server and without a data folder. */
#include <jansson.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "cli/rules.h"
#include "cli/table.h"
#include "leak/house.h"
#include "leak/leak.h"
#include "policy/policy.h"

enum {
	SCAN_INPUT_BYTES = 256 * 1024 * 1024, /* of one input, unless --max-bytes says otherwise */
	SCAN_INPUT_MOST_BYTES = 2000 * 1024 * 1024,
	SCAN_ARENA_MAX_BYTES = 64 * 1024 * 1024,
	SCAN_WORDS_ARENA_MAX_BYTES = 256 * 1024 * 1024,
	MESSAGE_BYTES = 512,
	KEY_BYTES = 160,
	NUMBER_BYTES = 32,
	WHY_MAX_BYTES = 2048,
};

struct scan_run {
	struct command_call *call;
	struct leak_rules *rules;
	struct leak_scratch *scratch;
	struct leak_house_words *words;
	struct policy_matrix policy;
	struct arena *arena;
	size_t max_bytes;
	bool all_read;
};

static const char *text_of(const struct command_call *call, const char *group, const char *word)
{
	char key[KEY_BYTES];
	snprintf(key, sizeof(key), "%s.%s", group, word);
	const char *text = i18n_find(call->language, str_of(key));
	return text ? text : word;
}

/* "secret:GitHub" is the text leak.why.secret about GitHub. */
static void write_why(const struct scan_run *s, const char *why, struct buf *b)
{
	char key[KEY_BYTES];
	const char *colon = strchr(why, ':');
	struct i18n_fact facts[] = {{"vendor", str_of(colon ? colon + 1 : "")}};
	snprintf(key, sizeof(key), "leak.why.%.*s", (int) (colon ? colon - why : (ptrdiff_t) strlen(why)), why);
	if (i18n_find(s->call->language, str_of(key)))
		(void) i18n_format(b, s->call->language, str_of(key), facts, ARRAY_SIZE(facts));
	else
		(void) buf_add_c(b, why);
}

/* ---- for programs ---- */

static json_t *span_json(const struct scan_run *s, const struct leak_span *span)
{
	struct buf why = buf_make(WHY_MAX_BYTES);
	write_why(s, span->why, &why);
	enum policy_action action = policy_decide(&s->policy, span->kind, span->confidence);
	json_t *o = json_pack("{s:I, s:I, s:s, s:s, s:s, s:s%}", "start", (json_int_t) span->start, "end",
	                      (json_int_t) span->end, "kind", leak_kind_word(span->kind), "confidence",
	                      leak_confidence_word(span->confidence), "action", policy_action_word(action), "why",
	                      why.p ? why.p : "", why.n);
	buf_done(&why);
	return o;
}

static void print_line(json_t *o)
{
	char *line = json_dumps(o, JSON_COMPACT);
	if (line)
		puts(line);
	free(line);
	json_decref(o);
}

static void print_json(const struct scan_run *s, const char *input, const struct leak_spans *spans, const char *error,
                       int64_t elapsed_us)
{
	json_t *list = json_array(), *o = json_object();
	for (size_t i = 0; i < spans->n; i++)
		json_array_append_new(list, span_json(s, &spans->at[i]));
	json_object_set_new(o, "input", json_string(input));
	json_object_set_new(o, "spans", list);
	json_object_set_new(o, "elapsed_us", json_integer(elapsed_us));
	if (error)
		json_object_set_new(o, "error", json_string(error));
	print_line(o);
}

/* ---- for people ---- */

static void print_span(const struct scan_run *s, struct str text, const struct leak_span *span, size_t line)
{
	char number[NUMBER_BYTES], column[NUMBER_BYTES];
	struct buf why = buf_make(WHY_MAX_BYTES);
	size_t start = span->start, characters = 1;
	while (start > 0 && text.p[start - 1] != '\n')
		characters += ((unsigned char) text.p[--start] & 0xC0) != 0x80;
	snprintf(number, sizeof(number), "%zu", line);
	snprintf(column, sizeof(column), "%zu", characters);
	write_why(s, span->why, &why);
	enum policy_action action = policy_decide(&s->policy, span->kind, span->confidence);
	COMMAND_SAY(s->call, "scan.span", {"line", str_of(number)}, {"column", str_of(column)},
	            {"kind", str_of(text_of(s->call, "leak.kind", leak_kind_word(span->kind)))},
	            {"confidence", str_of(text_of(s->call, "leak.confidence", leak_confidence_word(span->confidence)))},
	            {"action", str_of(text_of(s->call, "leak.action", policy_action_word(action)))},
	            {"why", buf_str(&why)});
	buf_done(&why);
}

static void print_spans(const struct scan_run *s, const char *input, struct str text, const struct leak_spans *spans)
{
	char count[NUMBER_BYTES];
	size_t line = 1, at = 0;
	snprintf(count, sizeof(count), "%zu", spans->n);
	COMMAND_SAY(s->call, spans->n ? "scan.heading" : "scan.nothing", {"input", str_of(input)},
	            {"count", str_of(count)});
	for (size_t i = 0; i < spans->n; i++) {
		for (; at < spans->at[i].start; at++)
			line += text.p[at] == '\n';
		print_span(s, text, &spans->at[i], line);
	}
	if (spans->cut)
		COMMAND_SAY(s->call, "scan.cut");
}

/* ---- one input ---- */

static const char *why_unreadable(int r)
{
	return r == ERR_INVALID ? "not-utf-8" : r == ERR_TOO_LARGE ? "too-large" : err_word(r);
}

static void say_failure(struct scan_run *s, const char *input, int r, int64_t elapsed_us)
{
	const struct leak_spans none = {0};
	s->all_read = false;
	COMMAND_COMPLAIN(s->call,
	                 r == ERR_INVALID     ? "scan.not-utf-8"
	                 : r == ERR_TOO_LARGE ? "scan.too-large"
	                                      : "scan.unreadable",
	                 r == ERR_INVALID || r == ERR_TOO_LARGE ? 0 : r, {"input", str_of(input)});
	if (s->call->json)
		print_json(s, input, &none, why_unreadable(r), elapsed_us);
}

static void scan_input(struct scan_run *s, const char *input)
{
	struct buf bytes = buf_make(s->max_bytes);
	struct leak_spans spans = {0};
	int r = fd_read_file(input, &bytes);
	int64_t begin = clock_monotonic_us();

	arena_reset(s->arena);
	if (r >= 0)
		r = leak_scan(s->rules, s->words, s->scratch, buf_str(&bytes), s->arena, &spans);
	int64_t elapsed_us = clock_monotonic_us() - begin;
	if (r < 0)
		say_failure(s, input, r, elapsed_us);
	else if (s->call->json)
		print_json(s, input, &spans, spans.cut ? "too-many" : NULL, elapsed_us);
	else
		print_spans(s, input, buf_str(&bytes), &spans);
	s->all_read = s->all_read && !spans.cut;
	buf_wipe_done(&bytes);
}

/* ---- options ---- */

static int read_words(struct scan_run *s, const char *path)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new(SCAN_WORDS_ARENA_MAX_BYTES);
	struct buf csv = buf_make(LEAK_HOUSE_CSV_MAX_BYTES);
	struct leak_house_rows rows = {0};
	char number[NUMBER_BYTES];
	size_t line = 0;
	int r = fd_read_file(path, &csv);
	if (r >= 0)
		r = leak_house_read_csv(buf_str(&csv), arena, &rows, &line);
	if (r >= 0)
		r = leak_house_words_new(rows.at, rows.n, 0, &s->words, NULL);
	snprintf(number, sizeof(number), "%zu", line);
	if (r < 0)
		COMMAND_COMPLAIN(s->call, "scan.bad-words", r, {"path", str_of(path)}, {"line", str_of(number)});
	buf_wipe_done(&csv);
	return r;
}

static int read_options(struct scan_run *s)
{
	const char *where = command_value(s->call, "destination"), *most = command_value(s->call, "max-bytes");
	const char *words = command_value(s->call, "words");
	const struct policy_rules none = {0};
	const struct policy_asker anybody = {0};
	enum policy_destination destination = POLICY_OTHER;
	uint64_t bytes = SCAN_INPUT_BYTES;

	if (where && policy_destination_from_word(str_of(where), &destination) < 0) {
		COMMAND_COMPLAIN(s->call, "cli.bad-value", 0, {"option", STR("destination")}, {"value", str_of(where)});
		return ERR_INVALID;
	}
	if (most && (str_parse_u64(str_of(most), SCAN_INPUT_MOST_BYTES, &bytes) < 0 || bytes == 0)) {
		COMMAND_COMPLAIN(s->call, "cli.bad-value", 0, {"option", STR("max-bytes")}, {"value", str_of(most)});
		return ERR_INVALID;
	}
	s->max_bytes = (size_t) bytes;
	policy_matrix_make(&none, &anybody, destination, 0, &s->policy);
	return words ? read_words(s, words) : 0;
}

int command_scan(struct command_call *call)
{
	struct scan_run s = {.call = call, .all_read = true};
	char *standard_input[] = {"-"}, message[MESSAGE_BYTES], cache[CLI_FOLDER_MAX_BYTES];

	int r = read_options(&s);
	if (r >= 0) {
		r = leak_rules_new(call->rules_folder, cli_cache_folder(cache), &s.rules, message, sizeof(message));
		if (r < 0)
			COMMAND_COMPLAIN(call, "scan.rules-bad", 0, {"what", str_of(message)});
	}
	if (r >= 0)
		r = leak_scratch_new(s.rules, &s.scratch);
	s.arena = arena_new(SCAN_ARENA_MAX_BYTES);
	char **inputs = call->operand_count ? call->operands : standard_input;
	size_t count = call->operand_count ? call->operand_count : 1;
	for (size_t i = 0; i < count && r >= 0; i++)
		scan_input(&s, inputs[i]);
	arena_free(s.arena);
	leak_scratch_free(s.scratch);
	leak_house_words_free(s.words);
	leak_rules_free(s.rules);
	return r < 0 ? COMMAND_BAD_USE : s.all_read ? COMMAND_OK : COMMAND_PROBLEM;
}
