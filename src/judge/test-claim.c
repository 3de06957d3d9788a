/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Claim against origin, and what links show beside what they do, on messages built by hand. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "rules/rules.h"

enum { TEST_ARENA_BYTES = 4 * 1024 * 1024 };

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

static const struct str own[] = {{"company.co.jp", 13}};
static const struct str correspondents[] = {{"tanaka-kogyo.co.jp", 18}};
static const struct str trusted[] = {{"mx.company.co.jp", 16}};
static const struct company company = {.own_domains = own,
                                       .own_domain_count = 1,
                                       .correspondents = correspondents,
                                       .correspondent_count = 1,
                                       .trusted_servers = trusted,
                                       .trusted_server_count = 1};

struct message {
	const char *name, *from, *subject, *body;
	const char *links[4][2]; /* text, target; text NULL: it stands bare in the body */
	const char *passed;      /* domain that DMARC passed for */
};

static void add_from(struct document *d, struct arena *a, const struct message *m)
{
	struct str text = arena_printf(a, "%s <%s>", m->name, m->from);
	int part = document_add_part(d, a, PART_HEADER, STR("header:From"), text);
	*document_add_mailbox(d, a) = (struct mailbox){.role = MAILBOX_FROM,
	                                               .name = str_of(m->name),
	                                               .address = str_of(m->from),
	                                               .part = (uint32_t) part,
	                                               .end = (uint32_t) text.n};
	if (m->passed)
		*document_add_auth_result(d, a) = (struct auth_result){.server = trusted[0],
		                                                       .method = STR("dmarc"),
		                                                       .result = STR("pass"),
		                                                       .domain = str_of(m->passed),
		                                                       .part = (uint32_t) part};
}

static void build(const struct message *m, enum input_kind kind, struct arena *a, struct document *d)
{
	*d = document_make(kind);
	d->has_headers = m->from != NULL;
	if (m->from)
		add_from(d, a, m);
	if (m->subject)
		document_add_part(d, a, PART_SUBJECT, STR("subject"), str_of(m->subject));
	uint32_t body = (uint32_t) document_add_part(d, a, PART_BODY, STR("body"), str_of(m->body));
	for (size_t i = 0; i < ARRAY_SIZE(m->links) && m->links[i][1]; i++) {
		struct str url = str_of(m->links[i][1]), text = m->links[i][0] ? str_of(m->links[i][0]) : url;
		size_t at = str_find(str_of(m->body), text, 0);
		if (at == STR_NOT_FOUND)
			fail_msg("\"%.*s\" is not in the body", STR_ARG(text));
		*document_add_link(d, a) = (struct link){.text = text,
		                                         .url = url,
		                                         .part = body,
		                                         .start = (uint32_t) at,
		                                         .end = (uint32_t) (at + text.n),
		                                         .flags = m->links[i][0] ? LINK_HTML : 0};
	}
	assert_int_equal(document_check(d), 0);
}

static bool has(const struct verdict *v, const char *id)
{
	for (size_t i = 0; i < v->findings.n; i++)
		if (strcmp(v->findings.at[i].id, id) == 0)
			return true;
	return false;
}

static bool claims(const struct verdict *v, const char *id)
{
	for (size_t i = 0; i < v->claims.n; i++)
		if (str_eq_c(v->claims.at[i].brand_id, id))
			return true;
	return false;
}

struct claim_case {
	const char *what;
	struct message message;
	const char *claim; /* brand id that must be claimed; "" no claim at all; NULL not asked */
	const char *finds[3];
	const char *finds_not[3];
	int least; /* verdict at least so bad, -1 not asked */
	int most;  /* and at most so bad, -1 not asked */
};

static void check(const struct claim_case *c, enum input_kind kind)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct document d;
	struct verdict v;
	build(&c->message, kind, a, &d);
	assert_int_equal(judge_document(&d, rules, &company, a, &v), 0);
	if (c->claim && (*c->claim ? !claims(&v, c->claim) : v.claims.n > 0))
		fail_msg("%s: claims %zu, first %.*s", c->what, v.claims.n,
		         v.claims.n ? (int) v.claims.at[0].brand.n : 0, v.claims.n ? v.claims.at[0].brand.p : "");
	for (size_t i = 0; i < 3 && c->finds[i]; i++)
		if (!has(&v, c->finds[i]))
			fail_msg("%s: lacks %s", c->what, c->finds[i]);
	for (size_t i = 0; i < 3 && c->finds_not[i]; i++)
		if (has(&v, c->finds_not[i]))
			fail_msg("%s: has %s", c->what, c->finds_not[i]);
	if (c->least >= 0 && (int) v.kind > c->least)
		fail_msg("%s: is only %s (%.2f)", c->what, verdict_word(v.kind), v.score);
	if (c->most >= 0 && (int) v.kind < c->most)
		fail_msg("%s: is even %s (%.2f)", c->what, verdict_word(v.kind), v.score);
}

