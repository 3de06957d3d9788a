/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/err.h"
#include "ledger/event.h"

static struct event sample(void)
{
	struct event e = event_make("check.verdict", 1700000000000000);
	event_set_person(&e, 7);
	event_set_name(&e, STR("請求書.eml"));
	e.decision = STR("danger");
	event_add_count(&e, STR("link-ip"), 1);
	event_add_count(&e, STR("claim-foreign-link"), 2);
	event_add_count(&e, STR("link-ip"), 1);
	event_add_number(&e, "score", -5);
	event_add_word(&e, "input", STR("mail"));
	event_add_time(&e, "until", 1);
	event_add_hash(&e, "sender", ledger_hash_of(STR("a@example.jp")));
	return e;
}

static void bytes_are_those_of_the_document(void **state)
{
	(void) state;
	struct buf b = buf_make(EVENT_MAX_BYTES);
	struct event e = event_make("login.ok", 0x0102030405060708);
	event_set_person(&e, 3);
	event_set_name(&e, STR("taro"));
	e.decision = STR("allowed");
	event_add_count(&e, STR("b"), 2);
	event_add_number(&e, "n", 1);
	struct record record = {.number = 1, .event = e};
	memset(record.previous.bytes, 0xAA, sizeof(record.previous.bytes));
	assert_int_equal(record_encode(&record, &b), 0);

	static const char wanted[] = "\x01"
	                             "\0\0\0\0\0\0\0\x01"
	                             "\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA"
	                             "\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA"
	                             "\x01\x02\x03\x04\x05\x06\x07\x08"
	                             "\x01"
	                             "\0\0\0\0\0\0\0\x03"
	                             "\x08"
	                             "login.ok"
	                             "\x01"
	                             "\x04"
	                             "taro"
	                             "\x07"
	                             "allowed"
	                             "\x01"
	                             "\x01"
	                             "b"
	                             "\0\0\0\x02"
	                             "\x01"
	                             "\x01"
	                             "n"
	                             "\x01"
	                             "\0\0\0\0\0\0\0\x01";
	assert_int_equal(b.n, sizeof(wanted) - 1);
	assert_memory_equal(b.p, wanted, b.n);
	buf_done(&b);
}

static void event_comes_back_as_it_was(void **state)
{
	(void) state;
	struct buf b = buf_make(EVENT_MAX_BYTES);
	struct event e = sample(), back;
	assert_int_equal(event_encode(&e, &b), 0);
	assert_int_equal(event_decode(buf_str(&b), &back), 0);
	assert_true(back.person == 7 && back.actor == EVENT_ACTOR_PERSON);
	assert_true(str_eq(back.subject_name, STR("請求書.eml")));
	assert_int_equal(back.count_count, 2);
	assert_true(str_eq(back.counts[0].id, STR("claim-foreign-link")));
	assert_int_equal(back.counts[1].count, 2);
	assert_true(event_find_fact(&back, "score")->number == -5);
	assert_true(str_eq(event_find_fact(&back, "input")->word, STR("mail")));
	assert_null(event_find_fact(&back, "none"));
	buf_done(&b);
}

static void fields_that_break_a_rule_are_refused(void **state)
{
	(void) state;
	static const char *const names[] = {"a\nb", "\xC3", "\xED\xA0\x80", "\xC0\xAF", "\x7F", "\xC2\x85"};
	struct buf b = buf_make(EVENT_MAX_BYTES);
	struct event e;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		e = event_make("k", 1);
		event_set_name(&e, str_of(names[i]));
		assert_int_equal(event_encode(&e, &b), ERR_INVALID);
	}
	e = event_make("Two words", 1);
	assert_int_equal(event_encode(&e, &b), ERR_INVALID);
	e = event_make("k", -1);
	assert_int_equal(event_encode(&e, &b), ERR_INVALID);
	e = event_make("k", 1);
	event_add_word(&e, "quote", STR("今すぐ押してください"));
	assert_int_equal(event_encode(&e, &b), ERR_INVALID);
	e = event_make("k", 1);
	event_add_number(&e, "twice", 1);
	event_add_number(&e, "twice", 1);
	assert_int_equal(event_encode(&e, &b), ERR_INVALID);
	e = event_make("k", 1);
	for (int i = 0; i <= EVENT_FACTS_MAX; i++)
		event_add_number(&e, "n", 1);
	assert_int_equal(event_encode(&e, &b), ERR_TOO_LARGE);
	buf_done(&b);
}

/* Cutting, lengthening or reordering never gives another readable form of the same event. */
static void other_forms_are_refused(void **state)
{
	(void) state;
	struct buf b = buf_make(EVENT_MAX_BYTES);
	struct event e = sample(), back;
	assert_int_equal(event_encode(&e, &b), 0);
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(event_decode(str_make(b.p, n), &back), ERR_INVALID);
	buf_add_char(&b, '\0');
	assert_int_equal(event_decode(buf_str(&b), &back), ERR_INVALID);
	buf_done(&b);
}

static void the_largest_event_fits(void **state)
{
	(void) state;
	struct buf b = buf_make(EVENT_MAX_BYTES);
	char words[EVENT_COUNTS_MAX][EVENT_WORD_MAX_BYTES + 1], subject[EVENT_SUBJECT_MAX_BYTES + 1] = "";
	struct event e = event_make("k", INT64_MAX);

	memset(subject, 'x', EVENT_SUBJECT_MAX_BYTES);
	event_set_name(&e, str_of(subject));
	for (unsigned i = 0; i < EVENT_COUNTS_MAX; i++) {
		snprintf(words[i], sizeof(words[i]), "%064u", i);
		event_add_count(&e, str_of(words[i]), UINT32_MAX);
		if (i < EVENT_FACTS_MAX)
			event_add_word(&e, words[i], str_of(words[i]));
	}
	assert_int_equal(record_encode(&(struct record){.number = UINT64_MAX, .event = e}, &b), 0);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(bytes_are_those_of_the_document),
	        cmocka_unit_test(event_comes_back_as_it_was),
	        cmocka_unit_test(fields_that_break_a_rule_are_refused),
	        cmocka_unit_test(other_forms_are_refused),
	        cmocka_unit_test(the_largest_event_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
