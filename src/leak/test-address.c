/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/test-marked.h"

static const char *const texts[] = {
        "⟦東京都千代田区丸の内1-2-3⟧",
        "住所：⟦東京都千代田区丸の内1丁目2番3号 丸の内ビル5F⟧",
        "〒100-0005 ⟦東京都千代田区丸の内一丁目二番三号⟧",
        "⟦大阪府大阪市北区梅田3-1-1　サウスタワー1201号室⟧ 電話06-6123-4567",
        "⟦横浜市西区みなとみらい2-2-1⟧へお送りください。",
        "⟦港区六本木6丁目10-1⟧",
        "⟦京都市中京区寺町通御池上る上本能寺前町488番地⟧",
        "⟦札幌市中央区北1条西2丁目⟧の庁舎",
        "⟦茨城県つくば市大字谷田部字台町123番地の4⟧",
        "⟦長野県北佐久郡軽井沢町軽井沢5-20-5 レジデンス桜台 405号室⟧",
        "⟦愛知県名古屋市中村区名駅1−2−3⟧",
        "⟦福岡市博多区博多駅前２－３－４⟧",
        "⟦東京都 新宿区 西新宿 2-8-1⟧",
        "⟦静岡県浜松市中央区砂山町12番地⟧",
        "お届け先：⟦岩手県盛岡市大通4-15 コーポ若草 512号⟧ 様",
        "⟦1-2-3 Marunouchi, Chiyoda-ku, Tokyo⟧",
        "所在地\t⟦石川県金沢市広坂1丁目1番1号⟧\t備考",
        "東京都と大阪府の人口",
        "千代田区で会議を開いた。",
        "東京都渋谷区に本社を置く会社",
        "横浜市では100件の申し込みがあった。",
        "大阪市の2025年度予算",
        "東京都が3月1日に発表した。",
        "棚番 1-2-3、図番 12-34-5",
        "会議は2-3-4の部屋で行う",
        "北海道10区と神奈川県第2区",
        "三田線と中央線",
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		marked_check(*state, texts[i], LEAK_ADDRESS);
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
