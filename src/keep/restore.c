/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Restoring in this order: unpack into <data>/restore-<time>/new, check every hash, the store and the ledger inside;
 * write a restore point of what is there; name the folder in <data>/restore-pending; swap. From the moment that file
 * exists the swap goes on to its end, after a crash at the next start; before it nothing has changed. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "keep/backup.h"
#include "keep/files.h"
#include "store/store.h"

enum {
	ARENA_BYTES = 16 * 1024 * 1024,
	READ_BLOCK_BYTES = 64 * 1024,
	PENDING_MAX_BYTES = 4096,
	HASH_HEX_BYTES = 2 * LEDGER_HASH_BYTES,
};

/* ---- the manifest ---- */

static int parse_file_line(struct str line, struct arena *a, struct file_list *files)
{
	struct str rest = line, word, hex, bytes;
	size_t n = 0;

	if (!str_split(&rest, ' ', &word) || !str_split(&rest, ' ', &hex) || !str_split(&rest, ' ', &bytes))
		return ERR_CORRUPT;
	struct file_entry *f = ARENA_PUSH(a, files);
	if (!f || files->n > BACKUP_FILES_MAX)
		return ERR_TOO_LARGE;
	if (!str_eq(word, STR("file")) || hex.n != HASH_HEX_BYTES || !files_path_is_safe(rest) ||
	    str_parse_u64(bytes, INT64_MAX, &f->bytes) < 0 ||
	    sodium_hex2bin(f->hash.bytes, sizeof(f->hash.bytes), hex.p, hex.n, NULL, &n, NULL) != 0 ||
	    n != LEDGER_HASH_BYTES)
		return ERR_CORRUPT;
	bool is_ours = str_eq(rest, STR(STORE_FILE_NAME)) || str_starts_with(rest, STR("keys/")) ||
	               str_starts_with(rest, STR("rules/")) || str_starts_with(rest, STR("tls/"));
	f->path = arena_cstr(a, rest);
	return !is_ours ? ERR_CORRUPT : f->path ? 0 : ERR_TOO_LARGE;
}

static int parse_number_line(struct str line, struct str word, uint64_t newest)
{
	uint64_t number;
	if (!str_starts_with(line, word) || str_parse_u64(str_slice(line, word.n, line.n), UINT32_MAX, &number) < 0)
		return ERR_CORRUPT;
	return number <= newest ? 0 : ERR_UNSUPPORTED;
}

int backup_read_manifest(struct str text, struct arena *a, struct file_list *files)
{
	struct str rest = text, format, schema, made, line;

	if (!str_next_line(&rest, &format) || !str_starts_with(format, STR("sonae-backup ")))
		return ERR_UNSUPPORTED;
	int r = parse_number_line(format, STR("sonae-backup "), BACKUP_FORMAT);
	if (r >= 0 &&
	    (!str_next_line(&rest, &schema) || !str_next_line(&rest, &made) || !str_starts_with(made, STR("made "))))
		r = ERR_CORRUPT;
	if (r >= 0)
		r = parse_number_line(schema, STR("schema "), (uint64_t) store_schema_newest());
	while (r >= 0 && str_next_line(&rest, &line))
		r = parse_file_line(line, a, files);
	return r;
}

/* ---- unpacking ---- */

/* Takes the data of the entry, at most max bytes. */
static int read_entry(struct archive *in, uint64_t max, struct buf *memory, int fd)
{
	const void *p;
	size_t n;
	la_int64_t at;
	uint64_t total = 0;

	for (;;) {
		int code = archive_read_data_block(in, &p, &n, &at);
		if (code == ARCHIVE_EOF)
			return total == max || memory ? 0 : ERR_CORRUPT;
		if (code != ARCHIVE_OK || at < 0 || (uint64_t) at != total || n > max - total)
			return ERR_CORRUPT;
		int r = memory ? buf_add(memory, p, n) : fd_write_all(fd, p, n);
		if (r < 0)
			return r;
		total += n;
	}
}

