/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/test-marked.h"

static const char *const texts[] = {
        "木村さんは⟦うつ病⟧と診断された。",
        "社員の⟦適応障害⟧が悪化したため面談する。",
        "本人は⟦糖尿病⟧の治療を続けている。",
        "患者: 山田太郎\n主訴: ⟦逆流性食道炎⟧",
        "傷病名：⟦潰瘍性大腸炎⟧",
        "佐藤健一様は身体に不自由があり、⟦身体障害者手帳2級⟧をお持ちです。",
        "応募者の田中さんには⟦前科⟧がある。",
        "鈴木さんの家族は⟦エホバの証人⟧だと聞いた。",
        "高橋さんは先月⟦手術⟧を受けた。",
        "面談相手は中村さん。\n⟦双極性障害⟧の既往あり。",
        "当該社員は過去に⟦覚醒剤⟧取締法違反で⟦有罪判決⟧を受けている。",
        "アレルギー：⟦小麦アレルギー⟧（本人申告）",
        "がん検診の受診率は4割です。担当は佐藤です。",
        "うつ病は誰でもかかる可能性のある病気です。",
        "糖尿病の患者数は全国で増えている。",
        "システム障害が発生しました。担当は佐藤です。",
        "要配慮個人情報とは、病歴、犯罪歴などを含む情報をいう。",
        "障害者雇用の研修を行う。",
        "がん保険の新商品を発売",
        "逮捕された場合の社内の手続き",
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		marked_check(*state, texts[i], LEAK_SENSITIVE);
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
