/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is found and what is not, kind by kind: usual forms, other ways to write the same, and what only looks like it.
 * In each text the span stands between ⟦ and ⟧, which are taken out before the scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "leak/data.h"
#include "leak/digits.h"
#include "leak/encoded.h"
#include "leak/house.h"

enum { ARENA_BYTES = 16 << 20, WANTED_MAX = 8, TEXT_MAX_BYTES = 4096, MESSAGE_BYTES = 2000 };

static struct leak_rules *rules;
static struct leak_scratch *scratch;

static int set_up(void **state)
{
	char folder[1000], message[MESSAGE_BYTES];
	snprintf(folder, sizeof(folder), "%s/rules", getenv("SONAE_SOURCE"));
	if (leak_rules_new(folder, NULL, &rules, message, sizeof(message)) < 0) {
		fprintf(stderr, "%s\n", message);
		return -1;
	}
	return leak_scratch_new(rules, &scratch);
}

static int tear_down(void **state)
{
	leak_scratch_free(scratch);
	leak_rules_free(rules);
	return 0;
}

struct wanted {
	size_t start, end;
};

/* Takes the brackets out; how many spans they marked. */
static size_t unmark(const char *marked, struct buf *text, struct wanted wanted[static WANTED_MAX])
{
	static const char open[] = "⟦", close[] = "⟧";
	size_t n = 0;
	for (const char *p = marked; *p;) {
		if (strncmp(p, open, 3) == 0) {
			assert_true(n < WANTED_MAX);
			wanted[n].start = text->n;
			p += 3;
		} else if (strncmp(p, close, 3) == 0) {
			wanted[n++].end = text->n;
			p += 3;
		} else {
			buf_add_char(text, *p++);
		}
	}
	return n;
}

static void print_spans(struct str text, const struct leak_spans *spans)
{
	for (size_t i = 0; i < spans->n; i++)
		print_message("  found %s %s %s [%.*s]\n", leak_kind_word(spans->at[i].kind),
		              leak_confidence_word(spans->at[i].confidence), spans->at[i].why,
		              STR_ARG(str_slice(text, spans->at[i].start, spans->at[i].end)));
}

/* The spans of this kind are exactly those marked; other kinds may be found beside them. */
static void check_marked(enum leak_kind kind, enum leak_confidence least, const char *marked)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new(ARENA_BYTES);
	struct buf text = buf_make(TEXT_MAX_BYTES);
	struct wanted wanted[WANTED_MAX];
	struct leak_spans spans;
	size_t n = unmark(marked, &text, wanted), k = 0;
	bool good = true;
	assert_int_equal(leak_scan(rules, NULL, scratch, buf_str(&text), arena, &spans), 0);
	for (size_t i = 0; i < spans.n; i++) {
		const struct leak_span *s = &spans.at[i];
		if (s->kind != kind)
			continue;
		good = good && k < n && s->start == wanted[k].start && s->end == wanted[k].end &&
		       s->confidence >= least;
		k++;
	}
	if (!good || k != n) {
		print_spans(buf_str(&text), &spans);
		fail_msg("%s: %s", leak_kind_word(kind), marked);
	}
	buf_done(&text);
}

#define CHECK_ALL(kind, least, list)                                                                                   \
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)                                                                  \
	check_marked((kind), (least), (list)[i])

