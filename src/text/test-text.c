/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folding and searching, case by case. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/fold.h"
#include "text/scan.h"
#include "text/scan-cache.h"

static void test_fold(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	        {"Hello World", "hello world"},
	        {"ＡＭＡＺＯＮ", "amazon"},
	        {"ｱﾏｿﾞﾝ", "アマゾン"},
	        {"東 京 電 力", "東京電力"},
	        {"お 知　ら せ です", "お知らせです"},
	        {"要-確-認", "要確認"},
	        {"カ一ド会社", "カード会社"},
	        {"カ-ド", "カード"},
	        {"カード一枚", "カード一枚"},
	        {"サービス アマゾン", "サービス アマゾン"},
	        {"お知\u2061ら\u200bせ", "お知らせ"},
	        {"\u0410mazon", "amazon"},
	        {"Am\u0430zon", "amazon"},
	        {"㈱カトリ", "(株)カトリ"},
	        {"⽇本", "日本"},
	        {"10時-12時", "10時-12時"},
	        {"が", "が"},
	        {"か\u3099", "が"},
	        {"𝐀pple", "apple"},
	        {"東京\n大阪", "東京\n大阪"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(65536);
		struct folded f;
		assert_int_equal(text_fold(str_of(cases[i].in), a, &f), 0);
		if (!str_eq_c(f.text, cases[i].want))
			fail_msg("%s became %.*s", cases[i].in, STR_ARG(f.text));
	}
}

static void test_fold_map(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(65536);
	struct folded f;
	struct str s = STR("x 東 京 電 力 だ");
	assert_int_equal(text_fold(s, a, &f), 0);
	struct str word = STR("東京電力");
	size_t at = str_find(f.text, word, 0);
	assert_true(at != STR_NOT_FOUND);
	struct str span = str_slice(s, folded_start(&f, at), folded_end(&f, at + word.n));
	assert_true(str_eq_c(span, "東 京 電 力"));
}

struct hits {
	char text[400];
	struct str in;
};

static bool note_hit(void *context, uint32_t id, uint32_t start, uint32_t end)
{
	struct hits *h = context;
	size_t n = strlen(h->text);
	snprintf(h->text + n, sizeof(h->text) - n, "%u:%.*s ", id, STR_ARG(str_slice(h->in, start, end)));
	return true;
}

static void test_scan(void **state)
{
	const struct scan_pattern patterns[] = {
	        {STR("au"), 1, 0},
	        {STR("ライン"), 2, 0},
	        {STR("三井住友カード"), 3, 0},
	        {STR("[0-9]{2}時間以内"), 4, SCAN_REGEX},
	        {STR("イオン"), 5, 0},
	        {STR("a.b"), 6, 0},
	};
	static const struct {
		const char *in, *want;
	} cases[] = {
	        {"paul au.", "1:au "},
	        {"auからのお知らせ", "1:au "},
	        {"オンライン", ""},
	        {"ラインで", "2:ライン "},
	        {"三井住友カードです", "3:三井住友カード "},
	        {"24時間以内に", "4:24時間以内 "},
	        {"イオンカード バイオン", ""},
	        {"イオン銀行", "5:イオン "},
	        {"axb a.b", "6:a.b "},
	};
	struct scanner *s = NULL;
	size_t bad = 0;
	char message[200];
	assert_int_equal(scanner_new(patterns, ARRAY_SIZE(patterns), NULL, &s, &bad, message, sizeof(message)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct hits h = {.in = str_of(cases[i].in)};
		assert_int_equal(scanner_run(s, h.in, note_hit, &h), 0);
		assert_string_equal(h.text, cases[i].want);
	}
	scanner_free(s);
}

static void test_bad_pattern(void **state)
{
	const struct scan_pattern patterns[] = {{STR("fine"), 1, 0}, {STR("(open"), 2, SCAN_REGEX}};
	struct scanner *s = NULL;
	size_t bad = 0;
	char message[200] = "";
	assert_true(scanner_new(patterns, 2, NULL, &s, &bad, message, sizeof(message)) < 0);
	assert_int_equal(bad, 1);
	assert_true(message[0] != '\0');
	assert_null(s);
}

static bool note_any(void *context, uint32_t id, uint32_t start, uint32_t end)
{
	*(unsigned *) context += id;
	return true;
}

/* Finds "fine" with what the folder holds, whatever that is. */
static void scan_with(const char *folder)
{
	const struct scan_pattern patterns[] = {{STR("fine"), 7, 0}};
	struct scanner *s = NULL;
	size_t bad;
	char message[200];
	unsigned sum = 0;
	assert_int_equal(scanner_new(patterns, 1, folder, &s, &bad, message, sizeof(message)), 0);
	assert_int_equal(scanner_run(s, STR("all is fine"), note_any, &sum), 0);
	assert_int_equal(sum, 7);
	scanner_free(s);
}

static void test_cache(void **state)
{
	char parent[] = "/tmp/sonae-cache-XXXXXX", folder[64], file[512];
	hs_database_t *database = NULL;
	struct stat s;
	assert_non_null(mkdtemp(parent));
	snprintf(folder, sizeof(folder), "%s/kept", parent);
	scan_with(folder);
	DIR *d = opendir(folder);
	assert_non_null(d);
	uint64_t key = 0;
	for (struct dirent *e; (e = readdir(d));)
		if (strncmp(e->d_name, "scan-", 5) == 0) {
			key = strtoull(e->d_name + 5, NULL, 16);
			snprintf(file, sizeof(file), "%s/%s", folder, e->d_name);
		}
	closedir(d);
	assert_int_equal(stat(file, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0600);
	assert_int_equal(scan_cache_load(folder, key, &database), 0);
	hs_free_database(database);
	/* One that others may write, and then one that is damaged, are as none; the damaged one is replaced. */
	assert_int_equal(chmod(file, 0620), 0);
	assert_int_equal(scan_cache_load(folder, key, &database), ERR_NOT_FOUND);
	assert_int_equal(chmod(file, 0600), 0);
	assert_int_equal(truncate(file, s.st_size - 1), 0);
	assert_int_equal(scan_cache_load(folder, key, &database), ERR_NOT_FOUND);
	scan_with(folder);
	assert_int_equal(scan_cache_load(folder, key, &database), 0);
	hs_free_database(database);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(scan_cache_load(folder, key, &database), ERR_NOT_FOUND);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(rmdir(parent), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_fold),        cmocka_unit_test(test_fold_map), cmocka_unit_test(test_scan),
	        cmocka_unit_test(test_bad_pattern), cmocka_unit_test(test_cache),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
