/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers of companies, payment cards, bank accounts; postal codes; addresses of machines inside. */
#include "leak/number.h"

void number_company(struct leak_state *st, struct number *x)
{
	size_t start = x->start;
	if (x->n != 13 || x->joined_before || x->joined_after || x->letter_after)
		return;
	bool fits = digits_are_corporate_number(x->digits), t = false;
	if (start > 0 && (st->text.p[start - 1] == 'T' ||
	                  (start > 1 && st->text.p[start - 1] == '-' && st->text.p[start - 2] == 'T'))) {
		size_t letter = st->text.p[start - 1] == 'T' ? start - 1 : start - 2;
		t = leak_border_before(st->text, letter);
		start = t ? letter : start;
	}
	if (!t && x->letter_before)
		return;
	enum leak_near near = leak_near(st, LEAK_GROUP_CORPORATE_NUMBER, start, x->end);
	if (t && (fits || near != LEAK_NEAR_NOT))
		leak_add(st, start, x->end, LEAK_CORPORATE_NUMBER,
		         fits || near == LEAK_NEAR_BESIDE ? LEAK_HIGH : LEAK_MEDIUM, "invoice-number");
	else if (!t && fits && near == LEAK_NEAR_BESIDE)
		leak_add(st, start, x->end, LEAK_CORPORATE_NUMBER, LEAK_HIGH, "corporate-number");
	else if (!t && fits && near == LEAK_NEAR_AROUND && !number_is_of_other(st, x))
		leak_add(st, start, x->end, LEAK_CORPORATE_NUMBER, LEAK_MEDIUM, "corporate-number");
}

void number_card(struct leak_state *st, struct number *x)
{
	if (x->n < 13 || !number_is_alone(x) || !digits_are_card_range(x->digits, x->n) ||
	    !digits_pass_luhn(x->digits, x->n))
		return;
	enum leak_near near = number_near(st, x, LEAK_GROUP_CREDIT_CARD);
	bool whole = x->groups == 1;
	bool shaped = number_has_fours(x) || NUMBER_SHAPE(x, 4, 6, 5) || NUMBER_SHAPE(x, 4, 6, 4) ||
	              NUMBER_SHAPE(x, 4, 4, 4, 4, 3) || number_is_spread(x);
	if (near != LEAK_NEAR_BESIDE && number_is_of_other(st, x))
		return;
	if (near != LEAK_NEAR_NOT || shaped)
		leak_add(st, x->start, x->end, LEAK_CREDIT_CARD, LEAK_HIGH, "credit-card");
	else if (whole && x->n >= 14)
		leak_add(st, x->start, x->end, LEAK_CREDIT_CARD,
		         number_near(st, x, LEAK_GROUP_CARD_CODE) == LEAK_NEAR_NOT ? LEAK_MEDIUM : LEAK_HIGH,
		         "credit-card");
}

/* ---- bank accounts ---- */

static bool has_group(const struct leak_state *st, size_t from, size_t to, enum leak_group group)
{
	for (size_t i = leak_word_from(st, from); i < st->words.n && st->words.at[i].end <= to; i++)
		if (st->words.at[i].group == group && st->words.at[i].start >= from)
			return true;
	return false;
}

static size_t line_start(struct str s, size_t at, size_t most)
{
	size_t start = at;
	while (start > 0 && at - start < most && s.p[start - 1] != '\n')
		start--;
	while (start < at && ((unsigned char) s.p[start] & 0xC0) == 0x80)
		start++;
	return start;
}

static const char *const kinds_of_account[] = {"普通預金", "普通口座", "当座預金", "当座口座", "貯蓄預金", "普通",
                                               "当座",     "貯蓄",     "(普)",     "(当)",     "普"};

/* Where 普通, (当) or the like begins that stands right before the number; STR_NOT_FOUND. */
static size_t kind_before(struct str s, size_t start)
{
	size_t at = start;
	while (at > 0 && start - at < 4 && strchr(" :-\t,No.)", s.p[at - 1]) && s.p[at - 1] != ')')
		at--;
	for (size_t i = 0; i < ARRAY_SIZE(kinds_of_account); i++)
		if (str_ends_with(str_make(s.p, at), str_of(kinds_of_account[i])))
			return at - strlen(kinds_of_account[i]);
	return STR_NOT_FOUND;
}

/* 記号 1xxx0 and 番号 of up to 8 digits (ゆうちょ銀行), written together. */
static bool is_post_bank(const struct number *x)
{
	if (x->groups < 2 || x->g[0].n != 5 || x->n < 11 || x->n > 14)
		return false;
	return (x->digits[0] == '1' && x->digits[4] == '0') || x->digits[0] == '0';
}

/* Bank 4, branch 3, kind 1, account 7. */
static bool is_coded(const struct number *x)
{
	return NUMBER_SHAPE(x, 4, 3, 1, 7) || NUMBER_SHAPE(x, 4, 3, 7);
}

