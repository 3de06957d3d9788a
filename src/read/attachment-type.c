/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Media type by content: the signatures that matter here first, then libmagic. */
#include "base/check.h"
#include "base/err.h"
#include "read/attachment.h"
#include "read/html.h"
#include "read/tools.h"

enum { MAGIC_TYPE_MAX_BYTES = 100, OFFICE_LOOK_BYTES = 4096 };

struct signature {
	size_t offset;
	struct str bytes, type;
};

static const struct signature signatures[] = {
#define SIGNATURE(offset, bytes, type) {offset, {bytes, sizeof(bytes) - 1}, {type, sizeof(type) - 1}},
#include "read/signature.def"
#undef SIGNATURE
};

static bool looks_like_text(struct str s)
{
	struct str head = str_slice(s, 0, 4096);
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char) head.p[i];
		if (c < 0x20 && !ascii_is_space((char) c) && c != 0x1B)
			return false;
	}
	return s.n > 0;
}

/* A zip file whose first members are those of an Office document. */
static struct str office_type(struct str s)
{
	struct str head = str_slice(s, 0, OFFICE_LOOK_BYTES);
	struct str tail = str_slice(s, s.n > 64 * 1024UL ? s.n - 64 * 1024UL : 0, s.n);
	if (!str_contains(head, STR("[Content_Types].xml")) && !str_contains(head, STR("_rels/")) &&
	    !str_contains(tail, STR("[Content_Types].xml")))
		return STR("application/zip");
	if (str_contains(tail, STR("word/document.xml")))
		return STR("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
	if (str_contains(tail, STR("xl/workbook.")))
		return STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
	if (str_contains(tail, STR("ppt/presentation.xml")))
		return STR("application/vnd.openxmlformats-officedocument.presentationml.presentation");
	return STR("application/zip");
}

/* Names of magic's that mean the same under another name here. */
static struct str keep_type(const char *type)
{
	static char kept[MAGIC_TYPE_MAX_BYTES];
	struct str s = str_slice(str_of(type), 0, sizeof(kept));
	if (str_eq(s, STR("application/octet-stream")) || str_eq(s, STR("application/x-empty")) ||
	    str_starts_with(s, STR("cannot")))
		return STR("");
	memcpy(kept, s.p, s.n);
	return str_make(kept, s.n);
}

struct str attachment_type(struct str s, struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(signatures); i++) {
		const struct signature *g = &signatures[i];
		/* Two letters begin many a text. */
		if (g->bytes.n <= 3 && looks_like_text(s))
			continue;
		if (str_eq(str_slice(s, g->offset, g->offset + g->bytes.n), g->bytes))
			return str_eq(g->type, STR("application/zip")) ? office_type(s) : g->type;
	}
	if (s.n > 12 && str_starts_with(s, STR("RIFF")) && str_eq(str_slice(s, 8, 12), STR("WEBP")))
		return STR("image/webp");
	if (html_is_html(s))
		return STR("text/html");
	if (looks_like_text(s))
		return str_ends_with_icase(name, STR(".htm")) || str_ends_with_icase(name, STR(".html"))
		               ? STR("text/html")
		               : STR("text/plain");
	const struct read_tools *tools = s.n > 0 ? tools_wanted() : NULL;
	const char *type = tools ? tools->type(s) : NULL;
	return type ? keep_type(type) : STR("");
}
