/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the pages of bad moments share (/119, /check/after): texts with readings, numbers to call. Nothing of the
 * company goes to a stranger. */
#pragma once

#include "web/page.h"

enum { EMERGENCY_PHONES_MAX = 5 };

/* やさしい日本語 is there for whoever reads Japanese with effort, so it stays Japanese whatever the page's language. */
bool emergency_is_easy(const struct page *p);
/* {html, text} of "easy.<word><part>"; NULL when there is none. */
json_t *emergency_easy(const char *word, const char *part);
json_t *emergency_easy_steps(const char *word);
/* Model member "easy": the words around the steps. */
void emergency_put_easy_words(struct page *p);
/* Public numbers, by word ("police", "station", "emergency", "ipa", "consumer"), from the dated facts; words ends at
 * NULL or EMERGENCY_PHONES_MAX. */
/* "tel:%239110" of "#9110", "mailto:..." of an address. */
struct str emergency_tel(const struct page *p, struct str shown);
json_t *emergency_phones(const struct page *p, const char *const *words);
/* Members "running", "drills", "runs" (either) and "known", for incident-running.html. Without the keeper nothing runs,
 * and the error comes back. */
int emergency_put_running(struct page *p);
/* One of the ten that begin with /119/<word>. */
bool emergency_is_kind(struct str word);
/* Members "ask" and "own": the company's own people and, with_contacts, its saved numbers; only for those signed in. */
int emergency_put_own(struct page *p, bool with_contacts);
