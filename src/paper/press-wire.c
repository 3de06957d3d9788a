/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/press.h"

#include "base/err.h"
#include "ipc/frame.h"
#include "ipc/wire.h"
#include "paper/inside.h"

enum { BYTES_LEAST_BYTES = 5, BLOCK_LEAST_BYTES = 2 + 2 * BYTES_LEAST_BYTES };

/* ---- the wire form ---- */

static void encode_table(const struct paper_table *t, struct buf *b)
{
	wire_put_u8(b, (uint8_t) t->column_count);
	for (size_t i = 0; i < t->column_count; i++) {
		wire_put_bytes(b, t->columns[i].heading);
		wire_put_u8(b, (uint8_t) t->columns[i].weight);
		wire_put_u8(b, (uint8_t) t->columns[i].align);
	}
	wire_put_u32(b, (uint32_t) t->row_count);
	for (size_t i = 0; i < t->column_count * t->row_count; i++)
		wire_put_bytes(b, t->cells[i]);
}

int paper_encode(const struct paper *p, struct buf *b)
{
	wire_put_bytes(b, p->title);
	wire_put_bytes(b, p->company);
	wire_put_bytes(b, p->date);
	wire_put_bytes(b, p->sources);
	wire_put_u32(b, (uint32_t) p->blocks.n);
	for (size_t i = 0; i < p->blocks.n; i++) {
		wire_put_u8(b, (uint8_t) p->blocks.at[i].kind);
		wire_put_bytes(b, p->blocks.at[i].text);
		wire_put_bytes(b, p->blocks.at[i].value);
		if (p->blocks.at[i].table)
			encode_table(p->blocks.at[i].table, b);
	}
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}

static struct str get_text(struct wire_reader *r)
{
	return wire_get_bytes(r, PAPER_TEXT_MAX_BYTES);
}

/* value is empty: a table has none. */
static int decode_table(struct wire_reader *reader, struct paper *p, struct arena *a, struct str caption,
                        struct str value)
{
	struct paper_column columns[PAPER_COLUMNS_MAX] = {0};
	unsigned column_count = wire_get_u8(reader);
	if (value.n > 0 || column_count < 1 || column_count > PAPER_COLUMNS_MAX)
		return ERR_INVALID;
	for (unsigned i = 0; i < column_count; i++) {
		columns[i].heading = wire_get_bytes(reader, PAPER_COLUMN_HEADING_MAX_BYTES);
		columns[i].weight = wire_get_u8(reader);
		unsigned align = wire_get_u8(reader);
		if (align >= PAPER_ALIGN_COUNT)
			return ERR_INVALID;
		columns[i].align = (enum paper_align) align;
	}
	uint32_t rows = wire_get_count(reader, PAPER_ROWS_MAX, (size_t) column_count * BYTES_LEAST_BYTES);
	struct str *cells = ARENA_ARRAY(a, struct str, (size_t) rows * column_count);
	if (!cells)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < (size_t) rows * column_count; i++)
		cells[i] = wire_get_bytes(reader, PAPER_CELL_MAX_BYTES);
	return wire_failed(reader) ? reader->error : paper_add_table(p, caption, columns, column_count, cells, rows);
}

static int decode_block(struct wire_reader *reader, struct paper *p, struct arena *a)
{
	unsigned kind = wire_get_u8(reader);
	struct str text = get_text(reader), value = get_text(reader);
	if (wire_failed(reader))
		return reader->error;
	if (kind == PAPER_TABLE)
		return decode_table(reader, p, a, text, value);
	return kind < PAPER_KIND_COUNT ? paper_add(p, (enum paper_kind) kind, text, value) : ERR_INVALID;
}

int paper_decode(struct str bytes, struct arena *a, struct paper **ret)
{
	struct wire_reader reader = wire_reader_make(bytes);
	struct str title = get_text(&reader), company = get_text(&reader), date = get_text(&reader);
	struct str sources = get_text(&reader);
	uint32_t count = wire_get_count(&reader, PAPER_BLOCKS_MAX, BLOCK_LEAST_BYTES);
	struct paper *p = paper_new(a, title, company, date);
	int r = p ? paper_set_sources(p, sources) : ERR_TOO_LARGE;
	for (uint32_t i = 0; r >= 0 && i < count && !wire_failed(&reader); i++)
		r = decode_block(&reader, p, a);
	if (r >= 0)
		r = wire_end(&reader);
	*ret = p;
	return r;
}

/* ---- who asks ---- */

int press_put_question(enum press_format format, const struct paper *paper, struct buf *ret_frame)
{
	CLEANUP(buf_done) struct buf question = buf_make(PRESS_QUESTION_MAX_BYTES);
	int r = paper_encode(paper, &question);
	return r < 0 ? r : frame_encode(ret_frame, format, 0, buf_str(&question));
}

int press_take_answer(const struct frame *frame, struct str *ret_bytes)
{
	*ret_bytes = frame->body;
	if (frame->type == PRESS_DONE)
		return 0;
	struct wire_reader reader = wire_reader_make(frame->body);
	int64_t why = wire_get_i64(&reader);
	return frame->type != PRESS_FAILED || wire_end(&reader) < 0 || why >= 0 || why < INT32_MIN ? ERR_INVALID
	                                                                                           : (int) why;
}
