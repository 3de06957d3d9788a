/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/digits.h"

static int value(char c)
{
	return c - '0';
}

static int weighted(const char *d, const int *weights, size_t n)
{
	int sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += value(d[i]) * weights[i];
	return sum;
}

bool digits_are_my_number(const char *d)
{
	static const int weights[] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
	int rest = weighted(d, weights, 11) % 11;
	return value(d[11]) == (rest <= 1 ? 0 : 11 - rest);
}

bool digits_are_corporate_number(const char *d)
{
	static const int weights[] = {2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1};
	return value(d[0]) == 9 - weighted(d + 1, weights, 12) % 9;
}

bool digits_are_licence(const char *d)
{
	static const int weights[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
	int rest = weighted(d, weights, 10) % 11, check = value(d[10]);
	if (!digits_are_commission(d))
		return false;
	if (rest == 0)
		return check <= 1;
	return check == (rest == 1 ? 0 : 11 - rest);
}

bool digits_are_commission(const char *d)
{
	int c = value(d[0]) * 10 + value(d[1]);
	return (c >= 10 && c <= 14) || (c >= 20 && c <= 25) || c == 30 || (c >= 40 && c <= 49) ||
	       (c >= 50 && c <= 55) || (c >= 60 && c <= 65) || (c >= 70 && c <= 74) || (c >= 80 && c <= 83) ||
	       (c >= 90 && c <= 97);
}

bool digits_pass_luhn(const char *d, size_t n)
{
	int sum = 0;
	for (size_t i = 0; i < n; i++) {
		int v = value(d[n - 1 - i]) * (i % 2 ? 2 : 1);
		sum += v > 9 ? v - 9 : v;
	}
	return sum % 10 == 0;
}

bool digits_are_card_range(const char *d, size_t n)
{
	int two = value(d[0]) * 10 + value(d[1]), three = two * 10 + value(d[2]), four = three * 10 + value(d[3]);
	if (d[0] == '4')
		return n == 13 || n == 16 || n == 19;
	if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720))
		return n == 16;
	if (four >= 3528 && four <= 3589)
		return n >= 16;
	if (two == 34 || two == 37)
		return n == 15;
	if ((three >= 300 && three <= 305) || two == 36 || two == 38 || two == 39)
		return n == 14 || n == 16;
	if (four == 6011 || (three >= 644 && three <= 649) || two == 65)
		return n >= 16;
	return two == 62 && n >= 16;
}

bool digits_are_area_code(const char *d, size_t n)
{
	static const char *const twos = "346"; /* 03 04 06; 04 only before 2 and 7 */
	/* Which second and third digits make three-digit codes: 011, 015, 017 … */
	static const char *const threes[10] = {
	        [1] = "15789",   [2] = "2345689", [4] = "234567890", [5] = "234568",
	        [7] = "2345678", [8] = "2346789", [9] = "235678",
	};
	if (n < 2 || d[0] != '0' || d[1] < '1' || d[1] > '9')
		return false;
	if (n == 2) {
		for (const char *p = twos; *p; p++)
			if (d[1] == *p)
				return true;
		return false;
	}
	if (d[1] == '3' || d[1] == '6')
		return false;
	if (n == 3) {
		for (const char *p = threes[value(d[1])]; p && *p; p++)
			if (d[2] == *p)
				return true;
		return false;
	}
	return n <= 5;
}
