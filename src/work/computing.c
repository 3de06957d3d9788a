/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/computing.h"

#include "work/amount.h"

enum { AMOUNT_MAX_BYTES = 64 };

void computing_line(struct computing *c, const char *key, const struct i18n_fact *facts, size_t count)
{
	i18n_format(c->out, c->language, str_of(key), facts, count);
	buf_add_char(c->out, '\n');
}

struct str computing_amount(struct computing *c, int64_t amount)
{
	struct buf b = buf_make(AMOUNT_MAX_BYTES);
	work_add_amount(&b, amount);
	struct str text = arena_dup(c->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

struct str computing_count(struct computing *c, size_t count)
{
	return arena_printf(c->arena, "%zu", count);
}