static void test_my_number(void **state)
{
	static const char *const sure[] = {
	        "マイナンバー：⟦123456789018⟧",
	        "個人番号は⟦1234-5678-9018⟧です",
	        "マイナンバー ⟦１２３４　５６７８　９０１８⟧",
	        "マイナンバー：⟦1234‐5678−9018⟧",
	        "マイナンバー：⟦1234ー5678ー9018⟧",
	        "マイナンバー：⟦1234\n5678\n9018⟧",
	        "マイナンバー：⟦1 2 3 4 5 6 7 8 9 0 1 8⟧",
	        "マイナンバー：⟦1234.5678.9018⟧",
	        "マイナンバー：⟦12\u200b34567\u200b89018⟧",
	        "マイナンバー：⟦一二三四五六七八九〇一八⟧",
	        "個人番号（マイナンバー）\n⟦123456789018⟧",
	        "ﾏｲﾅﾝﾊﾞｰ:⟦123456789018⟧",
	        "My Number: ⟦123456789018⟧です。",
	        "社員のマイナンバーを送ります。確認してください。\n山田　⟦123456789018⟧",
	        "マイナンバー：⟦595748906820⟧", /* remainder 0 */
	        "マイナンバー：⟦254122482440⟧", /* remainder 1 */
	        "マイナンバー：⟦123４５６789０18⟧",
	        "⟦123456789018⟧（マイナンバー）",
	};
	static const char *const likely[] = {"田中さん ⟦1234-5678-9018⟧ をお願いします",
	                                     "番 ⟦１２３４ ５６７８ ９０１８⟧ まで"};
	static const char *const possible[] = {"⟦123456789018⟧ を登録しました"};
	static const char *const no[] = {
	        "マイナンバー：123456789012",
	        "注文番号：123456789018",
	        "品番 1234-5678-9018",
	        "伝票番号は123456789018です",
	        "A123456789018",
	        "123456789018B",
	        "1234567890189",
	        "0-1234-5678-9018",
	        "マイナンバーの桁数は12桁です",
	        "追跡番号 1234 5678 9018",
	        "マイナンバー：000000000000",
	};
	CHECK_ALL(LEAK_MY_NUMBER, LEAK_HIGH, sure);
	CHECK_ALL(LEAK_MY_NUMBER, LEAK_MEDIUM, likely);
	CHECK_ALL(LEAK_MY_NUMBER, LEAK_LOW, possible);
	CHECK_ALL(LEAK_MY_NUMBER, LEAK_LOW, no);
}

static void test_corporate_number(void **state)
{
	static const char *const yes[] = {
	        "法人番号：⟦7000012050002⟧",        "登録番号：⟦T7000012050002⟧",
	        "インボイス ⟦T7000012050002⟧ です", "⟦Ｔ７０００－０１２０－５０００２⟧（登録番号）",
	        "法人番号 ⟦7-0000-1205-0002⟧",      "登録番号⟦T1234567890123⟧",
	};
	static const char *const no[] = {"法人番号：7000012050003", "JANコード 4901234567894", "7000012050002"};
	CHECK_ALL(LEAK_CORPORATE_NUMBER, LEAK_HIGH, yes);
	CHECK_ALL(LEAK_CORPORATE_NUMBER, LEAK_LOW, no);
}

static void test_person_numbers(void **state)
{
	static const char *const licence[] = {"免許証番号：⟦305912345670⟧",
	                                      "運転免許証番号 第⟦３０５９１２３４５６７０⟧号",
	                                      "免許証 ⟦3059 1234 5670⟧です"};
	static const char *const passport[] = {"旅券番号：⟦TK1234567⟧", "パスポート番号は⟦ＴＫ１２３４５６７⟧です",
	                                       "パスポート：⟦TR 7654321⟧まで"};
	static const char *const no_passport[] = {"型番 TK1234567", "TK1234567"};
	static const char *const residence[] = {"在留カード番号：⟦AB12345678CD⟧", "⟦ＡＢ１２３４５６７８ＣＤ⟧を確認",
	                                        "在留カード ⟦AB 12345678 CD⟧"};
	static const char *const no_residence[] = {"品番 AB12345678CD", "AB12345678CDE", "XAB12345678CD"};
	static const char *const pension[] = {"基礎年金番号：⟦1234-567890⟧", "基礎年金番号⟦１２３４５６７８９０⟧",
	                                      "年金手帳の番号は⟦1234 567890⟧です"};
	static const char *const no_pension[] = {"受付番号 1234-567890", "1234-567890"};
	static const char *const health[] = {"被保険者証 記号 ⟦1234 番号 567890⟧", "保険者番号：⟦123455⟧",
	                                     "被保険者番号 ⟦12345678⟧"};
	static const char *const no_health[] = {"健康保険の案内。受付番号 12345678", "保険証のページは12です"};
	static const char *const no_licence[] = {"免許証番号：995912345670", "305912345670"};
	CHECK_ALL(LEAK_LICENCE, LEAK_MEDIUM, licence);
	CHECK_ALL(LEAK_LICENCE, LEAK_LOW, no_licence);
	CHECK_ALL(LEAK_PASSPORT, LEAK_HIGH, passport);
	CHECK_ALL(LEAK_PASSPORT, LEAK_LOW, no_passport);
	CHECK_ALL(LEAK_RESIDENCE_CARD, LEAK_MEDIUM, residence);
	CHECK_ALL(LEAK_RESIDENCE_CARD, LEAK_LOW, no_residence);
	CHECK_ALL(LEAK_PENSION_NUMBER, LEAK_HIGH, pension);
	CHECK_ALL(LEAK_PENSION_NUMBER, LEAK_LOW, no_pension);
	CHECK_ALL(LEAK_HEALTH_INSURANCE, LEAK_MEDIUM, health);
	CHECK_ALL(LEAK_HEALTH_INSURANCE, LEAK_LOW, no_health);
}

