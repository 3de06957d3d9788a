/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The calls of messages.def as numbers and as a table, and the wire form of their structs. A struct is described by a
 * signature, one letter per field in order: n NUMBER, t TIME, f FLAG, r REAL, s TEXT, b BYTES, [row] LIST. Every field
 * is 8 bytes wide (text 16, list 24), so the signature alone tells where each one lies. */
#pragma once

#include "base/arena.h"
#include "ipc/wire.h"
#include "keep/messages.h"

enum keep_call {
#define CALL(name, who, work, in, out) KEEP_CALL_##name,
#include "keep/messages.def"
#undef CALL
	KEEP_CALL_COUNT
};

enum keep_who { ANYBODY, PERSON, PATROL, MANAGER, READER, GATE, POST };
enum keep_work { QUICK, SLOW };

struct keep_call_entry {
	const char *name;
	enum keep_who who;
	enum keep_work work;
	const char *in, *out; /* signatures */
	size_t in_bytes, out_bytes;
};
extern const struct keep_call_entry keep_call_table[KEEP_CALL_COUNT];

/* A question holds the largest file of a register or of facts that is taken in at one time, an answer a whole register
 * (keep/handle-item.c) or all of the company's own facts (keep/handle-fact.c). */
enum { KEEP_QUESTION_MAX_BYTES = 4 * 1024 * 1024, KEEP_ANSWER_MAX_BYTES = 16 * 1024 * 1024 };

/* ERR_TOO_LARGE: more rows or bytes than the limits of messages.h; ERR_INVALID: a text is not UTF-8. */
int codec_put(struct buf *b, const char *signature, const void *base) MUST_CHECK;
/* Texts are copied into a. Nothing of what comes is trusted. ERR_INVALID, ERR_TOO_LARGE. */
int codec_get(struct wire_reader *reader, const char *signature, struct arena *a, void *base) MUST_CHECK;
size_t codec_size(const char *signature); /* of the struct, without an end_of_fields */
