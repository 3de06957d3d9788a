/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 事業継続力強化計画: the fields of its form in their order (手引き 令和7年11月10日版; the e-application since
 * 2025-12-17) and what officials return it for. Pure; the texts of the rules are "jigyokei.rule.<word>". */
#pragma once

#include "plan/register.h"

enum { JIGYOKEI_FIELDS = 51 };
extern const struct register_field jigyokei_fields[JIGYOKEI_FIELDS];

/* rule: word; field: name of the field that it is about. */
struct jigyokei_finding {
	const char *rule, *field;
};
enum { JIGYOKEI_FINDINGS_MAX = 64, JIGYOKEI_MONTHS_MAX = 36, CORPORATE_NUMBER_DIGITS = 13 };

/* values: one text per field. Number of findings. A hint, not the judgement of an office: it looks for words. */
size_t jigyokei_lint(const struct str *values, struct jigyokei_finding ret[static JIGYOKEI_FINDINGS_MAX]);
/* 13 digits whose first is the check digit: 9 - (the others from the right times 1, 2, 1, 2 ... mod 9); governance
 * facts 9. */
bool jigyokei_is_corporate_number(struct str digits);
