/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

const char *err_word(int code)
{
	switch (code) {
#define X(c, word, text)                                                                                               \
	case c:                                                                                                        \
		return word;
		ERR_LIST(X)
#undef X
	default:
		return "unknown";
	}
}

const char *err_text(int code)
{
	switch (code) {
#define X(c, word, text)                                                                                               \
	case c:                                                                                                        \
		return text;
		ERR_LIST(X)
#undef X
	default:
		return "unknown error";
	}
}
