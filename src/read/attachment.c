/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is done with each type. Whatever is not looked at inside says so: UNCHECKED_ATTACHMENT. */
#include "read/attachment.h"

#include "base/check.h"
#include "base/err.h"
#include "read/unpack.h"
#include "read/charset-decode.h"
#include "read/html.h"
#include "read/image.h"
#include "read/links.h"
#include "read/qr.h"
#include "read/tools.h"

enum { ATTACHED_TEXT_MAX_BYTES = 2 * 1024 * 1024, ATTACHED_LINKS_MAX = 200, PDF_URI_MAX_BYTES = 2048 };

static void add_text_links(struct reading *r, struct str text)
{
	struct found_links found;
	if (links_find(text, ATTACHED_LINKS_MAX, r->a, &found) < 0)
		return;
	for (size_t i = 0; i < found.n; i++)
		reading_add_hidden_link(r, str_slice(text, found.at[i].start, found.at[i].end), found.at[i].url,
		                        LINK_ATTACHED | (found.at[i].mail ? LINK_MAILTO : 0));
}

static int read_text(struct reading *r, struct str bytes, uint32_t part)
{
	struct charset_text t;
	int res = charset_decode(str_slice(bytes, 0, ATTACHED_TEXT_MAX_BYTES), STR(""), r->a, &t);
	if (res < 0)
		return res;
	if (bytes.n > ATTACHED_TEXT_MAX_BYTES)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	add_text_links(r, t.text);
	return 0;
}

static int read_html(struct reading *r, struct str bytes, uint32_t part)
{
	struct charset_text t;
	struct html_page page;
	struct str head = str_slice(bytes, 0, ATTACHED_TEXT_MAX_BYTES);
	int res = charset_decode(head, html_meta_charset(head), r->a, &t);
	if (res >= 0)
		res = html_parse(t.text, ATTACHED_TEXT_MAX_BYTES, r->a, &page);
	if (res < 0)
		return res;
	if (head.n < bytes.n || page.too_large || page.too_many)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	for (size_t i = 0; i < page.links.n && i < ATTACHED_LINKS_MAX; i++) {
		const struct html_link *l = &page.links.at[i];
		struct str shown = l->start < l->end ? str_slice(page.text, l->start, l->end) : l->label;
		reading_add_hidden_link(r, shown, l->url, l->flags | LINK_ATTACHED);
	}
	for (size_t i = 0; i < page.marks.n; i++)
		reading_mark(r, page.marks.at[i].kind, part, 0, 0);
	add_text_links(r, page.text);
	return 0;
}

static struct str pdf_string(struct str s, size_t from, struct arena *a)
{
	char *p = arena_alloc(a, PDF_URI_MAX_BYTES);
	size_t n = 0;
	for (size_t i = from; p && i < s.n && s.p[i] != ')' && n < PDF_URI_MAX_BYTES; i++) {
		i += s.p[i] == '\\' && i + 1 < s.n;
		if ((unsigned char) s.p[i] > ' ' && (unsigned char) s.p[i] < 0x7F)
			p[n++] = s.p[i];
	}
	return str_make(p, n);
}

/* Links that stand in the open: "/URI (https://...)". Packed objects are not looked into. */
static void read_pdf(struct reading *r, struct str s, uint32_t index)
{
	size_t count = 0;
	for (size_t i = 0; (i = str_find(s, STR("/URI"), i)) != STR_NOT_FOUND && count < ATTACHED_LINKS_MAX;) {
		i += 4;
		size_t k = i;
		while (k < s.n && ascii_is_space(s.p[k]))
			k++;
		struct str url = k < s.n && s.p[k] == '(' ? pdf_string(s, k + 1, r->a) : STR("");
		if (url.n > 0) {
			reading_add_hidden_link(r, STR(""), url, LINK_ATTACHED);
			count++;
		}
	}
	if (str_contains(s, STR("/JavaScript")) || str_contains(s, STR("/Launch")))
		reading_mark(r, MARK_SCRIPT, r->doc->attachments.at[index].part, 0, 0);
	if (str_contains(s, STR("/Encrypt"))) {
		r->doc->attachments.at[index].flags |= ATTACHMENT_ENCRYPTED;
		reading_unchecked(r, UNCHECKED_ENCRYPTED_ATTACHMENT);
	}
	reading_unchecked(r, UNCHECKED_ATTACHMENT);
}

/* Old Office files: names of streams are UTF-16. */
static void read_ole(struct reading *r, struct str s, uint32_t index)
{
	static const char vba[] = "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T";
	static const char package[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	struct attachment *at = &r->doc->attachments.at[index];
	if (str_contains(s, str_make(vba, sizeof(vba))) || str_contains(s, STR("_VBA_PROJECT")))
		at->flags |= ATTACHMENT_MACRO;
	if (str_contains(s, str_make(package, sizeof(package)))) {
		at->flags |= ATTACHMENT_ENCRYPTED;
		reading_unchecked(r, UNCHECKED_ENCRYPTED_ATTACHMENT);
	}
	reading_unchecked(r, UNCHECKED_ATTACHMENT);
}

static bool is_text(struct str type)
{
	return str_starts_with(type, STR("text/")) || str_eq(type, STR("application/x-mswinurl")) ||
	       str_eq(type, STR("message/rfc822"));
}

static int read_inside(struct reading *r, const struct attached *what, uint32_t index)
{
	struct str type = r->doc->attachments.at[index].detected;
	uint32_t part = r->doc->attachments.at[index].part;
	size_t codes;
	if (what->flags & ATTACHMENT_ENCRYPTED)
		return 0;
	if (str_eq(type, STR("text/html")))
		return read_html(r, what->bytes, part);
	if (is_text(type))
		return read_text(r, what->bytes, part);
	if (image_is_image(what->bytes))
		return qr_read_image(r, what->bytes, false, &codes);
	if (archive_is_archive(type)) {
		if (str_starts_with(type, STR("application/vnd.openxml")))
			reading_unchecked(r, UNCHECKED_ATTACHMENT);
		const struct read_tools *tools = tools_wanted();
		return tools ? tools->list(r, what, index, attachment_read) : 0;
	}
	if (str_eq(type, STR("application/pdf")))
		read_pdf(r, what->bytes, index);
	else if (str_eq(type, STR("application/x-ole-storage")))
		read_ole(r, what->bytes, index);
	else
		reading_unchecked(r, UNCHECKED_ATTACHMENT);
	return 0;
}

int attachment_read(struct reading *r, const struct attached *what)
{
	struct str detected = arena_dup(r->a, attachment_type(what->bytes, what->name));
	uint32_t index = reading_add_attachment(r, what->name, what->declared, detected, what->size_bytes, what->flags,
	                                        what->inside);
	if (index == PART_NONE)
		return 0;
	if (what->bytes.n == 0) {
		if (what->size_bytes > 0 && !(what->flags & ATTACHMENT_ENCRYPTED))
			reading_unchecked(r, UNCHECKED_ATTACHMENT);
		return 0;
	}
	if (reading_is_late(r))
		return 0;
	return read_inside(r, what, index);
}
