/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `sonae check`: each input goes to a reader of this run's own (nobody else's documents pass through it), is judged
 * here and printed. Works without a server and without a data folder. */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "cli/ask.h"
#include "cli/rules.h"
#include "cli/table.h"
#include "doc/ask.h"
#include "judge/judge.h"
#include "web/report.h"

enum {
	CHECK_INPUT_MAX_BYTES = 64 * 1024 * 1024,
	CHECK_ARENA_MAX_BYTES = 128 * 1024 * 1024,
	CHECK_LIST_MAX = 64,
	CHECK_KEPT_BLOCK_BYTES = 4 * 1024 * 1024,
	CHECK_TIMEOUT_MS = 5000,
	CHECK_TIMEOUT_MOST_MS = 600000,
	REASONS_FIRST = 3,
	QUOTE_SHOWN_BYTES = 120,
	NUMBER_BYTES = 32,
};

struct check {
	struct command_call *call;
	struct rules *rules;
	struct asker *asker;
	struct arena *arena;
	struct buf line;
	struct company company;
	struct str own[CHECK_LIST_MAX], correspondents[CHECK_LIST_MAX], servers[CHECK_LIST_MAX];
	enum input_kind kind;
	int timeout_ms;
	bool all_judged;
};

static size_t read_list(const struct command_call *call, const char *option, struct str ret[static CHECK_LIST_MAX])
{
	struct str rest = str_of(command_value(call, option)), item;
	size_t n = 0;
	while (n < CHECK_LIST_MAX && str_split(&rest, ',', &item))
		if (str_trim(item).n > 0)
			ret[n++] = str_trim(item);
	return n;
}

static int read_options(struct check *c)
{
	const char *kind = command_value(c->call, "kind"), *timeout = command_value(c->call, "timeout-ms");
	uint64_t ms = CHECK_TIMEOUT_MS;

	c->kind = INPUT_AUTO;
	if (kind && input_kind_of(str_of(kind), &c->kind) < 0) {
		COMMAND_COMPLAIN(c->call, "check.bad-kind", 0);
		return ERR_INVALID;
	}
	if (timeout && (str_parse_u64(str_of(timeout), CHECK_TIMEOUT_MOST_MS, &ms) < 0 || ms == 0)) {
		COMMAND_COMPLAIN(c->call, "cli.bad-value", 0, {"option", STR("timeout-ms")},
		                 {"value", str_of(timeout)});
		return ERR_INVALID;
	}
	c->timeout_ms = (int) ms;
	c->company.own_domains = c->own;
	c->company.own_domain_count = read_list(c->call, "own-domain", c->own);
	c->company.correspondents = c->correspondents;
	c->company.correspondent_count = read_list(c->call, "correspondent", c->correspondents);
	c->company.trusted_servers = c->servers;
	c->company.trusted_server_count = read_list(c->call, "trusted-server", c->servers);
	return 0;
}

/* ---- for people ---- */

static void print_unchecked(const struct check *c, uint32_t unchecked)
{
	for (int i = 0; i < UNCHECKED_COUNT; i++) {
		char key[64];
		if (!(unchecked & (1u << i)))
			continue;
		snprintf(key, sizeof(key), "not-checked.%s", unchecked_word((enum unchecked) i));
		COMMAND_SAY(c->call, "check.not-checked", {"what", str_of(i18n_text(c->call->language, key))});
	}
}

static void print_heading(const struct check *c, const char *input, enum verdict_kind kind)
{
	char key[64];
	snprintf(key, sizeof(key), "check.verdict.%s", verdict_word(kind));
	COMMAND_SAY(c->call, "check.heading", {"input", str_of(input)},
	            {"verdict", str_of(i18n_text(c->call->language, key))});
}

/* White space and control characters of a quote would break the line they are shown on. */
static struct str one_line(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; p && i < s.n; i++)
		p[i] = (unsigned char) s.p[i] < 0x20 || s.p[i] == 0x7F ? ' ' : s.p[i];
	return str_make(p, p ? s.n : 0);
}

static void print_reason(const struct check *c, const struct document *d, const struct finding *f)
{
	char weight[NUMBER_BYTES];
	struct buf title = buf_make(4096);
	struct str quote = one_line(report_quote(d, f, QUOTE_SHOWN_BYTES), c->arena);

	(void) report_finding_text(&title, c->call->language, f, "title");
	snprintf(weight, sizeof(weight), "%+.1f", f->weight);
	COMMAND_SAY(c->call, "check.reason", {"title", one_line(buf_str(&title), c->arena)},
	            {"weight", str_of(weight)});
	if (quote.n > 0)
		COMMAND_SAY(c->call, "check.reason-quote", {"quote", quote}, {"part", d->parts.at[f->part].name});
	buf_done(&title);
}

