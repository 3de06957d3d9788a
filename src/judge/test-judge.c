/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judges on documents built by hand: each row says what must be found and what must not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "rules/rules.h"

static struct rules *rules;

static int load_rules(void **state)
{
	char path[256];
	struct rules_complaint c;
	snprintf(path, sizeof(path), "%s/rules", getenv("SONAE_SOURCE"));
	if (rules_load(path, NULL, &rules, &c) < 0)
		fail_msg("%s:%u: %s", c.file, c.line, c.text);
	return 0;
}

static int free_rules(void **state)
{
	rules_free(rules);
	return 0;
}

static bool has(const struct verdict *v, const char *id)
{
	for (size_t i = 0; i < v->findings.n; i++) {
		if (strcmp(v->findings.at[i].id, id) == 0)
			return true;
	}
	return false;
}

static void judge(const struct document *d, const struct company *company, struct arena *a, struct verdict *ret)
{
	assert_int_equal(judge_document(d, rules, company, a, ret), 0);
	double sum = ret->bias;
	for (size_t i = 0; i < ret->findings.n; i++) {
		const struct finding *f = &ret->findings.at[i];
		sum += f->weight;
		if (f->part != PART_NONE)
			assert_true(f->start <= f->end && f->end <= d->parts.at[f->part].text.n);
	}
	assert_true(fabs(sum - ret->sum) < 1e-9);
	assert_true(fabs(ret->score - 1 / (1 + exp(-sum))) < 1e-9);
}

static void add_mailbox(struct document *d, struct arena *a, enum mailbox_role role, const char *part, const char *name,
                        const char *address)
{
	struct str text = arena_printf(a, "%s <%s>", name, address);
	int index = document_add_part(d, a, PART_HEADER, str_of(part), text);
	struct mailbox *m = document_add_mailbox(d, a);
	*m = (struct mailbox){.role = role,
	                      .name = str_of(name),
	                      .address = str_of(address),
	                      .part = (uint32_t) index,
	                      .end = (uint32_t) text.n};
}

struct text_case {
	enum input_kind kind;
	const char *text;
	const char *finds; /* NULL: nothing asked */
	const char *finds_not;
	int verdict; /* -1: any */
};

static void check_text(const struct text_case *c)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(4 << 20);
	struct document d = {.kind = c->kind, .zone_minutes = INT32_MIN};
	struct verdict v;
	assert_true(document_add_part(&d, a, PART_BODY, STR("body"), str_of(c->text)) >= 0);
	judge(&d, NULL, a, &v);
	if (c->finds && !has(&v, c->finds))
		fail_msg("\"%s\" lacks %s", c->text, c->finds);
	if (c->finds_not && has(&v, c->finds_not))
		fail_msg("\"%s\" has %s", c->text, c->finds_not);
	if (c->verdict >= 0 && (int) v.kind != c->verdict)
		fail_msg("\"%s\" is %s (%.2f)", c->text, verdict_word(v.kind), v.score);
}

