/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/export.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "ledger/base64.h"

#define EXPORT_HEAD "sonae-ledger-export 1"

/* ---- writing ---- */

int export_add_head(struct buf *b, const struct ledger_key *key)
{
	buf_add_c(b, EXPORT_HEAD "\nkey ");
	ledger_key_write(key, b);
	return buf_add_char(b, '\n');
}

int export_add_record(struct buf *b, uint64_t number, const struct ledger_hash *leaf, struct str bytes)
{
	buf_printf(b, "record %llu ", (unsigned long long) number);
	base64_add(b, leaf->bytes, sizeof(leaf->bytes));
	buf_add_char(b, ' ');
	base64_add(b, bytes.p, bytes.n);
	return buf_add_char(b, '\n');
}

int export_add_checkpoint(struct buf *b, struct str note)
{
	buf_add_c(b, "checkpoint ");
	base64_add(b, note.p, note.n);
	return buf_add_char(b, '\n');
}

int export_add_end(struct buf *b, uint64_t records, uint64_t checkpoints)
{
	return buf_printf(b, "end %llu %llu\n", (unsigned long long) records, (unsigned long long) checkpoints);
}

/* ---- reading ---- */

void export_reader_init(struct export_reader *reader, struct str kept_note)
{
	*reader = (struct export_reader){.kept_note = kept_note,
	                                 .line = buf_make(EXPORT_LINE_MAX_BYTES),
	                                 .bytes = buf_make(EXPORT_LINE_MAX_BYTES)};
}

/* The number written the one way: no zeros before it. */
static bool number_is(struct str text, uint64_t number)
{
	char wanted[24];
	snprintf(wanted, sizeof(wanted), "%llu", (unsigned long long) number);
	return str_eq_c(text, wanted);
}

static int read_key(struct export_reader *reader, struct str line)
{
	struct ledger_key key;

	if (!str_starts_with(line, STR("key ")))
		return verifier_set_fault(&reader->verifier, VERIFY_FILE_FORM);
	if (ledger_key_read(str_slice(line, 4, line.n), &key) < 0)
		return verifier_set_fault(&reader->verifier, VERIFY_KEY);
	verifier_init(&reader->verifier, &key, reader->kept_note);
	reader->state = EXPORT_WANTS_ENTRY;
	return 0;
}

static int read_record(struct export_reader *reader, struct str fields)
{
	struct verifier *v = &reader->verifier;
	struct str rest = fields, number, leaf_text;
	struct ledger_hash leaf;

	buf_clear(&reader->bytes);
	if (!str_split(&rest, ' ', &number) || !str_split(&rest, ' ', &leaf_text) ||
	    base64_read(leaf_text, &reader->bytes) < 0 || reader->bytes.n != LEDGER_HASH_BYTES)
		return verifier_set_fault(v, VERIFY_FILE_FORM);
	memcpy(leaf.bytes, reader->bytes.p, LEDGER_HASH_BYTES);
	buf_clear(&reader->bytes);
	if (rest.n == 0 || base64_read(rest, &reader->bytes) < 0)
		return verifier_set_fault(v, VERIFY_FILE_FORM);
	if (!number_is(number, v->tree.size))
		return verifier_set_fault(v, VERIFY_NUMBER);
	return verifier_add_record(v, &leaf, buf_str(&reader->bytes));
}

static int read_checkpoint(struct export_reader *reader, struct str text)
{
	buf_clear(&reader->bytes);
	if (base64_read(text, &reader->bytes) < 0 || reader->bytes.n == 0)
		return verifier_set_fault(&reader->verifier, VERIFY_CHECKPOINT_FORM);
	return verifier_add_checkpoint(&reader->verifier, buf_str(&reader->bytes));
}

static int read_end(struct export_reader *reader, struct str fields)
{
	struct verifier *v = &reader->verifier;
	struct str rest = fields, records;

	reader->state = EXPORT_ENDED;
	if (!str_split(&rest, ' ', &records) || !number_is(records, v->result.records) ||
	    !number_is(rest, v->result.checkpoints))
		return verifier_set_fault(v, VERIFY_END);
	return 0;
}

static int read_entry(struct export_reader *reader, struct str line)
{
	if (str_starts_with(line, STR("record ")))
		return read_record(reader, str_slice(line, 7, line.n));
	if (str_starts_with(line, STR("checkpoint ")))
		return read_checkpoint(reader, str_slice(line, 11, line.n));
	if (str_starts_with(line, STR("end ")))
		return read_end(reader, str_slice(line, 4, line.n));
	return verifier_set_fault(&reader->verifier, VERIFY_FILE_FORM);
}

static int read_line(struct export_reader *reader, struct str line)
{
	switch (reader->state) {
	case EXPORT_WANTS_HEAD:
		if (!str_eq(line, STR(EXPORT_HEAD)))
			return verifier_set_fault(&reader->verifier, VERIFY_FILE_FORM);
		reader->state = EXPORT_WANTS_KEY;
		return 0;
	case EXPORT_WANTS_KEY:
		return read_key(reader, line);
	case EXPORT_WANTS_ENTRY:
		return read_entry(reader, line);
	case EXPORT_ENDED:
		break;
	}
	return verifier_set_fault(&reader->verifier, VERIFY_END);
}

int export_reader_feed(struct export_reader *reader, struct str piece)
{
	while (piece.n > 0) {
		if (reader->verifier.result.fault != VERIFY_FINE)
			return ERR_CORRUPT;
		size_t end = str_find_char(piece, '\n', 0);
		bool is_whole = end != STR_NOT_FOUND;
		struct str part = is_whole ? str_slice(piece, 0, end) : piece;
		if (buf_add_str(&reader->line, part) < 0)
			return verifier_set_fault(&reader->verifier, VERIFY_FILE_FORM);
		if (!is_whole)
			return 0;
		int r = read_line(reader, buf_str(&reader->line));
		if (r < 0)
			return r;
		buf_clear(&reader->line);
		piece = str_slice(piece, end + 1, piece.n);
	}
	return reader->verifier.result.fault == VERIFY_FINE ? 0 : ERR_CORRUPT;
}

struct verify_result export_reader_finish(struct export_reader *reader)
{
	if (reader->verifier.result.fault == VERIFY_FINE && (reader->state != EXPORT_ENDED || reader->line.n > 0))
		verifier_set_fault(&reader->verifier, VERIFY_END);
	struct verify_result result = verifier_finish(&reader->verifier);
	buf_done(&reader->line);
	buf_done(&reader->bytes);
	return result;
}
