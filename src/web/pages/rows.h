/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the keeper's rows look in a page's model, and the small things that forms of several pages share. Every json_t
 * is a new reference. */
#pragma once

#include "rules/rules.h"
#include "web/page.h"

json_t *rows_person(const struct page *p, const struct keep_person *person);
json_t *rows_case(const struct page *p, const struct keep_case *c);
json_t *rows_contact(const struct keep_contact *contact);
/* [{word, label, may, selected}] of every role. */
json_t *rows_roles(const struct page *p, struct str selected);
/* Catalogue text of a key that is put together: rows_text(p, "role.", "staff", ".may"); "" when there is none. */
json_t *rows_text(const struct page *p, const char *before, struct str word, const char *after);
/* {name, phone} of whom to ask, from the settings; null when nobody is named. */
json_t *rows_ask(struct page *p);
/* Value of a setting; empty on any failure. */
struct str rows_setting(struct page *p, const char *name);
/* {danger: true}: for templates, "-" becomes "_". */
json_t *rows_flag(struct str word);
/* The last second of the day "2026-12-31" where the company is; 0 for "". ERR_INVALID. */
int rows_day(struct page *p, struct str day, int64_t *ret_us);
/* Puts every named field of the form back into model member "form": nothing that was typed is lost. Never for secrets.
 */
void rows_keep_fields(struct page *p, const char *const *names);
/* A day as people of the page read it (i18n_day); lives in p->arena. */
struct str rows_day_text(const struct page *p, struct str day);
/* What is wrong with a file, in the language of the page; lives in p->arena. */
struct str rows_complaint(const struct page *p, const struct rules_complaint *complaint);
/* A cell of CSV for Excel: quoted, and no formula can begin in it. */
void rows_csv_cell(struct buf *b, struct str value, bool last);
/* What stood in a cell before rows_csv_cell() guarded it. */
struct str rows_csv_value(struct str cell);
#define ROWS_CSV_BOM "\xEF\xBB\xBF"