static int unpack_file(struct archive *in, const char *folder, const struct file_entry *f, struct arena *a)
{
	const char *path = files_join(a, folder, f->path);
	struct ledger_hash hash;
	uint64_t bytes;

	int r = files_make_folders(path);
	if (r < 0)
		return r;
	CLEANUP_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return ERR_SYSTEM;
	r = read_entry(in, f->bytes, NULL, fd);
	if (r >= 0 && fsync(fd) != 0)
		r = ERR_SYSTEM;
	if (r >= 0)
		r = files_hash(path, &bytes, &hash);
	return r < 0 ? r : bytes == f->bytes && ledger_hash_eq(&hash, &f->hash) ? 0 : ERR_CORRUPT;
}

static int next_entry(struct archive *in, const char *wanted)
{
	struct archive_entry *entry;
	int code = archive_read_next_header(in, &entry);
	if (code == ARCHIVE_EOF)
		return ERR_CORRUPT;
	const char *name = code == ARCHIVE_OK ? archive_entry_pathname_utf8(entry) : NULL;
	return name && strcmp(name, wanted) == 0 && archive_entry_filetype(entry) == AE_IFREG ? 0 : ERR_CORRUPT;
}

static int unpack_entries(struct archive *in, const char *folder, struct arena *a, struct file_list *files)
{
	CLEANUP(buf_done) struct buf manifest = buf_make(BACKUP_MANIFEST_MAX_BYTES);
	struct archive_entry *entry;

	if (next_entry(in, "MANIFEST") < 0)
		return ERR_UNSUPPORTED;
	int r = read_entry(in, BACKUP_MANIFEST_MAX_BYTES, &manifest, -1);
	if (r >= 0)
		r = backup_read_manifest(buf_str(&manifest), a, files);
	for (size_t i = 0; r >= 0 && i < files->n; i++) {
		r = next_entry(in, files->at[i].path);
		if (r >= 0)
			r = unpack_file(in, folder, &files->at[i], a);
	}
	return r >= 0 && archive_read_next_header(in, &entry) != ARCHIVE_EOF ? ERR_CORRUPT : r;
}

/* Any changed or missing byte shows here, before anything is unpacked. */
static int check_trailer(const char *path)
{
	static const char zstd_magic[4] = {0x28, (char) 0xB5, 0x2F, (char) 0xFD};
	char head[sizeof(zstd_magic)], trailer[BACKUP_TRAILER_BYTES], hex[HASH_HEX_BYTES + 1];
	struct ledger_hash hash;
	struct stat info;
	CLEANUP_FD fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
		return ERR_UNSUPPORTED;
	if (info.st_size < BACKUP_TRAILER_BYTES || fd_read_all(fd, head, sizeof(head)) < 0)
		return ERR_UNSUPPORTED;
	if (pread(fd, trailer, sizeof(trailer), info.st_size - BACKUP_TRAILER_BYTES) != BACKUP_TRAILER_BYTES)
		return ERR_SYSTEM;
	if (memcmp(trailer, BACKUP_TRAILER_HEAD, BACKUP_TRAILER_HEAD_BYTES) != 0)
		return memcmp(head, zstd_magic, sizeof(head)) == 0 ? ERR_CORRUPT : ERR_UNSUPPORTED;
	int r = files_hash_first(path, (uint64_t) info.st_size - BACKUP_TRAILER_BYTES, &hash);
	sodium_bin2hex(hex, sizeof(hex), hash.bytes, sizeof(hash.bytes));
	return r < 0 ? r : memcmp(hex, trailer + BACKUP_TRAILER_HEAD_BYTES, HASH_HEX_BYTES) == 0 ? 0 : ERR_CORRUPT;
}

static int unpack(const char *path, const char *folder, struct arena *a, struct file_list *files)
{
	struct archive *in = archive_read_new();
	CHECK(in);
	archive_read_support_format_tar(in);
	archive_read_support_filter_zstd(in);
	int r = archive_read_open_filename(in, path, READ_BLOCK_BYTES) == ARCHIVE_OK
	                ? unpack_entries(in, folder, a, files)
	                : ERR_UNSUPPORTED;
	archive_read_free(in);
	return r;
}

/* ---- checking ---- */

