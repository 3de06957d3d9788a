/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Telephone numbers (総務省 電気通信番号計画): geographic 0 + 9 digits with an area code of 2 to 5 digits, mobile
 * 060/070/080/090, 050, 0120/0800/0570, and all of them as +81. */
#include "leak/number.h"

enum { PLUS_MAX_BYTES = 8 };

static bool is_mobile(const char *d, size_t n)
{
	return n == 11 && d[0] == '0' && d[2] == '0' && (d[1] == '6' || d[1] == '7' || d[1] == '8' || d[1] == '9') &&
	       (d[3] != '0' || d[1] == '7' || d[1] == '9'); /* 0800 and 060-0 are others */
}

static bool is_special(const char *d, size_t n)
{
	static const struct {
		const char *prefix;
		size_t n;
	} all[] = {{"050", 11}, {"0120", 10}, {"0800", 11}, {"0570", 10}, {"0180", 10}, {"0990", 10}, {"020", 11}};
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (n == all[i].n && memcmp(d, all[i].prefix, strlen(all[i].prefix)) == 0)
			return true;
	return false;
}

static bool is_fixed(const char *d, size_t n)
{
	return n == 10 && d[0] == '0' && d[1] != '0' && memcmp(d, "0120", 4) != 0 && memcmp(d, "0570", 4) != 0;
}

/* Written as such numbers are: 3-4-4, 4-3-3, 4-6 ... */
static bool has_usual_shape(const struct number *x)
{
	if (x->n == 11)
		return NUMBER_SHAPE(x, 3, 4, 4) || NUMBER_SHAPE(x, 4, 3, 4) || NUMBER_SHAPE(x, 3, 8);
	if (memcmp(x->digits, "0120", 4) == 0 || memcmp(x->digits, "0570", 4) == 0)
		return NUMBER_SHAPE(x, 4, 3, 3) || NUMBER_SHAPE(x, 4, 6) || NUMBER_SHAPE(x, 4, 2, 4);
	return x->groups == 3 && x->g[2].n == 4 && x->g[0].n + x->g[1].n == 6 &&
	       digits_are_area_code(x->digits, x->g[0].n);
}

/* 0120, 0800 and 0570 are numbers of companies; beside words of a public desk they are nobody's secret. */
static bool is_public_desk(const struct leak_state *st, const struct number *x)
{
	enum { LOOK_BYTES = 120 };
	static const char *const words[] = {"センター",       "窓口",         "お問い合わせ", "お問合せ",
	                                    "フリーダイヤル", "フリーコール", "サポート",     "ナビダイヤル",
	                                    "コールセンター", "平日",         "受付時間",     "営業時間",
	                                    "通話料",         "ヘルプデスク"};
	if (memcmp(x->digits, "0120", 4) != 0 && memcmp(x->digits, "0800", 4) != 0 &&
	    memcmp(x->digits, "0570", 4) != 0 && memcmp(x->digits, "0180", 4) != 0 && memcmp(x->digits, "0990", 4) != 0)
		return false;
	struct str around = str_slice(st->text, x->start > LOOK_BYTES ? x->start - LOOK_BYTES : 0, x->end + LOOK_BYTES);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_contains(around, str_of(words[i])))
			return true;
	return false;
}

static void add(struct leak_state *st, const struct number *x, size_t start, enum leak_confidence confidence,
                const char *why)
{
	size_t end = x->end;
	/* (03)1234-5678: the bracket belongs to the number. */
	if (start > 0 && st->text.p[start - 1] == '(' && memchr(st->text.p + start, ')', end - start) &&
	    !memchr(st->text.p + start, '(', end - start))
		start--;
	leak_add(st, start, end, LEAK_PHONE, confidence, why);
}

/* Where the + of +81 or the like stands, STR_NOT_FOUND when the number is not international. */
static size_t plus_before(struct str s, size_t start)
{
	size_t at = start;
	while (at > 0 && start - at < PLUS_MAX_BYTES && (s.p[at - 1] == ' ' || s.p[at - 1] == '('))
		at--;
	return at > 0 && s.p[at - 1] == '+' ? at - 1 : STR_NOT_FOUND;
}

static void try_international(struct leak_state *st, struct number *x)
{
	char d[NUMBER_DIGITS_MAX + 2] = "0";
	size_t skip = 2, plus = plus_before(st->text, x->start);
	if (memcmp(x->digits, "010", 3) == 0 && memcmp(x->digits + 3, "81", 2) == 0 && x->n >= 14)
		skip = 5;
	else if (plus == STR_NOT_FOUND || memcmp(x->digits, "81", 2) != 0)
		return;
	if (x->digits[skip] == '0') /* +81 (0)90 */
		skip++;
	size_t n = x->n - skip;
	memcpy(d + 1, x->digits + skip, n + 1);
	if (is_mobile(d, n + 1) || is_fixed(d, n + 1) || is_special(d, n + 1))
		leak_add(st, plus != STR_NOT_FOUND ? plus : x->start, x->end, LEAK_PHONE, LEAK_HIGH,
		         "phone-international");
}

void number_phone(struct leak_state *st, struct number *x)
{
	bool mobile = is_mobile(x->digits, x->n), special = is_special(x->digits, x->n);
	if (x->n >= 11)
		try_international(st, x);
	if (!number_is_alone(x) || (!mobile && !special && !is_fixed(x->digits, x->n)))
		return;
	enum leak_near near = number_near(st, x, LEAK_GROUP_PHONE);
	if (near != LEAK_NEAR_BESIDE && (number_lines(x) > 1 || number_is_of_other(st, x)))
		return;
	if (x->slashed && !(has_usual_shape(x) && (mobile || near == LEAK_NEAR_BESIDE)))
		return;
	bool usual = has_usual_shape(x), whole = x->groups == 1, m2m = memcmp(x->digits, "020", 3) == 0;
	if (special && is_public_desk(st, x))
		return;
	const char *why = mobile ? "phone-mobile" : special ? "phone-special" : "phone";
	if (near == LEAK_NEAR_BESIDE && (usual || whole || !number_uses(x, JOIN_SPACE) || number_is_spread(x)))
		add(st, x, x->start, LEAK_HIGH, why);
	else if (usual && !number_uses(x, JOIN_SPACE) && !m2m)
		add(st, x, x->start, number_lines(x) ? LEAK_MEDIUM : LEAK_HIGH, why);
	else if ((usual || (mobile && (whole || number_is_spread(x)))) && !m2m)
		add(st, x, x->start, near == LEAK_NEAR_NOT ? LEAK_MEDIUM : LEAK_HIGH, why);
	else if (mobile && near != LEAK_NEAR_NOT)
		add(st, x, x->start, LEAK_MEDIUM, why);
}
