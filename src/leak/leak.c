/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/leak.h"

#include "base/err.h"

static const char *const kind_words[LEAK_KIND_COUNT] = {
#define KIND(id, word) [LEAK_##id] = word,
#include "leak/kinds.def"
#undef KIND
};

const char *leak_kind_word(enum leak_kind kind)
{
	return kind_words[kind];
}

int leak_kind_from_word(struct str word, enum leak_kind *ret)
{
	for (size_t i = 0; i < LEAK_KIND_COUNT; i++)
		if (str_eq_c(word, kind_words[i])) {
			*ret = (enum leak_kind)i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

const char *leak_confidence_word(enum leak_confidence confidence)
{
	static const char *const words[] = {"low", "medium", "high"};
	return words[confidence];
}
