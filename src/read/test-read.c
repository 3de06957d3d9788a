/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whole inputs to documents: the files of tests/mail/reader/, one row for each thing that must come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "read/read.h"

enum { FILE_MAX_BYTES = 4 * 1024 * 1024, PATH_MAX_BYTES = 1024 };

enum want {
	TEXT,    /* part a holds b */
	NO_TEXT, /* part a does not hold b */
	NO_PART, /* no part a */
	LINK,    /* a link with target a and text b */
	NO_LINK, /* no link whose target holds a */
	FROM,    /* a mailbox with name a and address b, whose span holds the address */
	REPLY_TO,
	SENDER,
	MARK, /* a mark of kind a */
	NO_MARK,
	UNCHECKED, /* bit a is set */
	CHECKED,   /* bit a is not set */
	CHARSET,   /* the body's charset is a */
	AUTH,      /* method a gave result b */
	ATTACHED,  /* attachment a has detected type b */
	FORWARD,   /* "0" none, "1" inline, "2" attached */
	KIND,
	ZONE,
};

struct row {
	const char *file;
	enum want want;
	const char *a, *b;
};

#define CARD "お客様のカードのご利用を一時的に制限いたしました。"
#define CLOSED "ご利用制限のお知らせ"

static const struct row rows[] = {
        {"charset-iso-2022-jp.eml", TEXT, "body", CARD},
        {"charset-iso-2022-jp.eml", TEXT, "subject", CLOSED},
        {"charset-iso-2022-jp.eml", CHARSET, "iso-2022-jp", NULL},
        {"charset-iso-2022-jp.eml", NO_MARK, "charset-wrong", NULL},
        {"charset-iso-2022-jp.eml", LINK, "https://card.example/login", "https://card.example/login"},
        {"charset-iso-2022-jp.eml", ZONE, "540", NULL},
        {"charset-iso-2022-jp-ms.eml", TEXT, "body", "①ログインしてご確認ください。㈱備"},
        {"charset-iso-2022-jp-kana.eml", TEXT, "body", "ｶｰﾄﾞのご利用を制限しました。\nﾛｸﾞｲﾝ "},
        {"charset-jis-unlabelled.eml", TEXT, "body", CARD},
        {"charset-jis-unlabelled.eml", TEXT, "subject", "重要なお知らせ"},
        {"charset-jis-esc-lost.eml", TEXT, "body", CARD},
        {"charset-sjis-as-jis.eml", TEXT, "body", CARD},
        {"charset-sjis-as-jis.eml", MARK, "charset-wrong", NULL},
        {"charset-sjis-as-latin1.eml", TEXT, "body", CARD},
        {"charset-sjis-as-latin1.eml", CHARSET, "shift_jis", NULL},
        {"charset-sjis-unlabelled.eml", TEXT, "body", CARD},
        {"charset-sjis-unlabelled.eml", TEXT, "subject", "重要なお知らせ"},
        {"charset-sjis-unlabelled.eml", FROM, "三井カード", "sato@shop.example"},
        {"charset-euc-jp.eml", TEXT, "body", CARD},
        {"charset-euc-jp-unlabelled.eml", TEXT, "body", CARD},
        {"charset-euc-jp-unlabelled.eml", CHARSET, "euc-jp", NULL},
        {"charset-gbk-as-gb2312.eml", TEXT, "body", "カードのご利用内容のご確認をお願いします。サービスセンター"},
        {"charset-gbk-as-gb2312.eml", TEXT, "subject", "カードのご利用"},
        {"charset-gbk-as-gb2312.eml", MARK, "foreign-language", NULL},
        {"charset-utf-8-broken.eml", TEXT, "body", "ログインしてご確認ください。"},
        {"charset-utf-8-broken.eml", MARK, "charset-broken", NULL},
        {"charset-utf-8-broken.eml", UNCHECKED, "charset", NULL},
        {"charset-utf-8-as-latin1.eml", TEXT, "body", CARD},
        {"charset-utf-8-as-latin1.eml", MARK, "charset-wrong", NULL},
        {"charset-utf-7.eml", TEXT, "body", "+MEIwRDBG- hello"},
        {"charset-utf-7.eml", UNCHECKED, "charset", NULL},
        {"charset-unknown.eml", TEXT, "body", CARD},
        {"charset-latin1.eml", TEXT, "body", "bloqué, réglez ça"},
        {"charset-latin1.eml", NO_MARK, "charset-wrong", NULL},
        {"header-split.eml", TEXT, "subject", "「重要」カードのご利用を一時的に制限いたしました"},
        {"header-split.eml", FROM, "楽天, 市場", "Info@shop.example"},
        {"header-split.eml", REPLY_TO, "備 太郎", "other@evil.example"},
        {"header-split.eml", REPLY_TO, "", "second@evil.example"},
        {"header-split.eml", SENDER, "(comment)", "sender@shop.example"},
        {"header-split.eml", AUTH, "spf", "pass"},
        {"header-split.eml", AUTH, "dkim", "fail"},
        {"header-split.eml", AUTH, "dmarc", "none"},
        {"header-split.eml", AUTH, "spf", "softfail"},
        {"header-split.eml", CHECKED, "authentication", NULL},
        {"html.eml", TEXT, "body", "お客様へ\nカードを停止しました。 &<あ\n\n日付 11月22日\n"},
        {"html.eml", NO_TEXT, "body", "隠し文"},
        {"html.eml", NO_TEXT, "body", "白い文字"},
        {"html.eml", NO_TEXT, "body", "小さい"},
        {"html.eml", NO_TEXT, "body", "属性"},
        {"html.eml", NO_TEXT, "body", "var x"},
        {"html.eml", LINK, "https://evil.example/a?x=1&y=2", "https://bank.example/login"},
        {"html.eml", LINK, "https://evil.example/b", "ログイン"},
        {"html.eml", LINK, "https://bare.example/path", "https://bare.example/path"},
        {"html.eml", LINK, "https://evil.example/post", "https://evil.example/post"},
        {"html.eml", NO_LINK, "no.example", NULL},
        {"html.eml", MARK, "hidden-text", NULL},
        {"html.eml", MARK, "form", NULL},
        {"html.eml", MARK, "password-field", NULL},
        {"html.eml", MARK, "foreign-font", NULL},
        {"html.eml", MARK, "foreign-language", NULL},
        {"html.eml", MARK, "script", NULL},
        {"alternative.eml", LINK, "https://html.example/", "x"},
        {"alternative.eml", LINK, "https://other.example/plain", "https://other.example/plain"},
        {"alternative-same.eml", NO_PART, "body:2", NULL},
        {"flowed.eml", TEXT, "body", "こちらは長い文でひと続きです。"},
        {"flowed.eml", LINK, "https://example.example/very/long/path?id=1",
         "https://example.example/very/long/path?id=1"},
        {"quoted-printable-url.eml", LINK, "https://split.example/very/long/path?id=1",
         "https://split.example/very/long/path?id=1"},
        {"forward-outlook-ja.eml", FORWARD, "1", NULL},
        {"forward-outlook-ja.eml", FROM, "楽天カード株式会社", "info@evil.example"},
        {"forward-outlook-ja.eml", TEXT, "subject", CLOSED},
        {"forward-outlook-ja.eml", TEXT, "body:2", "これ本物ですか？"},
        {"forward-outlook-ja.eml", UNCHECKED, "forwarded-inline", NULL},
        {"forward-outlook-ja.eml", UNCHECKED, "no-headers", NULL},
        {"forward-outlook-ja.eml", NO_PART, "header:From", NULL},
        {"forward-outlook-en.eml", FROM, "Rakuten Card", "info@evil.example"},
        {"forward-outlook-en.eml", TEXT, "subject", CLOSED},
        {"forward-gmail.eml", FROM, "楽天カード株式会社", "info@evil.example"},
        {"forward-gmail.eml", TEXT, "subject", CLOSED},
        {"forward-thunderbird.eml", FROM, "楽天カード株式会社", "info@evil.example"},
        {"forward-thunderbird.eml", TEXT, "subject", CLOSED},
        {"forward-thunderbird.eml", ZONE, "480", NULL},
        {"forward-iphone.eml", FROM, "楽天カード株式会社", "info@evil.example"},
        {"forward-iphone.eml", TEXT, "body", "\nお客様各位\n\nカードの"},
        {"forward-iphone.eml", ZONE, "540", NULL},
        {"forward-yahoo.eml", FROM, "楽天カード株式会社", "info@evil.example"},
        {"forward-yahoo.eml", TEXT, "subject", CLOSED},
        {"forward-html.eml", FROM, "楽天カード株式会社", "info@evil.example"},
        {"forward-html.eml", LINK, "https://evil.example/login", "ログイン"},
        {"forward-attached.eml", FORWARD, "2", NULL},
        {"forward-attached.eml", FROM, "Rakuten", "info@evil.example"},
        {"forward-attached.eml", TEXT, "subject", CLOSED},
        {"forward-attached.eml", CHECKED, "no-headers", NULL},
        {"forward-attached-base64.eml", FORWARD, "2", NULL},
        {"forward-attached-base64.eml", FROM, "Rakuten", "info@evil.example"},
        {"reply-chain.eml", FORWARD, "0", NULL},
        {"reply-chain.eml", FROM, "Tanaka", "tanaka@company.example"},
        {"pasted.txt", KIND, "mail", NULL},
        {"pasted.txt", FORWARD, "1", NULL},
        {"pasted.txt", FROM, "楽天カード", "info@evil.example"},
        {"mbox.eml", FROM, "Sato", "sato@shop.example"},
        {"mbox.eml", TEXT, "body", CARD},
        {"bom.eml", FROM, "Sato", "sato@shop.example"},
        {"cr.eml", TEXT, "body", CARD},
        {"cr.eml", FROM, "Sato", "sato@shop.example"},
        {"lf.eml", TEXT, "body", CARD},
        {"boundary-missing.eml", TEXT, "body", CARD},
        {"boundary-missing.eml", LINK, "https://second.example/", "x"},
        {"boundary-missing.eml", MARK, "mime-broken", NULL},
        {"boundary-unclosed.eml", TEXT, "body", "text one"},
        {"boundary-unclosed.eml", TEXT, "body:2", "text two"},
        {"no-blank-line.eml", TEXT, "body", "this is no field"},
        {"no-blank-line.eml", LINK, "https://evil.example/", "https://evil.example/"},
        {"attachments.eml", ATTACHED, "請求書.zip", "application/zip"},
        {"attachments.eml", ATTACHED, "請求書.txt", "text/plain"},
        {"attachments.eml", ATTACHED, "a/setup.exe", "application/x-dosexec"},
        {"attachments.eml", ATTACHED, "inner.js", "text/plain"},
        {"attachments.eml", ATTACHED, "暗号.zip", "application/zip"},
        {"attachments.eml", ATTACHED, "part one.zip", "application/zip"},
        {"attachments.eml", ATTACHED, "old.doc", "application/x-ole-storage"},
        {"attachments.eml", LINK, "https://member.example/x", "https://member.example/x"},
        {"attachments.eml", LINK, "https://js.example/", "https://js.example/"},
        {"attachments.eml", LINK, "https://office.example/l", "https://office.example/l"},
        {"attachments.eml", LINK, "https://attached.example/", "open"},
        {"attachments.eml", LINK, "https://pdf.example/(x)", "https://pdf.example/(x)"},
        {"attachments.eml", MARK, "password-field", NULL},
        {"attachments.eml", UNCHECKED, "encrypted-attachment", NULL},
        {"attachments.eml", UNCHECKED, "attachment", NULL},
        {"names.7z.eml", ATTACHED, "請求書.html", "text/html"},
        {"names.7z.eml", LINK, "https://inside.example/", "x"},
        {"names.iso.eml", ATTACHED, "請求書.html", "text/html"},
        {"names.iso.eml", LINK, "https://inside.example/", "x"},
        {"qr-inline.eml", CHECKED, "image", NULL},
        {"qr-inline.eml", LINK, "https://evil.example/qr?id=1", "https://evil.example/qr?id=1"},
        {"qr-inline.eml", MARK, "image-only", NULL},
        {"qr.png", KIND, "qr", NULL},
        {"qr.png", TEXT, "qr:1", "https://evil.example/qr?id=1"},
        {"qr.jpg", TEXT, "qr:1", "https://evil.example/qr?id=1"},
        {"qr.gif", TEXT, "qr:1", "https://evil.example/qr?id=1"},
        {"qr.webp", TEXT, "qr:1", "https://evil.example/qr?id=1"},
        {"qr-wifi.png", TEXT, "qr:1", "WIFI:T:WPA;S:cafe;P:12345678;;"},
        {"qr-wifi.png", NO_LINK, "", NULL},
        {"qr-matmsg.png", LINK, "mailto:a@evil.example", "a@evil.example"},
};

