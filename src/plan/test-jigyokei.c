/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each rule with a plan that passes and one that does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "plan/jigyokei.h"

static const struct {
	const char *field, *text;
} good[] = {
        {"office", "関東経済産業局長"},
        {"applied-on", "2026-12-10"},
        {"postal", "231-0000"},
        {"prefecture", "神奈川県"},
        {"city", "横浜市中区"},
        {"street", "本町1-1"},
        {"applicant", "corporation"},
        {"name", "株式会社みなと商会"},
        {"kana", "カブシキガイシャミナトショウカイ"},
        {"representative-title", "代表取締役"},
        {"representative", "佐藤　花子"},
        {"capital", "10000000"},
        {"staff", "20"},
        {"industry", "卸売業・小売業"},
        {"industry-middle", "その他の卸売業"},
        {"industry-minor", "他に分類されない卸売業"},
        {"industry-detail", "他に分類されないその他の卸売業"},
        {"corporate-number", "7000012050002"},
        {"founded", "1990-04-01"},
        {"overview", "部品を仕入れ、県内の取引先に納めている。止まると取引先の生産に響く。"},
        {"purpose", "従業員とその家族、地域、顧客を守る。"},
        {"hazard", "横浜市のハザードマップで震度6弱。"},
        {"effect-people", "けが人が出て、業務が回らない。"},
        {"effect-equipment", "倉庫の棚が倒れ、出荷が止まる。"},
        {"effect-money", "売上が減り、支払いが滞る。"},
        {"effect-information", "紙の伝票も失い、受注が分からない。"},
        {"evacuation", "広域避難場所へ"},
        {"evacuation-when", "at-once"},
        {"evacuation-before", "手順を紙で配る"},
        {"safety-check", "電話で"},
        {"safety-check-when", "at-once"},
        {"safety-check-before", "手順を紙で配る"},
        {"emergency-stop", "元栓を閉める"},
        {"emergency-stop-when", "at-once"},
        {"emergency-stop-before", "手順を紙で配る"},
        {"customers", "外へ案内する"},
        {"customers-when", "at-once"},
        {"customers-before", "手順を紙で配る"},
        {"organisation", "社長を長とする"},
        {"organisation-when", "at-once"},
        {"organisation-before", "手順を紙で配る"},
        {"damage", "総務がまとめ、全員に知らせる"},
        {"damage-when", "at-once"},
        {"damage-before", "手順を紙で配る"},
        {"management", "代表取締役の指揮で進める"},
        {"training", "毎年、教育と訓練を行う"},
        {"training-month", "9"},
        {"review", "毎年見直す"},
        {"review-month", "3"},
        {"notice", "朝礼で全員に知らせる"},
        {"from-month", "2027-01"},
        {"to-month", "2029-12"},
        {"equipment-next", "UPSを置く"},
        {"equipment-list", "2027-06,UPS AB-1,本社,器具備品,300,2,600"},
        {"equipment-sum", "600"},
        {"equipment-not-required", "yes"},
        {"equipment-new", "yes"},
        {"equipment-no-subsidy", "yes"},
        {"funds-sum", "600"},
        {"laws", "yes"},
};

static size_t place(const char *field)
{
	for (size_t i = 0; i < JIGYOKEI_FIELDS; i++)
		if (strcmp(jigyokei_fields[i].name, field) == 0)
			return i;
	fail_msg("%s", field);
	return 0;
}

/* The rule that a plan with one other value breaks; "" for none, "many" for more than one. */
static const char *lint(const char *field, const char *text)
{
	struct str values[JIGYOKEI_FIELDS] = {0};
	struct jigyokei_finding found[JIGYOKEI_FINDINGS_MAX];
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		values[place(good[i].field)] = str_of(good[i].text);
	if (field)
		values[place(field)] = str_of(text);
	size_t n = jigyokei_lint(values, found);
	if (n > 0 && field)
		assert_string_equal(found[0].field, field);
	return n == 0 ? "" : n == 1 ? found[0].rule : "many";
}

