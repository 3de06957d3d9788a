/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs of digits with what joins them: a number as people write it, whatever hyphens, spaces or line ends are in it. */
#pragma once

#include "leak/data.h"
#include "leak/digits.h"

enum {
	NUMBER_DIGITS_MAX = 19,
	NUMBER_GROUPS_MAX = 19, /* every digit alone */
};

enum number_join {
	JOIN_NONE,
	JOIN_HYPHEN,
	JOIN_SPACE,
	JOIN_LINE,
	JOIN_DOT,
	JOIN_PAREN,
	JOIN_NO,    /* 03の1234の5678 */
	JOIN_SLASH, /* 090/1234/5678; more often a date, so it needs more */
};

struct number_group {
	uint32_t start, end;
	uint8_t n;    /* digits, 255 for more */
	uint8_t join; /* enum number_join: to the group before */
	bool tight;   /* joined without white space */
};

struct number {
	const struct number_group *g;
	size_t groups;
	size_t start, end;
	size_t n;
	char digits[NUMBER_DIGITS_MAX + 1]; /* ends with a NUL */
	bool joined_before, joined_after;   /* is a part of something longer, by a hyphen or dot */
	bool letter_before, letter_after;   /* a Latin letter touches it */
	bool slashed;                       /* a slash or tilde is among what joins it */
	bool looked_around;
	struct leak_around around; /* once somebody asked */
};

/* Whether the groups have these lengths; 0 ends the list. */
bool number_has_shape(const struct number *x, const uint8_t *lengths);
#define NUMBER_SHAPE(x, ...) number_has_shape((x), (const uint8_t[]){__VA_ARGS__, 0})
bool number_is_alone(const struct number *x);                    /* nothing of the same kind touches it */
bool number_is_spread(const struct number *x);                   /* every digit by itself */
bool number_uses(const struct number *x, enum number_join join); /* only this joins its groups (true for one group) */
/* Groups of four, or of several fours where a separator is missing. */
bool number_has_fours(const struct number *x);
size_t number_lines(const struct number *x);

/* How words of a group stand to the number; what is around it is looked at once. */
enum leak_near number_near(struct leak_state *st, struct number *x, enum leak_group group);

/* 記号 … 番号 …: the end of the second number when x is the first; 0 when it is not. */
size_t number_second_part(const struct leak_state *st, const struct number *x);

/* One per kind; each adds what it recognises. */
void number_phone(struct leak_state *st, struct number *x);
void number_identity(struct leak_state *st, struct number *x); /* My Number, licence, passport ... */
void number_company(struct leak_state *st, struct number *x);
void number_card(struct leak_state *st, struct number *x);
void number_bank(struct leak_state *st, struct number *x);
void number_postal(struct leak_state *st, struct number *x);
void number_address(struct leak_state *st, struct number *x); /* IPv4 inside */
/* What stands right before says that it numbers something else: 注文番号, 品番, No. ... */
bool number_is_of_other(struct leak_state *st, struct number *x);
