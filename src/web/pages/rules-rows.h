/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the pages of 社内ルール share. Every json_t is a new reference. */
#pragma once

#include "policy/policy.h"
#include "web/pages/rows.h"

/* {word, label} of a kind. */
json_t *rules_kind(const struct page *p, enum leak_kind kind);
/* [{word, label, selected}] of texts <prefix><word>; words with '|'. */
json_t *rules_choices(const struct page *p, const char *prefix, const char *words, struct str selected);
/* Yen with two places under ten: "1,234", "0.25". */
json_t *rules_yen(struct page *p, uint64_t microyen);
/* A whole number of yen as it is typed ("5,000", full-width digits too); "" is 0. ERR_INVALID. */
int rules_parse_yen(struct str text, uint64_t *ret_microyen) MUST_CHECK;
int rules_parse_number(struct str text, uint64_t max, uint64_t *ret) MUST_CHECK; /* "" is 0 */
/* "2026-11" of year * 100 + month. */
json_t *rules_month(struct page *p, uint64_t month);
/* The name of a person; "" for 0 or an unknown one. */
struct str rules_person_name(const struct keep_person_list *people, uint64_t id);
/* Members "people": [{id, name, department}] of active members. */
int rules_put_people(struct page *p, struct keep_person_list *ret);
/* done=1 of the address: the notice that something was kept. */
void rules_put_done(struct page *p);
/* A form that was answered with this error comes back with a sentence: 1; other errors as they are. */
int rules_problem(struct page *p, int r, const char *key, const char *field);
/* The company's rules as the policy reads them (rules-policy.c). */
int rules_get_policy(struct page *p, struct policy_rules *ret);
