/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many addresses one core judges in a second of its own time: reading, registrable domain and every comparison with
 * known names.
 * address-speed RULES FILE [SECONDS]: FILE has one address or host a line, or JPCERT's CSV (second column). */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fd.h"
#include "judge/lookalike.h"

enum {
	FILE_MAX_BYTES = 64 * 1024 * 1024,
	LINES_MAX = 400000,
	ARENA_BYTES = 16 * 1024 * 1024,
	LINES_PER_ARENA = 256,
	SECONDS_USUAL = 3,
};

struct lines {
	struct str *at;
	size_t n;
};

static struct str address_in(struct str line)
{
	size_t first = str_find_char(line, ',', 0);
	if (first == STR_NOT_FOUND)
		return str_trim(line);
	size_t second = str_find_char(line, ',', first + 1);
	return str_trim(str_slice(line, first + 1, second));
}

static struct lines read_lines(struct str text)
{
	struct lines lines = {.at = calloc(LINES_MAX, sizeof(struct str))};
	struct str line;
	CHECK(lines.at);
	while (lines.n < LINES_MAX && str_next_line(&text, &line)) {
		struct str address = address_in(line);
		if (address.n > 0)
			lines.at[lines.n++] = address;
	}
	return lines;
}

/* Processor time, so that other work on the machine does not count. */
static int64_t processor_us(void)
{
	struct timespec t;
	CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static size_t judge_all(const struct lines *lines, const struct rules *rules, struct arena *a, int64_t until_us,
                        size_t *ret_found)
{
	static const struct company nobody;
	size_t done = 0;
	while (processor_us() < until_us) {
		arena_reset(a);
		for (size_t i = 0; i < LINES_PER_ARENA; i++, done++) {
			struct address address;
			struct lookalike found;
			address_read(lines->at[done % lines->n], a, &address);
			lookalike_find(&address, rules, &nobody, a, &found);
			*ret_found += found.how != LOOKALIKE_NONE;
		}
	}
	return done;
}

int main(int argc, char **argv)
{
	CLEANUP(rules_freep) struct rules *rules = NULL;
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct rules_complaint complaint;
	struct buf text = buf_make(FILE_MAX_BYTES);

	if (argc < 3 || rules_load(argv[1], NULL, &rules, &complaint) < 0 || fd_read_file(argv[2], &text) < 0) {
		fprintf(stderr, "address-speed RULES FILE [SECONDS]\n");
		buf_done(&text);
		return 1;
	}
	struct lines lines = read_lines(buf_str(&text));
	uint64_t seconds = SECONDS_USUAL;
	if (argc > 3)
		(void) str_parse_u64(str_of(argv[3]), 60, &seconds);
	size_t found = 0;
	if (lines.n > 0) {
		judge_all(&lines, rules, a, processor_us() + 100000, &found);
		int64_t start = processor_us();
		found = 0;
		size_t done = judge_all(&lines, rules, a, start + (int64_t) seconds * 1000000, &found);
		double took = (double) (processor_us() - start) / 1e6;
		printf("%zu addresses in %.2f s of processor time: %.0f a second, %.1f%% imitate\n", done, took,
		       (double) done / took, 100.0 * (double) found / (double) done);
	}
	free(lines.at);
	buf_done(&text);
	return 0;
}
