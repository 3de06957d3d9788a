/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attachments by name, type and what the reader saw in their bytes. An archive with a password is everyday business in
 * Japan (PPAP) and weighs next to nothing alone. */
#include "judge/origin.h"

enum { EXTENSION_MAX_BYTES = 12, SHORT_BODY_BYTES = 40 };

static bool is_in(const struct judging *j, const char *list, struct str extension)
{
	return extension.n > 0 && rules_list_has(rules_list(j->rules, list), extension);
}

/* Lower case, without the dot; "" none. Trailing dots and spaces are what Windows drops. */
static struct str extension_of(struct judging *j, struct str name)
{
	while (name.n > 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
		name.n--;
	size_t dot = str_rfind_char(name, '.');
	if (dot == STR_NOT_FOUND || name.n - dot - 1 > EXTENSION_MAX_BYTES)
		return (struct str){0};
	struct str e = arena_dup(j->arena, str_slice(name, dot + 1, name.n));
	char *p = arena_cstr(j->arena, e);
	for (size_t i = 0; p && i < e.n; i++)
		p[i] = ascii_lower(p[i]);
	return str_make(p, p ? e.n : 0);
}

static bool is_runnable(struct judging *j, struct str extension)
{
	return is_in(j, "executable_extensions", extension) || is_in(j, "script_extensions", extension) ||
	       is_in(j, "shortcut_extensions", extension);
}

static void find(struct judging *j, const struct attachment *a, enum finding_id id)
{
	judging_find(j, id, a->part, 0, (uint32_t) judging_text(j, a->part).n, FACT("file", a->name));
}

static void check_extension(struct judging *j, const struct attachment *a, struct str extension)
{
	static const struct {
		const char *list;
		enum finding_id id;
	} table[] = {
	        {"executable_extensions", FINDING_ATTACHED_PROGRAM},
	        {"script_extensions", FINDING_ATTACHED_SCRIPT},
	        {"shortcut_extensions", FINDING_ATTACHED_SHORTCUT},
	        {"disk_image_extensions", FINDING_ATTACHED_DISK_IMAGE},
	        {"macro_extensions", FINDING_ATTACHED_MACRO},
	        {"html_extensions", FINDING_ATTACHED_HTML},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (is_in(j, table[i].list, extension)) {
			find(j, a, table[i].id);
			return;
		}
	}
}

/* "請求書.pdf.exe", also with a run of spaces before the last dot. */
static void check_double(struct judging *j, const struct attachment *a, struct str extension)
{
	static const char *const harmless[] = {"pdf", "doc",  "docx", "xls", "xlsx", "ppt", "pptx",
	                                       "jpg", "jpeg", "png",  "txt", "csv",  "html"};
	if (!is_runnable(j, extension) || a->name.n <= extension.n + 1)
		return;
	struct str inner = extension_of(j, str_trim(str_slice(a->name, 0, a->name.n - extension.n - 1)));
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++) {
		if (str_eq_c(inner, harmless[i])) {
			find(j, a, FINDING_DOUBLE_EXTENSION);
			return;
		}
	}
}

static void check_name(struct judging *j, const struct attachment *a)
{
	for (size_t at = 0; at < a->name.n;) {
		uint32_t c = text_next(a->name, &at);
		if (c == 0x202E || c == 0x202D || c == 0x2067 || c == 0x2066) {
			find(j, a, FINDING_RIGHT_TO_LEFT);
			return;
		}
	}
}

/* A program that calls itself a document. */
static void check_type(struct judging *j, const struct attachment *a, struct str extension)
{
	static const char *const programs[] = {"application/x-dosexec",
	                                       "application/x-msdownload",
	                                       "application/vnd.microsoft.portable-executable",
	                                       "application/x-executable",
	                                       "application/x-ms-shortcut",
	                                       "application/x-mach-binary"};
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		if (str_eq_c(a->detected, programs[i]) && !is_runnable(j, extension)) {
			find(j, a, FINDING_DISGUISED_TYPE);
			return;
		}
	}
}

/* Inside a document (which is an archive too) pages and pictures are its makings. */
static bool is_making(struct judging *j, const struct attachment *a, struct str extension)
{
	if (!(a->flags & ATTACHMENT_MEMBER) || a->inside >= j->document->attachments.n || is_runnable(j, extension))
		return false;
	struct str outer = extension_of(j, j->document->attachments.at[a->inside].name);
	return outer.n > 0 && !is_in(j, "archive_extensions", outer);
}

static void check_one(struct judging *j, const struct attachment *a)
{
	struct str extension = extension_of(j, a->name);
	if (is_making(j, a, extension))
		return;
	check_extension(j, a, extension);
	check_double(j, a, extension);
	check_name(j, a);
	check_type(j, a, extension);
	if (a->flags & ATTACHMENT_MACRO && !judging_has(j, FINDING_ATTACHED_MACRO))
		find(j, a, FINDING_ATTACHED_MACRO);
	if (a->flags & ATTACHMENT_BOMB)
		find(j, a, FINDING_ARCHIVE_BOMB);
	if (a->flags & ATTACHMENT_ENCRYPTED && !(a->flags & ATTACHMENT_MEMBER))
		find(j, a, FINDING_ENCRYPTED_ARCHIVE);
}

static bool body_is_short(const struct document *d)
{
	size_t bytes = 0;
	for (size_t i = 0; i < d->parts.n; i++) {
		if (d->parts.at[i].kind == PART_BODY)
			bytes += str_trim(d->parts.at[i].text).n;
	}
	return bytes < SHORT_BODY_BYTES;
}

void judge_attachments(struct judging *j)
{
	const struct document *d = j->document;
	const struct attachment *real = NULL;
	for (size_t i = 0; i < d->attachments.n; i++) {
		const struct attachment *a = &d->attachments.at[i];
		check_one(j, a);
		if (!real && !(a->flags & (ATTACHMENT_INLINE | ATTACHMENT_MEMBER)))
			real = a;
	}
	if (real && d->kind == INPUT_MAIL && d->forward == FORWARD_NONE && body_is_short(d))
		find(j, real, FINDING_EMPTY_WITH_ATTACHMENT);
}
