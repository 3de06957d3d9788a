/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libarchive with the formats that people send, none of the filters that start other programs. Every byte that comes
 * out counts against one budget for the whole input, and against a ratio for the archive. */
#include "read/unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"
#include "read/charset-decode.h"
#include "read/charset.h"

enum {
	MEMBER_KEPT_MAX_BYTES = 4 * 1024 * 1024,
	RATIO_FREE_BYTES = 4 * 1024 * 1024, /* so much may come out of however little */
	READ_CHUNK_BYTES = 64 * 1024,
};

struct unpacking {
	struct reading *r;
	const struct attached *what;
	uint32_t index;
	archive_member_fn *take;
	uint64_t unpacked;
	bool office; /* an Office file: its members are parts of one document */
	bool bomb, encrypted, macro, damaged;
};

bool archive_is_archive(struct str type)
{
	static const char *const types[] = {
	        "application/zip",
	        "application/x-7z-compressed",
	        "application/x-rar",
	        "application/vnd.rar",
	        "application/gzip",
	        "application/x-tar",
	        "application/x-bzip2",
	        "application/x-xz",
	        "application/vnd.ms-cab-compressed",
	        "application/x-iso9660-image",
	        "application/x-lzh-compressed",
	        "application/zstd",
	        "application/java-archive",
	        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	};
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_eq_c(type, types[i]))
			return true;
	return false;
}

