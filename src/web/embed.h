/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that are part of the program: templates and assets, made into tables by make-embedded.py at build time. */
#pragma once

#include "base/str.h"

struct embedded {
	struct str name; /* "check.html", "app.css", "fonts/x.woff2"; empty ends the table */
	struct str bytes;
	const char *hash; /* first 16 hex digits of the SHA-256 of the bytes */
};

extern const struct embedded embedded_templates[];
extern const struct embedded embedded_assets[];

/* NULL when there is none of this name. */
const struct embedded *embedded_find(const struct embedded *table, struct str name);
/* By the ending of the name; "application/octet-stream" for an unknown one. */
const char *embedded_type(struct str name);
