/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the forms of 事業継続力強化計画 take from what the company has noted already. */
#pragma once

#include "web/page.h"

/* Hooks of struct paper_form: texts are Japanese, as the form is. Errors of the keeper. */
int jigyokei_prefill(struct page *p, struct str *values, json_t *filled);
int jigyokei_prefill_renewal(struct page *p, struct str *values, json_t *filled);

/* The newest version of a paper as its fields (a JSON object, new reference); empty when there is none. */
int jigyokei_newest_fields(struct page *p, const char *paper, bool is_approved, json_t **ret);
