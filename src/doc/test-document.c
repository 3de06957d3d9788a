/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"
#include "doc/document.h"

#define TEST_ARENA_BYTES ((size_t) 64 * 1024 * 1024)

/* One of everything: header, body with a link and a mark in it, a mailbox, an archive and what stands inside it. */
static struct document make_document(struct arena *a)
{
	struct document d = document_make(INPUT_MAIL);
	d.forward = FORWARD_ATTACHED;
	d.has_headers = true;
	d.charset = STR("iso-2022-jp");
	d.mailer = STR("Mailer 1.0");
	d.date = STR("Sun, 22 Nov 2026 21:00:00 +0900");
	d.zone_minutes = 540;
	document_set_unchecked(&d, UNCHECKED_IMAGE);
	document_add_part(&d, a, PART_HEADER, STR("header:From"), STR("備え <a@example.jp>"));
	document_add_part(&d, a, PART_BODY, STR("body"), STR("見る https://example.jp/ まで"));
	document_add_part(&d, a, PART_ATTACHMENT, STR("attachment:1"), STR("請求書.zip"));
	document_add_part(&d, a, PART_ATTACHMENT, STR("attachment:2"), STR("請求書.exe"));
	*document_add_link(&d, a) =
	        (struct link){STR("https://example.jp/"), STR("https://example.jp/"), 1, 7, 26, LINK_QR};
	*document_add_mailbox(&d, a) = (struct mailbox){MAILBOX_FROM, STR("備え"), STR("a@example.jp"), 0, 0, 6};
	*document_add_auth_result(&d, a) =
	        (struct auth_result){STR("mx.example.jp"), STR("dkim"), STR("pass"), STR("example.jp"), 0};
	*document_add_attachment(&d, a) = (struct attachment){
	        STR("請求書.zip"), STR("application/zip"), STR("application/zip"), 4711, ATTACHMENT_ARCHIVE, 2,
	        PART_NONE};
	*document_add_attachment(&d, a) = (struct attachment){
	        STR("請求書.exe"), STR(""), STR("application/x-dosexec"), 4000, ATTACHMENT_MEMBER, 3, 0};
	document_add_mark(&d, a, MARK_HIDDEN_TEXT, 1, 0, 3);
	return d;
}

static void what_is_encoded_is_decoded(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d = make_document(a), back;
	struct buf b = buf_make(DOCUMENT_ENCODED_MAX_BYTES), again = buf_make(DOCUMENT_ENCODED_MAX_BYTES);

	assert_int_equal(document_encode(&d, &b), 0);
	assert_int_equal(document_decode(buf_str(&b), a, &back), 0);
	assert_int_equal(document_encode(&back, &again), 0);
	assert_true(str_eq(buf_str(&b), buf_str(&again)));

	memset(b.p, 'x', b.n);
	assert_int_equal(back.kind, INPUT_MAIL);
	assert_int_equal(back.zone_minutes, 540);
	assert_true(document_is_unchecked(&back, UNCHECKED_IMAGE));
	assert_false(document_is_unchecked(&back, UNCHECKED_CRASHED));
	assert_true(str_eq(back.attachments.at[1].detected, STR("application/x-dosexec")));
	assert_int_equal(back.attachments.at[0].size_bytes, 4711);
	assert_int_equal(back.attachments.at[1].inside, 0);
	assert_true(str_eq(back.mailboxes.at[0].name, STR("備え")));
	assert_true(str_eq(back.auth_results.at[0].result, STR("pass")));
	assert_int_equal(back.marks.at[0].end, 3);
	assert_int_equal(document_find_part(&back, STR("attachment:1")), 2);
	assert_int_equal(document_find_part(&back, STR("qr:1")), PART_NONE);
	buf_done(&b);
	buf_done(&again);
}

static void every_cut_is_refused(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d = make_document(a), back;
	struct buf b = buf_make(DOCUMENT_ENCODED_MAX_BYTES);

	assert_int_equal(document_encode(&d, &b), 0);
	for (size_t n = 0; n < b.n; n++) {
		arena_reset(a);
		assert_int_equal(document_decode((struct str){b.p, n}, a, &back), ERR_INVALID);
	}
	buf_done(&b);
}

/* Each case breaks one rule of a good document. */
enum broken_rule {
	KIND,
	FORWARD,
	UNCHECKED,
	ZONE,
	PART_KIND,
	LINK_PART,
	LINK_ORDER,
	LINK_END,
	LINK_INSIDE_CHARACTER,
	LINK_FLAGS,
	MAILBOX_ROLE,
	MAILBOX_START,
	AUTH_PART,
	ATTACHMENT_PART,
	ATTACHMENT_PART_KIND,
	ATTACHMENT_INSIDE_SELF,
	ATTACHMENT_FLAGS,
	MARK_KIND,
	MARK_PART,
	MARK_END,
	BROKEN_RULE_COUNT,
};

