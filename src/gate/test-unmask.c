/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Streams of the three protocols, cut at every byte: whatever the cut, the client puts together the same text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "gate/json.h"
#include "gate/restore.h"
#include "gate/unmask.h"

struct sink {
	struct unmask *u;
	struct buf out;
};

static int take(void *user, const struct sse_event *e)
{
	struct sink *s = user;
	int r = unmask_event(s->u, e, &s->out);
	if (r < 0)
		print_message("%.*s\n", STR_ARG(e->data));
	return r;
}

static struct mask *make_mask(struct arena *a)
{
	struct mask *m = mask_new(a, (struct str){NULL, 0});
	struct str tag;
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("山田\"太郎\""), &tag), 0);
	assert_int_equal(mask_tag(m, LEAK_EMAIL, STR("taro@example.jp"), &tag), 0);
	assert_int_equal(mask_tag(m, LEAK_PHONE, STR("090-1234-5678"), &tag), 0);
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("山田\"太郎\""), &tag), 0);
	assert_true(str_eq(tag, STR("〔人物1〕")));
	return m;
}

static void run(enum unmask_protocol protocol, const struct mask *m, struct str text, size_t cut, size_t then,
                struct buf *out)
{
	struct sse sse;
	struct sink s = {unmask_new(protocol, m, false), buf_make(1 << 20)};
	sse_init(&sse);
	assert_int_equal(sse_feed(&sse, str_slice(text, 0, cut), take, &s), 0);
	for (size_t at = cut; at < text.n; at += then)
		assert_int_equal(sse_feed(&sse, str_slice(text, at, at + then), take, &s), 0);
	assert_int_equal(sse_end(&sse, take, &s), 0);
	assert_int_equal(unmask_end(s.u, &s.out), 0);
	assert_true(unmask_is_complete(s.u));
	*out = s.out;
	sse_done(&sse);
	unmask_free(s.u);
}

/* What a client would put together: all members of this name, or those of delta events only. */
struct joined {
	const char *member;
	const char *only; /* text that the event must hold, NULL any */
	struct buf text;
};

static int join(void *user, const struct sse_event *e)
{
	struct joined *joined = user;
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct json j;
	if (!e->has_data || str_eq_c(e->data, "[DONE]") ||
	    (joined->only && !str_contains(e->data, str_of(joined->only))))
		return 0;
	assert_int_equal(json_scan(e->data, a, &j, NULL), 0);
	for (uint32_t t = 1; t < j.n; t++)
		if (j.at[t].type == JSON_IS_STRING && j.at[t - 1].is_key &&
		    str_eq_c(json_text(&j, t - 1, a), joined->member))
			buf_add_str(&joined->text, json_text(&j, t, a));
	return 0;
}

static void assert_joined(struct str stream, const char *member, const char *only, const char *want)
{
	struct joined j = {member, only, buf_make(1 << 20)};
	struct sse sse;
	sse_init(&sse);
	assert_int_equal(sse_feed(&sse, stream, join, &j), 0);
	assert_int_equal(sse_end(&sse, join, &j), 0);
	if (!str_eq_c(buf_str(&j.text), want))
		fail_msg("%s: \"%.*s\", wanted \"%s\"", member, STR_ARG(buf_str(&j.text)), want);
	buf_done(&j.text);
	sse_done(&sse);
}

#define CHUNK(choice, delta, finish)                                                                                   \
	"data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{"       \
	"\"index\":" choice ",\"delta\":" delta ",\"finish_reason\":" finish "}]}\n\n"

static const char chat[] = "\xef\xbb\xbf: begin\n\n" CHUNK("0", "{\"role\":\"assistant\",\"content\":\"\"}", "null")
        CHUNK("0", "{\"content\":\"こんにちは、〔人\"}", "null") CHUNK("1", "{\"content\":\"〔\"}", "null") CHUNK(
                "0", "{\"content\":\"物\"}", "null") CHUNK("0",
                                                           "{\"content\":\"1〕さん。\\u3014メール2〕と〔メール1\"}",
                                                           "null") CHUNK("1", "{\"content\":\"人物１〕\"}", "null")
                CHUNK("0", "{\"content\":\"〕〔人物\"}", "null") CHUNK("0", "{}", "\"stop\"")
                        CHUNK("1",
                              "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{"
                              "\"name\":\"f\",\"arguments\":\"{\\\"who\\\":\\\"\\\\u3\"}}]}",
                              "null") CHUNK("1",
                                            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
                                            "\"014\\\\u4eba\\\\u72691\\\\u3015と〔人物1\"}}]}",
                                            "null")
                                CHUNK("1", "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"〕\\\"}\"}}]}",
                                      "null") CHUNK("1", "{}", "\"tool_calls\"") "data: [DONE]\n\n";

