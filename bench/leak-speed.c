/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast texts are inspected: leak-speed RULES-FOLDER TEXT-FILE [MEGABYTES [pattern]]
 *
 * TEXT-FILE (UTF-8) is repeated to the sizes measured. Processor time of this process, so that other work on the
 * machine matters little; each figure is the best of several runs, all in one run of this program: engine alone   the
 * database of all literals over the text, nothing done with what it finds (the limit) pattern part   folding, engine,
 * and the confirmation of everything but names and addresses with words     the same with 100,000 house words whole
 * with persons, addresses and sensitive matters prompt         2,000 characters, whole, cold buffers after the first */
#include <stdio.h>
#include <time.h>

#include "base/fd.h"
#include "leak/data.h"
#include "leak/house.h"

enum { RUNS = 5, WORDS = 100000, ARENA_BYTES = 256 << 20, PROMPT_CHARS = 2000, PROMPT_RUNS = 200, MEGABYTE = 1000000 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static struct str repeat(struct str unit, size_t n)
{
	char *p = malloc(n + unit.n);
	CHECK(p);
	size_t at = 0;
	for (; at + unit.n <= n || at == 0; at += unit.n)
		memcpy(p + at, unit.p, unit.n);
	return str_make(p, at);
}

static int ignore(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	++*(size_t *) context;
	return 0;
}

static double engine_alone(const struct leak_rules *rules, struct leak_scratch *scratch, struct str text)
{
	double best = 1e9;
	for (int run = 0; run < RUNS; run++) {
		size_t hits = 0;
		double begin = now();
		for (size_t at = 0; at < text.n; at += LEAK_WINDOW_BYTES) {
			struct str w = str_slice(text, at, at + LEAK_WINDOW_BYTES);
			CHECK(hs_scan(rules->database, w.p, (unsigned) w.n, 0, scratch->hs, ignore, &hits) ==
			      HS_SUCCESS);
		}
		double took = now() - begin;
		best = took < best ? took : best;
	}
	return best;
}

static double scan_once(const struct leak_rules *rules, const struct leak_house_words *words,
                        struct leak_scratch *scratch, struct str text, struct arena *arena, size_t *ret_spans)
{
	struct leak_spans spans;
	arena_reset(arena);
	double begin = now();
	CHECK(leak_scan(rules, words, scratch, text, arena, &spans) >= 0);
	double took = now() - begin;
	*ret_spans = spans.n;
	return took;
}

static double scan(const struct leak_rules *rules, const struct leak_house_words *words, struct leak_scratch *scratch,
                   struct str text, struct arena *arena, size_t *ret_spans, int runs)
{
	double best = 1e9;
	for (int run = 0; run < runs; run++) {
		double took = scan_once(rules, words, scratch, text, arena, ret_spans);
		best = took < best ? took : best;
	}
	return best;
}

static void say(const char *what, struct str text, double seconds, size_t spans)
{
	printf("%-14s %8.1f MB/s   %6.1f MB   %zu found\n", what, (double) text.n / seconds / MEGABYTE,
	       (double) text.n / MEGABYTE, spans);
}

/* Names made of syllables, none of them in ordinary texts. */
static struct leak_house_words *make_words(struct arena *arena)
{
	static const char *const parts[] = {"アサ", "ミナ", "トキ", "ノル", "ヴェ", "クラ",   "ホノ", "ゼン",
	                                    "リュ", "セト", "丸鷹", "北桐", "新蓮", "東雲井", "光琳", "三葵"};
	struct leak_house_row *rows = ARENA_ARRAY(arena, struct leak_house_row, WORDS);
	struct leak_house_words *words = NULL;
	for (size_t i = 0; i < WORDS; i++)
		rows[i].text = arena_printf(arena, "%s%s%s%s%s", parts[i % 16], parts[i / 16 % 16], parts[i / 256 % 16],
		                            parts[i / 4096 % 16], parts[i / 65536 % 16]);
	double begin = now();
	CHECK(leak_house_words_new(rows, WORDS, 0, &words, NULL) >= 0);
	printf("%d house words: compiled in %.3f s, %.1f MB\n", WORDS, now() - begin,
	       (double) leak_house_words_bytes(words) / MEGABYTE);
	return words;
}

static struct str cut_characters(struct str s, size_t count)
{
	size_t at = 0;
	for (; at < s.n; at++)
		if (((unsigned char) s.p[at] & 0xC0) != 0x80 && count-- == 0)
			break;
	return str_slice(s, 0, at);
}

int main(int argc, char **argv)
{
	char message[500];
	struct leak_rules *rules = NULL;
	struct leak_scratch *scratch = NULL;
	struct buf unit = buf_make(64 << 20);
	size_t spans = 0, megabytes = argc > 3 ? strtoul(argv[3], NULL, 10) : 20, hs_bytes = 0;
	if (argc < 3 || fd_read_file(argv[2], &unit) < 0) {
		fprintf(stderr, "leak-speed RULES-FOLDER TEXT-FILE [MEGABYTES [pattern]]\n");
		return 1;
	}
	double begin = now();
	if (leak_rules_new(argv[1], NULL, &rules, message, sizeof(message)) < 0) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	hs_database_size(rules->database, &hs_bytes);
	printf("rules: loaded in %.2f s, %zu literals, %zu secrets, database %.1f MB\n", now() - begin,
	       rules->patterns.n, rules->secrets.n, (double) hs_bytes / MEGABYTE);
	CHECK(leak_scratch_new(rules, &scratch) >= 0);
	struct arena *arena = arena_new(ARENA_BYTES);
	struct str text = repeat(buf_str(&unit), megabytes * MEGABYTE);
	struct leak_names *names = rules->names;
	struct leak_house_words *words = make_words(arena_new(ARENA_BYTES));

	say("engine alone", text, engine_alone(rules, scratch, text), 0);
	double took;
	rules->names = NULL;
	took = scan(rules, NULL, scratch, text, arena, &spans, RUNS);
	say("pattern part", text, took, spans);
	took = scan(rules, words, scratch, text, arena, &spans, RUNS);
	say("with words", text, took, spans);
	rules->names = names;
	for (size_t n = megabytes / 16; argc < 5 && n <= megabytes; n *= 4)
		if (n > 0) {
			struct str part = str_slice(text, 0, n * MEGABYTE / 3 * 3);
			while (part.n > 0 && ((unsigned char) text.p[part.n] & 0xC0) == 0x80)
				part.n--;
			took = scan(rules, NULL, scratch, part, arena, &spans, n > 4 ? 1 : RUNS);
			say("whole", part, took, spans);
		}
	struct str prompt = cut_characters(text, PROMPT_CHARS);
	took = scan(rules, words, scratch, prompt, arena, &spans, PROMPT_RUNS);
	printf("prompt         %8.3f ms     %d characters, %zu bytes, %zu found\n", took * 1000, PROMPT_CHARS, prompt.n,
	       spans);
	return 0;
}
