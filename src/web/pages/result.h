/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page of a verdict: what it is called, why, the sum that anyone can redo, the marked text, the known ways. */
#pragma once

#include "web/page.h"

/* Judges p->document (or says why it could not be read) and fills the model; the answer is result.html. */
int result_show(struct page *p);