static struct str part_text(const struct document *d, const char *name)
{
	uint32_t part = document_find_part(d, str_of(name));
	return part == PART_NONE ? (struct str){NULL, 0} : d->parts.at[part].text;
}

static bool has_link(const struct document *d, const char *url, const char *text)
{
	for (size_t i = 0; i < d->links.n; i++)
		if (str_eq_c(d->links.at[i].url, url) && str_eq_c(d->links.at[i].text, text))
			return true;
	return false;
}

static bool has_link_with(const struct document *d, const char *url)
{
	for (size_t i = 0; i < d->links.n; i++)
		if (str_contains(d->links.at[i].url, str_of(url)))
			return true;
	return false;
}

static bool has_mailbox(const struct document *d, enum mailbox_role role, const char *name, const char *address)
{
	for (size_t i = 0; i < d->mailboxes.n; i++) {
		const struct mailbox *m = &d->mailboxes.at[i];
		struct str span = str_slice(d->parts.at[m->part].text, m->start, m->end);
		if (m->role == role && str_eq_c(m->name, name) && str_eq_c(m->address, address) &&
		    str_contains(span, m->address))
			return true;
	}
	return false;
}

static bool has_mark(const struct document *d, const char *word)
{
	for (size_t i = 0; i < d->marks.n; i++)
		if (strcmp(mark_word(d->marks.at[i].kind), word) == 0)
			return true;
	return false;
}

