/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a document that the reader gave to a verdict that is recorded: what the page 確かめる and the API share. */
#pragma once

#include "web/page.h"
#include "web/report.h"

/* Judges p->document with the rules, the company and the senders that are known, records the event "check.verdict"
 * (kinds and counts, never text) and notes the sender. p->document must be there. Errors: those of judge_document() and
 * of the keeper; without a record there is no verdict. */
int verdict_make(struct page *p, struct verdict *ret) MUST_CHECK;
/* The sender's address of the message, as verdict_make() asks about it; empty: none. */
struct str verdict_sender(const struct document *d);
/* verdict_make() and its JSON form; for input that could not be read the report that says why. elapsed_us is filled in.
 * ret_verdict is set when p->document is there. A new reference; NULL with the error in *ret_error. */
json_t *verdict_report(struct page *p, const struct report_options *options, struct verdict *ret_verdict,
                       int *ret_error);