static void test_check_digits(void **state)
{
	assert_true(digits_are_my_number("123456789018"));
	assert_true(digits_are_my_number("595748906820"));
	assert_true(digits_are_my_number("254122482440"));
	assert_false(digits_are_my_number("123456789012"));
	assert_true(digits_are_corporate_number("7000012050002"));
	assert_false(digits_are_corporate_number("8000012050002"));
	assert_true(digits_pass_luhn("123455", 6));
	assert_false(digits_pass_luhn("123456", 6));
	assert_true(digits_pass_luhn("4111111111111111", 16));
}

static void test_card(void **state)
{
	static const char *const yes[] = {
	        "番 ⟦4111\u200b1111 1111 1111⟧",
	        "カード番号 ⟦4111111111111111⟧",
	        "⟦4111-1111-1111-1111⟧",
	        "⟦４１１１　１１１１　１１１１　１１１１⟧",
	        "カード：⟦3782 822463 10005⟧",
	        "⟦5555\n5555\n5555\n4444⟧",
	        "⟦4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1⟧ です",
	        "⟦3530111333300000⟧",
	        "⟦4111.1111.1111.1111⟧",
	        "VISA⟦4111111111111111⟧",
	        "⟦4111–1111—1111‑1111⟧まで",
	        "⟦四一一一 一一一一 一一一一 一一一一⟧",
	};
	static const char *const no[] = {"カード番号 4111111111111112", "注文番号 4111111111111111", "9111111111111111",
	                                 "14111111111111111", "0x4111111111111111"};
	CHECK_ALL(LEAK_CREDIT_CARD, LEAK_MEDIUM, yes);
	CHECK_ALL(LEAK_CREDIT_CARD, LEAK_LOW, no);
}

static void test_phone(void **state)
{
	static const char *const yes[] = {
	        "⟦090/1234/5678⟧",
	        "⟦090~1234~5678⟧",
	        "電話 ⟦03-1234-5678⟧",
	        "TEL⟦03-1234-5678⟧",
	        "⟦090-1234-5678⟧まで",
	        "携帯は⟦09012345678⟧です",
	        "⟦０９０－１２３４－５６７８⟧",
	        "⟦090‐1234−5678⟧",
	        "⟦090 1234 5678⟧",
	        "⟦(03)1234-5678⟧",
	        "⟦03(1234)5678⟧",
	        "⟦+81-90-1234-5678⟧",
	        "⟦+81 3 1234 5678⟧",
	        "⟦0120-123-456⟧",
	        "⟦050-1234-5678⟧",
	        "⟦0467-12-3456⟧",
	        "⟦060-1234-5678⟧",
	        "⟦〇九〇－一二三四－五六七八⟧",
	        "⟦090.1234.5678⟧",
	        "電話：⟦090\n1234\n5678⟧",
	        "⟦090-1234-\n5678⟧",
	        "⟦090ー1234ー5678⟧",
	        "お電話⟦0312345678⟧",
	        "連絡先：⟦0 9 0 1 2 3 4 5 6 7 8⟧",
	        "⟦09\u200b0-12\u200b34-5678⟧",
	        "⟦090の1234の5678⟧",
	        "☎⟦03−1234−5678⟧（代表）",
	        "⟦070-1234-5678⟧、⟦080-1234-5678⟧",
	};
	static const char *const no[] = {
	        "05-23に会議",   "2024-05-23",     "1,234,567円",      "品番 090-1234-5678",   "0312345678",
	        "第03-1234号",   "1090-1234-5678", "090-1234-56789",   "A090-1234-5678",       "10-2024-1234",
	        "060-0234-5678", "00-1234-5678",   "2026/11/23 10:00", "注文番号 09012345678", "単価 0120-123",
	};
	CHECK_ALL(LEAK_PHONE, LEAK_MEDIUM, yes);
	CHECK_ALL(LEAK_PHONE, LEAK_LOW, no);
}

