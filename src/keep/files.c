/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "keep/backup.h"

enum { LEVELS_MAX = 8, STEP_BYTES = 64 * 1024, REMOVE_DESCRIPTORS = 16, SAFE_PATH_MAX_BYTES = 1024 };

const char *files_join(struct arena *a, const char *folder, const char *name)
{
	return folder[0] ? arena_printf(a, "%s/%s", folder, name).p : arena_printf(a, "%s", name).p;
}

/* ---- lists ---- */

struct lister {
	const char *root;
	struct arena *arena;
	struct file_list *list;
};

static int list_folder(struct lister *l, const char *inside, unsigned level);

static int list_entry(struct lister *l, const char *inside, unsigned level)
{
	const char *full = files_join(l->arena, l->root, inside);
	struct stat info;

	if (!full || lstat(full, &info) != 0)
		return full ? ERR_SYSTEM : ERR_TOO_LARGE;
	if (S_ISDIR(info.st_mode))
		return list_folder(l, inside, level + 1);
	if (!S_ISREG(info.st_mode))
		return 0;
	struct file_entry *entry = ARENA_PUSH(l->arena, l->list);
	if (!entry || l->list->n > BACKUP_FILES_MAX)
		return ERR_TOO_LARGE;
	entry->path = inside;
	return 0;
}

static int list_folder(struct lister *l, const char *inside, unsigned level)
{
	const char *full = files_join(l->arena, l->root, inside);
	DIR *folder = full && level <= LEVELS_MAX ? opendir(full) : NULL;
	int r = 0;

	if (!folder)
		return !full || level > LEVELS_MAX ? ERR_TOO_LARGE : errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	for (struct dirent *entry; r >= 0 && (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		const char *name = files_join(l->arena, inside, entry->d_name);
		r = name ? list_entry(l, name, level) : ERR_TOO_LARGE;
	}
	closedir(folder);
	return r;
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct file_entry *) a)->path, ((const struct file_entry *) b)->path);
}

int files_list(const char *folder, struct arena *a, struct file_list *ret)
{
	struct lister l = {.root = folder, .arena = a, .list = ret};
	int r = list_folder(&l, "", 0);
	if (r >= 0 && ret->n > 1)
		qsort(ret->at, ret->n, sizeof(ret->at[0]), compare_entries);
	return r;
}

bool files_path_is_safe(struct str path)
{
	struct str rest = path, name;

	if (path.n == 0 || path.n > SAFE_PATH_MAX_BYTES || memchr(path.p, '\0', path.n) || memchr(path.p, '\n', path.n))
		return false;
	while (str_split(&rest, '/', &name)) {
		if (name.n == 0 || str_eq(name, STR(".")) || str_eq(name, STR("..")))
			return false;
	}
	return true;
}

/* ---- contents ---- */

static int for_each_piece(int fd, int (*take)(void *context, const char *p, size_t n), void *context)
{
	char piece[STEP_BYTES];

	for (;;) {
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? 0 : ERR_SYSTEM;
		int r = take(context, piece, (size_t) n);
		if (r < 0)
			return r;
	}
}

struct hasher {
	crypto_hash_sha256_state state;
	uint64_t bytes;
};

static int hash_piece(void *context, const char *p, size_t n)
{
	struct hasher *h = context;
	crypto_hash_sha256_update(&h->state, (const unsigned char *) p, n);
	h->bytes += n;
	return 0;
}

int files_hash(const char *path, uint64_t *ret_bytes, struct ledger_hash *ret)
{
	CLEANUP_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct hasher h = {.bytes = 0};

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	crypto_hash_sha256_init(&h.state);
	int r = for_each_piece(fd, hash_piece, &h);
	if (r < 0)
		return r;
	crypto_hash_sha256_final(&h.state, ret->bytes);
	*ret_bytes = h.bytes;
	return 0;
}

int files_hash_first(const char *path, uint64_t bytes, struct ledger_hash *ret)
{
	CLEANUP_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	crypto_hash_sha256_state state;
	char piece[STEP_BYTES];

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	crypto_hash_sha256_init(&state);
	for (uint64_t left = bytes; left > 0;) {
		size_t n = left < sizeof(piece) ? (size_t) left : sizeof(piece);
		int r = fd_read_all(fd, piece, n);
		if (r < 0)
			return r == ERR_CLOSED ? ERR_CORRUPT : r;
		crypto_hash_sha256_update(&state, (const unsigned char *) piece, n);
		left -= n;
	}
	crypto_hash_sha256_final(&state, ret->bytes);
	return 0;
}

static int write_piece(void *context, const char *p, size_t n)
{
	return fd_write_all(*(const int *) context, p, n);
}

int files_make_folders(const char *path)
{
	char copy[4096];
	size_t n = strlen(path);

	if (n >= sizeof(copy))
		return ERR_TOO_LARGE;
	memcpy(copy, path, n + 1);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			return ERR_SYSTEM;
		*slash = '/';
	}
	return 0;
}

int files_copy(const char *from, const char *to)
{
	int r = files_make_folders(to);
	if (r < 0)
		return r;
	CLEANUP_FD in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (in < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	CLEANUP_FD out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		return ERR_SYSTEM;
	r = for_each_piece(in, write_piece, &out);
	return r < 0 ? r : fsync(out) == 0 ? 0 : ERR_SYSTEM;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void) info;
	(void) kind;
	(void) place;
	return remove(path) == 0 ? 0 : -1;
}

int files_remove_tree(const char *path)
{
	struct stat info;
	if (lstat(path, &info) != 0)
		return 0;
	return nftw(path, remove_one, REMOVE_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : ERR_SYSTEM;
}

int files_sync_folder(const char *path)
{
	CLEANUP_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0 ? 0 : ERR_SYSTEM;
}
