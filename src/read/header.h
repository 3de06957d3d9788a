/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The header of the judged message into the document: parts, mailboxes, authentication results, date, mailer. */
#pragma once

#include "read/reading.h"

struct header_facts {
	bool transport; /* fields that only a mail system writes */
	bool automatic; /* a notice of a mail system */
	uint32_t fields;
	uint32_t known;     /* From, To, Subject, Date and the like */
	struct str subject; /* decoded */
};

/* What kind of header this is, without touching the document. hint: charset of raw bytes in it. */
int header_look(struct str header, struct str hint, struct arena *a, struct header_facts *ret);
/* Adds everything worth judging to the document. */
int header_read(struct reading *r, struct str header, struct str hint);