static void break_rule(struct document *d, enum broken_rule rule)
{
	switch (rule) {
	case KIND:
		d->kind = INPUT_KIND_COUNT;
		break;
	case FORWARD:
		d->forward = FORWARD_KIND_COUNT;
		break;
	case UNCHECKED:
		d->unchecked = UINT32_C(1) << UNCHECKED_COUNT;
		break;
	case ZONE:
		d->zone_minutes = DOCUMENT_ZONE_MAX_MINUTES + 1;
		break;
	case PART_KIND:
		d->parts.at[0].kind = PART_KIND_COUNT;
		break;
	case LINK_PART:
		d->links.at[0].part = 4;
		break;
	case LINK_ORDER:
		d->links.at[0].end = 6;
		break;
	case LINK_END:
		d->links.at[0].end = 34;
		break;
	case LINK_INSIDE_CHARACTER:
		d->links.at[0].start = 1;
		break;
	case LINK_FLAGS:
		d->links.at[0].flags = 1 << 30;
		break;
	case MAILBOX_ROLE:
		d->mailboxes.at[0].role = MAILBOX_ROLE_COUNT;
		break;
	case MAILBOX_START:
		d->mailboxes.at[0].start = 2;
		break;
	case AUTH_PART:
		d->auth_results.at[0].part = PART_NONE;
		break;
	case ATTACHMENT_PART:
		d->attachments.at[0].part = PART_NONE;
		break;
	case ATTACHMENT_PART_KIND:
		d->attachments.at[0].part = 1;
		break;
	case ATTACHMENT_INSIDE_SELF:
		d->attachments.at[1].inside = 1;
		break;
	case ATTACHMENT_FLAGS:
		d->attachments.at[0].flags = 1 << 7;
		break;
	case MARK_KIND:
		d->marks.at[0].kind = MARK_KIND_COUNT;
		break;
	case MARK_PART:
		d->marks.at[0].part = PART_NONE;
		break;
	case MARK_END:
		d->marks.at[0].end = 34;
		break;
	case BROKEN_RULE_COUNT:
		break;
	}
}

static void every_broken_rule_is_refused(void **state)
{
	for (int rule = 0; rule < BROKEN_RULE_COUNT; rule++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
		struct document d = make_document(a);
		assert_int_equal(document_check(&d), 0);
		break_rule(&d, (enum broken_rule) rule);
		if (document_check(&d) != ERR_INVALID)
			fail_msg("rule %d", rule);
	}
}

/* What a reader that was taken over might send: one byte of a good answer changed, at every place. */
static void no_changed_byte_makes_a_broken_document(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d = make_document(a), back;
	struct buf b = buf_make(DOCUMENT_ENCODED_MAX_BYTES);

	assert_int_equal(document_encode(&d, &b), 0);
	for (size_t i = 0; i < b.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			arena_reset(a);
			b.p[i] = (char) (b.p[i] ^ (1 << bit));
			if (document_decode(buf_str(&b), a, &back) >= 0)
				assert_int_equal(document_check(&back), 0);
			b.p[i] = (char) (b.p[i] ^ (1 << bit));
		}
	}
	buf_done(&b);
}

static void limits_drop_the_rest_and_say_so(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d = document_make(INPUT_TEXT);
	char *long_text = arena_alloc(a, DOCUMENT_TEXT_MAX_BYTES);

	memset(long_text, 'x', DOCUMENT_TEXT_MAX_BYTES);
	assert_int_equal(
	        document_add_part(&d, a, PART_BODY, STR("body"), (struct str){long_text, DOCUMENT_TEXT_MAX_BYTES}), 0);
	assert_int_equal(document_add_part(&d, a, PART_BODY, STR("body:2"), STR("y")), ERR_TOO_LARGE);
	assert_true(document_is_unchecked(&d, UNCHECKED_TOO_LARGE));
	assert_false(document_is_unchecked(&d, UNCHECKED_TOO_MANY));
	for (int i = 0; i < DOCUMENT_LINKS_MAX; i++)
		assert_non_null(document_add_link(&d, a));
	assert_null(document_add_link(&d, a));
	assert_true(document_is_unchecked(&d, UNCHECKED_TOO_MANY));
	assert_int_equal(document_check(&d), 0);
}

static void a_document_too_large_to_send_loses_links(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d = document_make(INPUT_MAIL);
	struct buf b = buf_make(DOCUMENT_ENCODED_MAX_BYTES);
	char url[8000];
	int r;

	memset(url, 'u', sizeof(url));
	document_add_part(&d, a, PART_BODY, STR("body"), STR("text"));
	for (int i = 0; i < DOCUMENT_LINKS_MAX; i++)
		*document_add_link(&d, a) = (struct link){.url = {url, sizeof(url)}};
	assert_int_equal(document_encode(&d, &b), ERR_TOO_LARGE);
	while ((r = document_encode(&d, &b)) == ERR_TOO_LARGE)
		assert_int_equal(document_shrink(&d), 0);
	assert_int_equal(r, 0);
	assert_int_equal(d.links.n, DOCUMENT_LINKS_MAX / 2);
	assert_true(document_is_unchecked(&d, UNCHECKED_TOO_MANY));
	buf_done(&b);
}

static void words_and_kinds_agree(void **state)
{
	enum input_kind kind;
	assert_int_equal(input_kind_of(STR("screen"), &kind), 0);
	assert_int_equal(kind, INPUT_SCREEN);
	assert_int_equal(input_kind_of(STR("auto"), &kind), ERR_NOT_FOUND);
	assert_string_equal(input_kind_word(INPUT_SMS), "sms");
	assert_string_equal(unchecked_word(UNCHECKED_TIMEOUT), "timeout");
	assert_string_equal(mark_word(MARK_FORM), "form");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_encoded_is_decoded),
	        cmocka_unit_test(every_cut_is_refused),
	        cmocka_unit_test(every_broken_rule_is_refused),
	        cmocka_unit_test(no_changed_byte_makes_a_broken_document),
	        cmocka_unit_test(limits_drop_the_rest_and_say_so),
	        cmocka_unit_test(a_document_too_large_to_send_loses_links),
	        cmocka_unit_test(words_and_kinds_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