static void check_chat(struct str out)
{
	assert_joined(out, "content", "\"index\":0,\"delta\"",
	              "こんにちは、山田\"太郎\"さん。〔メール2〕とtaro@example.jp〔人物");
	assert_joined(out, "content", "\"index\":1,\"delta\"", "山田\"太郎\"");
	assert_joined(out, "arguments", NULL, "{\"who\":\"山田\\\"太郎\\\"と山田\\\"太郎\\\"\"}");
}

static const char messages[] =
        "event: message_start\r\ndata: "
        "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":9,\"output_"
        "tokens\":1}}}\r\n\r\n"
        "event: content_block_start\r\ndata: "
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}"
        "\r\n\r\n"
        "event: content_block_delta\r\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":"
        "\"〔人物1〕\"}}\r\n\r\n"
        "event: content_block_stop\r\ndata: {\"type\":\"content_block_stop\",\"index\":0}\r\n\r\n"
        "event: content_block_delta\r\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"様：〔\"}}\r\n\r\n"
        "event: ping\r\ndata: {\"type\":\"ping\"}\r\n\r\n"
        "event: content_block_delta\r\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"人物1〕〔人\"}}"
        "\r\n\r\n"
        "event: content_block_stop\r\ndata: {\"type\":\"content_block_stop\",\"index\":1}\r\n\r\n"
        "event: content_block_delta\r\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{"
        "\\\"a\\\":\\\"\\\\u3014人\"}}\r\n\r\n"
        "event: content_block_delta\r\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
        "\"物1〕\\\"}\"}}\r\n\r\n"
        "event: content_block_stop\r\ndata: {\"type\":\"content_block_stop\",\"index\":2}\r\n\r\n"
        "event: message_delta\r\ndata: "
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":12}}\r\n\r\n"
        "event: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n";

static void check_messages(struct str out)
{
	assert_joined(out, "thinking", "thinking_delta", "〔人物1〕");
	assert_joined(out, "text", NULL, "様：山田\"太郎\"〔人");
	assert_joined(out, "partial_json", NULL, "{\"a\":\"山田\\\"太郎\\\"\"}");
	/* The end of a block comes after all of its text. */
	assert_true(str_find(out, STR("〔人\"}}"), 0) < str_find(out, STR("\"content_block_stop\",\"index\":1"), 0));
	assert_true(str_contains(out, STR("event: ping\n")));
}

static const char responses[] =
        "event: response.created\ndata: "
        "{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"output\":[]},\"sequence_number\":0}\n\n"
        "event: response.output_text.delta\ndata: "
        "{\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":"
        "\"〔人物\",\"sequence_number\":1}\n\n"
        "event: response.output_text.delta\ndata: "
        "{\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":"
        "\"1〕へ〔\",\"sequence_number\":2}\n\n"
        "event: response.output_text.done\ndata: "
        "{\"type\":\"response.output_text.done\",\"output_index\":0,\"content_index\":0,\"text\":\"〔人物1〕へ〔\","
        "\"sequence_number\":3}\n\n"
        "event: response.function_call_arguments.delta\ndata: "
        "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":1,\"delta\":\"{\\\"a\\\":"
        "\\\"〔人物1〕\\\"}\",\"sequence_number\":4}\n\n"
        "event: response.function_call_arguments.done\ndata: "
        "{\"type\":\"response.function_call_arguments.done\",\"output_index\":1,\"arguments\":\"{\\\"a\\\":"
        "\\\"〔人物1〕\\\"}\",\"sequence_number\":5}\n\n"
        "event: response.completed\ndata: "
        "{\"type\":\"response.completed\",\"response\":{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":"
        "\"output_text\",\"text\":\"〔人物1〕へ〔\"}]},{\"type\":\"reasoning\",\"summary\":[{\"text\":\"〔人物1〕\"}]}]"
        ",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}},\"sequence_number\":6}\n\n";

static void check_responses(struct str out)
{
	assert_joined(out, "delta", "output_text.delta", "山田\"太郎\"へ〔");
	assert_joined(out, "text", "output_text.done", "山田\"太郎\"へ〔");
	assert_joined(out, "arguments", NULL, "{\"a\":\"山田\\\"太郎\\\"\"}");
	assert_joined(out, "text", "response.completed", "山田\"太郎\"へ〔〔人物1〕");
	assert_true(str_contains(out, STR("\"sequence_number\":7}"))); /* one event was added */
}

