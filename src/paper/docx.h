/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the two files that write a docx. */
#pragma once

#include "paper/inside.h"
#include "paper/zip.h"

enum { DOCX_PART_MAX_BYTES = 16 * 1024 * 1024 };
#define DOCX_XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define DOCX_W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define DOCX_R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct docx {
	const struct paper *paper;
	struct zip *zip;
	struct buf body, relations, numbering; /* the parts that grow with the paper */
	unsigned pictures, lists;
	bool in_pairs;
};

enum { DOCX_NUMBERS, DOCX_BULLETS }; /* kinds of lists in the part of the numbering */

/* Text for XML 1.0: what it has no form for is left out. */
void docx_escape(struct buf *b, struct str s);
/* The part that comes first, by which others know the format, and the beginnings of relations and numbering. */
int docx_begin_parts(struct docx *d);
/* Every other part but the body and its pictures. ERR_TOO_LARGE. */
int docx_add_parts(struct docx *d);
