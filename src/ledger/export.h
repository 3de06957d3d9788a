/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A ledger in one file, lines of ASCII with LF (docs/ledger.md):
 *
 *   sonae-ledger-export 1
 *   key <verifier key string>
 *   record <number> <leaf hash, Base64> <canonical bytes, Base64>     one per record, in order
 *   checkpoint <signed note, Base64>                                  behind the last record that it covers
 *   end <number of records> <number of checkpoints> */
#pragma once

#include "base/buf.h"
#include "base/str.h"
#include "ledger/verify.h"

enum { EXPORT_LINE_MAX_BYTES = 16 * 1024 };

int export_add_head(struct buf *b, const struct ledger_key *key);
int export_add_record(struct buf *b, uint64_t number, const struct ledger_hash *leaf, struct str bytes);
int export_add_checkpoint(struct buf *b, struct str note);
int export_add_end(struct buf *b, uint64_t records, uint64_t checkpoints);

/* Verifies an export that comes in pieces of any size. */
struct export_reader {
	struct verifier verifier;
	struct str kept_note;
	struct buf line, bytes; /* what is left of a line; decoded Base64 */
	enum { EXPORT_WANTS_HEAD, EXPORT_WANTS_KEY, EXPORT_WANTS_ENTRY, EXPORT_ENDED } state;
};

/* kept_note must live as long as the reader; may be empty. */
void export_reader_init(struct export_reader *reader, struct str kept_note);
/* ERR_CORRUPT once a fault was found: reading on is useless. */
int export_reader_feed(struct export_reader *reader, struct str piece);
struct verify_result export_reader_finish(struct export_reader *reader); /* releases the reader */