static void test_contact(void **state)
{
	static const char *const email[] = {"⟦taro.yamada@example.co.jp⟧まで",
	                                    "メール：⟦ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ⟧です",
	                                    "⟦taro@example.jp⟧。",
	                                    "⟦taro[at]example.jp⟧",
	                                    "(⟦a+b_c@sub.example.com⟧)",
	                                    "⟦ta\u200bro@example.jp⟧"};
	static const char *const no_email[] = {"ssh deploy@web01.example.jp",
	                                       "deploy@web01.example.jp:/srv",
	                                       "lib@1.2.beta",
	                                       "xxx@example.co.jp",
	                                       "support-jp@example.jp",
	                                       "@example",
	                                       "info@example.co.jp",
	                                       "a@b",
	                                       "logo@2x.png",
	                                       "npm i @scope/name",
	                                       "git@github.com:x/y"};
	static const char *const postal[] = {"〒⟦100-0001⟧ 東京都", "郵便番号：⟦1000001⟧", "〒⟦１００－０００１⟧",
	                                     "⟦100-0001⟧ 東京都千代田区", "〒 を書かずに ⟦231-0005⟧ 神奈川県横浜市"};
	static const char *const no_postal[] = {"型番 100-0001", "100-0001", "範囲は100-2000です"};
	CHECK_ALL(LEAK_EMAIL, LEAK_MEDIUM, email);
	CHECK_ALL(LEAK_EMAIL, LEAK_LOW, no_email);
	CHECK_ALL(LEAK_POSTAL_CODE, LEAK_MEDIUM, postal);
	CHECK_ALL(LEAK_POSTAL_CODE, LEAK_LOW, no_postal);
}

#define TABLE_WITHOUT_SEPARATORS                                                                                       \
	"氏　名　　生年月日　　電話番号\n"                                                              \
	"佐藤一郎　⟦1961.2.3⟧　03-1234-5678\n"                                                               \
	"鈴木二郎　⟦S40.1.2⟧　03-1234-5679\n"                                                                \
	"\n"                                                                                                           \
	"1999.1.1"

static void test_birth(void **state)
{
	static const char *const yes[] = {
	        "⟦S60/4/21⟧生",
	        "生年月日：⟦1985年4月1日⟧",
	        "生年月日 ⟦昭和60年4月1日⟧",
	        "⟦S60.4.1⟧生まれ",
	        "⟦昭和六十年四月一日⟧生まれの方",
	        "生年月日：⟦19850401⟧",
	        "誕生日は⟦1985/04/01⟧です",
	        "⟦平成元年5月3日⟧生",
	        "DOB: ⟦1985-04-01⟧",
	        "生年月日：⟦１９８５年４月１日⟧",
	        "⟦1985年（昭和60年）4月1日⟧生まれ",
	        "Date of birth: ⟦April 1, 1985⟧",
	        "生年月日\n⟦1985.4.1⟧",
	        "生年月日：⟦一九八五年四月一日⟧",
	};
	static const char *const more[] = {
	        "加入者 鈴木 ⟦1990年5月6日⟧（36歳）",
	        "生 年 月 日：⟦1985年4月1日⟧",
	        TABLE_WITHOUT_SEPARATORS,
	        "妻：山田花子（⟦1980.5.5⟧）",
	        "氏名,生年月日\n佐藤一郎,⟦1961/2/3⟧",
	        "⟦1975年8月9日⟧に大阪府で生まれました",
	};
	CHECK_ALL(LEAK_BIRTH_DATE, LEAK_MEDIUM, more);
	static const char *const no[] = {"会議は2024年4月1日", "生年月日をご記入ください。締切は2024年4月1日です",
	                                 "2024-04-01 入社", "昭和60年4月1日創業"};
	CHECK_ALL(LEAK_BIRTH_DATE, LEAK_HIGH, yes);
	CHECK_ALL(LEAK_BIRTH_DATE, LEAK_LOW, no);
}

