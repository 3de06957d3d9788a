/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The registers of a company, and what one item of each may hold. An item is a list of texts, one per field; a field
 * that is not filled in is empty. Labels are the catalogue's "register.<word>", "register.field.<name>" and
 * "register.choice.<word>". */
#pragma once

#include "base/arena.h"

enum {
	REGISTER_LINE_MAX_BYTES = 900,   /* the 300 characters that a form takes, three bytes each */
	REGISTER_WORDS_MAX_BYTES = 6000, /* the same of 2000 */
	REGISTER_FIELDS_MAX = 64,
	REGISTER_NUMBER_MAX = 1000000000,
};

enum field_kind {
	FIELD_LINE,
	FIELD_WORDS, /* several lines */
	FIELD_DAY,   /* YYYY-MM-DD */
	FIELD_NUMBER,
	FIELD_CHOICE,
	FIELD_PHONE,
	FIELD_MAIL,
};

struct register_field {
	const char *name;
	enum field_kind kind;
	bool is_required;
	const char *choices; /* words with blanks between them */
};

struct register_kind {
	const char *word;  /* "devices" */
	const char *title; /* the field that stands for the item */
	/* Fields with blanks between, the first always filled in: two items with the same in all of them are one, where
	 * an empty one is like any. */
	const char *key;
	const char *due; /* the field whose day makes a task; NULL none */
	/* The field whose choice "done" (or "left", when closed) ends the task; NULL: the day stands. */
	const char *ends;
	const struct register_field *fields;
	size_t n;
};

size_t register_count(void);
const struct register_kind *register_at(size_t i);
const struct register_kind *register_find(struct str word); /* NULL */
/* The place of a field; ERR_NOT_FOUND. */
int register_field_find(const struct register_kind *kind, struct str name, size_t *ret);
/* What was typed made fit: trimmed, phone and digits in ASCII, a label of a choice stays as it is. ERR_INVALID: not of
 * this kind; ERR_TOO_LARGE; ERR_NOT_FOUND: empty and required. */
int register_check(const struct register_field *field, struct str value, struct arena *a, struct str *ret);
bool register_has_choice(const struct register_field *field, struct str word);

/* ---- what the register of information assets computes (IPA's risk sheet of the guideline 3.1; governance facts 5)
 * ---- */

enum { ASSET_LEVEL_MIN = 1, ASSET_LEVEL_MAX = 3 };
enum asset_band { ASSET_SMALL, ASSET_MIDDLE, ASSET_LARGE };

/* The greatest of confidentiality, integrity and availability, each 1 to 3. */
int asset_importance(int confidentiality, int integrity, int availability);
/* 1 to 3 of threat and weakness, each 1 to 3. (3,3), (3,2) and (2,2) were seen in a source, the others are from memory:
 * where it is shown it says so. */
int asset_likelihood(int threat, int weakness);
/* Importance times likelihood; bands from memory: 6 and more large, 3 and 4 middle, less small. */
enum asset_band asset_band_of(int risk);