static void test_mail(void **state)
{
	static const struct claim_case cases[] = {
	        {"foreign sender and link",
	         {"Amazon.co.jp",
	          "info@xkd.example.cn",
	          "【重要】Amazonアカウントのお知らせ",
	          "Amazonをご利用いただきありがとうございます。アカウントを停止しました。ログインはこちら",
	          {{"ログインはこちら", "https://xkd.example.cn/ap"}},
	          NULL},
	         "amazon",
	         {"claim-display-name", "claim-foreign-link"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"genuine",
	         {"Amazon.co.jp",
	          "auto-confirm@amazon.co.jp",
	          "Amazon.co.jpでのご注文",
	          "ご注文ありがとうございます。注文の確認",
	          {{"注文の確認", "https://www.amazon.co.jp/gp/css/order"}},
	          "amazon.co.jp"},
	         "amazon",
	         {NULL},
	         {"claim-foreign-link", "claim-foreign-sender", "claim-display-name"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"forged genuine domain",
	         {"楽天市場",
	          "myinfo@rakuten.co.jp",
	          "楽天アカウントの確認",
	          "楽天をご利用いただきありがとうございます。確認はこちら",
	          {{"こちら", "https://abc.example.top/r"}},
	          NULL},
	         "rakuten",
	         {"forged-genuine-domain"},
	         {NULL},
	         VERDICT_DOUBTFUL,
	         -1},
	        {"genuine links do not excuse",
	         {"三井住友カード",
	          "x@random.example.com",
	          "三井住友カード ご利用確認",
	          "三井住友カード会員様 公式サイト ご確認",
	          {{"公式サイト", "https://www.smbc-card.com/"}, {"ご確認", "https://evil.example.icu/v"}},
	          NULL},
	         "smbc-card",
	         {"claim-foreign-link"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"only mentioned: gift card",
	         {"田中工業",
	          "news@tanaka-kogyo.co.jp",
	          "アンケートのお願い",
	          "ご回答の方から抽選で10名様にAmazonギフト券を差し上げます。回答する",
	          {{"回答する", "https://www.tanaka-kogyo.co.jp/q"}},
	          NULL},
	         NULL,
	         {NULL},
	         {"claim-foreign-link", "claim-display-name", "claim-foreign-sender"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"only mentioned: ways to pay",
	         {"北町商店",
	          "shop@kitamachi.example.jp",
	          "ご注文の確認",
	          "お支払い方法: Visa、Mastercard、JCB、American Express、PayPay、楽天ペイ、Amazon Pay\n注文の詳細",
	          {{"注文の詳細", "https://kitamachi.example.jp/o/1"}},
	          NULL},
	         NULL,
	         {NULL},
	         {"claim-foreign-link", "claim-display-name", "claim-foreign-sender"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"only mentioned: social media",
	         {"みどり園芸",
	          "mag@midori.example.jp",
	          "春の新商品",
	          "新しい苗が入りました。一覧を見る\nFacebook Instagram X LINE公式アカウント",
	          {{"一覧を見る", "https://midori.example.jp/new"},
	           {"Facebook", "https://www.facebook.com/midori"},
	           {"Instagram", "https://www.instagram.com/midori"}},
	          NULL},
	         NULL,
	         {NULL},
	         {"claim-foreign-link", "claim-display-name", "claim-foreign-sender"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"company lookalike",
	         {"山田",
	          "yamada@cornpany.co.jp",
	          "振込先変更のご連絡",
	          "振込先の口座が変更になりました。",
	          {{NULL}},
	          NULL},
	         NULL,
	         {"sender-lookalike-known"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"correspondent under another ending",
	         {"田中", "tanaka@tanaka-kogyo.com", "請求書の件", "請求書をお送りします。", {{NULL}}, NULL},
	         NULL,
	         {"sender-lookalike-known"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"correspondent",
	         {"田中", "tanaka@tanaka-kogyo.co.jp", "請求書の件", "請求書をお送りします。", {{NULL}}, NULL},
	         "",
	         {NULL},
	         {"sender-lookalike-known"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"text shows another host",
	         {"総務",
	          "a@partner.example.jp",
	          "資料",
	          "こちらをご覧ください https://www.nta.go.jp/",
	          {{"https://www.nta.go.jp/", "https://abc.example.xyz/"}},
	          NULL},
	         NULL,
	         {"text-other-host"},
	         {NULL},
	         -1,
	         -1},
	        {"text shows a sister host",
	         {"総務",
	          "a@rakuten.co.jp",
	          "資料",
	          "こちら https://www.rakuten-card.co.jp/",
	          {{"https://www.rakuten-card.co.jp/", "https://card.rakuten.co.jp/"}},
	          NULL},
	         NULL,
	         {NULL},
	         {"text-other-host"},
	         -1,
	         -1},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&cases[i], INPUT_MAIL);
}

static void test_links(void **state)
{
	static const struct claim_case cases[] = {
	        {"search redirect",
	         {.body = "https://www.google.com/url?q=https%3A%2F%2Fwww.amazon.co.jp.example.cn%2Fap&sa=D",
	          .links = {{NULL,
	                     "https://www.google.com/url?q=https%3A%2F%2Fwww.amazon.co.jp.example.cn%2Fap&sa=D"}}},
	         NULL,
	         {"link-redirect", "embedded-domain"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"redirect to a known place",
	         {.body = "https://www.google.com/url?q=https://www.amazon.co.jp/ap",
	          .links = {{NULL, "https://www.google.com/url?q=https://www.amazon.co.jp/ap"}}},
	         NULL,
	         {NULL},
	         {"link-redirect", "embedded-domain"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"translation",
	         {.body = "https://amazon-co-jp-example-top.translate.goog/x",
	          .links = {{NULL, "https://amazon-co-jp-example-top.translate.goog/x"}}},
	         NULL,
	         {"link-redirect", "embedded-domain"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"bing",
	         {.body = "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly93d3cuYW1hem9uLmNvLmpwLmV4YW1wbGUuY24v&ntb=1",
	          .links = {{NULL, "https://www.bing.com/ck/"
	                           "a?!&&p=1&u=a1aHR0cHM6Ly93d3cuYW1hem9uLmNvLmpwLmV4YW1wbGUuY24v&ntb=1"}}},
	         NULL,
	         {"link-redirect", "embedded-domain"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"redirect in a redirect",
	         {.body = "https://l.facebook.com/"
	                  "l.php?u=https%3A%2F%2Fwww.youtube.com%2Fredirect%3Fq%3Dhttp%3A%2F%2F192.513%2F",
	          .links = {{NULL, "https://l.facebook.com/"
	                           "l.php?u=https%3A%2F%2Fwww.youtube.com%2Fredirect%3Fq%3Dhttp%3A%2F%2F192.513%2F"}}},
	         NULL,
	         {"link-ip-odd"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"shortener",
	         {.body = "https://bit.ly/3abc", .links = {{NULL, "https://bit.ly/3abc"}}},
	         NULL,
	         {"link-shortener"},
	         {NULL},
	         VERDICT_CANNOT_TELL,
	         VERDICT_CANNOT_TELL},
	        {"stated name",
	         {.body = "三井住友カード\nhttps://shop.example.net/", .links = {{NULL, "https://shop.example.net/"}}},
	         "smbc-card",
	         {"stated-name-elsewhere"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"stated name, genuine",
	         {.body = "三井住友カード\nhttps://www.smbc-card.com/mem/",
	          .links = {{NULL, "https://www.smbc-card.com/mem/"}}},
	         "smbc-card",
	         {NULL},
	         {"stated-name-elsewhere", "stated-name-unknown"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"stated name, weak spelling",
	         {.body = "brand: au\nhttps://abc.example.net/", .links = {{NULL, "https://abc.example.net/"}}},
	         NULL,
	         {"stated-name-elsewhere"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"stated name, nobody known",
	         {.body = "brand: 北町信販\nhttps://abc.example.net/", .links = {{NULL, "https://abc.example.net/"}}},
	         NULL,
	         {"stated-name-unknown"},
	         {"stated-name-elsewhere"},
	         VERDICT_DOUBTFUL,
	         VERDICT_DOUBTFUL},
	        {"no name",
	         {.body = "https://abc.example.net/", .links = {{NULL, "https://abc.example.net/"}}},
	         "",
	         {NULL},
	         {"stated-name-unknown", "stated-name-elsewhere"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"the name is only in the address",
	         {.body = "https://paypay.ne.jp/", .links = {{NULL, "https://paypay.ne.jp/"}}},
	         NULL,
	         {NULL},
	         {"stated-name-unknown", "stated-name-elsewhere"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"script",
	         {.body = "javascript:location='x'", .links = {{NULL, "javascript:location='x'"}}},
	         NULL,
	         {"link-script"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&cases[i], INPUT_URL);
}

static void test_sms(void **state)
{
	static const struct claim_case cases[] = {
	        {"parcel",
	         {.body = "お荷物のお届けにあがりましたが不在の為持ち帰りました。 http://abcde.duckdns.org",
	          .links = {{NULL, "http://abcde.duckdns.org"}}},
	         NULL,
	         {NULL},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"tax",
	         {.body = "【国税庁】未払い税金のお知らせ。最終通知 https://abc.example.xyz/t",
	          .links = {{NULL, "https://abc.example.xyz/t"}}},
	         "nta",
	         {"claim-foreign-link"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"a name and an address",
	         {.body = "メルカリ https://abc.example.net/", .links = {{NULL, "https://abc.example.net/"}}},
	         "mercari",
	         {"stated-name-elsewhere"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"a labelled name",
	         {.body = "ブランド: PayPay\nhttps://abc.example.net/", .links = {{NULL, "https://abc.example.net/"}}},
	         "paypay",
	         {"stated-name-elsewhere"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"a friend's message",
	         {.body = "LINEで送った写真はここにもあります https://abc.example.net/",
	          .links = {{NULL, "https://abc.example.net/"}}},
	         NULL,
	         {NULL},
	         {"stated-name-elsewhere", "stated-name-unknown"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"genuine code",
	         {.body = "Amazon: 確認コードは123456です。誰にも教えないでください。"},
	         NULL,
	         {NULL},
	         {"claim-foreign-link"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"genuine link",
	         {.body = "ヤマト運輸です。お届け予定をお知らせします https://www.kuronekoyamato.co.jp/x",
	          .links = {{NULL, "https://www.kuronekoyamato.co.jp/x"}}},
	         NULL,
	         {NULL},
	         {"claim-foreign-link"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"arrest and a number",
	         {.body = "警視庁です。あなた名義の口座が犯罪に利用されています。至急050-3000-"
	                  "0000へ連絡してください。"},
	         NULL,
	         {"call-arrest"},
	         {NULL},
	         VERDICT_DANGER,
	         -1},
	        {"a warning of arrest and a number",
	         {.body = "【防犯】警察官を装った電話が増えています。逮捕状をLINEで見せるのは詐欺です。ご注意ください"
	                  "。"},
	         NULL,
	         {NULL},
	         {"call-arrest"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	        {"a police station's own notice",
	         {.body = "落とし物を保管しています。受け取りは鶴見警察署会計課へ 045-504-0110 までお電話ください。"},
	         NULL,
	         {NULL},
	         {"call-arrest"},
	         -1,
	         VERDICT_NOTHING_FOUND},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&cases[i], INPUT_SMS);
}

static void check_own_address(const struct brand *b, struct str name, struct str domain)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct message m = {
	        .body = arena_cstr(a, arena_printf(a, "brand: %.*s\nhttps://%.*s/", STR_ARG(name), STR_ARG(domain)))};
	m.links[0][1] = strchr(m.body, '\n') + 1;
	struct document d;
	struct verdict v;
	build(&m, INPUT_URL, a, &d);
	assert_int_equal(judge_document(&d, rules, NULL, a, &v), 0);
	if (has(&v, "stated-name-elsewhere") || has(&v, "stated-name-unknown"))
		fail_msg("%.*s: %.*s at %.*s", STR_ARG(b->id), STR_ARG(name), STR_ARG(domain));
}

/* No brand of the table is called foreign at its own address, under any of its names. */
static void test_own_addresses(void **state)
{
	for (uint32_t i = 0; i < rules_brand_count(rules); i++) {
		const struct brand *b = rules_brand(rules, i);
		check_own_address(b, b->name_ja, b->domains.at[0]);
		check_own_address(b, b->name_en, b->domains.at[0]);
		for (size_t k = 0; k < b->spellings.n; k++)
			check_own_address(b, b->spellings.at[k], b->domains.at[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_mail), cmocka_unit_test(test_links),
	                                   cmocka_unit_test(test_sms), cmocka_unit_test(test_own_addresses)};
	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