static void test_bank(void **state)
{
	static const char *const yes[] = {
	        "ゆうちょ 記号⟦10120 番号12345671⟧",
	        "普通預金口座 №⟦1234567⟧",
	        "みずほ銀行 渋谷支店 普通 ⟦1234567⟧",
	        "口座番号：⟦1234567⟧",
	        "三井住友銀行 本店 （普）⟦１２３４５６７⟧",
	        "ゆうちょ銀行 記号番号 ⟦12340-12345671⟧",
	        "振込先 ⟦0001-123-1-1234567⟧",
	};
	static const char *const no[] = {"普通の品番 1234567", "売上は1234567円でした", "会員番号 1234567"};
	CHECK_ALL(LEAK_BANK_ACCOUNT, LEAK_MEDIUM, yes);
	CHECK_ALL(LEAK_BANK_ACCOUNT, LEAK_LOW, no);
}

static void test_secrets(void **state)
{
	char message[MESSAGE_BYTES] = "";
	assert_true(rules->secrets.n >= 220);
	if (leak_secrets_check(rules, scratch, message, sizeof(message)) < 0)
		fail_msg("%s", message);
	static const char *const yes[] = {
	        "鍵は⟦AKIAIOSFODNN7EXAMPLE⟧です",        "⟦ＡＫＩＡＩＯＳＦＯＤＮＮ７ＥＸＡＭＰＬＥ⟧",
	        "AWSの⟦AKIAIOSFODNN7EXAMPLE⟧を使って",   "⟦postgres://app:s3cr3tPass@db.example.com:5432/main⟧",
	        "APIキー：⟦a8F3kd92LmQp0Zx7Vb1N⟧を設定",
	};
	CHECK_ALL(LEAK_SECRET, LEAK_HIGH, yes);
}

static void test_password(void **state)
{
	static const char *const yes[] = {
	        "パスワード(仮)：⟦Temp1234⟧",
	        "パスワード：⟦Abc12345!⟧",
	        "パスワードは⟦hogeHoge99⟧です",
	        "password=⟦S3cret#99⟧",
	        "ﾊﾟｽﾜｰﾄﾞ：⟦Ａｂｃ１２３４５⟧",
	        "PW: ⟦tokyo2024⟧",
	        "暗証番号は⟦4821⟧です",
	        "パスワード「⟦さくら2024！⟧」",
	        "\"password\": \"⟦xK9!mmP2⟧\"",

	        "初期パスワード：⟦Welcome1⟧、変更してください",
	        "管理画面のパスは「⟦Mizu8-kujira⟧」です",
	        "ログインパス: ⟦momiji0412⟧",
	        "WiFiのパスワード(来客用)は⟦hato-3311-sora⟧です",
	        "パスワードは以下の通りです。\n⟦Qz7!kmlp⟧\n",
	        "password はこれまでと同じ「⟦Tsuki2031!⟧」で",
	        "ID/PW = guest / ⟦K1ngyo!77⟧",
	        "パスフレーズ: ⟦tall green lamp under snow⟧",
	        "Wi-Fiキー: ⟦b7e1d0c3f2⟧",
	};
	static const char *const no[] = {
	        "パスワードは8文字以上にしてください",
	        "パスワード：必須",
	        "password: string",
	        "Password is required",
	        "パスワードを忘れた方",
	        "password=${DB_PASSWORD}",
	        "password: ********",
	        "パスワードは90日ごとに変更",
	        "暗証番号は4桁です",
	        "保存先のパスは /srv/share2/doc です",
	        "ファイルパスは「report2024a」です",
	        "バイパス: route16kawagoe",
	        "パスワードは以下の通りに決めます。\n長さは12文字以上",
	        "年間パスは3日前に届きました",
	};
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (i != 8)
			check_marked(LEAK_PASSWORD, LEAK_MEDIUM, yes[i]);
	CHECK_ALL(LEAK_PASSWORD, LEAK_LOW, no);
}

