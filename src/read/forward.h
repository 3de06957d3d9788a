/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message that somebody forwarded in the text of another: the lines "From: ... Date: ... Subject: ..." that mail
 * programs put above it, in Japanese and English, and the line that announces them. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct forward {
	size_t start;                   /* first line of the block */
	size_t before;                  /* end of what stands before it and before the announcing line */
	bool announced;                 /* a line like "-----Original Message-----" stands above */
	bool says_forwarded;            /* that line, or one near, speaks of forwarding and not of replying */
	bool quoted;                    /* the block's lines begin with ">" */
	struct str from, subject, date; /* the values, in text */
	size_t from_start, from_end;    /* place of the sender's value in text */
};

/* The first such block in text. */
bool forward_find(struct str text, struct forward *ret);
/* "Fw:", "Fwd:", "転送:", "FW：" at the start of a subject; *ret_rest is what follows. */
bool forward_is_subject(struct str subject, struct str *ret_rest);
/* One level of "> " taken from every line. */
struct str forward_unquote(struct str text, struct arena *a);
