/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Amounts and days as they stand in tables. */
#include "work/amount.h"

#include "text/fold.h"

enum { AMOUNT_DIGITS_MAX = 14, AMOUNT_SCALE = 10000, AMOUNT_PLACES = 4, TEXT_MAX_BYTES = 64 };

/* Full-width forms to ASCII, spaces dropped. Other characters stay. False: too long for a number or day. */
static bool narrow(struct str s, char ret[static TEXT_MAX_BYTES], size_t *ret_n)
{
	size_t n = 0;
	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		uint32_t c = text_next(s, &at);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c == ' ' || c == 0x3000)
			continue;
		size_t length = c < 0x80 ? 1 : at - from;
		if (n + length >= TEXT_MAX_BYTES)
			return false;
		if (c < 0x80)
			ret[n] = (char) c;
		else
			memcpy(ret + n, s.p + from, length);
		n += length;
	}
	ret[n] = '\0';
	*ret_n = n;
	return true;
}

static bool cut_start(struct str *s, const char *const *marks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts_with(*s, str_of(marks[i]))) {
			*s = str_slice(*s, strlen(marks[i]), s->n);
			return true;
		}
	return false;
}

static bool cut_end(struct str *s, const char *mark)
{
	if (!str_ends_with(*s, str_of(mark)))
		return false;
	*s = str_slice(*s, 0, s->n - strlen(mark));
	return true;
}

/* Digits with commas between groups of three, and up to four places. */
static bool parse_digits(struct str s, int64_t *ret)
{
	int64_t value = 0;
	size_t digits = 0, places = 0, since_comma = 0;
	bool has_point = false, has_comma = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (ascii_is_digit(c) && !has_point && digits < AMOUNT_DIGITS_MAX) {
			value = value * 10 + (c - '0');
			digits++;
			since_comma++;
		} else if (ascii_is_digit(c) && has_point && places < AMOUNT_PLACES) {
			value = value * 10 + (c - '0');
			places++;
		} else if (c == ',' && !has_point && digits > 0 && (has_comma ? since_comma == 3 : digits <= 3)) {
			has_comma = true;
			since_comma = 0;
		} else if (c == '.' && !has_point && digits > 0 && (!has_comma || since_comma == 3)) {
			has_point = true;
		} else {
			return false;
		}
	}
	if (digits == 0 || (has_comma && since_comma != 3) || (has_point && places == 0))
		return false;
	for (; places < AMOUNT_PLACES; places++)
		value *= 10;
	*ret = value;
	return true;
}

bool work_parse_amount(struct str s, int64_t *ret)
{
	static const char *const currencies[] = {"¥", "￥", "$", "€", "\\"};
	static const char *const minuses[] = {"-", "−", "－", "▲", "△"};
	char text[TEXT_MAX_BYTES];
	size_t n;
	if (!narrow(s, text, &n))
		return false;
	struct str rest = str_make(text, n);
	bool negative = false;
	if (rest.n > 2 && rest.p[0] == '(' && cut_end(&rest, ")")) {
		rest = str_slice(rest, 1, rest.n);
		negative = true;
	}
	negative |= cut_start(&rest, minuses, ARRAY_SIZE(minuses));
	bool has_currency = cut_start(&rest, currencies, ARRAY_SIZE(currencies));
	if (has_currency && !negative)
		negative = cut_start(&rest, minuses, ARRAY_SIZE(minuses));
	if (!has_currency && !cut_end(&rest, "円"))
		cut_end(&rest, "%");
	else
		cut_end(&rest, "円");
	int64_t value;
	if (!parse_digits(rest, &value))
		return false;
	*ret = negative ? -value : value;
	return true;
}

void work_add_amount(struct buf *b, int64_t amount)
{
	uint64_t size = amount < 0 ? (uint64_t) -amount : (uint64_t) amount;
	uint64_t whole = size / AMOUNT_SCALE, part = size % AMOUNT_SCALE;
	char digits[32], places[8];
	int n = snprintf(digits, sizeof(digits), "%llu", (unsigned long long) whole);
	if (amount < 0)
		buf_add_char(b, '-');
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buf_add_char(b, ',');
		buf_add_char(b, digits[i]);
	}
	if (part == 0)
		return;
	n = snprintf(places, sizeof(places), "%04llu", (unsigned long long) part);
	while (n > 0 && places[n - 1] == '0')
		n--;
	buf_printf(b, ".%.*s", n, places);
}

/* ---- days ---- */

static bool take_number(struct str *s, size_t digits_max, int64_t *ret)
{
	size_t n = 0;
	int64_t value = 0;
	while (n < s->n && n < digits_max && ascii_is_digit(s->p[n]))
		value = value * 10 + (s->p[n++] - '0');
	*s = str_slice(*s, n, s->n);
	*ret = value;
	return n > 0;
}

static bool take_mark(struct str *s, const char *const *marks, size_t count)
{
	return s->n > 0 && cut_start(s, marks, count);
}

/* Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
	return days_of(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days_of(year, month, 1);
}

static bool take_year(struct str *s, int64_t *ret)
{
	static const struct {
		const char *name;
		int64_t before; /* the year before the first */
	} eras[] = {{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"R", 2018}, {"H", 1988}, {"S", 1925}};
	for (size_t i = 0; i < ARRAY_SIZE(eras); i++) {
		const char *name = eras[i].name;
		if (!cut_start(s, &name, 1))
			continue;
		const char *first = "元";
		int64_t number = 1;
		if (!cut_start(s, &first, 1) && !take_number(s, 2, &number))
			return false;
		*ret = eras[i].before + number;
		return number > 0;
	}
	return take_number(s, 4, ret) && *ret >= 1900 && *ret <= 9999;
}

bool work_parse_day(struct str s, int64_t *ret_days)
{
	static const char *const year_marks[] = {"-", "/", ".", "年"}, *const month_marks[] = {"-", "/", ".", "月"};
	char text[TEXT_MAX_BYTES];
	size_t n;
	int64_t year, month, day = 1;
	if (!narrow(s, text, &n))
		return false;
	struct str rest = str_make(text, n);
	if (!take_year(&rest, &year) || !take_mark(&rest, year_marks, ARRAY_SIZE(year_marks)) ||
	    !take_number(&rest, 2, &month) || month < 1 || month > 12)
		return false;
	bool has_mark = take_mark(&rest, month_marks, ARRAY_SIZE(month_marks));
	if (has_mark && rest.n > 0) {
		if (!take_number(&rest, 2, &day))
			return false;
		cut_end(&rest, "日");
	}
	/* A time of day may follow. */
	if (rest.n > 0 && rest.p[0] != 'T' && !(ascii_is_digit(rest.p[0]) && str_contains(rest, STR(":"))))
		return false;
	if (day < 1 || day > days_in_month(year, month))
		return false;
	*ret_days = days_of(year, month, day);
	return true;
}