static void cut_everywhere(enum unmask_protocol protocol, struct str text, void (*check)(struct str out))
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct mask *m = make_mask(a);
	CLEANUP(buf_done) struct buf whole = {0};
	run(protocol, m, text, text.n, 1, &whole);
	check(buf_str(&whole));
	for (size_t cut = 0; cut <= text.n; cut++) {
		CLEANUP(buf_done) struct buf out = {0};
		run(protocol, m, text, cut, cut == 0 ? 1 : text.n, &out);
		if (!str_eq(buf_str(&out), buf_str(&whole)))
			fail_msg("cut at %zu", cut);
	}
}

static void test_chat(void **state)
{
	cut_everywhere(UNMASK_CHAT, STR(chat), check_chat);
}

static void test_messages(void **state)
{
	cut_everywhere(UNMASK_MESSAGES, STR(messages), check_messages);
}

static void test_responses(void **state)
{
	cut_everywhere(UNMASK_RESPONSES, STR(responses), check_responses);
}

/* Text cut into deltas at every two places gives the same as in one. */
static void test_restore_in_pieces(void **state)
{
	static const char text[] = "あ〔人物1〕〔人物1〔メール1〕〔人物9〕電話〔電話1〕。〔電話12〕 〔〔人物1〕";
	static const char want[] =
	        "あ山田\"太郎\"〔人物1taro@example.jp〔人物9〕電話090-1234-5678。〔電話12〕 〔山田\"太郎\"";
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct mask *m = make_mask(a);
	for (size_t x = 0; x < sizeof(text); x++)
		for (size_t y = x; y < sizeof(text); y++) {
			struct restore r = {.mask = m, .reading = MASK_PLAIN};
			CLEANUP(buf_done) struct buf out = buf_make(4096);
			restore_feed(&r, str_slice(STR(text), 0, x), false, &out);
			restore_feed(&r, str_slice(STR(text), x, y), false, &out);
			assert_true(r.n <= RESTORE_HELD_MAX_BYTES);
			restore_feed(&r, str_slice(STR(text), y, sizeof(text) - 1), true, &out);
			if (!str_eq(buf_str(&out), STR(want)))
				fail_msg("%zu %zu: %.*s", x, y, STR_ARG(buf_str(&out)));
		}
}

static void test_tags_stay_clear_of_what_was_written(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct mask *m = mask_new(a, STR("この〔人物1〕は例です"));
	struct str one, two, again;
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("佐藤"), &one), 0);
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("鈴木"), &two), 0);
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("佐藤"), &again), 0);
	assert_true(str_eq(one, STR("〔人物2〕")) && str_eq(two, STR("〔人物3〕")) && str_eq(one, again));
	/* Written with wide digits, in a row, cut short, too large: */
	m = mask_new(a, STR("〔人物１〕〔〔人物3〕〔人物99999〕〔電話1〔人物2"));
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("佐藤"), &one), 0);
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("鈴木"), &two), 0);
	assert_true(str_eq(one, STR("〔人物2〕")) && str_eq(two, STR("〔人物4〕")));
}

/* As many values as there may be, in a long text that is full of tags: no work per value and place. */
static void test_many_tags_in_a_long_text(void **state)
{
	enum { WRITTEN = 200000 };
	CLEANUP(arena_freep) struct arena *a = arena_new(64 << 20);
	CLEANUP(buf_done) struct buf b = buf_make(16 << 20);
	struct str tag = {NULL, 0};
	for (unsigned i = 1; i <= WRITTEN; i++)
		buf_printf(&b, "〔人物%u〕と言った。", i % 50000 * 2);
	struct mask *m = mask_new(a, buf_str(&b));
	assert_non_null(m);
	for (unsigned i = 0; i < MASK_TAGS_MAX; i++)
		assert_int_equal(mask_tag(m, LEAK_PERSON, arena_printf(a, "人%u", i), &tag), 0);
	assert_true(str_eq(tag, STR("〔人物39999〕"))); /* even numbers are taken */
	assert_int_equal(mask_tag(m, LEAK_PERSON, STR("もう一人"), &tag), ERR_TOO_LARGE);
}

static void test_garbage_is_an_error(void **state)
{
	struct unmask *u = unmask_new(UNMASK_CHAT, NULL, false);
	CLEANUP(buf_done) struct buf out = buf_make(4096);
	struct sse_event e = {.data = STR("{\"choices\":"), .has_data = true};
	assert_int_equal(unmask_event(u, &e, &out), ERR_INVALID);
	unmask_free(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_chat),
	        cmocka_unit_test(test_messages),
	        cmocka_unit_test(test_responses),
	        cmocka_unit_test(test_restore_in_pieces),
	        cmocka_unit_test(test_tags_stay_clear_of_what_was_written),
	        cmocka_unit_test(test_many_tags_in_a_long_text),
	        cmocka_unit_test(test_garbage_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
