/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading rules: the project's own files hold, and each kind of mistake is told with file and line. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "rules/expand.h"
#include "rules/rules.h"

static const char brand[] = "- id: neko-bank\n"
                            "  name: {ja: ねこ銀行, en: Neko Bank}\n"
                            "  kind: bank\n"
                            "  spellings: [ねこ銀行, nekobank]\n"
                            "  weak: [ねこ]\n"
                            "  domains: [neko-bank.example]\n"
                            "  sending: [mailer.example]\n"
                            "  source: https://neko-bank.example/\n"
                            "  checked: 2026-11-22\n"
                            "  evidence: seen\n";
static const char words[] = "- id: stop\n  tag: threat\n  texts: [口座を停止]\n  patterns: ['[0-9]+時間以内']\n";
static const char lists[] = "shorteners: [bit.ly, t.co]\n";

struct folder {
	char path[64];
};

static void put(const struct folder *f, const char *name, struct str text)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	assert_int_equal(fd_replace_file(path, text, 0600), 0);
}

static struct str weights_text(struct buf *b, const char *skip, const char *more)
{
	buf_add_c(b, "bias: -4\nthresholds: {danger: 0.8, doubtful: 0.4}\ncaps: {tone: 1, craft: 1, language: "
	             "1}\nweights:\n");
	for (size_t i = 0; i < FINDING_ID_COUNT; i++) {
		const char *id = finding_id_word((enum finding_id) i);
		if (!skip || strcmp(id, skip) != 0)
			buf_printf(b, "  %s: %s\n", id,
			           finding_id_group((enum finding_id) i) == GROUP_RELIEF ? "-0.5" : "0.5");
	}
	buf_add_c(b, more);
	return buf_str(b);
}

static int make_folder(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	snprintf(f->path, sizeof(f->path), "/tmp/test-rules-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	struct buf b = buf_make(65536);
	put(f, "brands.yaml", str_of(brand));
	put(f, "words.yaml", str_of(words));
	put(f, "lists.yaml", str_of(lists));
	put(f, "popular.txt", STR("# known\nexample.com # here\n\n"));
	put(f, "weights.yaml", weights_text(&b, NULL, ""));
	buf_done(&b);
	*state = f;
	return 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = {"brands.yaml", "words.yaml", "lists.yaml", "popular.txt", "weights.yaml"};
	struct folder *f = *state;
	char path[128];
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->path, names[i]);
		unlink(path);
	}
	rmdir(f->path);
	free(f);
	return 0;
}

struct seen {
	unsigned words, strong, weak;
};

static bool count_hit(void *context, const struct rules_hit *hit)
{
	struct seen *s = context;
	s->words += hit->kind == RULES_HIT_WORD && hit->tag == TAG_THREAT;
	s->strong += hit->kind == RULES_HIT_BRAND;
	s->weak += hit->kind == RULES_HIT_BRAND_WEAK;
	return true;
}

static void test_load(void **state)
{
	const struct folder *f = *state;
	CLEANUP(rules_freep) struct rules *r = NULL;
	struct rules_complaint c;
	assert_int_equal(rules_load(f->path, NULL, &r, &c), 0);
	assert_int_equal(rules_brand_count(r), 1);
	const struct brand *b = rules_find_brand(r, STR("neko-bank"));
	assert_non_null(b);
	assert_true(b->seen && str_eq_c(b->name_ja, "ねこ銀行"));
	struct brand_indexes owners = rules_brands_of_domain(r, STR("mailer.example"));
	assert_int_equal(owners.n, 1);
	assert_ptr_equal(rules_brand(r, owners.at[0]), b);
	assert_int_equal(rules_brands_of_domain(r, STR("example.org")).n, 0);
	assert_true(brand_has_domain(b, STR("mailer.example"), true));
	assert_false(brand_has_domain(b, STR("mailer.example"), false));
	assert_true(rules_is_popular(r, STR("example.com")));
	assert_true(rules_list_has(rules_list(r, "shorteners"), STR("bit.ly")));
	assert_false(rules_list_has(rules_list(r, "nothing"), STR("bit.ly")));
	assert_true(rules_weight(r, FINDING_THREAT) > 0);
	struct seen seen = {0};
	assert_int_equal(rules_scan(r, STR("ねこ銀行の口座を停止、24時間以内 nekobanks"), count_hit, &seen), 0);
	assert_int_equal(seen.words, 2);
	assert_int_equal(seen.strong, 1);
	assert_int_equal(seen.weak, 1);
}

