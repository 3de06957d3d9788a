/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the pages of 頼る share: facts with their marks, days with their weekday, money. Every json_t is a new
 * reference. */
#pragma once

#include "plan/holiday.h"
#include "web/facts.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

/* {id, text, phone, tel, fax, mail, mailto, url, address, source, checked, expires, is_expired, is_unverified}; null
 * for NULL. */
json_t *help_fact(const struct page *p, const struct fact *fact);
/* Every fact of a group in one region, in order. */
json_t *help_group(const struct page *p, struct str group, struct str region);
/* The fact of a desk: "kip" is kip.desk. NULL: none. */
const struct fact *help_desk(const struct page *p, struct str name);
/* {iso, text}: "2026年12月14日（月）". */
json_t *help_day(const struct page *p, int32_t day);
int32_t help_today(const struct page *p);
json_t *help_yen(const struct page *p, int64_t yen); /* "12,520" */
/* "2.1", "0.25": at least so many digits behind the point, at most three. */
json_t *help_percent(const struct page *p, int64_t milli, unsigned digits);
/* A text of the catalogue with facts filled in. */
json_t *help_text(const struct page *p, const char *key, const struct i18n_fact *facts, size_t count);
/* What the register of visits has of a helper ("expert") in a fiscal year. ERR_DENIED: registers are not for this
 * person; errors of the keeper. */
int help_count_visits(struct page *p, const char *helper, int fiscal_year, int *ret);
/* The day of the newest declaration of this kind ("carbon") in its register; empty: none, or not for this person. */
struct str help_declared_on(struct page *p, const char *declaration);
/* May this person look into the registers? */
bool help_may_look(const struct page *p);
/* Holidays for the pages; NULL: the facts of this company do not give them. */
const struct holidays *help_holidays(const struct page *p);
