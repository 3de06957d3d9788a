/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"

enum { BLOCK_BYTES = 64 * 1024, FILE_MODE = 0644 };

struct zip {
	struct archive *archive;
	struct buf *bytes;
};

static la_ssize_t write_piece(struct archive *archive, void *context, const void *bytes, size_t n)
{
	struct zip *z = context;
	(void) archive;
	return buf_add(z->bytes, bytes, n) < 0 ? -1 : (la_ssize_t) n;
}

struct zip *zip_new(struct buf *b)
{
	struct zip *z = calloc(1, sizeof(*z));
	if (!z)
		return NULL;
	z->bytes = b;
	z->archive = archive_write_new();
	if (!z->archive || archive_write_set_format_zip(z->archive) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(z->archive, BLOCK_BYTES) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(z->archive, 1) != ARCHIVE_OK ||
	    archive_write_open(z->archive, z, NULL, write_piece, NULL) != ARCHIVE_OK) {
		zip_free(z);
		return NULL;
	}
	return z;
}

int zip_add(struct zip *z, const char *name, struct str bytes, int64_t when_us)
{
	struct archive_entry *entry = archive_entry_new();
	if (!entry)
		return ERR_TOO_LARGE;
	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, (la_int64_t) bytes.n);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, FILE_MODE);
	archive_entry_set_mtime(entry, when_us / CLOCK_SECOND_US, 0);
	bool is_written = archive_write_header(z->archive, entry) == ARCHIVE_OK &&
	                  archive_write_data(z->archive, bytes.p, bytes.n) == (la_ssize_t) bytes.n;
	archive_entry_free(entry);
	return is_written ? 0 : ERR_TOO_LARGE;
}

int zip_finish(struct zip *z)
{
	return archive_write_close(z->archive) == ARCHIVE_OK ? 0 : ERR_TOO_LARGE;
}

void zip_free(struct zip *z)
{
	if (z && z->archive)
		archive_write_free(z->archive);
	free(z);
}
