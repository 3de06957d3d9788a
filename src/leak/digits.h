/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check digits of identifiers; digits are ASCII '0'..'9'. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* 12 digits (行政手続における特定の個人を識別するための番号の利用等に関する法律 施行令 8 条, 省令 5 条): weights
 * 6,5,4,3,2,7,6,5,4,3,2; the check digit is 0 when the sum mod 11 is at most 1, else 11 less it. */
bool digits_are_my_number(const char *d);
/* 13 digits (法人番号の指定等に関する省令 2 条): the first is 9 less the sum mod 9 of the others by 1,2,1,2 from the
 * right. */
bool digits_are_corporate_number(const char *d);
/* 12 digits; the 11th checks the first ten by weights 5,4,3,2,7,6,5,4,3,2 mod 11; where the remainder is 0 both 0 and 1
 * are in use. The first two are a public safety commission. */
bool digits_are_licence(const char *d);
bool digits_are_commission(const char *d);
/* ISO/IEC 7812-1 annex B. */
bool digits_pass_luhn(const char *d, size_t n);
/* Length and first digits that a card scheme issues: Visa, Mastercard, JCB, American Express, Diners, Discover,
 * UnionPay.
 */
bool digits_are_card_range(const char *d, size_t n);
/* The first digits of a geographic number of Japan (総務省 市外局番): length of the area code with its 0 that fits, and
 * whether this length is one of it. */
bool digits_are_area_code(const char *d, size_t n);
