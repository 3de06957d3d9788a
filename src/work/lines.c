/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is computed from running text: numbered lines, the columns of a table, a log's kinds of lines, the sums of an
 * invoice. */
#include <stdlib.h>

#include "base/err.h"
#include "rules/set.h"
#include "text/fold.h"
#include "work/amount.h"
#include "work/columns.h"
#include "work/computations.h"

enum { KINDS_SHOWN_MAX = 30, KINDS_MAX = 5000, LOUD_SHOWN_MAX = 40, LINE_SHOWN_MAX_BYTES = 300, NUMBERS_MAX = 300 };

/* Never half a character. */
static struct str cut_line(struct str line)
{
	size_t n = line.n < LINE_SHOWN_MAX_BYTES ? line.n : LINE_SHOWN_MAX_BYTES;
	while (n < line.n && n > 0 && ((unsigned char) line.p[n] & 0xC0) == 0x80)
		n--;
	return str_slice(line, 0, n);
}

int compute_lines(struct computing *c, struct str text)
{
	struct str rest = text, line;
	size_t n = 0;
	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		if (++n > WORK_LINES_MAX)
			return ERR_TOO_LARGE;
		buf_printf(c->out, "%zu %.*s\n", n, STR_ARG(line));
	}
	return 0;
}

int compute_columns(struct computing *c, struct str csv, size_t rows)
{
	struct columns cols;
	int r = columns_read(csv, c->arena, &cols);
	if (r < 0)
		return r;
	if (cols.first_row == 0) {
		c->problem = "work.compute.no-columns";
		return ERR_INVALID;
	}
	COMPUTING_LINE(c, "work.compute.rows", {"count", computing_count(c, rows)});
	for (size_t i = 0; i < cols.n; i++)
		buf_printf(c->out, "- %.*s\n", STR_ARG(cut_line(cols.at[i].name)));
	return 0;
}

/* ---- logs ---- */

struct kind {
	struct str shape, first;
	size_t count, first_line, last_line;
};

struct kinds {
	struct kind *at;
	size_t n, cap;
};

/* A line with its numbers, hexadecimal words and quoted parts made equal. */
static struct str shape_of(struct computing *c, struct str line)
{
	char *p = arena_alloc(c->arena, line.n + 1);
	size_t n = 0;
	bool in_number = false;
	for (size_t i = 0; p && i < line.n; i++) {
		bool is_part = ascii_is_digit(line.p[i]) ||
		               (in_number && ((line.p[i] >= 'a' && line.p[i] <= 'f') || strchr(".:-", line.p[i])));
		if (is_part && in_number)
			continue;
		in_number = is_part;
		p[n++] = is_part ? '#' : line.p[i];
	}
	return str_make(p, p ? n : 0);
}

static bool is_loud(struct str line)
{
	static const char *const words[] = {"error", "fail",   "denied",       "refused", "invalid",
	                                    "warn",  "attack", "unauthorized", "timeout", "panic",
	                                    "失敗",  "エラー", "拒否",         "警告",    "異常"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_find_icase(line, str_of(words[i]), 0) != STR_NOT_FOUND)
			return true;
	return false;
}

static int more_first(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;
	return x->count != y->count ? (x->count < y->count ? 1 : -1) : x->first_line < y->first_line ? -1 : 1;
}

static int count_line(struct computing *c, struct kinds *kinds, struct set *index, struct str line, size_t number)
{
	uint32_t *place;
	struct str shape = shape_of(c, line);
	if (!shape.p || set_put(index, c->arena, shape, &place) < 0)
		return ERR_TOO_LARGE;
	if (*place == SET_NONE) {
		struct kind *k = kinds->n < KINDS_MAX ? ARENA_PUSH(c->arena, kinds) : NULL;
		if (!k)
			return ERR_TOO_LARGE;
		*k = (struct kind){.shape = shape, .first = line, .first_line = number};
		*place = (uint32_t) kinds->n - 1;
	}
	kinds->at[*place].count++;
	kinds->at[*place].last_line = number;
	return 0;
}

