/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/embed.h"

#include "base/check.h"

const struct embedded *embedded_find(const struct embedded *table, struct str name)
{
	for (const struct embedded *e = table; e && e->name.n > 0; e++)
		if (str_eq(e->name, name))
			return e;
	return NULL;
}

const char *embedded_type(struct str name)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
	        {".css", "text/css; charset=utf-8"},
	        {".js", "text/javascript; charset=utf-8"},
	        {".svg", "image/svg+xml"},
	        {".png", "image/png"},
	        {".ico", "image/x-icon"},
	        {".woff2", "font/woff2"},
	        {".webmanifest", "application/manifest+json"},
	        {".txt", "text/plain; charset=utf-8"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_ends_with(name, str_of(types[i].ending)))
			return types[i].type;
	return "application/octet-stream";
}
