/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One file with the whole of Sonae's own data, and back. The file is a pax archive under zstd whose first entry is
 * MANIFEST, lines of text:
 *
 *   sonae-backup 1
 *   schema <number of the newest migration>
 *   made <UTC time>
 *   file <SHA-256, hexadecimal> <bytes> <path>       one per further entry, in their order
 *
 * The files are sonae.db (a consistent copy), keys/..., rules/... and tls/... of the data folder. Behind the archive
 * stands a skippable frame of zstd (RFC 8878, 3.1.2) whose 64 bytes are the SHA-256 of everything before it,
 * hexadecimal. */
#pragma once

#include <stdint.h>

#include "base/check.h"
#include "base/str.h"
#include "ledger/event.h"
#include "ledger/verify.h"

enum { BACKUP_TRAILER_HEAD_BYTES = 8, BACKUP_TRAILER_BYTES = 8 + 2 * LEDGER_HASH_BYTES };
#define BACKUP_TRAILER_HEAD "\x5E\x2A\x4D\x18\x40\0\0\0" /* magic, length 64 */
enum { BACKUP_FORMAT = 1, BACKUP_FILES_MAX = 10000, BACKUP_MANIFEST_MAX_BYTES = 4 * 1024 * 1024 };
#define BACKUP_PENDING_FILE "restore-pending"

struct backup_result {
	uint64_t bytes, files;
};

/* Copies the data into the new folder staging, while a keeper runs or not. ERR_NOT_FOUND: no store there. */
int backup_stage(const char *data_folder, const char *staging) MUST_CHECK;
/* Packs what was staged into the new file target, and removes staging. ERR_EXISTS. */
int backup_pack(const char *staging, const char *target, struct backup_result *ret) MUST_CHECK;
/* Both. */
int backup_make(const char *data_folder, const char *target, struct backup_result *ret) MUST_CHECK;

struct restore_result {
	struct verify_result ledger; /* of the ledger inside */
	char point[4096];            /* the restore point that was made; "" when there was nothing yet */
	uint64_t files;
};

/* Brings the data of a backup file back into a data folder that no keeper uses. Everything is unpacked and checked
 * first: on failure nothing has changed. ERR_BUSY a keeper runs, ERR_UNSUPPORTED made by a newer Sonae or no backup at
 * all, ERR_CORRUPT damaged, ERR_CRYPTO the ledger inside does not verify (ret->ledger says why), ERR_NOT_FOUND. */
int restore_make(const char *data_folder, const char *path, struct restore_result *ret) MUST_CHECK;
/* Ends a swap of folders that a crash interrupted. 1: it did, and *ret is the hash of the backup file; 0: there was
 * none. The caller records the event, then calls restore_forget(). */
int restore_resume(const char *data_folder, struct ledger_hash *ret) MUST_CHECK;
int restore_forget(const char *data_folder) MUST_CHECK;

/* The files that a manifest names, in order, all below the folders of a backup. ERR_UNSUPPORTED: no manifest, or newer.
 */
struct file_list;
struct arena;
int backup_read_manifest(struct str text, struct arena *a, struct file_list *ret) MUST_CHECK;

/* Verifies the ledger of a store file with the key in key_file. kept_note: may be empty. */
int backup_verify_ledger(const char *store_path, const char *key_path, struct str kept_note,
                         struct verify_result *ret) MUST_CHECK;
