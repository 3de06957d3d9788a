/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files and folders of a backup: lists, hashes, copies. Paths inside are relative, with "/" and without "..". */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/check.h"
#include "ledger/event.h"

struct file_entry {
	const char *path; /* relative */
	uint64_t bytes;
	struct ledger_hash hash;
};

struct file_list {
	struct file_entry *at;
	size_t n, cap;
};

/* Regular files below folder, sorted; ERR_TOO_LARGE: over BACKUP_FILES_MAX or 8 levels. Links are not followed. */
int files_list(const char *folder, struct arena *a, struct file_list *ret) MUST_CHECK;
int files_hash(const char *path, uint64_t *ret_bytes, struct ledger_hash *ret) MUST_CHECK;
/* Of the first bytes only; ERR_CORRUPT when there are fewer. */
int files_hash_first(const char *path, uint64_t bytes, struct ledger_hash *ret) MUST_CHECK;
int files_copy(const char *from, const char *to) MUST_CHECK; /* with its folders, mode 0600, synced */
int files_make_folders(const char *path) MUST_CHECK;         /* those that path lies in */
int files_remove_tree(const char *path);                     /* nothing there is fine */
int files_sync_folder(const char *path) MUST_CHECK;
bool files_path_is_safe(struct str path);
/* "a/b" in arena. */
const char *files_join(struct arena *a, const char *folder, const char *name);