static void print_verdict(const struct check *c, const char *input, const struct document *d, const struct verdict *v)
{
	struct buf claims = buf_make(4096);
	char count[NUMBER_BYTES];

	print_heading(c, input, v->kind);
	for (size_t i = 0; i < v->claims.n; i++) {
		(void) buf_add_c(&claims, i ? ", " : "");
		(void) buf_add_str(&claims, v->claims.at[i].brand);
	}
	if (claims.n > 0)
		COMMAND_SAY(c->call, "check.claims", {"claims", buf_str(&claims)});
	if (v->host_link != PART_NONE && v->host_link < v->links.n && v->kind != VERDICT_NOTHING_FOUND) {
		const struct judged_link *l = &v->links.at[v->host_link];
		COMMAND_SAY(c->call, "check.host",
		            {"host", one_line(l->registrable.n ? l->registrable : l->host, c->arena)});
	}
	for (size_t i = 0; i < v->findings.n && i < REASONS_FIRST; i++)
		print_reason(c, d, &v->findings.at[i]);
	if (v->findings.n > REASONS_FIRST) {
		snprintf(count, sizeof(count), "%zu", v->findings.n - REASONS_FIRST);
		COMMAND_SAY(c->call, "check.more-reasons", {"count", str_of(count)});
	}
	print_unchecked(c, v->unchecked);
	buf_done(&claims);
}

/* What report_write() gave; line is empty again afterwards. */
static void print_line(struct buf *line)
{
	if (buf_add_char(line, '\n') >= 0)
		(void) fwrite(line->p, 1, line->n, stdout);
	buf_clear(line);
}

/* ---- one input ---- */

static enum unchecked why_unreadable(int r)
{
	switch (r) {
	case ERR_TIMEOUT:
		return UNCHECKED_TIMEOUT;
	case ERR_TOO_LARGE:
		return UNCHECKED_TOO_LARGE;
	case ERR_CRASHED:
	case ERR_CLOSED:
		return UNCHECKED_CRASHED;
	default:
		return UNCHECKED_BROKEN;
	}
}

static void say_failure(struct check *c, const char *input, enum unchecked why, struct report_options *options)
{
	c->all_judged = false;
	if (c->call->json) {
		buf_clear(&c->line);
		(void) report_failure_write(&c->line, c->kind == INPUT_AUTO ? INPUT_TEXT : c->kind, why, options);
		print_line(&c->line);
		return;
	}
	print_heading(c, input, VERDICT_CANNOT_TELL);
	print_unchecked(c, 1u << why);
}

static void judge_bytes(struct check *c, const char *input, struct str bytes)
{
	struct report_options options = {
	        .input = str_of(input), .language = c->call->language, .with_parts = command_has(c->call, "parts")};
	int64_t begin = clock_monotonic_us();
	struct document document = {0};
	struct verdict verdict = {0};
	const char *slash = strrchr(input, '/');

	arena_reset(c->arena);
	int r = ask_document(c->asker, c->kind, str_of(slash ? slash + 1 : input), bytes, c->timeout_ms, c->arena,
	                     &document);
	if (r >= 0)
		r = judge_document(&document, c->rules, &c->company, c->arena, &verdict);
	options.elapsed_us = clock_monotonic_us() - begin;
	if (r < 0) {
		say_failure(c, input, why_unreadable(r), &options);
		return;
	}
	if (c->call->json)
		r = report_write(&c->line, &document, &verdict, &options);
	if (r < 0) {
		say_failure(c, input, why_unreadable(r), &options);
		return;
	}
	c->all_judged = c->all_judged && verdict.kind != VERDICT_CANNOT_TELL;
	if (c->call->json)
		print_line(&c->line);
	else
		print_verdict(c, input, &document, &verdict);
}

static void check_input(struct check *c, const char *path)
{
	struct buf bytes = buf_make(CHECK_INPUT_MAX_BYTES);
	int r = fd_read_file(path, &bytes);

	if (r == ERR_TOO_LARGE) {
		struct report_options options = {.input = str_of(path),
		                                 .language = c->call->language,
		                                 .with_parts = command_has(c->call, "parts")};
		say_failure(c, path, UNCHECKED_TOO_LARGE, &options);
	} else if (r < 0) {
		c->all_judged = false;
		COMMAND_COMPLAIN(c->call, "check.unreadable", r, {"path", str_of(path)});
		if (c->call->json) {
			struct report_options options = {.input = str_of(path), .language = c->call->language};
			say_failure(c, path, UNCHECKED_UNREADABLE, &options);
		}
	} else {
		judge_bytes(c, path, buf_str(&bytes));
	}
	buf_done(&bytes);
}

int command_check(struct command_call *call)
{
	struct check c = {.call = call, .all_judged = true};
	char *standard_input[] = {"-"};

	if (read_options(&c) < 0 || cli_load_rules(call, &c.rules) < 0)
		return COMMAND_BAD_USE;
	if (cli_start_reader(&c.asker) < 0) {
		COMMAND_COMPLAIN(call, "cli.reader-missing", 0);
		rules_free(c.rules);
		return COMMAND_PROBLEM;
	}
	/* One input after the other needs the same memory: it is kept instead of given back and fetched again. */
	mallopt(M_MMAP_THRESHOLD, CHECK_KEPT_BLOCK_BYTES);
	mallopt(M_TRIM_THRESHOLD, CHECK_KEPT_BLOCK_BYTES * 2);
	c.arena = arena_new(CHECK_ARENA_MAX_BYTES);
	c.line = buf_make(REPORT_MAX_BYTES);
	char **inputs = call->operand_count ? call->operands : standard_input;
	size_t count = call->operand_count ? call->operand_count : 1;
	for (size_t i = 0; i < count; i++)
		check_input(&c, inputs[i]);
	buf_done(&c.line);
	arena_free(c.arena);
	asker_free(c.asker);
	rules_free(c.rules);
	return c.all_judged ? COMMAND_OK : COMMAND_PROBLEM;
}