static void test_internal(void **state)
{
	static const char *const yes[] = {
	        "サーバーは⟦192.168.1.10⟧です",
	        "⟦10.0.0.5⟧",
	        "⟦１９２．１６８．１．１⟧",
	        "⟦172.16.31.4⟧:8080",
	        "⟦\\\\fs01\\営業\\見積.xlsx⟧ を見て",
	        "⟦http://intranet/portal⟧ へ",
	        "⟦smb://fileserver/share⟧",
	        "ホストは⟦db01.corp⟧",
	        "⟦https://wiki.example.local/page⟧を参照",
	        "⟦￥￥fs01￥共有￥名簿⟧",
	};
	static const char *const no[] = {
	        "8.8.8.8",    "172.32.0.1",   "バージョン 10.0.0.5", "https://example.com/", "http://localhost:3000/",
	        "1.10.0.0.5", "C:\\Users\\a", "settings.local.json"};
	CHECK_ALL(LEAK_INTERNAL_ADDRESS, LEAK_HIGH, yes);
	CHECK_ALL(LEAK_INTERNAL_ADDRESS, LEAK_LOW, no);
}

static void test_mark(void **state)
{
	static const char *const yes[] = {"【⟦社外秘⟧】見積書",   "見積書（⟦社外秘⟧）",     "⟦社外秘⟧\n見積書",
	                                  "※⟦取扱注意⟧\n本文",    "本資料は⟦社外秘⟧です。", "[⟦CONFIDENTIAL⟧] plan",
	                                  "⟦CONFIDENTIAL⟧\nplan", "⟦極秘⟧　新製品計画",     "(⟦秘⟧) 人事案",
	                                  "⟦㊙⟧ 議事録",          "会議資料 ⟦部外秘⟧"};
	static const char *const no[] = {"「社外秘」という語の意味", "社外秘とは何ですか",
	                                 "秘書に連絡する",           "confidential information is defined as",
	                                 "社外秘の定義を教えて",     "社外秘と極秘の違い",
	                                 "機密保持契約を結ぶ",       "秘密の質問"};
	CHECK_ALL(LEAK_CONFIDENTIAL_MARK, LEAK_MEDIUM, yes);
	CHECK_ALL(LEAK_CONFIDENTIAL_MARK, LEAK_LOW, no);
}

static void test_table(void **state)
{
	check_marked(
	        LEAK_MY_NUMBER, LEAK_HIGH,
	        "注文番号,氏名,マイナンバー\n123456789018,山田,⟦123456789018⟧\n595748906820,鈴木,⟦595748906820⟧\n");
	check_marked(LEAK_BIRTH_DATE, LEAK_HIGH,
	             "氏名\t入社日\t生年月日\n山田\t2001/4/1\t⟦1978/11/06⟧\n鈴木\t2003/4/1\t⟦昭和51年2月3日⟧\n");
	check_marked(LEAK_PASSWORD, LEAK_HIGH, "| ID | パスワード |\n|---|---|\n| taro | ⟦kirin48⟧ |\n");
	check_marked(LEAK_PHONE, LEAK_HIGH,
	             "{\n\"name\": \"x\",\n\"phone\": \"⟦0312345678⟧\",\n\"fax\": \"⟦0312345679⟧\",\n}");
	check_marked(LEAK_BIRTH_DATE, LEAK_MEDIUM, "患者: 山下 麻衣 様  ⟦1978/11/06⟧\n主治医");
	check_marked(LEAK_BIRTH_DATE, LEAK_LOW, "山下様 2026/11/06\n鈴木様 1978/11/06 に創業");
}

