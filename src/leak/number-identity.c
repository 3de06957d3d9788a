/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that stand for a person: My Number, driving licence, passport, residence card, basic pension number, numbers
 * of health insurance. Where a check digit exists it decides; where none exists a word beside the number must. */
#include "leak/number.h"

enum { LETTERS_MAX = 2 };

static bool all_same(const struct number *x)
{
	for (size_t i = 1; i < x->n; i++)
		if (x->digits[i] != x->digits[0])
			return false;
	return true;
}

/* YYYYMMDDhhmm of our days: a timestamp, and by chance sometimes a valid My Number. */
static bool is_timestamp(const char *d)
{
	int month = (d[4] - '0') * 10 + d[5] - '0', day = (d[6] - '0') * 10 + d[7] - '0';
	int hour = (d[8] - '0') * 10 + d[9] - '0';
	return (memcmp(d, "19", 2) == 0 || memcmp(d, "20", 2) == 0) && month >= 1 && month <= 12 && day >= 1 &&
	       day <= 31 && hour <= 24;
}

/* Right before the number stands something that says it counts other things: "No.", "#", "ID:" or any …番号, …コード.
 */
static bool is_named_otherwise(const struct leak_state *st, const struct number *x)
{
	static const char *const ends[] = {"番号", "コード",   "No", "NO",   "no", "ID", "id",
	                                   "#",    "ナンバー", "Id", "キー", "¥",  "$",  "通し"};
	size_t at = x->start;
	while (at > 0 && x->start - at < 9 && strchr(" .:=-\t(['\"", st->text.p[at - 1]))
		at--;
	if (at >= 3 && memcmp(st->text.p + at - 3, "は", 3) == 0)
		at -= 3;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (str_ends_with(str_make(st->text.p, at), str_of(ends[i])))
			return true;
	return false;
}

static void try_my_number(struct leak_state *st, struct number *x)
{
	if (x->n != 12 || !number_is_alone(x) || all_same(x) || !digits_are_my_number(x->digits))
		return;
	enum leak_near near = number_near(st, x, LEAK_GROUP_MY_NUMBER);
	bool shaped = number_has_fours(x) || number_is_spread(x), whole = x->groups == 1;
	if (near == LEAK_NEAR_BESIDE) {
		leak_add(st, x->start, x->end, LEAK_MY_NUMBER, LEAK_HIGH, "my-number");
		return;
	}
	if (x->slashed || number_is_of_other(st, x) || number_near(st, x, LEAK_GROUP_LICENCE) == LEAK_NEAR_BESIDE ||
	    number_near(st, x, LEAK_GROUP_PHONE) == LEAK_NEAR_BESIDE)
		return;
	if (near == LEAK_NEAR_AROUND && (shaped || whole))
		leak_add(st, x->start, x->end, LEAK_MY_NUMBER, LEAK_HIGH, "my-number");
	else if (is_named_otherwise(st, x))
		return;
	else if (shaped)
		leak_add(st, x->start, x->end, LEAK_MY_NUMBER, LEAK_MEDIUM, "my-number-unlabelled");
	else if (whole && !is_timestamp(x->digits))
		leak_add(st, x->start, x->end, LEAK_MY_NUMBER, LEAK_LOW, "my-number-unlabelled");
}

static void try_licence(struct leak_state *st, struct number *x)
{
	if (x->n != 12 || !number_is_alone(x) || !digits_are_commission(x->digits))
		return;
	enum leak_near near = number_near(st, x, LEAK_GROUP_LICENCE);
	bool fits = digits_are_licence(x->digits);
	if (near == LEAK_NEAR_BESIDE)
		leak_add(st, x->start, x->end, LEAK_LICENCE, fits ? LEAK_HIGH : LEAK_MEDIUM, "licence");
	else if (near == LEAK_NEAR_AROUND && fits && !number_is_of_other(st, x) && !is_named_otherwise(st, x))
		leak_add(st, x->start, x->end, LEAK_LICENCE, LEAK_MEDIUM, "licence");
}

/* Capital letters right before (or after) a number: at most LETTERS_MAX, with nothing Latin on their other side. */
static size_t letters_before(struct str s, size_t start, size_t *ret)
{
	size_t at = start, n = 0;
	if (at > 0 && s.p[at - 1] == ' ')
		at--;
	while (at > 0 && n <= LETTERS_MAX && s.p[at - 1] >= 'A' && s.p[at - 1] <= 'Z') {
		at--;
		n++;
	}
	*ret = at;
	return leak_border_before(s, at) ? n : 0;
}