static int check_unpacked(const char *folder, struct arena *a, struct restore_result *ret)
{
	const char *store_path = files_join(a, folder, STORE_FILE_NAME),
	           *key_path = files_join(a, folder, "keys/ledger.key");
	CLEANUP(store_freep) struct store *s = NULL;

	int r = store_open(store_path, STORE_READ, &s);
	if (r >= 0)
		r = store_check_integrity(s);
	if (r >= 0)
		r = backup_verify_ledger(store_path, key_path, (struct str){NULL, 0}, &ret->ledger);
	if (r < 0)
		return r == ERR_NOT_FOUND || r == ERR_INVALID ? ERR_CORRUPT : r;
	return verify_is_good(&ret->ledger) ? 0 : ERR_CRYPTO;
}

/* ---- swapping ---- */

static int move_if_there(const char *from, const char *to)
{
	if (access(from, F_OK) != 0)
		return 0;
	int r = files_make_folders(to);
	return r < 0 ? r : rename(from, to) == 0 ? 0 : ERR_SYSTEM;
}

/* Each step may have been done before. What new/ holds still has to come in; what it lacks is already there. */
static int swap_one(const char *data_folder, const char *work, const char *name, struct arena *a)
{
	const char *fresh = files_join(a, files_join(a, work, "new"), name);
	const char *here = files_join(a, data_folder, name), *old = files_join(a, files_join(a, work, "old"), name);

	if (access(fresh, F_OK) != 0)
		return 0;
	int r = move_if_there(here, old);
	return r < 0 ? r : move_if_there(fresh, here);
}

/* The log files of the old store go first: they must never meet the new one. */
static int set_logs_aside(const char *data_folder, const char *work, struct arena *a)
{
	static const char *const names[] = {STORE_FILE_NAME "-wal", STORE_FILE_NAME "-shm"};
	const char *fresh = files_join(a, files_join(a, work, "new"), STORE_FILE_NAME);
	int r = 0;

	if (access(fresh, F_OK) != 0)
		return 0;
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(names); i++)
		r = move_if_there(files_join(a, data_folder, names[i]),
		                  files_join(a, files_join(a, work, "old"), names[i]));
	return r;
}

static int swap_everything(const char *data_folder, const char *work, struct arena *a)
{
	int r = set_logs_aside(data_folder, work, a);
	if (r >= 0)
		r = swap_one(data_folder, work, "keys", a);
	if (r >= 0)
		r = swap_one(data_folder, work, "rules", a);
	if (r >= 0)
		r = swap_one(data_folder, work, "tls", a); /* a backup without one leaves what is there */
	if (r >= 0)
		r = swap_one(data_folder, work, STORE_FILE_NAME, a);
	if (r >= 0)
		r = files_sync_folder(data_folder);
	return r;
}

/* ---- the pending file: "<folder>\n<SHA-256 of the backup file, hexadecimal>\n" ---- */

static int write_pending(const char *data_folder, const char *work_name, const struct ledger_hash *hash,
                         struct arena *a)
{
	char hex[HASH_HEX_BYTES + 1];
	sodium_bin2hex(hex, sizeof(hex), hash->bytes, sizeof(hash->bytes));
	return fd_replace_file(files_join(a, data_folder, BACKUP_PENDING_FILE),
	                       arena_printf(a, "%s\n%s\n", work_name, hex), 0600);
}

static int read_pending(const char *data_folder, struct arena *a, const char **ret_work, struct ledger_hash *ret_hash)
{
	CLEANUP(buf_done) struct buf text = buf_make(PENDING_MAX_BYTES);
	size_t n = 0;

	int r = fd_read_file(files_join(a, data_folder, BACKUP_PENDING_FILE), &text);
	if (r < 0)
		return r;
	struct str rest = buf_str(&text), name, hex;
	if (!str_next_line(&rest, &name) || !str_next_line(&rest, &hex) || !str_starts_with(name, STR("restore-")) ||
	    str_contains(name, STR("/")) ||
	    sodium_hex2bin(ret_hash->bytes, sizeof(ret_hash->bytes), hex.p, hex.n, NULL, &n, NULL) != 0 ||
	    n != LEDGER_HASH_BYTES)
		return ERR_CORRUPT;
	*ret_work = files_join(a, data_folder, arena_cstr(a, name));
	return 0;
}

