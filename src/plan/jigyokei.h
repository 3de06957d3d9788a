/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 事業継続力強化計画: the fields of its form in their order (手引き 令和7年11月10日版; the e-application since
 * 2025-12-17) and what officials return it for. Pure; the texts of the rules are "jigyokei.rule.<word>", those of
 * choices "paper.choice.<word>".
 *
 * "equipment-list" holds one piece of equipment a line, its seven columns with a comma between them: month acquired,
 * name and model, place, kind, price of one, how many, sum; money in 1,000 yen. */
#pragma once

#include "plan/register.h"

enum { JIGYOKEI_FIELDS = 78 };
extern const struct register_field jigyokei_fields[JIGYOKEI_FIELDS];

/* rule: word; field: name of the field that it is about. */
struct jigyokei_finding {
	const char *rule, *field;
};
enum { JIGYOKEI_FINDINGS_MAX = 128, JIGYOKEI_MONTHS_MAX = 36, CORPORATE_NUMBER_DIGITS = 13 };

/* values: one text per field. Number of findings. A hint, not the judgement of an office: it looks for words. */
size_t jigyokei_lint(const struct str *values, struct jigyokei_finding ret[static JIGYOKEI_FINDINGS_MAX]);
/* 13 digits whose first is the check digit: 9 - (the others from the right times 1, 2, 1, 2 ... mod 9); governance
 * facts 9. */
bool jigyokei_is_corporate_number(struct str digits);

/* ---- renewal: 実施状況報告書, attached to every application but the first ---- */

/* Five fields of the head, then for each measure: "mark-<measure>", "why-<measure>", "by-<measure>". */
enum { JIGYOKEI_RENEWAL_HEAD = 5, JIGYOKEI_MEASURES = 13, JIGYOKEI_RENEWAL_FIELDS = 44 };
extern const struct register_field jigyokei_renewal_fields[JIGYOKEI_RENEWAL_FIELDS];
/* values: one text per field of the renewal. */
size_t jigyokei_renewal_lint(const struct str *values, struct jigyokei_finding ret[static JIGYOKEI_FINDINGS_MAX]);
/* △, × and －. */
bool jigyokei_mark_wants_reason(struct str mark);