static size_t letters_after(struct str s, size_t end, size_t *ret)
{
	size_t at = end, n = 0;
	if (at < s.n && s.p[at] == ' ' && at + 1 < s.n && s.p[at + 1] >= 'A' && s.p[at + 1] <= 'Z')
		at++;
	while (at < s.n && n <= LETTERS_MAX && s.p[at] >= 'A' && s.p[at] <= 'Z') {
		at++;
		n++;
	}
	*ret = at;
	return leak_border_after(s, at) ? n : 0;
}

static void try_passport(struct leak_state *st, struct number *x)
{
	size_t start, after;
	if (x->n != 7 || x->joined_after || x->letter_after || letters_before(st->text, x->start, &start) != 2 ||
	    letters_after(st->text, x->end, &after) != 0)
		return;
	enum leak_near near = leak_near(st, LEAK_GROUP_PASSPORT, start, x->end);
	if (near == LEAK_NEAR_BESIDE)
		leak_add(st, start, x->end, LEAK_PASSPORT, LEAK_HIGH, "passport");
	else if (near == LEAK_NEAR_AROUND && leak_near(st, LEAK_GROUP_OTHER_NUMBER, start, x->end) != LEAK_NEAR_BESIDE)
		leak_add(st, start, x->end, LEAK_PASSPORT, LEAK_MEDIUM, "passport");
}

static void try_residence_card(struct leak_state *st, struct number *x)
{
	size_t start, end;
	if (x->n != 8 || letters_before(st->text, x->start, &start) != 2 || letters_after(st->text, x->end, &end) != 2)
		return;
	enum leak_near near = leak_near(st, LEAK_GROUP_RESIDENCE_CARD, start, end);
	if (near != LEAK_NEAR_BESIDE && leak_near(st, LEAK_GROUP_OTHER_NUMBER, start, end) == LEAK_NEAR_BESIDE)
		return;
	leak_add(st, start, end, LEAK_RESIDENCE_CARD, near == LEAK_NEAR_NOT ? LEAK_MEDIUM : LEAK_HIGH,
	         "residence-card");
}

static void try_pension(struct leak_state *st, struct number *x)
{
	if (x->n != 10 || !number_is_alone(x))
		return;
	enum leak_near near = number_near(st, x, LEAK_GROUP_PENSION_NUMBER);
	if (near == LEAK_NEAR_BESIDE)
		leak_add(st, x->start, x->end, LEAK_PENSION_NUMBER, LEAK_HIGH, "pension-number");
	else if (near == LEAK_NEAR_AROUND && NUMBER_SHAPE(x, 4, 6) && !number_is_of_other(st, x))
		leak_add(st, x->start, x->end, LEAK_PENSION_NUMBER, LEAK_MEDIUM, "pension-number");
}

static void try_health(struct leak_state *st, struct number *x)
{
	if (x->n > 12 || !number_is_alone(x) || number_near(st, x, LEAK_GROUP_HEALTH_INSURANCE) != LEAK_NEAR_BESIDE)
		return;
	bool checked = (x->n == 6 || x->n == 8) && digits_pass_luhn(x->digits, x->n);
	bool usual = x->n == 6 || x->n == 7 || x->n == 8 || x->n == 10 || (x->n == 11 && x->groups > 1);
	if (usual)
		leak_add(st, x->start, x->end, LEAK_HEALTH_INSURANCE, checked ? LEAK_HIGH : LEAK_MEDIUM,
		         "health-insurance");
}

/* 記号 1234 番号 567890: free in form, so the words decide. */
static void try_symbol(struct leak_state *st, const struct number *x)
{
	size_t end = number_second_part(st, x);
	if (end > 0 && leak_near(st, LEAK_GROUP_HEALTH_INSURANCE, x->start, end) != LEAK_NEAR_NOT &&
	    leak_near(st, LEAK_GROUP_BANK_ACCOUNT, x->start, end) != LEAK_NEAR_BESIDE)
		leak_add(st, x->start, end, LEAK_HEALTH_INSURANCE, LEAK_MEDIUM, "health-insurance");
}

void number_identity(struct leak_state *st, struct number *x)
{
	try_my_number(st, x);
	if (x->slashed)
		return;
	try_licence(st, x);
	try_passport(st, x);
	try_residence_card(st, x);
	try_pension(st, x);
	try_health(st, x);
	try_symbol(st, x);
}