static void test_complaints(void **state)
{
	static const struct {
		const char *file, *text;
		unsigned line;
		const char *says;
	} cases[] = {
	        {"lists.yaml", "a: [x, x]\n", 1, "twice"},
	        {"lists.yaml", "a: [\n", 2, ""},
	        {"words.yaml", "- id: a\n  tag: nosuch\n", 2, "not a tag"},
	        {"words.yaml", "- id: a\n  tag: threat\n  patterns: ['(']\n", 1, ""},
	        {"words.yaml", "- id: a\n  tag: threat\n  patterns: ['ABC']\n", 1, "small letters"},
	        {"words.yaml", "- id: a\n  tag: threat\n- id: a\n  tag: threat\n", 3, "twice"},
	        {"words.yaml", "- id: a\n  tag: threat\n  colour: red\n", 3, "not known"},
	        {"words.yaml", "- tag: threat\n", 1, "missing"},
	        {"popular.txt", "example.com\nnot a domain\n", 2, "domain"},
	        {"brands.yaml",
	         "- id: a\n  name: {ja: あ, en: A}\n  kind: bank\n  spellings: [a]\n  domains: [A.example]\n", 5,
	         "domain"},
	        {"brands.yaml",
	         "- id: a\n  name: {ja: あ, en: A}\n  kind: bank\n  spellings: [a]\n  domains: [a.example]\n"
	         "  source: x\n  checked: 2026-02-30\n  evidence: seen\n",
	         7, "date"},
	        {"weights.yaml", "bias: -4\nthresholds: {danger: 0.8, doubtful: 0.9}\ncaps: {}\nweights: {}\n", 2,
	         "doubtful"},
	        {"weights.yaml", "bias: -4\nthresholds: {danger: 0.8, doubtful: 0.4}\ncaps: {}\nweights: {nosuch: 1}\n",
	         4, "not a finding"},
	        {"weights.yaml",
	         "bias: -4\nthresholds: {danger: 0.8, doubtful: 0.4}\ncaps: {}\nweights: {threat: 0.5}\n", 0,
	         "no weight"},
	        {"weights.yaml", "bias: x\n", 1, "not a number"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		make_folder(state);
		const struct folder *f = *state;
		put(f, cases[i].file, str_of(cases[i].text));
		struct rules *r = NULL;
		struct rules_complaint c;
		assert_int_equal(rules_load(f->path, NULL, &r, &c), ERR_INVALID);
		assert_null(r);
		if (c.line != cases[i].line || !strstr(c.text, cases[i].says) || !strstr(c.file, cases[i].file))
			fail_msg("case %zu: %s:%u: %s", i, c.file, c.line, c.text);
		remove_folder(state);
	}
}

static void test_caps_are_checked(void **state)
{
	const struct folder *f = *state;
	struct buf b = buf_make(65536);
	put(f, "weights.yaml", weights_text(&b, NULL, "bias: -4\n"));
	struct rules *r = NULL;
	struct rules_complaint c;
	assert_int_equal(rules_load(f->path, NULL, &r, &c), ERR_INVALID);
	assert_non_null(strstr(c.text, "twice"));
	buf_clear(&b);
	weights_text(&b, NULL, "");
	char *caps = strstr(b.p, "tone: 1");
	caps[strlen("tone: ")] = '9';
	put(f, "weights.yaml", buf_str(&b));
	assert_int_equal(rules_load(f->path, NULL, &r, &c), ERR_INVALID);
	assert_non_null(strstr(c.text, "tone"));
	buf_done(&b);
}

static void test_company(void **state)
{
	struct folder *f = *state, *own = NULL;
	void *other = NULL;
	make_folder(&other);
	own = other;
	put(own, "brands.yaml",
	    STR("- id: neko-bank\n  name: {ja: ねこ, en: Neko}\n  kind: bank\n  spellings: [ねこ]\n"
	        "  domains: [neko.example]\n  phone: 000-0000\n"));
	put(own, "words.yaml", STR("- id: ours\n  tag: threat\n  texts: [うちだけ]\n"));
	put(own, "weights.yaml", STR("weights: {threat: 0.25}\n"));
	CLEANUP(rules_freep) struct rules *r = NULL;
	struct rules_complaint c;
	assert_int_equal(rules_load(f->path, own->path, &r, &c), 0);
	assert_int_equal(rules_brand_count(r), 1);
	assert_true(rules_brand(r, 0)->own);
	assert_int_equal(rules_brands_of_domain(r, STR("neko-bank.example")).n, 0);
	assert_int_equal(rules_brands_of_domain(r, STR("neko.example")).n, 1);
	assert_true(rules_weight(r, FINDING_THREAT) == 0.25);
	remove_folder(&other);
}

static bool sum_hit(void *context, const struct rules_hit *hit)
{
	*(size_t *) context += 1 + hit->start;
	return true;
}

static size_t hits(const struct rules *r)
{
	size_t n = 0;
	assert_int_equal(rules_scan(r, STR("ねこ銀行 口座を停止 24時間以内 nekobank"), sum_hit, &n), 0);
	return n;
}

/* Path of the one image in the folder. */
static void image_path(const struct folder *cache, char *ret, size_t n)
{
	DIR *dir = opendir(cache->path);
	assert_non_null(dir);
	ret[0] = '\0';
	for (const struct dirent *e; (e = readdir(dir));)
		if (strncmp(e->d_name, "rules-", 6) == 0)
			snprintf(ret, n, "%s/%s", cache->path, e->d_name);
	closedir(dir);
	assert_true(ret[0] != '\0');
}

static void test_image(void **state)
{
	struct folder *f = *state;
	void *other = NULL;
	make_folder(&other);
	const struct folder *cache = other;
	char path[512];
	struct rules_complaint c;
	CLEANUP(rules_freep) struct rules *parsed = NULL;
	CLEANUP(rules_freep) struct rules *mapped = NULL;
	CLEANUP(rules_freep) struct rules *moved = NULL;
	struct rules *none = NULL;

	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &none), ERR_NOT_FOUND);
	assert_int_equal(rules_load_cached(f->path, NULL, cache->path, &parsed, &c), 0);
	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &mapped), 0);
	/* The place of the first is taken now. */
	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &moved), 0);
	for (int i = 0; i < 2; i++) {
		const struct rules *r = i ? moved : mapped;
		assert_int_equal(rules_version(r), rules_version(parsed));
		assert_int_equal(rules_brand_count(r), rules_brand_count(parsed));
		assert_true(rules_weight(r, FINDING_THREAT) == rules_weight(parsed, FINDING_THREAT));
		for (uint32_t b = 0; b < rules_brand_count(r); b++) {
			const struct brand *one = rules_brand(r, b), *two = rules_brand(parsed, b);
			assert_true(str_eq(one->id, two->id) && str_eq(one->source, two->source));
			assert_int_equal(one->domains.n, two->domains.n);
			assert_true(str_eq(one->domains.at[0], two->domains.at[0]));
			assert_ptr_equal(rules_find_brand(r, two->id), one);
			assert_int_equal(rules_brands_of_domain(r, two->domains.at[0]).at[0], b);
		}
		assert_true(hits(parsed) > 0);
		assert_int_equal(hits(r), hits(parsed));
	}
	image_path(cache, path, sizeof(path));
	/* One that others may write to, one byte changed, a rule changed: none of them is taken. */
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &none), ERR_NOT_FOUND);
	assert_int_equal(chmod(path, 0600), 0);
	struct buf b = buf_make(RULES_FILE_MAX_BYTES);
	assert_int_equal(fd_read_file(path, &b), 0);
	b.p[b.n / 2] ^= 1;
	assert_int_equal(fd_replace_file(path, buf_str(&b), 0600), 0);
	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &none), ERR_NOT_FOUND);
	b.p[b.n / 2] ^= 1;
	assert_int_equal(fd_replace_file(path, str_slice(buf_str(&b), 0, b.n - 1), 0600), 0);
	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &none), ERR_NOT_FOUND);
	assert_int_equal(fd_replace_file(path, buf_str(&b), 0600), 0);
	buf_done(&b);
	put(f, "popular.txt", STR("other.example\n"));
	assert_int_equal(rules_load_image(f->path, NULL, cache->path, &none), ERR_NOT_FOUND);
	unlink(path);
	remove_folder(&other);
}