static void test_rules(void **state)
{
	static const struct {
		const char *field, *text, *rule;
	} rows[] = {
	        {"office", " ", "required"},
	        {"notice", "", "required"},
	        {"overview", "部品を売っている。", "role"},
	        {"overview", "地域の雇用を支える。", ""},
	        {"purpose", "地域と顧客を守る。", "purpose-staff"},
	        {"purpose", "従業員と顧客を守る。", "purpose-region"},
	        {"purpose", "従業員と地域を守る。", "purpose-customers"},
	        {"hazard", "地震。震度6弱。", "hazard-source"},
	        {"hazard", "ハザードマップで強い揺れ。", "hazard-number"},
	        {"hazard", "J-SHISで震度６弱。", ""},
	        {"effect-people", "けが人が出る。", "business-effect"},
	        {"effect-money", "現金が足りなくなる。", "business-effect"},
	        {"effect-information", "サーバーが壊れ、受注が分からない。", "paper-records"},
	        {"training", "毎年、訓練を行う", "education"},
	        {"training", "毎年、教育を行う", "drill"},
	        {"training-month", "13", "month"},
	        {"review-month", "0", "month"},
	        {"review", "毎年確かめる", "review"},
	        {"management", "総務が進める", "management"},
	        {"name", "㈱みなと商会", "abbreviation"},
	        {"representative", "佐藤花子", "one-wide-space"},
	        {"representative", "佐藤 花子", "one-wide-space"},
	        {"representative", "佐藤　花　子", "one-wide-space"},
	        {"kana", "みなとしょうかい", "katakana"},
	        {"kana", "ﾐﾅﾄ", "katakana"},
	        {"corporate-number", "7000012050003", "corporate-number"},
	        {"corporate-number", "", ""},
	        {"to-month", "2030-01", "period"},
	        {"to-month", "2026-12", "period"},
	        {"funds-sum", "599", "sums"},
	        {"funds-sum", "", "sums"},
	        {"equipment-sum", "", "equipment-total"},
	        {"equipment-new", "", "equipment-checks"},
	        {"equipment-no-subsidy", "", "equipment-checks"},
	        {"equipment-list", "2027-06,UPS,本社,器具備品,200,3,600", "equipment-least"},
	        {"equipment-list", "2027-06,ポンプ,本社,機械装置,600,1,600", "equipment-least"},
	        {"equipment-list", "2027-06,配電,本社,建物附属設備,600,1,600", ""},
	        {"equipment-sum", "599", "equipment-total"},
	        {"equipment-list", "", ""},
	        {"equipment-list", "2027-06，UPS、本社\t器具備品,300,2,600\n\n", ""},
	        {"equipment-list", "2027-06,UPS,本社,器具備品,250,2", "equipment-line"},
	        {"equipment-list", "2027-06,UPS,本社,器具備品,300,2,600,x", "equipment-line"},
	        {"equipment-list", "2027-06,UPS,,器具備品,300,2,600", "equipment-line"},
	        {"equipment-list", "2027-06,UPS,本社,器具備品,250,two,500", "equipment-line"},
	        {"equipment-list", "2027-06,UPS,本社,器具備品,300,3,600", "equipment-product"},
	        {"equipment-next", "", "equipment-next"},
	        {"evacuation-when", "", "when"},
	        {"damage-before", " ", "before"},
	        {"funds", "地震の保険料 20", "insurance"},
	        {"funds", "地震保険で支払われる額 1000", ""},
	};
	(void) state;
	assert_string_equal(lint(NULL, NULL), "");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(lint(rows[i].field, rows[i].text), rows[i].rule);
}