static bool is_unchecked(const struct document *d, const char *word)
{
	for (int i = 0; i < UNCHECKED_COUNT; i++)
		if (strcmp(unchecked_word((enum unchecked) i), word) == 0)
			return document_is_unchecked(d, (enum unchecked) i);
	fail_msg("no such bit: %s", word);
	return false;
}

static bool has_result(const struct document *d, const char *method, const char *result)
{
	for (size_t i = 0; i < d->auth_results.n; i++)
		if (str_eq_c(d->auth_results.at[i].method, method) && str_eq_c(d->auth_results.at[i].result, result))
			return true;
	return false;
}

static bool has_attachment(const struct document *d, const char *name, const char *type)
{
	for (size_t i = 0; i < d->attachments.n; i++)
		if (str_eq_c(d->attachments.at[i].name, name) && str_eq_c(d->attachments.at[i].detected, type))
			return true;
	return false;
}

static bool holds(const struct document *d, const struct row *row)
{
	char number[16];
	switch (row->want) {
	case TEXT:
		return str_contains(part_text(d, row->a), str_of(row->b));
	case NO_TEXT:
		return !str_contains(part_text(d, row->a), str_of(row->b));
	case NO_PART:
		return document_find_part(d, str_of(row->a)) == PART_NONE;
	case LINK:
		return has_link(d, row->a, row->b);
	case NO_LINK:
		return !has_link_with(d, row->a);
	case FROM:
		return has_mailbox(d, MAILBOX_FROM, row->a, row->b);
	case REPLY_TO:
		return has_mailbox(d, MAILBOX_REPLY_TO, row->a, row->b);
	case SENDER:
		return has_mailbox(d, MAILBOX_SENDER, row->a, row->b);
	case MARK:
		return has_mark(d, row->a);
	case NO_MARK:
		return !has_mark(d, row->a);
	case UNCHECKED:
		return is_unchecked(d, row->a);
	case CHECKED:
		return !is_unchecked(d, row->a);
	case CHARSET:
		return str_eq_c(d->charset, row->a);
	case AUTH:
		return has_result(d, row->a, row->b);
	case ATTACHED:
		return has_attachment(d, row->a, row->b);
	case FORWARD:
		return d->forward == (enum forward_kind)(row->a[0] - '0');
	case KIND:
		return strcmp(input_kind_word(d->kind), row->a) == 0;
	case ZONE:
		snprintf(number, sizeof(number), "%d", d->zone_minutes);
		return strcmp(number, row->a) == 0;
	}
	return false;
}

