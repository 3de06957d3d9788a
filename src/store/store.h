/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store: one SQLite file <data>/sonae.db in WAL mode. One process opens it for writing (the keeper, or a command
 * while no keeper runs), any number for reading. A commit is on disk when store_commit() returns (but see
 * store_set_durable). All SQL of Sonae is in this folder: constant text, bound values, one function per query. */
#pragma once

#include "base/check.h"
#include "base/cleanup.h"
#include "base/str.h"

struct store;

enum store_mode { STORE_READ, STORE_WRITE };
enum { STORE_APPLICATION_ID = 0x534F4E41, STORE_BUSY_TIMEOUT_MS = 5000 };
#define STORE_FILE_NAME "sonae.db"
#define STORE_LOG_NAME "sonae.db-wal"

/* Opens; for writing also makes the file and brings it up to date. ERR_NOT_FOUND (reading, no file), ERR_UNSUPPORTED
 * (made by a newer Sonae, or not by Sonae), ERR_CORRUPT, ERR_STORE. */
int store_open(const char *path, enum store_mode mode, struct store **ret) MUST_CHECK;
void store_free(struct store *s); /* takes NULL; rolls an open transaction back */
CLEANUP_DEFINE(struct store *, store_freep, store_free)

int store_begin(struct store *s) MUST_CHECK; /* takes the write lock at once */
int store_commit(struct store *s) MUST_CHECK;
void store_rollback(struct store *s);
/* false: a commit that returned survives the end of the process but perhaps not of the power, until its log
 * (STORE_LOG_NAME) is synced by somebody. Outside of a transaction. */
int store_set_durable(struct store *s, bool durable) MUST_CHECK;
bool store_is_writing(const struct store *s); /* a transaction is open: a full disk ends it by itself */
/* One part of a transaction that can be undone alone. */
int store_part_begin(struct store *s) MUST_CHECK;
int store_part_end(struct store *s) MUST_CHECK;
void store_part_undo(struct store *s);

int store_schema(const struct store *s); /* number of the last migration */
int store_schema_newest(void);
uint64_t store_size_bytes(struct store *s);
/* Copies a consistent state into a new file, while others write. */
int store_copy_to(struct store *s, const char *path) MUST_CHECK;
/* SQLite's own check of the file: ERR_CORRUPT. */
int store_check_integrity(struct store *s) MUST_CHECK;