int restore_resume(const char *data_folder, struct ledger_hash *ret)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	const char *work;
	struct ledger_hash hash;

	int r = read_pending(data_folder, a, &work, &hash);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	r = swap_everything(data_folder, work, a);
	if (r < 0)
		return r;
	*ret = hash;
	return 1;
}

int restore_forget(const char *data_folder)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	const char *work;
	struct ledger_hash hash;

	int r = read_pending(data_folder, a, &work, &hash);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	if (unlink(files_join(a, data_folder, BACKUP_PENDING_FILE)) != 0)
		return ERR_SYSTEM;
	r = files_sync_folder(data_folder);
	/* What was there lives on in the restore point. */
	files_remove_tree(work);
	return r;
}

/* ---- the whole ---- */

/* The master holds run/lock while it runs, the keeper run/keeper.lock. */
static int lock_data_folder(const char *data_folder, struct arena *a, int ret_fds[static 2])
{
	static const char *const names[] = {"run/lock", "run/keeper.lock"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *path = files_join(a, data_folder, names[i]);
		int r = files_make_folders(path);
		if (r < 0)
			return r;
		ret_fds[i] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (ret_fds[i] < 0)
			return ERR_SYSTEM;
		if (flock(ret_fds[i], LOCK_EX | LOCK_NB) != 0)
			return ERR_BUSY;
	}
	return 0;
}

static int make_point(const char *data_folder, int64_t now_us, struct arena *a, struct restore_result *ret)
{
	struct backup_result made;
	char when[CLOCK_TEXT_BYTES];

	if (access(files_join(a, data_folder, STORE_FILE_NAME), F_OK) != 0)
		return 0;
	clock_format_utc(now_us, when);
	for (char *p = when; *p; p++)
		*p = *p == ':' ? '-' : *p; /* for file systems that know no colons */
	snprintf(ret->point, sizeof(ret->point), "%s/restore-points/%s.sonae", data_folder, when);
	int r = files_make_folders(ret->point);
	return r < 0 ? r : backup_make(data_folder, ret->point, &made);
}

/* Folders that the backup had nothing in come back empty; everything is on disk before the swap is promised. */
static int settle(const char *data_folder, const char *fresh, struct arena *a)
{
	static const char *const names[] = {"keys", "rules"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (mkdir(files_join(a, fresh, names[i]), 0700) != 0 && errno != EEXIST)
			return ERR_SYSTEM;
	}
	CLEANUP_FD fd = open(data_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && syncfs(fd) == 0 ? 0 : ERR_SYSTEM;
}

static int prepare(const char *data_folder, const char *path, const char *work_name, int64_t now_us, struct arena *a,
                   struct restore_result *ret)
{
	const char *fresh = files_join(a, files_join(a, data_folder, work_name), "new");
	struct file_list files = {0};
	struct ledger_hash hash;
	uint64_t bytes;

	int r = check_trailer(path);
	if (r >= 0)
		r = files_hash(path, &bytes, &hash);
	if (r >= 0)
		r = unpack(path, fresh, a, &files);
	if (r >= 0)
		r = check_unpacked(fresh, a, ret);
	if (r >= 0)
		r = make_point(data_folder, now_us, a, ret);
	if (r < 0)
		return r;
	ret->files = files.n;
	r = settle(data_folder, fresh, a);
	return r < 0 ? r : write_pending(data_folder, work_name, &hash, a);
}

int restore_make(const char *data_folder, const char *path, struct restore_result *ret)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	int64_t now_us = clock_now_us();
	const char *work_name = arena_printf(a, "restore-%lld", (long long) now_us).p;
	int locks[2] = {-1, -1};
	struct ledger_hash hash;

	*ret = (struct restore_result){.files = 0};
	umask(0077);
	int r = lock_data_folder(data_folder, a, locks);
	if (r >= 0) {
		r = prepare(data_folder, path, work_name, now_us, a, ret);
		if (r < 0)
			files_remove_tree(files_join(a, data_folder, work_name));
		else
			r = restore_resume(data_folder, &hash);
	}
	fd_close(locks[0]);
	fd_close(locks[1]);
	return r < 0 ? r : 0;
}