static void read_file(const char *file, struct arena *a, struct document *ret)
{
	char path[PATH_MAX_BYTES];
	const char *source = getenv("SONAE_SOURCE");
	struct buf b = buf_make(FILE_MAX_BYTES);
	assert_non_null(source);
	snprintf(path, sizeof(path), "%s/tests/mail/reader/%s", source, file);
	if (fd_read_file(path, &b) < 0)
		fail_msg("%s cannot be read", path);
	assert_int_equal(read_input(INPUT_AUTO, str_of(file), buf_str(&b), &READ_LIMITS_DEFAULT, a, ret), 0);
	buf_done(&b);
}

static void test_files(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(READ_ARENA_BYTES);
	int wrong = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct document d;
		arena_reset(a);
		read_file(rows[i].file, a, &d);
		assert_int_equal(document_check(&d), 0);
		if (!holds(&d, &rows[i])) {
			print_error("%s: want %d \"%s\" \"%s\"\n", rows[i].file, (int) rows[i].want, rows[i].a,
			            rows[i].b ? rows[i].b : "");
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static uint32_t flags_of(const struct document *d, const char *name)
{
	for (size_t i = 0; i < d->attachments.n; i++)
		if (str_eq_c(d->attachments.at[i].name, name))
			return d->attachments.at[i].flags;
	fail_msg("no attachment %s", name);
	return 0;
}

static void test_attachment_flags(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(READ_ARENA_BYTES);
	struct document d;
	read_file("attachments.eml", a, &d);
	assert_int_equal(flags_of(&d, "請求書.zip"), ATTACHMENT_ARCHIVE);
	assert_int_equal(flags_of(&d, "a/setup.exe"), ATTACHMENT_MEMBER);
	assert_int_equal(flags_of(&d, "inner.zip"), ATTACHMENT_ARCHIVE | ATTACHMENT_MEMBER);
	assert_int_equal(flags_of(&d, "暗号.zip"), ATTACHMENT_ARCHIVE | ATTACHMENT_ENCRYPTED);
	assert_int_equal(flags_of(&d, "secret.txt"), ATTACHMENT_MEMBER | ATTACHMENT_ENCRYPTED);
	assert_int_equal(flags_of(&d, "macro.docm"), ATTACHMENT_MACRO);
	assert_int_equal(flags_of(&d, "old.doc"), ATTACHMENT_MACRO);
}

struct typed {
	enum input_kind kind;
	const char *input;
	enum input_kind want;
	const char *part, *text, *url; /* url NULL: no link */
};

static const struct typed typed[] = {
        {INPUT_AUTO, "", INPUT_TEXT, NULL, NULL, NULL},
        {INPUT_SMS, "お荷物を持ち帰りました。hxxps://evil[.]example/a 確認", INPUT_SMS, "body", "お荷物",
         "https://evil.example/a"},
        {INPUT_SMS, "ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ／ａです", INPUT_SMS, "body", "です",
         "https://evil.example/a"},
        {INPUT_SMS, "「https://evil.example/a」から", INPUT_SMS, "body", "から", "https://evil.example/a"},
        {INPUT_SMS, "https://evil.example/aをご確認。", INPUT_SMS, "body", "ご確認", "https://evil.example/a"},
        {INPUT_SMS, "(https://evil.example/a)。", INPUT_SMS, "body", "https", "https://evil.example/a"},
        {INPUT_SMS, "ht\u200btps://ev\u200bil.example/a\u2060b", INPUT_SMS, "body", "il", "https://evil.example/ab"},
        {INPUT_SMS, "http://日本語.jp/a です", INPUT_SMS, "body", "です", "http://日本語.jp/a"},
        {INPUT_SMS, "http://аmazon.co.jp/a です", INPUT_SMS, "body", "です", "http://аmazon.co.jp/a"},
        {INPUT_SMS, "確認はbit.ly/abcまで", INPUT_SMS, "body", "まで", "http://bit.ly/abc"},
        {INPUT_SMS, "ファイルは report.txt です。1.5倍", INPUT_SMS, "body", "report", NULL},
        {INPUT_TEXT, "連絡先 a.b@evil.example です", INPUT_TEXT, "body", "です", "mailto:a.b@evil.example"},
        {INPUT_AUTO, "https://evil.example/\n", INPUT_URL, "body", "https", "https://evil.example/"},
        {INPUT_URL, "evil.example", INPUT_URL, "body", "evil", "http://evil.example"},
        {INPUT_URL, "javascript:alert(1)", INPUT_URL, "body", "alert", "javascript:alert(1)"},
        {INPUT_URL, "https://bank.example@evil.example/", INPUT_URL, "body", "bank",
         "https://bank.example@evil.example/"},
        {INPUT_QR, "https://evil.example/x", INPUT_QR, "qr:1", "https", "https://evil.example/x"},
        {INPUT_QR, "00020101021126580014jp.or.example", INPUT_QR, "qr:1", "000201", NULL},
        {INPUT_QR, "tel:0501234567", INPUT_QR, "qr:1", "tel", "tel:0501234567"},
        {INPUT_CALL, "asks: address\n銀行の担当を名乗り", INPUT_CALL, "body", "asks: address\n銀行", NULL},
        {INPUT_SCREEN, "ウイルスに感染 050-1234-5678", INPUT_SCREEN, "body", "ウイルス", NULL},
        {INPUT_MAIL, "お客様のカードを停止しました", INPUT_MAIL, "body", "停止", NULL},
};

static void test_typed(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(READ_ARENA_BYTES);
	int wrong = 0;
	for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
		const struct typed *t = &typed[i];
		struct document d;
		arena_reset(a);
		assert_int_equal(read_input(t->kind, STR(""), str_of(t->input), &READ_LIMITS_DEFAULT, a, &d), 0);
		assert_int_equal(document_check(&d), 0);
		bool right = d.kind == t->want && (!t->part || str_contains(part_text(&d, t->part), str_of(t->text))) &&
		             (t->url ? d.links.n == 1 && str_eq_c(d.links.at[0].url, t->url) : d.links.n == 0);
		if (!right) {
			print_error("%s: kind %s, %zu links, first %.*s\n", t->input, input_kind_word(d.kind),
			            d.links.n, STR_ARG(d.links.n ? d.links.at[0].url : STR("-")));
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static int prepare(void **state)
{
	const char *missing = "";
	if (read_prepare(&missing) < 0)
		print_error("missing: %s\n", missing);
	return missing[0] ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_files),
	        cmocka_unit_test(test_attachment_flags),
	        cmocka_unit_test(test_typed),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}
