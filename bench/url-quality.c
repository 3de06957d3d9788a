/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How addresses alone are judged: url-quality RULES popular=FILE fraud=CSV... (CSV: date,URL,description; the
 * description is the brand that the address pretended to be). Of a popular domain any finding that calls it an
 * imitation is a false alarm and is listed; a fraud address is judged by itself and with the line "brand" above it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fd.h"
#include "judge/judge.h"
#include "read/read.h"
#include "rules/rules.h"

enum { FILE_MAX_BYTES = 64 * 1024 * 1024, JUDGE_ARENA_BYTES = 32 * 1024 * 1024, LINE_MAX_BYTES = 8192 };

struct bench {
	struct rules *rules;
	struct arena *reading, *judging;
	bool verbose;
};

struct counts {
	size_t n, imitation, jp, imitation_jp, of[VERDICT_KIND_COUNT], with_brand[VERDICT_KIND_COUNT];
};

static int judge_text(struct bench *b, struct str text, struct verdict *ret)
{
	struct document d;
	arena_reset(b->reading);
	arena_reset(b->judging);
	int r = read_input(INPUT_URL, (struct str){0}, text, &READ_LIMITS_DEFAULT, b->reading, &d);
	return r < 0 ? r : judge_document(&d, b->rules, NULL, b->judging, ret);
}

static const char *imitation_in(const struct verdict *v)
{
	static const char *const ids[] = {"lookalike-brand",    "near-brand",         "lookalike-popular",
	                                  "other-ending",       "brand-with-keyword", "embedded-domain",
	                                  "brand-in-subdomain", "misspelt-subdomain", "claim-foreign-link",
	                                  "link-mixed-script"};
	for (size_t i = 0; i < v->findings.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(ids); k++)
			if (str_eq(str_of(v->findings.at[i].id), str_of(ids[k])))
				return ids[k];
	return NULL;
}

static void judge_popular(struct bench *b, struct str line, struct counts *c)
{
	struct verdict v;
	struct str domain = str_trim(line);
	if (domain.n == 0 || judge_text(b, domain, &v) < 0)
		return;
	bool jp = str_ends_with(domain, STR(".jp"));
	const char *id = imitation_in(&v);
	c->n++;
	c->jp += jp;
	c->of[v.kind]++;
	c->imitation += id != NULL;
	c->imitation_jp += id && jp;
	if (id || v.kind == VERDICT_DANGER || (b->verbose && v.kind == VERDICT_DOUBTFUL))
		printf("%.*s\t%s\t%s\n", STR_ARG(domain), verdict_word(v.kind), id ? id : "");
}

/* date,URL,description; a URL with a comma is quoted. */
static bool read_row(struct str line, struct str *ret_url, struct str *ret_brand)
{
	size_t first = str_find_char(line, ',', 0), last = str_rfind_char(line, ',');
	if (first == STR_NOT_FOUND || last <= first + 1)
		return false;
	struct str url = str_slice(line, first + 1, last);
	if (url.n > 1 && url.p[0] == '"')
		url = str_slice(url, 1, url.n - 1);
	*ret_url = url;
	*ret_brand = str_slice(line, last + 1, line.n);
	return !str_eq(url, STR("URL"));
}

static void judge_row(struct bench *b, struct str line, struct counts *c)
{
	struct str url, brand;
	struct verdict v;
	char text[LINE_MAX_BYTES];
	if (!read_row(line, &url, &brand) || judge_text(b, url, &v) < 0)
		return;
	c->n++;
	c->of[v.kind]++;
	enum verdict_kind alone = v.kind;
	int n = snprintf(text, sizeof(text), "brand: %.*s\n%.*s", STR_ARG(brand), STR_ARG(url));
	if (n < 0 || (size_t) n >= sizeof(text) || judge_text(b, str_make(text, (size_t) n), &v) < 0)
		return;
	c->with_brand[v.kind]++;
	if (b->verbose && v.kind >= VERDICT_NOTHING_FOUND)
		printf("%.*s\t%s\t%.*s\n", STR_ARG(url), verdict_word(alone), STR_ARG(brand));
}

static void print_share(const char *name, const size_t *of, size_t n)
{
	printf("%-18s", name);
	for (size_t i = 0; i < VERDICT_KIND_COUNT; i++)
		printf("%16s %6zu %5.1f%%", verdict_word((enum verdict_kind) i), of[i],
		       n ? 100.0 * (double) of[i] / (double) n : 0);
	putchar('\n');
}

typedef void line_fn(struct bench *b, struct str line, struct counts *c);

static bool judge_file(struct bench *b, const char *path, line_fn *fn, struct counts *c)
{
	struct buf text = buf_make(FILE_MAX_BYTES);
	bool ok = fd_read_file(path, &text) >= 0;
	struct str rest = buf_str(&text), line;
	while (ok && str_next_line(&rest, &line))
		fn(b, line, c);
	buf_done(&text);
	return ok;
}

static bool judge_arguments(struct bench *b, int argc, char **argv, struct counts *popular, struct counts *fraud)
{
	for (int i = 2; i < argc; i++) {
		struct str argument = str_of(argv[i]);
		bool ok = str_eq(argument, STR("-v"));
		if (ok)
			b->verbose = true;
		else if (str_starts_with(argument, STR("popular=")))
			ok = judge_file(b, argv[i] + sizeof("popular=") - 1, judge_popular, popular);
		else if (str_starts_with(argument, STR("fraud=")))
			ok = judge_file(b, argv[i] + sizeof("fraud=") - 1, judge_row, fraud);
		if (!ok) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	CLEANUP(rules_freep) struct rules *rules = NULL;
	CLEANUP(arena_freep) struct arena *reading = arena_new(READ_ARENA_BYTES);
	CLEANUP(arena_freep) struct arena *judging = arena_new(JUDGE_ARENA_BYTES);
	struct rules_complaint complaint = {0};
	struct counts popular = {0}, fraud = {0};
	const char *missing;

	if (argc < 3 || rules_load(argv[1], NULL, &rules, &complaint) < 0) {
		fprintf(stderr, "url-quality RULES [-v] popular=FILE fraud=CSV...\n%s:%u: %s\n", complaint.file,
		        complaint.line, complaint.text);
		return 1;
	}
	if (read_prepare(&missing) < 0)
		fprintf(stderr, "missing: %s\n", missing);
	struct bench b = {.rules = rules, .reading = reading, .judging = judging};
	if (!judge_arguments(&b, argc, argv, &popular, &fraud))
		return 1;
	if (popular.n > 0) {
		printf("popular: %zu, called an imitation %zu (%.2f in 10,000); .jp: %zu, called an imitation %zu\n",
		       popular.n, popular.imitation, 1e4 * (double) popular.imitation / (double) popular.n, popular.jp,
		       popular.imitation_jp);
		print_share("popular", popular.of, popular.n);
	}
	if (fraud.n > 0) {
		print_share("fraud, alone", fraud.of, fraud.n);
		print_share("fraud, with brand", fraud.with_brand, fraud.n);
	}
	return 0;
}
