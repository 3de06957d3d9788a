/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store as one file: its size, a copy of it, whether it is sound. */
#include "base/err.h"
#include "store/query.h"

enum { COPY_PAUSE_MS = 5, COPY_RETRIES_MAX = 2000 };

uint64_t store_size_bytes(struct store *s)
{
	struct query q = query_start(s, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
	uint64_t bytes = 0;
	return query_one_u64(&q, &bytes) >= 0 ? bytes : 0;
}

/* In one step: the reader's view stays fixed and writers go on; in many steps each write would start the copy anew. */
static int copy_pages(sqlite3_backup *backup)
{
	for (int retries = 0;; retries++) {
		int code = sqlite3_backup_step(backup, -1);
		if (code == SQLITE_DONE)
			return 0;
		if ((code != SQLITE_BUSY && code != SQLITE_LOCKED) || retries >= COPY_RETRIES_MAX)
			return store_error(code);
		sqlite3_sleep(COPY_PAUSE_MS);
	}
}

int store_copy_to(struct store *s, const char *path)
{
	sqlite3 *target = NULL;
	sqlite3_backup *backup = NULL;

	int r = store_error(sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
	if (r >= 0) {
		backup = sqlite3_backup_init(target, "main", store_handle(s), "main");
		r = backup ? copy_pages(backup) : store_error(sqlite3_errcode(target));
	}
	if (backup) {
		int code = sqlite3_backup_finish(backup);
		r = r < 0 ? r : store_error(code);
	}
	/* One file that needs no log beside it. */
	if (r >= 0)
		r = store_error(sqlite3_exec(target, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL));
	sqlite3_close(target);
	return r;
}

int store_check_integrity(struct store *s)
{
	struct query q = query_start(s, "SELECT 1 FROM pragma_quick_check WHERE quick_check = 'ok'");
	uint64_t fine = 0;
	return query_one_u64(&q, &fine) >= 0 ? 0 : ERR_CORRUPT;
}
