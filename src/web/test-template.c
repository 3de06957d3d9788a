/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Templates: what they render, what they escape, and what they refuse to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/err.h"
#include "web/clean.h"
#include "web/limit.h"
#include "web/template.h"

enum { OUT_MAX_BYTES = 64 * 1024 };

static bool fake_asset(struct str name, struct buf *b)
{
	return str_eq_c(name, "app.css") && buf_add_c(b, "/assets/app.css?v=1") >= 0;
}

static const char model_text[] = "{\"evil\": \"<b>\\\"'&\", \"n\": 3, \"zero\": 0, \"real\": 0.25, \"t\": true, \"f\": "
                                 "false, \"empty\": \"\", \"list\": "
                                 "[{\"a\": 1}, {\"a\": 2}], \"words\": [\"x\", \"<y>\"], \"none\": [], \"deep\": "
                                 "{\"b\": {\"c\": \"d\"}}, \"a\": 9, "
                                 "\"js\": \"javascript:alert(1)\", \"web\": \"https://a.example/?x=1&y\", \"slashes\": "
                                 "\"//evil.example\", \"path\": \"/a b\", "
                                 "\"word\": \"not-found\", \"tel\": \"tel:110\"}";

static const struct {
	const char *name, *source, *want;
} renders[] = {
        {"plain", "<p>a</p>", "<p>a</p>"},
        {"escaped", "<p>{{evil}}</p>", "<p>&lt;b&gt;&quot;&#39;&amp;</p>"},
        {"escaped in attribute", "<p title=\"{{evil}}\">", "<p title=\"&lt;b&gt;&quot;&#39;&amp;\">"},
        {"numbers", "{{n}} {{zero}} {{real}} {{t}}", "3 0 0.25 true"},
        {"absent", "[{{nothing}}{{deep.x.y}}{{deep}}]", "[]"},
        {"dotted", "{{deep.b.c}}", "d"},
        {"list", "{{#list}}{{a}},{{/list}}", "1,2,"},
        {"list of words", "{{#words}}{{.}};{{/words}}", "x;&lt;y&gt;;"},
        {"outward", "{{#list}}{{n}}{{/list}}", "33"},
        {"object", "{{#deep}}{{#b}}{{c}}{{/b}}{{/deep}}", "d"},
        {"condition", "{{#t}}y{{/t}}{{#f}}n{{/f}}{{#empty}}n{{/empty}}{{#zero}}n{{/zero}}{{#n}}y{{/n}}", "yy"},
        {"inverted", "{{^t}}n{{/t}}{{^f}}y{{/f}}{{^none}}y{{/none}}{{^nothing}}y{{/nothing}}{{^list}}n{{/list}}",
         "yyy"},
        {"note", "a{{! b }}c", "ac"},
        {"line of its own", "a\n{{#t}}\nb\n{{/t}}\nc\n", "a\nb\nc\n"},
        {"partial", "{{#list}}{{> part}}{{/list}}", "(1)(2)"},
        {"fragment of text", "{{{evil}}}", "&lt;b&gt;&quot;&#39;&amp;"},
        {"fragment", "{{{html}}}", "<i>x</i>"},
        {"section in tag", "<p{{#t}} hidden{{/t}}>", "<p hidden>"},
        {"url script", "<a href=\"{{url js}}\">", "<a href=\"#\">"},
        {"url slashes", "<a href=\"{{url slashes}}\">", "<a href=\"#\">"},
        {"url blank", "<a href=\"{{url path}}\">", "<a href=\"#\">"},
        {"url web", "<a href=\"{{url web}}\">", "<a href=\"https://a.example/?x=1&amp;y\">"},
        {"url tel", "<a href=\"{{url tel}}\">", "<a href=\"tel:110\">"},
        {"component", "<a href=\"/x/{{slashes}}?y={{evil}}\">",
         "<a href=\"/x/%2F%2Fevil.example?y=%3Cb%3E%22%27%26\">"},
        {"asset", "<link href=\"{{asset app.css}}\">", "<link href=\"/assets/app.css?v=1\">"},
        {"catalogue", "{{_ page-error.not-found.happened}}", "There is no such page."},
        {"catalogue with key from data", "{{_ page-error.[word].happened}}", "There is no such page."},
        {"catalogue with facts", "{{_ status.rules-complaint file=evil line=n}}", "&lt;b&gt;&quot;&#39;&amp;, line 3:"},
        {"catalogue without text", "{{_ page-error.[evil].happened}}", "page-error.&lt;b&gt;&quot;&#39;&amp;.happened"},
};

static void render_one(const char *name, const char *source, struct buf *out)
{
	CLEANUP(templates_freep) struct templates *t = templates_new(fake_asset);
	struct template_complaint complaint;
	json_t *model = json_loads(model_text, 0, NULL);
	assert_non_null(model);
	json_object_set_new(model, "html", template_fragment(STR("<i>x</i>")));
	assert_int_equal(0, templates_add(t, STR("part.html"), STR("({{a}})"), &complaint));
	if (templates_add(t, STR("x.html"), str_of(source), &complaint) < 0 || templates_check(t, &complaint) < 0)
		fail_msg("%s: %s", name, complaint.text);
	assert_int_equal(0, templates_render(t, STR("x.html"), LANGUAGE_EN, model, NULL, out));
	json_decref(model);
}

