/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/test-marked.h"

static const char *const texts[] = {
        /* full names */
        "⟦佐藤健一⟧様",
        "⟦佐藤 健一⟧様",
        "⟦佐藤　健一⟧ 様",
        "本日の担当は⟦山田太郎⟧です。",
        "代表取締役⟦高橋一郎⟧",
        "営業部長　⟦鈴木 花子⟧",
        "⟦佐々木美咲⟧、⟦長谷川翔太⟧、⟦五十嵐大輔⟧",
        "⟦田中さくら⟧さんと⟦上田ひかり⟧さん",
        "昨日⟦渡辺直樹⟧が来社した。",
        "⟦髙橋陽翔⟧様 ⟦齋藤芽依⟧様",
        /* surname with honorific, title, introduction */
        "⟦田中⟧さんに確認します。",
        "⟦林⟧様、⟦森⟧様のお二人",
        "⟦木村⟧部長と⟦千葉⟧課長が出席",
        "⟦三沢⟧さんは三沢基地に勤めている。",
        "株式会社ひなたの⟦中村⟧と申します。",
        "いつもお世話になっております。⟦井上⟧です。",
        "[10:24] ⟦加藤⟧: 了解しました",
        "経理課 ⟦松尾⟧",
        "電話は⟦小川⟧宛にお願いします。",
        /* labels, columns */
        "氏名：⟦宇賀神 葉留⟧",
        "【お名前】⟦鈴木次郎⟧",
        "担当: ⟦石川⟧",
        "出席者：⟦佐藤⟧、⟦鈴木⟧、⟦高橋⟧（記）",
        "氏名,電話\n⟦木下 花子⟧,090\n⟦小松 誠⟧,080\n",
        "| No | 担当者 | 状態 |\n|---|---|---|\n| 1 | ⟦福島⟧ | 完了 |\n",
        "{\"name\": \"⟦伊藤翔⟧\", \"qty\": 3}",
        "お名前\n⟦岡本 涼子⟧\n",
        /* kana, Latin, foreign */
        "フリガナ：⟦サトウ ケンイチ⟧",
        "⟦佐藤健一⟧（⟦サトウ ケンイチ⟧）",
        "ふりがな　⟦たなか さえ⟧",
        "⟦ヤマダ⟧様からお電話",
        "⟦ジョン・スミス⟧氏が来日した。",
        "Best regards,\n⟦Taro Yamada⟧",
        "⟦YAMADA Taro⟧ wrote:",
        "Dear Mr. ⟦Tanaka⟧,",
        "⟦Suzuki⟧-san, please check",
        /* families */
        "世帯主 ⟦山口修⟧ 妻 ⟦恵子⟧ 長男 ⟦悠斗⟧",
        "妻の⟦由美子⟧と来店",
        /* the same surname again */
        "⟦内田⟧様は留守でした。⟦内田⟧の代わりに連絡します。",
        /* places, companies, words: nothing */
        "千葉県と福島県、長野市と石川町",
        "三沢基地の周辺、山口方面、宮崎産の木材",
        "本田技研工業と松下電器、鈴木商店の歴史",
        "株式会社山田製作所 御中",
        "有限会社木村モータース、小林製薬、佐藤製薬",
        "森林の保全と林業、原因の調査、平和と安全",
        "お客様各位 皆様 関係者様 ご担当者様",
        "営業担当者様へ 取引先様",
        "仕様、同様、多様、様々な模様",
        "福島支店長の任命について",
        "江戸時代の日本橋",
        "上野駅から中野駅まで",
        "前社長と新部長、副会長",
        "担当: 経理部",
        "氏名: 未定",
        "氏名 電話番号 住所を記入してください。",
        "コスト・パフォーマンスとサービス・レベル",
        "Tokyo Station and Green Park",
        "JavaScript Object Notation",
        "今日は東と西、南と北の工場を見る",
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		marked_check(*state, texts[i], LEAK_PERSON);
}

/* A table goes on over the border of two windows. */
static void test_long_table(void **state)
{
	struct marked_test *t = *state;
	enum { ROWS = 30000, ROW_MAX_BYTES = 64 };
	CLEANUP(buf_done) struct buf b = buf_make((size_t) ROWS * ROW_MAX_BYTES);
	CLEANUP(arena_freep) struct arena *arena = arena_new(64 << 20);
	(void) buf_add_c(&b, "番号,氏名\n");
	for (unsigned i = 0; i < ROWS; i++)
		(void) buf_printf(&b, "%u,宇賀神 葉留\n", i);
	assert_false(buf_failed(&b));
	struct leak_spans spans = {0};
	assert_int_equal(leak_scan(t->rules, NULL, t->scratch, buf_str(&b), arena, &spans), 0);
	size_t persons = 0;
	for (size_t i = 0; i < spans.n; i++)
		persons += spans.at[i].kind == LEAK_PERSON;
	assert_int_equal(persons, ROWS);
}

static int set_up(void **state)
{
	static struct marked_test t;
	marked_setup(&t);
	*state = &t;
	return 0;
}

static int tear_down(void **state)
{
	marked_done(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts), cmocka_unit_test(test_long_table)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