static void test_texts(void **state)
{
	static const struct text_case cases[] = {
	        {INPUT_TEXT, "お客様のアカウントを停止いたしました", "threat", NULL, -1},
	        {INPUT_TEXT, "24時間以内に確認がない場合", "deadline", NULL, VERDICT_NOTHING_FOUND},
	        {INPUT_TEXT, "【緊急】至急ご確認ください。本日中に必ずお読みください。アカウントを停止します", "urgent",
	         NULL, VERDICT_NOTHING_FOUND},
	        {INPUT_TEXT, "下記のリンクより、アカウント情報を更新してください", "asks-login", NULL, -1},
	        {INPUT_TEXT, "振込先の口座が変更になりました。至急お振込みください。", "payee-fraud", NULL, -1},
	        {INPUT_TEXT, "請求書の振込先は従来どおりです。", NULL, "payee-change", VERDICT_NOTHING_FOUND},
	        {INPUT_TEXT, "社長です。コンビニでギフトカードを購入し番号を送ってください。内密に。", "boss-fraud",
	         NULL, -1},
	        {INPUT_TEXT, "お荷物のお届けにあがりましたが不在のため持ち帰りました", "delivery-absence", NULL, -1},
	        {INPUT_TEXT, "東 京 電 力 からのお知らせです", "spaced-characters", NULL, -1},
	        {INPUT_TEXT, "三井住友カ一ドです", "wrong-long-vowel", NULL, -1},
	        {INPUT_TEXT, "サービス一覧はこちらです", NULL, "wrong-long-vowel", VERDICT_NOTHING_FOUND},
	        {INPUT_TEXT, "お知\u2061らせです", "invisible-characters", NULL, -1},
	        {INPUT_TEXT, "\u0410mazonのお知らせ", "mixed-script-word", NULL, -1},
	        {INPUT_TEXT, "この埸合は", "wrong-glyph", NULL, -1},
	        {INPUT_TEXT, "账户のお知らせ请ください", "simplified-characters", NULL, -1},
	        {INPUT_TEXT, "専門家が実務を確認し、処理結果を会議で説明します", NULL, "simplified-characters",
	         VERDICT_NOTHING_FOUND},
	        {INPUT_TEXT, "来週の打ち合わせの件、承知しました。よろしくお願いいたします。", NULL, NULL,
	         VERDICT_NOTHING_FOUND},
	        {INPUT_TEXT, "", NULL, NULL, VERDICT_CANNOT_TELL},
	        {INPUT_URL, "これはアドレスではありません", NULL, NULL, VERDICT_CANNOT_TELL},
	        {INPUT_TEXT, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", NULL, NULL, VERDICT_CANNOT_TELL},
	        {INPUT_CALL, "銀行の担当者を名乗り、電子証明書の更新のためメールアドレスを聞かれた", "call-bank-asks",
	         NULL, VERDICT_DANGER},
	        {INPUT_CALL, "自動音声で、インターネットバンキングの更新が必要なので1を押してくださいと言われた",
	         "call-automatic-voice", NULL, VERDICT_DANGER},
	        {INPUT_CALL, "遠隔操作のソフトをインストールするように言われた", "call-remote-tool", NULL,
	         VERDICT_DANGER},
	        {INPUT_CALL, "コンビニで電子マネーを購入して番号を教えるよう言われた", "call-gift-card", NULL,
	         VERDICT_DANGER},
	        {INPUT_CALL, "警察官を名乗り、あなたの口座が犯罪に使われた、調査のためお金を振り込んでと言われた",
	         "call-official", NULL, VERDICT_DANGER},
	        {INPUT_CALL, "市役所の職員から、医療費の還付金があるのでATMに行くように言われた", "call-refund-atm",
	         NULL, VERDICT_DANGER},
	        {INPUT_CALL, "取引先から、来週の納品の日程を変えたいと電話があった", NULL, NULL, VERDICT_NOTHING_FOUND},
	        {INPUT_SCREEN,
	         "Windowsのセキュリティ警告。トロイの木馬に感染しました。今すぐサポートに電話 050-1234-5678",
	         "screen-call-number", NULL, VERDICT_DANGER},
	        {INPUT_SCREEN, "ウイルスを検出しました。電源を切らないでください。", "screen-virus-warning", NULL,
	         VERDICT_DANGER},
	        {INPUT_SCREEN, "更新プログラムを構成しています。コンピューターの電源を切らないでください。", NULL,
	         "screen-virus-warning", -1},
	        {INPUT_SCREEN, "印刷が完了しました", NULL, NULL, VERDICT_NOTHING_FOUND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_text(&cases[i]);
}

static void test_sender_fields(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(4 << 20);
	struct document d = {.kind = INPUT_MAIL, .has_headers = true, .zone_minutes = 480, .mailer = STR("Olqbdaik 2")};
	struct verdict v;
	add_mailbox(&d, a, MAILBOX_FROM, "header:From", "佐藤 sato@partner.co.jp", "info@xkcdqwz.example.com");
	add_mailbox(&d, a, MAILBOX_REPLY_TO, "header:Reply-To", "", "other@example.net");
	document_add_part(&d, a, PART_HEADER, STR("header:Date"), STR("Thu, 9 Jul 2020 00:50:15 +0800"));
	document_add_part(&d, a, PART_HEADER, STR("header:X-Mailer"), d.mailer);
	document_add_part(&d, a, PART_SUBJECT, STR("subject"), STR("Re: 番号 97361808"));
	document_add_part(&d, a, PART_BODY, STR("body"), STR("お世話になります。"));
	judge(&d, NULL, a, &v);
	assert_true(has(&v, "reply-to-elsewhere"));
	assert_true(has(&v, "name-holds-address"));
	assert_true(has(&v, "odd-zone"));
	assert_true(has(&v, "odd-mailer"));
	assert_true(has(&v, "false-reply"));
	assert_true(has(&v, "subject-code"));
	assert_true(v.unchecked & 1U << UNCHECKED_AUTHENTICATION);
	assert_true(v.kind != VERDICT_DANGER);
}

static void add_result(struct document *d, struct arena *a, const char *server, const char *method, const char *result,
                       const char *domain)
{
	*document_add_auth_result(d, a) = (struct auth_result){.server = str_of(server),
	                                                       .method = str_of(method),
	                                                       .result = str_of(result),
	                                                       .domain = str_of(domain),
	                                                       .part = PART_NONE};
}

static void test_authentication(void **state)
{
	static const struct str trusted = {"mx.our.example", 14};
	const struct company company = {.trusted_servers = &trusted, .trusted_server_count = 1};
	static const struct {
		const char *server, *method, *result, *domain;
		const char *finds, *finds_not;
	} cases[] = {
	        {"mx.our.example", "dmarc", "pass", "partner.example", "authentication-passed",
	         "authentication-failed"},
	        {"mx.evil.example", "dmarc", "pass", "partner.example", NULL, "authentication-passed"},
	        {"mx.our.example", "dmarc", "fail", "partner.example", "authentication-failed",
	         "authentication-passed"},
	        {"mx.evil.example", "dmarc", "fail", "partner.example", "authentication-weak", "authentication-failed"},
	        {"mx.our.example", "spf", "pass", "bounce.other.example", NULL, "authentication-passed"},
	        {"mx.our.example", "spf", "softfail", "partner.example", "authentication-weak",
	         "authentication-failed"},
	        {"mx.our.example", "dkim", "pass", "partner.example", "authentication-passed", NULL},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(4 << 20);
		struct document d = {.kind = INPUT_MAIL, .has_headers = true, .zone_minutes = INT32_MIN};
		struct verdict v;
		add_mailbox(&d, a, MAILBOX_FROM, "header:From", "佐藤", "sato@partner.example");
		add_result(&d, a, cases[i].server, cases[i].method, cases[i].result, cases[i].domain);
		document_add_part(&d, a, PART_BODY, STR("body"), STR("お世話になります。"));
		judge(&d, &company, a, &v);
		if ((cases[i].finds && !has(&v, cases[i].finds)) || (cases[i].finds_not && has(&v, cases[i].finds_not)))
			fail_msg("case %zu", i);
	}
}

static void test_attachments(void **state)
{
	static const struct {
		const char *name;
		uint32_t flags;
		const char *finds;
	} cases[] = {
	        {"見積書.exe", 0, "attached-program"},
	        {"見積書.pdf.exe", 0, "double-extension"},
	        {"invoice.js", 0, "attached-script"},
	        {"請求書.pdf                .lnk", 0, "attached-shortcut"},
	        {"data.iso", 0, "attached-disk-image"},
	        {"台帳.xlsm", 0, "attached-macro"},
	        {"古い台帳.xls", ATTACHMENT_MACRO, "attached-macro"},
	        {"login.html", 0, "attached-html"},
	        {"見積\u202Efdp.exe", 0, "right-to-left"},
	        {"資料.zip", ATTACHMENT_ENCRYPTED | ATTACHMENT_ARCHIVE, "encrypted-archive"},
	        {"x.zip", ATTACHMENT_BOMB | ATTACHMENT_ARCHIVE, "archive-bomb"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(4 << 20);
		struct document d = {.kind = INPUT_MAIL, .has_headers = true, .zone_minutes = INT32_MIN};
		struct verdict v;
		add_mailbox(&d, a, MAILBOX_FROM, "header:From", "佐藤", "sato@partner.co.jp");
		document_add_part(&d, a, PART_BODY, STR("body"),
		                  STR("お世話になっております。資料をお送りします。よろしくお願いいたします。"));
		int part = document_add_part(&d, a, PART_ATTACHMENT, STR("attachment:1"), str_of(cases[i].name));
		*document_add_attachment(&d, a) = (struct attachment){.name = str_of(cases[i].name),
		                                                      .flags = cases[i].flags,
		                                                      .part = (uint32_t) part,
		                                                      .inside = PART_NONE};
		judge(&d, NULL, a, &v);
		if (!has(&v, cases[i].finds))
			fail_msg("%s lacks %s", cases[i].name, cases[i].finds);
		if (cases[i].flags & ATTACHMENT_ENCRYPTED)
			assert_int_equal(v.kind, VERDICT_NOTHING_FOUND);
	}
}

static void test_same_twice(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(4 << 20);
	struct document d = {.kind = INPUT_TEXT, .zone_minutes = INT32_MIN};
	struct verdict v;
	document_add_part(&d, a, PART_BODY, STR("body"),
	                  STR("口座を停止しました。\n\nカードを停止しました。\n\n会員を停止しました。"));
	judge(&d, NULL, a, &v);
	unsigned weighing = 0, all = 0;
	for (size_t i = 0; i < v.findings.n; i++) {
		if (strcmp(v.findings.at[i].id, "threat") == 0) {
			all++;
			weighing += v.findings.at[i].weight != 0;
		}
	}
	assert_true(all > 1);
	assert_int_equal(weighing, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_texts),          cmocka_unit_test(test_sender_fields),
	        cmocka_unit_test(test_authentication), cmocka_unit_test(test_attachments),
	        cmocka_unit_test(test_same_twice),
	};
	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
