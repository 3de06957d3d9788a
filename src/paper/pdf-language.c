/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cairo 1.16 has no way to say in which language a document is, without which a screen reader guesses, nor that its
 * title is to be shown instead of the file's name. Both belong into the catalog, which is therefore written again
 * behind the end, as a change of the file (ISO 32000-1, 7.5.6). */
#include <stdio.h>

#include "base/err.h"
#include "paper/inside.h"

enum { XREF_ENTRY_BYTES = 20, OFFSET_DIGITS = 10, SMALL_MAX = 1 << 30 };

struct ends {
	uint64_t xref, root, info, size;
	struct str catalog; /* what its dictionary holds */
};

/* The number after the last key. */
static int number_after(struct str s, struct str key, uint64_t *ret)
{
	size_t at = STR_NOT_FOUND;

	for (size_t next = str_find(s, key, 0); next != STR_NOT_FOUND; next = str_find(s, key, next + 1))
		at = next + key.n;
	if (at == STR_NOT_FOUND)
		return ERR_UNSUPPORTED;
	size_t end = at;
	while (end < s.n && ascii_is_digit(s.p[end]))
		end++;
	return str_parse_u64(str_slice(s, at, end), SMALL_MAX, ret);
}

/* Where object number begins, by the table at xref that counts from 0. */
static int find_object(struct str pdf, const struct ends *e, uint64_t number, uint64_t *ret)
{
	char head[32];
	struct str table = str_slice(pdf, e->xref, pdf.n);

	int n = snprintf(head, sizeof(head), "xref\n0 %llu\n", (unsigned long long) e->size);
	if (number >= e->size || !str_starts_with(table, str_make(head, (size_t) n)))
		return ERR_UNSUPPORTED;
	size_t at = (size_t) n + number * XREF_ENTRY_BYTES;
	return str_parse_u64(str_slice(table, at, at + OFFSET_DIGITS), pdf.n, ret);
}

static int read_ends(struct str pdf, struct ends *e)
{
	char head[64];
	uint64_t at;

	int r = number_after(pdf, STR("startxref\n"), &e->xref);
	struct str trailer = r < 0 ? STR("") : str_slice(pdf, e->xref, pdf.n);
	if (r >= 0)
		r = number_after(trailer, STR("/Root "), &e->root);
	if (r >= 0)
		r = number_after(trailer, STR("/Info "), &e->info);
	if (r >= 0)
		r = number_after(trailer, STR("/Size "), &e->size);
	if (r >= 0)
		r = find_object(pdf, e, e->root, &at);
	if (r < 0)
		return r;
	int n = snprintf(head, sizeof(head), "%llu 0 obj\n<< /Type /Catalog\n", (unsigned long long) e->root);
	struct str object = str_slice(pdf, at, e->xref);
	size_t end = str_find(object, STR(">>\nendobj"), 0);
	if (!str_starts_with(object, str_make(head, (size_t) n)) || end == STR_NOT_FOUND)
		return ERR_UNSUPPORTED;
	e->catalog = str_slice(object, (size_t) n, end);
	return 0;
}

int pdf_set_language(struct buf *pdf, const char *language)
{
	CLEANUP(buf_done) struct buf change = buf_make(pdf->max);
	struct ends e;

	int r = read_ends(buf_str(pdf), &e);
	if (r < 0)
		return r;
	size_t object = pdf->n;
	buf_printf(&change, "%llu 0 obj\n<< /Type /Catalog\n%.*s   /Lang (%s)\n", (unsigned long long) e.root,
	           STR_ARG(e.catalog), language);
	buf_add_c(&change, "   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n");
	size_t xref = object + change.n;
	buf_printf(&change, "xref\n%llu 1\n%010zu 00000 n \n", (unsigned long long) e.root, object);
	buf_printf(&change, "trailer\n<< /Size %llu\n   /Root %llu 0 R\n   /Info %llu 0 R\n   /Prev %llu\n>>\n",
	           (unsigned long long) e.size, (unsigned long long) e.root, (unsigned long long) e.info,
	           (unsigned long long) e.xref);
	buf_printf(&change, "startxref\n%zu\n%%%%EOF\n", xref);
	return buf_failed(&change) || buf_add_str(pdf, buf_str(&change)) < 0 ? ERR_TOO_LARGE : 0;
}