static void test_renders(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(renders); i++) {
		struct buf out = buf_make(OUT_MAX_BYTES);
		render_one(renders[i].name, renders[i].source, &out);
		if (!str_eq_c(buf_str(&out), renders[i].want))
			fail_msg("%s: %.*s", renders[i].name, STR_ARG(buf_str(&out)));
		buf_done(&out);
	}
}

static const struct {
	const char *name, *source;
	unsigned line;
} mistakes[] = {
        {"not closed", "a\n{{#x}}b", 2},
        {"closed wrongly", "{{#x}}{{#y}}{{/x}}{{/y}}", 1},
        {"closed only", "\n\n{{/x}}", 3},
        {"tag without end", "{{x", 1},
        {"empty", "{{}}", 1},
        {"odd name", "{{a b}}", 1},
        {"script", "<script>{{x}}</script>", 1},
        {"style", "<style>{{x}}</style>", 1},
        {"style attribute", "<p style=\"{{x}}\">", 1},
        {"on attribute", "<p onclick=\"{{x}}\">", 1},
        {"unquoted", "<p title={{x}}>", 1},
        {"unquoted later", "<p title=a{{x}}>", 1},
        {"tag name", "<{{x}}>", 1},
        {"attribute name", "<p {{x}}>", 1},
        {"comment", "<!-- {{x}} -->", 1},
        {"plain address", "<a href=\"{{x}}\">", 1},
        {"address behind a scheme", "<a href=\"javascript:{{x}}\">", 1},
        {"address behind a host", "<a href=\"//{{x}}\">", 1},
        {"url behind a path", "<a href=\"/{{url x}}\">", 1},
        {"fragment in attribute", "<p title=\"{{{x}}}\">", 1},
        {"partial in tag", "<p {{> part}}>", 1},
        {"ends in tag", "<p", 1},
        {"ends in script", "<script>", 1},
        {"no such partial", "{{> nothing}}", 1},
        {"no such text", "\n{{_ no.such.key}}", 2},
        {"no such asset", "<link href=\"{{asset none.css}}\">", 1},
        {"catalogue in address", "<a href=\"{{_ status.title}}\">", 1},
        {"fact without path", "{{_ status.title x}}", 1},
};

static void test_mistakes(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		CLEANUP(templates_freep) struct templates *t = templates_new(fake_asset);
		struct template_complaint complaint = {0};
		int r = templates_add(t, STR("x.html"), str_of(mistakes[i].source), &complaint);
		if (r >= 0)
			r = templates_check(t, &complaint);
		if (r >= 0 || complaint.line != mistakes[i].line || complaint.text[0] == '\0')
			fail_msg("%s: %d line %u %s", mistakes[i].name, r, complaint.line, complaint.text);
		assert_string_equal("x.html", complaint.file);
	}
}

static void test_partials_in_a_circle_end(void **state)
{
	CLEANUP(templates_freep) struct templates *t = templates_new(NULL);
	struct template_complaint complaint;
	struct buf out = buf_make(OUT_MAX_BYTES);
	json_t *model = json_object();
	assert_int_equal(0, templates_add(t, STR("x.html"), STR("a{{> x}}"), &complaint));
	assert_int_equal(ERR_TOO_LARGE, templates_render(t, STR("x.html"), LANGUAGE_JA, model, NULL, &out));
	json_decref(model);
	buf_done(&out);
}

static void test_output_has_a_maximum(void **state)
{
	CLEANUP(templates_freep) struct templates *t = templates_new(NULL);
	struct template_complaint complaint;
	struct buf out = buf_make(10);
	json_t *model = json_pack("{s:s}", "x", "0123456789");
	assert_int_equal(0, templates_add(t, STR("x.html"), STR("a{{x}}"), &complaint));
	assert_int_equal(ERR_TOO_LARGE, templates_render(t, STR("x.html"), LANGUAGE_JA, model, NULL, &out));
	json_decref(model);
	buf_done(&out);
}

static void test_clean(void **state)
{
	static const struct {
		const char *input, *want;
	} cases[] = {
	        {"確かめる", "確かめる"},
	        {"a\xff"
	         "b",
	         "a\xef\xbf\xbd"
	         "b"},
	        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
	        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	        {"\xe7\xa2", "\xef\xbf\xbd\xef\xbf\xbd"},
	        {"a\r\nb\rc", "a\nb\nc"},
	        {"\xf0\x9f\x90\x9f", "\xf0\x9f\x90\x9f"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(4096);
		assert_true(str_eq_c(clean_lines(str_of(cases[i].input), a), cases[i].want));
	}
}

static void test_limit(void **state)
{
	struct limit *l = limit_new(3, 1000);
	for (int i = 0; i < 3; i++)
		assert_true(limit_take(l, STR("192.0.2.1"), 10000));
	assert_false(limit_take(l, STR("192.0.2.1"), 10000));
	assert_true(limit_take(l, STR("192.0.2.2"), 10000));
	assert_true(limit_take(l, STR("192.0.2.1"), 11000));
	assert_false(limit_take(l, STR("192.0.2.1"), 11000));
	limit_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_renders),
	        cmocka_unit_test(test_mistakes),
	        cmocka_unit_test(test_partials_in_a_circle_end),
	        cmocka_unit_test(test_output_has_a_maximum),
	        cmocka_unit_test(test_clean),
	        cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