static void test_encoded(void **state)
{
	check_marked(LEAK_PHONE, LEAK_MEDIUM, "x ⟦MDkwLTEyMzQtNTY3OA==⟧ y");
	check_marked(LEAK_MY_NUMBER, LEAK_HIGH, "data:⟦44Oe44Kk44OK44Oz44OQ44O877yaMTIzNDU2Nzg5MDE4⟧");
	check_marked(LEAK_PHONE, LEAK_MEDIUM, "?tel=⟦090%2D1234%2D5678⟧&a=%20%20");
	check_marked(LEAK_EMAIL, LEAK_MEDIUM, "q=⟦%20taro%40example.jp⟧&b=%20");
	check_marked(LEAK_SECRET, LEAK_HIGH, "添付: ⟦token%3Dghp_16C7e42F292c6912E7710c838347Ae178B4a⟧");
	check_marked(LEAK_PHONE, LEAK_HIGH, "%E5%B1%B1%E7%94%B0%20⟦090-1234-5678⟧%20taro%40example.jp");
	check_marked(LEAK_CREDIT_CARD, LEAK_MEDIUM, "⟦NDExMSAxMTExIDExMTEgMTExMQ⟧");
	check_marked(LEAK_PHONE, LEAK_LOW, "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ");
}

static void test_house(void **state)
{
	static const struct leak_house_row rows[] = {
	        {{"株式会社ミナトケミカル", 33}, LEAK_HOUSE_CUSTOMER},
	        {{"ミナト", 9}, LEAK_HOUSE_CUSTOMER},
	        {{"プロジェクトX9", 20}, LEAK_HOUSE_PROJECT},
	        {{"髙橋商店", 12}, LEAK_HOUSE_CUSTOMER},
	        {{"Zephyr", 6}, LEAK_HOUSE_PRODUCT},
	};
	static const struct {
		const char *text, *found; /* the found piece, NULL none */
	} cases[] = {
	        {"株式会社ミナトケミカルに送る", "株式会社ミナトケミカル"},
	        {"㈱... 株式会社ﾐﾅﾄｹﾐｶﾙ", "株式会社ﾐﾅﾄｹﾐｶﾙ"},
	        {"ミナトの件", "ミナト"},
	        {"みなとの件", "みなと"},
	        {"オミナト", NULL},
	        {"ミナトク", NULL},
	        {"ｐｒｏｊｅｃｔ プロジェクトｘ９ です", "プロジェクトｘ９"},
	        {"プロジェクトX99", NULL},
	        {"高橋 商店 御中", "高橋 商店"},
	        {"zephyrを", "zephyr"},
	        {"zephyrus", NULL},
	};
	struct leak_house_words *words = NULL;
	size_t too_short = 0;
	assert_int_equal(leak_house_words_new(rows, ARRAY_SIZE(rows), 0, &words, &too_short), 0);
	assert_int_equal(leak_house_words_count(words), ARRAY_SIZE(rows));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *arena = arena_new(ARENA_BYTES);
		struct leak_spans spans;
		struct str text = str_of(cases[i].text), found = {NULL, 0};
		assert_int_equal(leak_scan(rules, words, scratch, text, arena, &spans), 0);
		for (size_t k = 0; k < spans.n; k++)
			if (spans.at[k].kind == LEAK_HOUSE_WORD)
				found = str_slice(text, spans.at[k].start, spans.at[k].end);
		if (!str_eq(found, str_of(cases[i].found)))
			fail_msg("%s: %.*s", cases[i].text, STR_ARG(found));
	}
	leak_house_words_free(words);
	assert_int_equal(leak_house_words_new(rows, ARRAY_SIZE(rows), 1u << LEAK_HOUSE_CUSTOMER, &words, NULL), 0);
	assert_int_equal(leak_house_words_count(words), 2);
	leak_house_words_free(words);
}

static void test_house_csv(void **state)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new(ARENA_BYTES);
	struct leak_house_rows rows;
	size_t line;
	struct str csv =
	        STR("\xEF\xBB\xBF語,種類\r\n\"ミナト, 本社\",customer\r\nZephyr,product\r\n\"a\"\"b\"\r\n\r\n");
	assert_int_equal(leak_house_read_csv(csv, arena, &rows, &line), 0);
	assert_int_equal(rows.n, 3);
	assert_true(str_eq_c(rows.at[0].text, "ミナト, 本社"));
	assert_int_equal(rows.at[0].group, LEAK_HOUSE_CUSTOMER);
	assert_int_equal(rows.at[1].group, LEAK_HOUSE_PRODUCT);
	assert_true(str_eq_c(rows.at[2].text, "a\"b"));
	assert_int_equal(leak_house_read_csv(STR("ok\n\"open"), arena, &rows, &line), ERR_INVALID);
	assert_int_equal(line, 2);
}

