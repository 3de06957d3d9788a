/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sensitive matters (要配慮個人情報, Act on the Protection of Personal Information art. 2 (3)): illness, disability,
 * belief, origin, criminal record. Only where a person stands in the same sentence or a neighbouring one. For the files
 * of this folder only. */
#pragma once

#include "leak/person-line.h"

enum {
	SENSITIVE_PENDING_MAX = 256,
	SENSITIVE_REACH = 5, /* sentences between a person and the matter */
};

struct sensitive_scan {
	struct {
		uint32_t start, end;
		uint32_t sentence;
	} pending[SENSITIVE_PENDING_MAX];
	size_t n;
	uint32_t sentence;        /* number of the sentence we are in */
	uint32_t person_sentence; /* the last with a person; UINT32_MAX none yet */
};

/* Reads rules/leak/sensitive.yaml into the dictionary; as leak_names_new(). */
int sensitive_load(struct names_load *load, const char *folder, char *message, size_t message_bytes);
void sensitive_begin(struct sensitive_scan *scan);
/* The persons of the line are found already. */
void sensitive_read(struct leak_state *st, struct sensitive_scan *scan, const struct leak_line *line);
void sensitive_end(struct leak_state *st, struct sensitive_scan *scan);