static void test_project_rules(void **state)
{
	char path[256];
	const char *source = getenv("SONAE_SOURCE");
	assert_non_null(source);
	snprintf(path, sizeof(path), "%s/rules", source);
	CLEANUP(rules_freep) struct rules *r = NULL;
	struct rules_complaint c;
	if (rules_load(path, NULL, &r, &c) < 0)
		fail_msg("%s:%u: %s", c.file, c.line, c.text);
	assert_true(rules_brand_count(r) >= 250);
}

static void test_expansion(void **state)
{
	static const struct {
		const char *in;
		size_t count; /* 0: stays an expression */
		const char *one;
	} cases[] = {
	        {"(log|sign) ?in", 4, "sign in"},
	        {"\\bpin\\b", 1, "pin"},
	        {"アカウントを(停止|制限)", 2, "アカウントを制限"},
	        {"[a-c]x|\\?", 4, "?"},
	        {"recogni[sz]ed?", 4, "recognize"},
	        {"a|b|a", 2, "b"},
	        {"[0-9]+時間", 0, NULL},
	        {"sign.in", 0, NULL},
	        {"a?", 0, NULL},
	        {"[^a]", 0, NULL},
	        {"(a|b", 0, NULL},
	        {"[ab", 0, NULL},
	        {"a\\b|c", 0, NULL},
	        {"\\ba|c", 0, NULL},
	        {"\\d", 0, NULL},
	        {"x{2}", 0, NULL},
	        {"[ぁ-ん]", 0, NULL},
	        {"[a-z][a-z]", 0, NULL},
	};
	struct arena *a = arena_new(4 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct expansion e;
		bool found = false;
		assert_int_equal(expand_expression(str_of(cases[i].in), a, &e), cases[i].count > 0);
		if (cases[i].count == 0)
			continue;
		assert_int_equal(e.texts.n, cases[i].count);
		for (size_t k = 0; k < e.texts.n; k++)
			found = found || str_eq_c(e.texts.at[k], cases[i].one);
		assert_true(found);
	}
	arena_free(a);
}

