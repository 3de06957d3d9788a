/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/backup.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "keep/files.h"
#include "store/records.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, STEP_BYTES = 64 * 1024, KEY_FILE_MAX_BYTES = 1024 };

/* ---- staging ---- */

static int copy_store(const char *data_folder, const char *staging, struct arena *a)
{
	CLEANUP(store_freep) struct store *s = NULL;
	int r = store_open(files_join(a, data_folder, STORE_FILE_NAME), STORE_READ, &s);
	return r < 0 ? r : store_copy_to(s, files_join(a, staging, STORE_FILE_NAME));
}

static int copy_folder(const char *data_folder, const char *staging, const char *name, struct arena *a)
{
	struct file_list list = {0};
	const char *from = files_join(a, data_folder, name), *to = files_join(a, staging, name);

	int r = files_list(from, a, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		r = files_copy(files_join(a, from, list.at[i].path), files_join(a, to, list.at[i].path));
	return r == ERR_NOT_FOUND ? 0 : r;
}

int backup_stage(const char *data_folder, const char *staging)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);

	int r = files_make_folders(staging);
	if (r >= 0 && mkdir(staging, 0700) != 0)
		r = errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM;
	if (r < 0)
		return r;
	r = copy_store(data_folder, staging, a);
	if (r >= 0)
		r = copy_folder(data_folder, staging, "keys", a);
	if (r >= 0)
		r = copy_folder(data_folder, staging, "rules", a);
	if (r >= 0)
		r = copy_folder(data_folder, staging, "tls", a);
	if (r < 0)
		files_remove_tree(staging);
	return r;
}

/* ---- packing ---- */

static int write_manifest(const char *staging, struct file_list *files, struct arena *a, struct buf *b)
{
	char made[CLOCK_TEXT_BYTES], hex[2 * LEDGER_HASH_BYTES + 1];

	clock_format_utc(clock_now_us(), made);
	buf_printf(b, "sonae-backup %d\nschema %d\nmade %s\n", BACKUP_FORMAT, store_schema_newest(), made);
	for (size_t i = 0; i < files->n; i++) {
		struct file_entry *f = &files->at[i];
		int r = files_hash(files_join(a, staging, f->path), &f->bytes, &f->hash);
		if (r < 0)
			return r;
		if (!files_path_is_safe(str_of(f->path)))
			return ERR_INVALID;
		sodium_bin2hex(hex, sizeof(hex), f->hash.bytes, sizeof(f->hash.bytes));
		buf_printf(b, "file %s %llu %s\n", hex, (unsigned long long) f->bytes, f->path);
	}
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}

static int begin_entry(struct archive *out, const char *path, uint64_t bytes)
{
	struct archive_entry *entry = archive_entry_new();
	CHECK(entry);
	archive_entry_set_pathname_utf8(entry, path);
	archive_entry_set_size(entry, (la_int64_t) bytes);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	int code = archive_write_header(out, entry);
	archive_entry_free(entry);
	return code == ARCHIVE_OK ? 0 : ERR_SYSTEM;
}

static int add_bytes(struct archive *out, const void *p, size_t n)
{
	return archive_write_data(out, p, n) == (la_ssize_t) n ? 0 : ERR_SYSTEM;
}

