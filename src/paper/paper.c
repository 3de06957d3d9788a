/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/paper.h"

#include <qrencode.h>

#include "base/err.h"
#include "paper/inside.h"

enum { QR_TEXT_MAX_BYTES = 512 };

struct paper *paper_new(struct arena *a, struct str title, struct str company, struct str date)
{
	struct paper *p = ARENA_NEW(a, struct paper);

	if (!p)
		return NULL;
	p->arena = a;
	p->title = arena_dup(a, title);
	p->company = arena_dup(a, company);
	p->date = arena_dup(a, date);
	return arena_is_full(a) ? NULL : p;
}

int paper_add(struct paper *p, enum paper_kind kind, struct str text, struct str value)
{
	CHECK((unsigned) kind < PAPER_KIND_COUNT);
	if (p->blocks.n >= PAPER_BLOCKS_MAX || text.n > PAPER_TEXT_MAX_BYTES || value.n > PAPER_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	if (kind == PAPER_QR && value.n > QR_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	struct paper_block *block = ARENA_PUSH(p->arena, &p->blocks);
	if (!block)
		return ERR_TOO_LARGE;
	if (kind == PAPER_HEADING)
		p->steps = 0;
	*block = (struct paper_block){.kind = kind, .number = kind == PAPER_STEP ? ++p->steps : 0};
	block->text = arena_dup(p->arena, text);
	block->value = arena_dup(p->arena, value);
	return arena_is_full(p->arena) ? ERR_TOO_LARGE : 0;
}

int paper_set_sources(struct paper *p, struct str sources)
{
	if (sources.n > PAPER_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	p->sources = arena_dup(p->arena, sources);
	return arena_is_full(p->arena) ? ERR_TOO_LARGE : 0;
}

int qr_make(struct arena *a, struct str text, struct qr *ret)
{
	char *c = arena_cstr(a, text);
	QRcode *code = c ? QRcode_encodeString8bit(c, 0, QR_ECLEVEL_M) : NULL;

	if (!code)
		return ERR_TOO_LARGE;
	size_t n = (size_t) code->width * (size_t) code->width;
	struct str cells = arena_dup(a, str_make(code->data, n));
	*ret = (struct qr){(unsigned) code->width, (const unsigned char *) cells.p};
	QRcode_free(code);
	return cells.p ? 0 : ERR_TOO_LARGE;
}
