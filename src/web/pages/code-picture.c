/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/code-picture.h"

#include <qrencode.h>

#include "base/buf.h"
#include "web/template.h"

enum { QUIET_MODULES = 4, TEXT_MAX_BYTES = 1000, SVG_MAX_BYTES = 256 * 1024 };

static void draw(const QRcode *code, const char *label, struct buf *b)
{
	int side = code->width + 2 * QUIET_MODULES;
	buf_printf(b, "<svg viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"", side,
	           side);
	template_escape(b, str_of(label));
	buf_printf(b, "\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"", side, side);
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			if (code->data[y * code->width + x] & 1)
				buf_printf(b, "M%d %dh1v1h-1z", x + QUIET_MODULES, y + QUIET_MODULES);
	buf_add_c(b, "\"/></svg>");
}

json_t *code_picture(struct str text, const char *label)
{
	char copy[TEXT_MAX_BYTES + 1];
	if (text.n > TEXT_MAX_BYTES)
		return NULL;
	snprintf(copy, sizeof(copy), "%.*s", STR_ARG(text));
	QRcode *code = QRcode_encodeString8bit(copy, 0, QR_ECLEVEL_M);
	if (!code)
		return NULL;
	struct buf b = buf_make(SVG_MAX_BYTES);
	draw(code, label, &b);
	json_t *j = buf_failed(&b) ? NULL : template_fragment(buf_str(&b));
	buf_done(&b);
	QRcode_free(code);
	return j;
}
