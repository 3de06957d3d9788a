/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What secrets and passwords share: how a value looks, and the way to it from the word that tells of it. Texts are
 * folded. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct value_facts {
	bool digit, upper, lower, symbol, same; /* same: one character over and over */
};

struct value_facts value_look_at(struct str value);
double value_entropy(struct str value); /* bits per character (Shannon) */
/* What stands in forms and examples where a value would be. */
bool value_is_placeholder(struct str value);

struct value_place {
	size_t at;         /* where the value begins */
	bool strict;       /* an operator stands before it, no mere space or particle */
	const char *close; /* the quote that ends it; NULL: none */
};

/* Walks from the end of a word over the rest of its name, a remark in brackets, an operator, 「以下の通りです」 with
 * its line end, and an opening quote. False: nothing stands there. */
bool value_find_behind(struct str text, size_t word_end, struct value_place *ret);
/* The first quote that opens near behind a word, in the same sentence. */
bool value_find_quoted(struct str text, size_t word_end, struct value_place *ret);
/* Where it ends: at its closing quote, else at a space, a quote or what is not ASCII. at itself: there is none. */
size_t value_end(struct str text, const struct value_place *place);