/* Application in December, a start in November: earlier than allowed, within 36 months. */
static void test_start(void **state)
{
	struct str values[JIGYOKEI_FIELDS] = {0};
	struct jigyokei_finding found[JIGYOKEI_FINDINGS_MAX];
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		values[place(good[i].field)] = str_of(good[i].text);
	values[place("from-month")] = STR("2026-11");
	values[place("to-month")] = STR("2029-10");
	assert_int_equal(jigyokei_lint(values, found), 1);
	assert_string_equal(found[0].rule, "starts-early");
	values[place("from-month")] = STR("2026年11月");
	assert_int_equal(jigyokei_lint(values, found), 1);
	assert_string_equal(found[0].rule, "period-form");
}

static void test_corporate_number(void **state)
{
	(void) state;
	assert_true(jigyokei_is_corporate_number(STR("7000012050002")));
	assert_false(jigyokei_is_corporate_number(STR("6000012050002")));
	assert_false(jigyokei_is_corporate_number(STR("700001205000")));
	assert_false(jigyokei_is_corporate_number(STR("700001205000x")));
}

static void test_empty(void **state)
{
	struct str values[JIGYOKEI_FIELDS] = {0};
	struct jigyokei_finding found[JIGYOKEI_FINDINGS_MAX];
	(void) state;
	size_t n = jigyokei_lint(values, found);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(found[i].rule, "required");
	assert_true(n > 25);
}

/* ---- renewal ---- */

static size_t renewal_place(const char *field)
{
	for (size_t i = 0; i < JIGYOKEI_RENEWAL_FIELDS; i++)
		if (strcmp(jigyokei_renewal_fields[i].name, field) == 0)
			return i;
	fail_msg("%s", field);
	return 0;
}

static void test_renewal(void **state)
{
	static const struct {
		const char *mark, *why, *by;
		size_t findings;
		const char *rule, *field;
	} rows[] = {
	        {"as-planned", "", "", 0, NULL, NULL},
	        {"nearly", "", "", 0, NULL, NULL},
	        {"insufficient", "", "2027-09-30", 1, "mark-reason", "why-training"},
	        {"hardly", "人が足りない", "", 1, "mark-day", "by-training"},
	        {"not-begun", "", "", 2, "mark-reason", "why-training"},
	        {"not-begun", "人が足りない", "2027-01-31", 0, NULL, NULL},
	        {"not-begun", "人が足りない", "2027-01-30", 1, "mark-past", "by-training"},
	        {"", "", "", 1, "required", "mark-training"},
	};
	struct str values[JIGYOKEI_RENEWAL_FIELDS] = {0};
	struct jigyokei_finding found[JIGYOKEI_FINDINGS_MAX];
	(void) state;
	assert_int_equal(JIGYOKEI_RENEWAL_HEAD + 3 * JIGYOKEI_MEASURES, JIGYOKEI_RENEWAL_FIELDS);
	assert_int_equal(jigyokei_renewal_lint(values, found), JIGYOKEI_RENEWAL_HEAD + JIGYOKEI_MEASURES);
	for (size_t i = 0; i < JIGYOKEI_RENEWAL_FIELDS; i++)
		if (jigyokei_renewal_fields[i].is_required)
			values[i] = jigyokei_renewal_fields[i].kind == FIELD_CHOICE ? STR("nearly") : STR("2027-01-31");
	assert_int_equal(jigyokei_renewal_lint(values, found), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		values[renewal_place("mark-training")] = str_of(rows[i].mark);
		values[renewal_place("why-training")] = str_of(rows[i].why);
		values[renewal_place("by-training")] = str_of(rows[i].by);
		assert_int_equal(jigyokei_renewal_lint(values, found), rows[i].findings);
		if (rows[i].rule) {
			assert_string_equal(found[0].rule, rows[i].rule);
			assert_string_equal(found[0].field, rows[i].field);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_rules), cmocka_unit_test(test_start),   cmocka_unit_test(test_corporate_number),
	        cmocka_unit_test(test_empty), cmocka_unit_test(test_renewal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