int compute_log(struct computing *c, struct str text)
{
	struct kinds kinds = {0};
	struct set index = {0};
	struct str rest = text, line;
	size_t number = 0, loud = 0;
	int r = 0;
	while (r >= 0 && str_next_line(&rest, &line)) {
		number++;
		if (str_trim(line).n > 0)
			r = count_line(c, &kinds, &index, str_trim(line), number);
	}
	if (r < 0)
		return r;
	COMPUTING_LINE(c, "work.compute.log.lines", {"count", computing_count(c, number)},
	               {"kinds", computing_count(c, kinds.n)});
	qsort(kinds.at, kinds.n, sizeof(kinds.at[0]), more_first);
	for (size_t i = 0; i < kinds.n && i < KINDS_SHOWN_MAX; i++)
		COMPUTING_LINE(c, "work.compute.log.kind", {"count", computing_count(c, kinds.at[i].count)},
		               {"first", computing_count(c, kinds.at[i].first_line)},
		               {"last", computing_count(c, kinds.at[i].last_line)},
		               {"line", cut_line(kinds.at[i].first)});
	COMPUTING_LINE(c, "work.compute.log.loud", {"", {NULL, 0}});
	for (size_t i = 0; i < kinds.n && loud < LOUD_SHOWN_MAX; i++)
		if (is_loud(kinds.at[i].first)) {
			COMPUTING_LINE(c, "work.compute.log.kind", {"count", computing_count(c, kinds.at[i].count)},
			               {"first", computing_count(c, kinds.at[i].first_line)},
			               {"last", computing_count(c, kinds.at[i].last_line)},
			               {"line", cut_line(kinds.at[i].first)});
			loud++;
		}
	return 0;
}

/* ---- invoices ---- */

struct amounts {
	int64_t *at;
	size_t n, cap;
};

static bool is_amount_byte(struct str text, size_t i)
{
	return ascii_is_digit(text.p[i]) || (text.p[i] == ',' && i + 3 < text.n && ascii_is_digit(text.p[i + 1]));
}

static int collect(struct computing *c, struct str text, struct amounts *ret)
{
	for (size_t i = 0; i < text.n;) {
		size_t from = i;
		int64_t amount;
		while (i < text.n && is_amount_byte(text, i))
			i++;
		if (i > from && work_parse_amount(str_slice(text, from, i), &amount) && ret->n < NUMBERS_MAX) {
			int64_t *slot = ARENA_PUSH(c->arena, ret);
			if (!slot)
				return ERR_TOO_LARGE;
			*slot = amount;
		}
		i += i == from;
	}
	return 0;
}

static bool holds(const struct amounts *all, int64_t amount)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i] == amount)
			return true;
	return false;
}

/* subtotal + tax = total at 10 % or 8 %, the tax rounded down, to the nearest, or up: the law leaves it to the company
 * (Consumption Tax Act, Order for Enforcement, article 70-10). */
static bool is_tax_of(int64_t tax, int64_t subtotal, int64_t percent)
{
	int64_t exact = subtotal * percent / 100;
	return tax > 0 && llabs(tax - exact) < 10000;
}

int compute_invoice(struct computing *c, struct str text)
{
	struct folded folded;
	struct amounts all = {0};
	size_t found = 0;
	if (text_fold(text, c->arena, &folded) < 0)
		return ERR_TOO_LARGE;
	int r = collect(c, folded.text, &all);
	if (r < 0)
		return r;
	for (size_t i = 0; i < all.n; i++)
		buf_printf(c->out, "%s%.*s", i ? " / " : "", STR_ARG(computing_amount(c, all.at[i])));
	buf_add_char(c->out, '\n');
	for (size_t i = 0; i < all.n && found < 5; i++)
		for (size_t k = 0; k < all.n && found < 5; k++) {
			bool is_tax = is_tax_of(all.at[k], all.at[i], 10) || is_tax_of(all.at[k], all.at[i], 8);
			if (!is_tax || !holds(&all, all.at[i] + all.at[k]))
				continue;
			found++;
			COMPUTING_LINE(c, "work.compute.invoice.sum", {"subtotal", computing_amount(c, all.at[i])},
			               {"tax", computing_amount(c, all.at[k])},
			               {"total", computing_amount(c, all.at[i] + all.at[k])});
		}
	if (found == 0)
		COMPUTING_LINE(c, "work.compute.invoice.none", {"", {NULL, 0}});
	return 0;
}