static int add_file(struct archive *out, const char *staging, const struct file_entry *f, struct arena *a)
{
	char piece[STEP_BYTES];
	CLEANUP_FD fd = open(files_join(a, staging, f->path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	int r = fd < 0 ? ERR_SYSTEM : begin_entry(out, f->path, f->bytes);
	for (uint64_t left = f->bytes; r >= 0 && left > 0;) {
		size_t n = left < sizeof(piece) ? (size_t) left : sizeof(piece);
		r = fd_read_all(fd, piece, n);
		if (r >= 0)
			r = add_bytes(out, piece, n);
		left -= n;
	}
	return r;
}

static int add_everything(struct archive *out, const char *staging, const struct file_list *files, struct str manifest,
                          struct arena *a)
{
	int r = begin_entry(out, "MANIFEST", manifest.n);
	if (r >= 0)
		r = add_bytes(out, manifest.p, manifest.n);
	for (size_t i = 0; r >= 0 && i < files->n; i++)
		r = add_file(out, staging, &files->at[i], a);
	return r >= 0 && archive_write_close(out) != ARCHIVE_OK ? ERR_SYSTEM : r;
}

static int write_archive(int fd, const char *staging, const struct file_list *files, struct str manifest,
                         struct arena *a)
{
	struct archive *out = archive_write_new();
	CHECK(out);
	archive_write_set_format_pax_restricted(out);
	/* Without zstd in libarchive the file is plain; reading finds out by itself. */
	(void) archive_write_add_filter_zstd(out);
	archive_write_set_bytes_in_last_block(out, 1);
	int r = archive_write_open_fd(out, fd) == ARCHIVE_OK ? add_everything(out, staging, files, manifest, a)
	                                                     : ERR_SYSTEM;
	archive_write_free(out);
	return r;
}

static int add_trailer(int fd, const char *path)
{
	char trailer[BACKUP_TRAILER_BYTES + 1] = BACKUP_TRAILER_HEAD;
	struct ledger_hash hash;
	uint64_t bytes;

	int r = files_hash(path, &bytes, &hash);
	if (r < 0)
		return r;
	sodium_bin2hex(trailer + BACKUP_TRAILER_HEAD_BYTES, sizeof(trailer) - BACKUP_TRAILER_HEAD_BYTES, hash.bytes,
	               sizeof(hash.bytes));
	return fd_write_all(fd, trailer, BACKUP_TRAILER_BYTES);
}

/* Through a file beside it: half a backup never has the name of a whole one. */
static int pack(const char *staging, const char *target, struct arena *a, struct backup_result *ret)
{
	CLEANUP(buf_done) struct buf manifest = buf_make(BACKUP_MANIFEST_MAX_BYTES);
	struct file_list files = {0};
	struct stat info;
	const char *partial = arena_printf(a, "%s.part", target).p;

	if (access(target, F_OK) == 0)
		return ERR_EXISTS;
	int r = files_list(staging, a, &files);
	if (r >= 0)
		r = write_manifest(staging, &files, a, &manifest);
	if (r < 0)
		return r;
	CLEANUP_FD fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return ERR_SYSTEM;
	r = write_archive(fd, staging, &files, buf_str(&manifest), a);
	if (r >= 0)
		r = add_trailer(fd, partial);
	if (r >= 0 && (fsync(fd) != 0 || fstat(fd, &info) != 0 || link(partial, target) != 0))
		r = errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM;
	unlink(partial);
	if (r < 0)
		return r;
	*ret = (struct backup_result){.bytes = (uint64_t) info.st_size, .files = files.n};
	return 0;
}

int backup_pack(const char *staging, const char *target, struct backup_result *ret)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	int r = pack(staging, target, a, ret), why = errno;
	files_remove_tree(staging);
	errno = why; /* of what failed, for whoever tells it */
	return r;
}

int backup_make(const char *data_folder, const char *target, struct backup_result *ret)
{
	char staging[4096];
	int n = snprintf(staging, sizeof(staging), "%s/run/backup-%lld", data_folder, (long long) clock_now_us());
	if (n < 0 || (size_t) n >= sizeof(staging))
		return ERR_TOO_LARGE;
	if (access(target, F_OK) == 0)
		return ERR_EXISTS;
	int r = backup_stage(data_folder, staging);
	return r < 0 ? r : backup_pack(staging, target, ret);
}

/* ---- the ledger of a store file ---- */

static int take_record(void *context, uint64_t number, const struct ledger_hash *leaf, struct str bytes)
{
	(void) number;
	return verifier_add_record(context, leaf, bytes);
}

static int take_checkpoint(void *context, struct str note)
{
	return verifier_add_checkpoint(context, note);
}

int backup_verify_ledger(const char *store_path, const char *key_path, struct str kept_note, struct verify_result *ret)
{
	CLEANUP(buf_wipe_done) struct buf text = buf_make(KEY_FILE_MAX_BYTES);
	CLEANUP(store_freep) struct store *s = NULL;
	struct ledger_signer signer;
	struct verifier v;

	int r = fd_read_file(key_path, &text);
	if (r >= 0)
		r = ledger_signer_read(buf_str(&text), &signer);
	if (r < 0)
		return r;
	verifier_init(&v, &signer.key, kept_note);
	ledger_signer_wipe(&signer);
	r = store_open(store_path, STORE_READ, &s);
	if (r >= 0)
		r = records_walk(s, &(struct records_visitor){take_record, take_checkpoint, &v});
	if (r < 0 && v.result.fault == VERIFY_FINE)
		return r;
	*ret = verifier_finish(&v);
	return 0;
}
