/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "gate/inspect.h"

static struct leak_rules *rules;
static struct leak_scratch *scratch;

static int open_rules(void **state)
{
	char message[512] = "", folder[4096];
	const char *source = getenv("SONAE_SOURCE");
	snprintf(folder, sizeof(folder), "%s/rules", source ? source : ".");
	if (leak_rules_new(folder, NULL, &rules, message, sizeof(message)) < 0)
		fail_msg("%s", message);
	return leak_scratch_new(rules, &scratch);
}

static int close_rules(void **state)
{
	leak_scratch_free(scratch);
	leak_rules_free(rules);
	return 0;
}

/* The request as it would go to another service outside; "stop" or "refused" when nothing goes. */
static struct str forward(struct arena *a, enum shape shape, struct str body)
{
	const struct inspect_scanner scanner = {rules, NULL, scratch};
	const struct policy_asker asker = {POLICY_ROLE_PROGRAM, {NULL, 0}};
	const struct policy_rules no_rules = {NULL, 0};
	struct inspection i;
	struct inspect_decision d;
	struct policy_matrix m;
	struct json_edit *edits;
	size_t n;
	assert_int_equal(inspect_read(body, shape, &scanner, a, &i, NULL), 0);
	if (i.refusal != INSPECT_FINE)
		return STR("refused");
	policy_matrix_make(&no_rules, &asker, POLICY_OTHER, 0, &m);
	assert_int_equal(inspect_decide(&i, &m, NULL, a, &d), 0);
	if (d.policy.worst == POLICY_STOP)
		return STR("stop");
	struct mask *mask = mask_new(a, (struct str){NULL, 0});
	assert_int_equal(inspect_mask(&i, &d, mask, a, &edits, &n), 0);
	CLEANUP(buf_done) struct buf out = buf_make(1 << 20);
	assert_int_equal(json_apply(body, edits, n, &out), 0);
	return arena_dup(a, buf_str(&out));
}

#define USER(content) "{\"messages\":[{\"role\":\"user\",\"content\":" content "}]}"

static const struct {
	enum shape shape;
	const char *body, *want; /* NULL: unchanged */
} cases[] = {
        {SHAPE_CHAT, USER("\"こんにちは\""), NULL},
        {SHAPE_CHAT, USER("\"電話は090-1234-5678です\\n\""), USER("\"電話は〔電話1〕です\\n\"")},
        {SHAPE_CHAT, USER("\"\\u96fb\\u8a71\\u306f090-1234-5678\\u3067\\u3059\""),
         USER("\"\\u96fb\\u8a71\\u306f〔電話1〕\\u3067\\u3059\"")},
        {SHAPE_CHAT,
         USER("[{\"type\":\"text\",\"text\":\"090-1234-5678\"},{\"type\":\"text\",\"text\":\"tel 090-1234-5678\"}]"),
         USER("[{\"type\":\"text\",\"text\":\"〔電話1〕\"},{\"type\":\"text\",\"text\":\"tel 〔電話1〕\"}]")},
        /* JSON inside of a string, its escapes twice. */
        {SHAPE_CHAT, USER("\"{\\\"m\\\":\\\"taro@example.co.jp \\\\u5c71\\\"}\""),
         USER("\"{\\\"m\\\":\\\"〔メール1〕 \\\\u5c71\\\"}\"")},
        {SHAPE_CHAT, USER("\"マイナンバー：123456789018\""), "stop"},
        {SHAPE_CHAT, "{\"messages\":[],\"my_number\":\"マイナンバー 123456789018\"}", "stop"},
        {SHAPE_CHAT, "{\"messages\":[],\"マイナンバー\":123456789018}", "stop"},
        {SHAPE_CHAT, "{\"messages\":[],\"x\":{\"電話090-1234-5678\":1}}", "stop"},
        {SHAPE_CHAT, "{\"messages\":[],\"messages[].content\":\"電話 090-1234-5678\"}", "stop"},
        {SHAPE_CHAT, "{\"messages\":[],\"temperature\":0.5,\"seed\":1234567,\"x\":true}", NULL},
        {SHAPE_CHAT, USER("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"4111111111111111\"}}]"), "stop"},
        {SHAPE_CHAT, "[1]", "refused"},
        {SHAPE_MESSAGES,
         USER("[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"tel\":\"090-1234-5678\"}}]"),
         USER("[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"tel\":\"〔電話1〕\"}}]")},
        {SHAPE_MESSAGES, USER("[{\"type\":\"text\",\"signature\":\"tel 090-1234-5678\"}]"), "stop"},
        {SHAPE_MESSAGES,
         USER("[{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/"
              "pdf\",\"data\":\"AAAA\"}}]"),
         "refused"},
        {SHAPE_RESPONSES, "{\"input\":\"x\",\"previous_response_id\":\"resp_1\"}", "refused"},
        {SHAPE_RESPONSES, "{\"input\":\"x\",\"previous_response_id\":null}", NULL},
        {SHAPE_EMBEDDINGS, "{\"input\":[[1,2]]}", "refused"},
};

static void test_requests(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(64 << 20);
		struct str got = forward(a, cases[i].shape, str_of(cases[i].body));
		if (!str_eq_c(got, cases[i].want ? cases[i].want : cases[i].body))
			fail_msg("%s\ngot %.*s", cases[i].body, STR_ARG(got));
	}
}

/* A number that is cut into two pieces of a message is found, and comes back whole. */
static void test_cut_in_two(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(64 << 20);
	struct str got = forward(a, SHAPE_CHAT,
	                         STR(USER("[{\"type\":\"text\",\"text\":\"カード番号 4111 "
	                                  "1111\"},{\"type\":\"text\",\"text\":\"1111 1111\"}]")));
	assert_true(str_eq(got, STR("stop")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_requests), cmocka_unit_test(test_cut_in_two)};
	return cmocka_run_group_tests(tests, open_rules, close_rules);
}
