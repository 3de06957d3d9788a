/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program's own pages: every template compiles, every text and asset they name is there, and each line of the
 * table of pages fits the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "web/site-inside.h"

static void test_templates_compile(void **state)
{
	CLEANUP(templates_freep) struct templates *t = templates_new(asset_address);
	struct template_complaint complaint = {0};
	for (const struct embedded *e = embedded_templates; e->name.n > 0; e++)
		if (templates_add(t, e->name, e->bytes, &complaint) < 0)
			fail_msg("%s:%u: %s", complaint.file, complaint.line, complaint.text);
	if (templates_check(t, &complaint) < 0)
		fail_msg("%s:%u: %s", complaint.file, complaint.line, complaint.text);
	assert_non_null(embedded_find(embedded_templates, STR("layout.html")));
	assert_non_null(embedded_find(embedded_templates, STR("error.html")));
}

static void check_template(const struct page_entry *e)
{
	struct str name = str_of(e->template_name);
	char title[128];
	if (e->flags & PAGE_API) {
		assert_int_equal(0, name.n);
		return;
	}
	if (name.n == 0)
		return;
	if (!embedded_find(embedded_templates, name))
		fail_msg("%s: there is no %s", e->path, e->template_name);
	snprintf(title, sizeof(title), "%.*s.title", STR_ARG(str_slice(name, 0, str_rfind_char(name, '.'))));
	if (!i18n_find(LANGUAGE_JA, str_of(title)))
		fail_msg("%s: there is no text %s", e->path, title);
}

static void test_table_of_pages(void **state)
{
	const char *before = "";
	for (const struct page_entry *e = page_table; e->path; e++) {
		if (strcmp(before, e->path) > 0)
			fail_msg("%s stands before %s", before, e->path);
		before = e->path;
		assert_int_equal('/', e->path[0]);
		assert_non_null(e->run);
		assert_int_not_equal(0, e->methods);
		assert_int_equal(0, e->methods & ~(METHOD_GET | METHOD_POST));
		check_template(e);
		if (e->flags & (PAGE_TOKEN_CHECK | PAGE_TOKEN_REPORT | PAGE_TOKEN_READ))
			assert_int_not_equal(WHO_ANYBODY, e->who);
	}
}

static void test_assets_have_types(void **state)
{
	for (const struct embedded *e = embedded_assets; e->name.n > 0; e++)
		assert_string_not_equal("application/octet-stream", embedded_type(e->name));
}

static void test_every_problem_has_its_words(void **state)
{
	static const char *const parts[] = {"happened", "kept", "next"};
	static const char *const words[] = {"bad-request", "sign-in",     "denied",   "form-expired",
	                                    "not-found",   "method",      "conflict", "too-large",
	                                    "too-often",   "unavailable", "timeout",  "internal"};
	assert_int_equal(PROBLEM_COUNT, ARRAY_SIZE(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (size_t k = 0; k < ARRAY_SIZE(parts); k++) {
			char key[128];
			snprintf(key, sizeof(key), "page-error.%s.%s", words[i], parts[k]);
			assert_non_null(i18n_find(LANGUAGE_EN, str_of(key)));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_templates_compile),
	        cmocka_unit_test(test_table_of_pages),
	        cmocka_unit_test(test_assets_have_types),
	        cmocka_unit_test(test_every_problem_has_its_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