void number_bank(struct leak_state *st, struct number *x)
{
	enum { LOOK_BACK_BYTES = 300 };
	size_t second = x->n == 5 ? number_second_part(st, x) : 0; /* ゆうちょ 記号10120 番号12345671 */
	if (second > 0 && x->digits[4] == '0' &&
	    leak_near(st, LEAK_GROUP_HEALTH_INSURANCE, x->start, second) == LEAK_NEAR_NOT)
		leak_add(st, x->start, second, LEAK_BANK_ACCOUNT, LEAK_HIGH, "bank-account");
	if (!number_is_alone(x) || x->n < 6 || x->n > 15)
		return;
	enum leak_near account = number_near(st, x, LEAK_GROUP_BANK_ACCOUNT);
	size_t line = line_start(st->text, x->start, LOOK_BACK_BYTES), kind = kind_before(st->text, x->start);
	bool bank = has_group(st, line, x->start, LEAK_GROUP_BANK), alone = x->groups == 1 || number_is_spread(x);
	if ((is_post_bank(x) || is_coded(x)) && (account != LEAK_NEAR_NOT || bank))
		leak_add(st, x->start, x->end, LEAK_BANK_ACCOUNT, LEAK_HIGH, "bank-account");
	if (x->n > 8)
		return;
	if (kind != STR_NOT_FOUND && (bank || account != LEAK_NEAR_NOT) && (alone || x->n == 7))
		leak_add(st, x->start, x->end, LEAK_BANK_ACCOUNT, LEAK_HIGH, "bank-account");
	else if (account == LEAK_NEAR_BESIDE && (alone || x->n == 7))
		leak_add(st, x->start, x->end, LEAK_BANK_ACCOUNT, x->n == 7 ? LEAK_HIGH : LEAK_MEDIUM, "bank-account");
	else if (bank && x->n == 7 && alone && account == LEAK_NEAR_AROUND && !number_is_of_other(st, x))
		leak_add(st, x->start, x->end, LEAK_BANK_ACCOUNT, LEAK_MEDIUM, "bank-account");
}

/* ---- postal codes ---- */

static bool place_follows(struct str s, size_t at)
{
	enum { LOOK_BYTES = 36 };
	static const char *const ends[] = {"都", "道", "府", "県", "市", "区", "郡"};
	size_t end = at;
	while (end < s.n && (s.p[end] == ' ' || s.p[end] == '\n' || s.p[end] == '\r'))
		end++;
	struct str next = str_slice(s, end, end + LOOK_BYTES);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t place = str_find(next, str_of(ends[i]), 0);
		if (place != STR_NOT_FOUND && place >= 6 && place <= 18)
			return true;
	}
	return false;
}

void number_postal(struct leak_state *st, struct number *x)
{
	if (!number_is_alone(x) || x->n != 7 || number_lines(x) > 1)
		return;
	enum leak_near near = number_near(st, x, LEAK_GROUP_POSTAL_CODE);
	bool shaped = NUMBER_SHAPE(x, 3, 4), mark = false;
	size_t at = x->start;
	while (at > 0 && st->text.p[at - 1] == ' ')
		at--;
	mark = str_ends_with(str_make(st->text.p, at), STR("〒"));
	if (mark || (near == LEAK_NEAR_BESIDE && (shaped || x->groups == 1 || number_is_spread(x))))
		leak_add(st, x->start, x->end, LEAK_POSTAL_CODE, LEAK_HIGH, "postal-code");
	else if (shaped && number_uses(x, JOIN_HYPHEN) && place_follows(st->text, x->end))
		leak_add(st, x->start, x->end, LEAK_POSTAL_CODE, LEAK_MEDIUM, "postal-code");
}

/* ---- machines inside ---- */

static int group_value(const struct number *x, size_t group)
{
	size_t at = 0;
	int v = 0;
	for (size_t i = 0; i < group; i++)
		at += x->g[i].n;
	for (size_t i = 0; i < x->g[group].n; i++)
		v = v * 10 + x->digits[at + i] - '0';
	return v;
}

void number_address(struct leak_state *st, struct number *x)
{
	if (!number_is_alone(x) || !number_uses(x, JOIN_DOT) || (x->start > 0 && st->text.p[x->start - 1] == '.'))
		return;
	for (size_t i = 0; i < 4; i++)
		if ((i > 0 && !x->g[i].tight) || x->g[i].n > 3 || group_value(x, i) > 255)
			return;
	int a = group_value(x, 0), b = group_value(x, 1);
	bool inside = a == 10 || (a == 172 && b >= 16 && b <= 31) || (a == 192 && b == 168) || (a == 169 && b == 254) ||
	              (a == 100 && b >= 64 && b <= 127);
	struct str before = str_slice(st->text, x->start > 24 ? x->start - 24 : 0, x->start);
	bool version = str_ends_with_icase(before, STR("v")) || str_ends_with_icase(before, STR("ver.")) ||
	               str_ends_with_icase(before, STR("version ")) || str_ends_with(before, STR("バージョン")) ||
	               str_ends_with(before, STR("バージョン ")) || str_ends_with_icase(before, STR("ver "));
	if (inside && !version)
		leak_add(st, x->start, x->end, LEAK_INTERNAL_ADDRESS, LEAK_HIGH, "private-address");
}