struct places {
	uint32_t start[16], end[16];
	size_t n;
};

static bool note_place(void *context, const struct rules_hit *hit)
{
	struct places *p = context;
	if (hit->kind == RULES_HIT_WORD && p->n < ARRAY_SIZE(p->start)) {
		p->start[p->n] = hit->start;
		p->end[p->n++] = hit->end;
	}
	return true;
}

/* As of an expression: one hit for each end, from where the longest begins; \b is asked of each. */
static void test_expanded_hits(void **state)
{
	struct folder *f = *state;
	CLEANUP(rules_freep) struct rules *r = NULL;
	struct rules_complaint c;
	struct places p = {0};
	put(f, "words.yaml",
	    STR("- id: one\n  tag: threat\n  patterns: ['(un|)paid|aid now', '\\bpin\\b.{0,6}code']\n"));
	assert_int_equal(rules_load(f->path, NULL, &r, &c), 0);
	assert_int_equal(rules_scan(r, STR("unpaid, paid now: pins code pin my code"), note_place, &p), 0);
	assert_int_equal(p.n, 4);
	static const struct places want = {{0, 8, 9, 28}, {6, 12, 16, 39}, 4};
	for (size_t i = 0; i < p.n; i++) {
		assert_int_equal(p.start[i], want.start[i]);
		assert_int_equal(p.end[i], want.end[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(test_load, make_folder, remove_folder),
	        cmocka_unit_test(test_complaints),
	        cmocka_unit_test(test_expansion),
	        cmocka_unit_test_setup_teardown(test_expanded_hits, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(test_caps_are_checked, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(test_company, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(test_image, make_folder, remove_folder),
	        cmocka_unit_test(test_project_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
