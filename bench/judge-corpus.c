/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judges whole folders of labelled input in one process (without the jail) and writes one line each, for the scripts
 * that fit weights and print quality:
 *   label TAB verdict TAB score TAB file TAB microseconds TAB id id id ...
 * judge-corpus RULES [--trust SERVER] [--explain] LABEL=FOLDER... ; --explain adds each finding with its text; a LABEL
 * that begins with the word of a kind (sms-, call-, screen-, url-) is read as that kind, else as mail; with a plain
 * file instead of a folder each line is one input. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "judge/judge.h"
#include "read/read.h"
#include "rules/rules.h"

enum { JUDGE_ARENA_BYTES = 256 * 1024 * 1024, FILE_MAX_BYTES = 32 * 1024 * 1024 };

struct bench {
	struct rules *rules;
	struct company company;
	struct str trusted;
	struct arena *reading, *judging;
	bool explain;
};

static void print_findings(const struct document *d, const struct verdict *v)
{
	for (size_t i = 0; i < v->findings.n; i++) {
		const struct finding *f = &v->findings.at[i];
		struct str part = f->part == PART_NONE ? STR("-") : d->parts.at[f->part].name;
		struct str text =
		        f->part == PART_NONE ? STR("") : str_slice(d->parts.at[f->part].text, f->start, f->end);
		printf("    %6.2f %-26s %.*s: %.*s", f->weight, f->id, STR_ARG(part), STR_ARG(text));
		for (size_t k = 0; k < FINDING_FACTS_MAX && f->facts[k].key; k++)
			printf(" | %s=%.*s", f->facts[k].key, STR_ARG(f->facts[k].value));
		putchar('\n');
	}
}

static void print_ids(const struct verdict *v)
{
	for (size_t i = 0; i < v->findings.n; i++) {
		bool again = false;
		for (size_t k = 0; k < i; k++)
			again |= strcmp(v->findings.at[k].id, v->findings.at[i].id) == 0;
		if (!again)
			printf("%s%s", i > 0 ? " " : "", v->findings.at[i].id);
	}
	putchar('\n');
}

static int judge_bytes(struct bench *b, const char *label, const char *name, struct str bytes, enum input_kind kind)
{
	struct document d;
	struct verdict v;
	arena_reset(b->reading);
	arena_reset(b->judging);
	int64_t start = clock_monotonic_us();
	int r = read_input(kind, str_of(name), bytes, &READ_LIMITS_DEFAULT, b->reading, &d);
	if (r >= 0)
		r = judge_document(&d, b->rules, &b->company, b->judging, &v);
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", name, err_text(r));
		return r;
	}
	printf("%s\t%s\t%.6f\t%s\t%lld\t", label, verdict_word(v.kind), v.score, name,
	       (long long) (clock_monotonic_us() - start));
	print_ids(&v);
	if (b->explain)
		print_findings(&d, &v);
	return 0;
}

static int order_names(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static enum input_kind kind_of_label(const char *label)
{
	enum input_kind kind = INPUT_MAIL;
	struct str word = str_of(label);
	input_kind_of(str_slice(word, 0, str_find_char(word, '-', 0)), &kind);
	return kind;
}

static int judge_folder(struct bench *b, const char *label, const char *folder)
{
	char *names[20000];
	size_t n = 0;
	DIR *dir = opendir(folder);
	if (!dir)
		return ERR_NOT_FOUND;
	for (struct dirent *e; (e = readdir(dir)) && n < ARRAY_SIZE(names);) {
		if (e->d_name[0] != '.')
			names[n++] = strdup(e->d_name);
	}
	closedir(dir);
	qsort(names, n, sizeof(*names), order_names);
	for (size_t i = 0; i < n; i++) {
		char path[1024];
		struct buf bytes = buf_make(FILE_MAX_BYTES);
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		if (fd_read_file(path, &bytes) >= 0)
			judge_bytes(b, label, names[i], buf_str(&bytes), kind_of_label(label));
		buf_done(&bytes);
		free(names[i]);
	}
	return 0;
}

static int judge_lines(struct bench *b, const char *label, const char *path)
{
	struct buf bytes = buf_make(FILE_MAX_BYTES);
	int r = fd_read_file(path, &bytes);
	struct str rest = buf_str(&bytes), line;
	while (r >= 0 && str_next_line(&rest, &line)) {
		char name[200];
		snprintf(name, sizeof(name), "%.*s", line.n < 190 ? (int) line.n : 190, line.p);
		if (line.n > 0)
			judge_bytes(b, label, name, line, kind_of_label(label));
	}
	buf_done(&bytes);
	return r;
}

static int judge_argument(struct bench *b, const char *argument)
{
	const char *equals = strchr(argument, '=');
	char label[64];
	if (!equals || (size_t) (equals - argument) >= sizeof(label))
		return ERR_INVALID;
	snprintf(label, sizeof(label), "%.*s", (int) (equals - argument), argument);
	int r = judge_folder(b, label, equals + 1);
	return r == ERR_NOT_FOUND ? judge_lines(b, label, equals + 1) : r;
}

int main(int argc, char **argv)
{
	struct bench b = {.reading = arena_new(READ_ARENA_BYTES), .judging = arena_new(JUDGE_ARENA_BYTES)};
	struct rules_complaint c;
	const char *missing = NULL;
	if (argc < 3) {
		fprintf(stderr, "judge-corpus RULES [--trust SERVER] LABEL=FOLDER...\n");
		return 1;
	}
	if (read_prepare(&missing) < 0)
		fprintf(stderr, "missing: %s\n", missing);
	if (rules_load(argv[1], NULL, &b.rules, &c) < 0) {
		fprintf(stderr, "%s:%u: %s\n", c.file, c.line, c.text);
		return 1;
	}
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--trust") == 0 && i + 1 < argc) {
			b.trusted = str_of(argv[++i]);
			b.company.trusted_servers = &b.trusted;
			b.company.trusted_server_count = 1;
		} else if (strcmp(argv[i], "--explain") == 0) {
			b.explain = true;
		} else if (judge_argument(&b, argv[i]) < 0) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 1;
		}
	}
	rules_free(b.rules);
	arena_free(b.reading);
	arena_free(b.judging);
	return 0;
}