static struct archive *open_archive(struct str bytes)
{
	struct archive *a = archive_read_new();
	CHECK(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_compress(a);
	archive_read_support_format_zip(a);
	archive_read_support_format_7zip(a);
	archive_read_support_format_rar(a);
	archive_read_support_format_rar5(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_gnutar(a);
	archive_read_support_format_cab(a);
	archive_read_support_format_lha(a);
	archive_read_support_format_iso9660(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, bytes.p, bytes.n) != ARCHIVE_OK) {
		archive_read_free(a);
		return NULL;
	}
	return a;
}

static bool over_budget(struct unpacking *u)
{
	const struct read_limits *limits = u->r->limits;
	uint64_t packed = u->what->bytes.n ? u->what->bytes.n : 1;
	return u->r->unpacked_left == 0 ||
	       (u->unpacked > RATIO_FREE_BYTES && u->unpacked / packed > limits->unpacked_ratio);
}

/* Reads a member: the first bytes are kept, the rest only counted. */
static void unpack(struct unpacking *u, struct archive *a, struct buf *kept, uint64_t *ret_size)
{
	static char chunk[READ_CHUNK_BYTES];
	for (;;) {
		la_ssize_t n = archive_read_data(a, chunk, sizeof(chunk));
		if (n <= 0) {
			u->damaged |= n < 0;
			return;
		}
		uint64_t count = (uint64_t) n;
		*ret_size += count;
		u->unpacked += count;
		u->r->unpacked_left -= count < u->r->unpacked_left ? count : u->r->unpacked_left;
		size_t room = MEMBER_KEPT_MAX_BYTES - kept->n;
		buf_add(kept, chunk, (size_t) n < room ? (size_t) n : room);
		if (over_budget(u)) {
			u->bomb = true;
			return;
		}
		if (reading_is_late(u->r))
			return;
	}
}

/* "Target="https://..." TargetMode="External"" in the relations of an Office file. */
static void read_relations(struct unpacking *u, struct str s)
{
	struct str key = STR("Target=\"http");
	for (size_t i = 0; (i = str_find(s, key, i)) != STR_NOT_FOUND; i++) {
		size_t from = i + key.n - 4, end = str_find_char(s, '"', from);
		struct str url = arena_dup(u->r->a, str_slice(s, from, end));
		size_t close = str_find_char(s, '>', i);
		if (charset_is_utf8(url) && str_contains(str_slice(s, i, close), STR("External")))
			reading_add_hidden_link(u->r, STR(""), url, LINK_ATTACHED);
	}
}

static struct str member_name(struct unpacking *u, struct archive_entry *entry)
{
	struct charset_text t = {0};
	const char *name = archive_entry_pathname(entry);
	if (!name || charset_decode_line(str_slice(str_of(name), 0, READING_NAME_MAX_BYTES), STR(""), u->r->a, &t) < 0)
		return STR("");
	return t.text;
}

static int read_member(struct unpacking *u, struct archive *a, struct archive_entry *entry)
{
	struct buf kept = buf_make(MEMBER_KEPT_MAX_BYTES);
	struct attached member = {.name = member_name(u, entry), .flags = ATTACHMENT_MEMBER, .inside = u->index};
	bool encrypted = archive_entry_is_data_encrypted(entry) > 0 || archive_entry_is_metadata_encrypted(entry) > 0;
	uint64_t size = 0;
	int res = 0;
	if (encrypted) {
		u->encrypted = true;
		member.flags |= ATTACHMENT_ENCRYPTED;
	} else {
		unpack(u, a, &kept, &size);
	}
	member.bytes = buf_str(&kept);
	member.partial = kept.n < size || encrypted;
	member.size_bytes = archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0
	                            ? (uint64_t) archive_entry_size(entry)
	                            : size;
	member.level = u->what->level + 1;
	u->macro |= str_ends_with_icase(member.name, STR("vbaProject.bin"));
	if (u->office && str_ends_with_icase(member.name, STR(".rels")))
		read_relations(u, member.bytes);
	if (!u->office)
		res = u->take(u->r, &member);
	buf_done(&kept);
	return res;
}

static int read_members(struct unpacking *u, struct archive *a)
{
	struct archive_entry *entry;
	int res = 0;
	while (res >= 0 && !u->bomb && !reading_is_late(u->r)) {
		int next = archive_read_next_header(a, &entry);
		if (next == ARCHIVE_EOF)
			break;
		if (next == ARCHIVE_FATAL || next == ARCHIVE_FAILED || next == ARCHIVE_RETRY) {
			u->damaged = true;
			break;
		}
		if (archive_entry_filetype(entry) == AE_IFDIR)
			continue;
		/* The name "data" stands for a stream that is packed but no archive. */
		if (u->r->members_left == 0) {
			reading_unchecked(u->r, UNCHECKED_TOO_MANY);
			break;
		}
		u->r->members_left--;
		res = read_member(u, a, entry);
	}
	u->encrypted |= archive_read_has_encrypted_entries(a) > 0;
	return res;
}

static void note(struct unpacking *u)
{
	struct reading *r = u->r;
	uint32_t flags = u->office ? 0 : ATTACHMENT_ARCHIVE;
	flags |= (u->bomb ? ATTACHMENT_BOMB : 0) | (u->encrypted ? ATTACHMENT_ENCRYPTED : 0) |
	         (u->macro ? ATTACHMENT_MACRO : 0);
	flags |= u->damaged && !u->encrypted ? ATTACHMENT_DAMAGED : 0;
	r->doc->attachments.at[u->index].flags |= flags;
	if (u->encrypted)
		reading_unchecked(r, UNCHECKED_ENCRYPTED_ATTACHMENT);
	if (u->bomb)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	if (u->damaged && !u->encrypted)
		reading_unchecked(r, UNCHECKED_ATTACHMENT);
}

int archive_list(struct reading *r, const struct attached *what, uint32_t index, archive_member_fn *take)
{
	struct unpacking u = {.r = r, .what = what, .index = index, .take = take};
	struct str type = r->doc->attachments.at[index].detected;
	u.office = str_starts_with(type, STR("application/vnd.openxmlformats"));
	if (what->level >= r->limits->archive_levels) {
		r->doc->attachments.at[index].flags |= ATTACHMENT_ARCHIVE;
		reading_unchecked(r, UNCHECKED_TOO_DEEP);
		return 0;
	}
	struct archive *a = open_archive(what->bytes);
	if (!a) {
		u.damaged = true;
		note(&u);
		return 0;
	}
	int res = read_members(&u, a);
	archive_read_free(a);
	note(&u);
	return res;
}