/* The same value far apart in a text of several windows, and right on the border of two. */
static void test_windows(void **state)
{
	enum { BYTES = 3 * LEAK_WINDOW_BYTES };
	CLEANUP(arena_freep) struct arena *arena = arena_new(ARENA_BYTES);
	static const char value[] = "マイナンバー：1234-5678-9018 ";
	struct str filler = STR("本日は良い天気です。");
	for (size_t shift = 0; shift < 64; shift += 3) {
		struct buf text = buf_make(BYTES + 4096);
		struct leak_spans spans;
		size_t n = 0;
		while (text.n < LEAK_WINDOW_BYTES - 90)
			buf_add_str(&text, filler);
		for (size_t i = 0; i < shift / 3; i++)
			buf_add_c(&text, "。");
		for (int i = 0; i < 2; i++)
			buf_add_c(&text, value);
		while (text.n < BYTES)
			buf_add_str(&text, filler);
		buf_add_c(&text, value);
		arena_reset(arena);
		assert_int_equal(leak_scan(rules, NULL, scratch, buf_str(&text), arena, &spans), 0);
		for (size_t i = 0; i < spans.n; i++)
			n += spans.at[i].kind == LEAK_MY_NUMBER && spans.at[i].end - spans.at[i].start == 14;
		assert_int_equal(n, 3);
		buf_done(&text);
	}
}

static void test_bad_input(void **state)
{
	static const char *const bad[] = {"\xFF",         "abc\xE3\x81",      "\xC0\x80", "\xED\xA0\x80",
	                                  "日本\x93\xFA", "\xF5\x80\x80\x80", "\x80"};
	CLEANUP(arena_freep) struct arena *arena = arena_new(ARENA_BYTES);
	struct leak_spans spans;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(leak_scan(rules, NULL, scratch, str_of(bad[i]), arena, &spans), ERR_INVALID);
	assert_int_equal(leak_scan(rules, NULL, scratch, str_make(NULL, 0), arena, &spans), 0);
	assert_int_equal(spans.n, 0);
}

/* Texts made to be slow: time grows with the size, not with its square. Counted in found candidates, not in seconds. */
static void test_hostile(void **state)
{
	static const char *const units[] = {
	        "1 ",       "090-",        "AKIA",     "@a.",    "パスワード：", "%41", "eyJ", "://", "普通 1",
	        "生年月日", "-----BEGIN ", "[社外秘]", "1.1.1.", "\\\\a\\",      "（",  "ﾞ",   "𝟙",   "password="};
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		CLEANUP(arena_freep) struct arena *arena = arena_new(256 << 20);
		struct buf text = buf_make(1 << 20);
		struct leak_spans spans;
		while (text.n + 64 < 300000)
			buf_add_c(&text, units[i]);
		assert_int_equal(leak_scan(rules, NULL, scratch, buf_str(&text), arena, &spans), 0);
		for (size_t k = 0; k + 1 < spans.n; k++)
			assert_true(spans.at[k].end <= spans.at[k + 1].start);
		buf_done(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_my_number),      cmocka_unit_test(test_corporate_number),
	        cmocka_unit_test(test_person_numbers), cmocka_unit_test(test_check_digits),
	        cmocka_unit_test(test_card),           cmocka_unit_test(test_phone),
	        cmocka_unit_test(test_contact),        cmocka_unit_test(test_birth),
	        cmocka_unit_test(test_bank),           cmocka_unit_test(test_secrets),
	        cmocka_unit_test(test_password),       cmocka_unit_test(test_internal),
	        cmocka_unit_test(test_mark),           cmocka_unit_test(test_table),
	        cmocka_unit_test(test_encoded),        cmocka_unit_test(test_house),
	        cmocka_unit_test(test_house_csv),      cmocka_unit_test(test_windows),
	        cmocka_unit_test(test_bad_input),      cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
