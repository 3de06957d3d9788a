/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Durability: WAL with synchronous=FULL syncs the log at every commit, so a commit that returned survives a power cut.
 * The log goes into the database every 32 MB: that waits for the disk twice, and everybody with it.
 * Statements are kept by the address of their constant text. */
#include "store/store.h"

#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "store/handle.h"
#include "store/migrations.h"

enum { STATEMENT_SLOTS = 1024, STATEMENTS_MAX = STATEMENT_SLOTS / 2 };

struct store {
	sqlite3 *db;
	bool is_open_transaction;
	int schema;
	size_t statement_count;
	struct {
		const char *sql;
		sqlite3_stmt *statement;
	} statements[STATEMENT_SLOTS]; /* by the hash of the address; an empty place has no sql */
};

sqlite3 *store_handle(struct store *s)
{
	return s->db;
}

int store_error(int sqlite_code)
{
	switch (sqlite_code & 0xFF) {
	case SQLITE_OK:
		return 0;
	case SQLITE_CONSTRAINT:
		return sqlite_code == SQLITE_CONSTRAINT_UNIQUE || sqlite_code == SQLITE_CONSTRAINT_PRIMARYKEY
		               ? ERR_EXISTS
		               : ERR_INVALID;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	default:
		return ERR_STORE;
	}
}

static size_t find_place(const struct store *s, const char *sql)
{
	size_t place = (size_t) (((uintptr_t) sql * UINT64_C(0x9E3779B97F4A7C15)) >> 40) % STATEMENT_SLOTS;
	while (s->statements[place].sql && s->statements[place].sql != sql)
		place = (place + 1) % STATEMENT_SLOTS;
	return place;
}

sqlite3_stmt *store_statement(struct store *s, const char *constant_sql)
{
	size_t place = find_place(s, constant_sql);
	if (s->statements[place].sql)
		return s->statements[place].statement;
	CHECK(s->statement_count < STATEMENTS_MAX);
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v3(s->db, constant_sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
		return NULL;
	s->statements[place].sql = constant_sql;
	s->statements[place].statement = statement;
	s->statement_count++;
	return statement;
}

static int run(struct store *s, const char *sql)
{
	return store_error(sqlite3_exec(s->db, sql, NULL, NULL, NULL));
}

/* For what is said at every request: compiled once. */
static int run_kept(struct store *s, const char *constant_sql)
{
	sqlite3_stmt *statement = store_statement(s, constant_sql);
	if (!statement)
		return ERR_STORE;
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : store_error(code);
}

static int read_number(struct store *s, const char *pragma, int *ret)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(s->db, pragma, -1, &statement, NULL);
	if (code == SQLITE_OK) {
		code = sqlite3_step(statement);
		if (code == SQLITE_ROW)
			*ret = sqlite3_column_int(statement, 0);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : store_error(code);
}

/* ---- opening ---- */

int store_schema_newest(void)
{
	int newest = 0;
	for (const struct migration *m = migration_table; m->sql; m++)
		newest = m->number;
	return newest;
}

int store_schema(const struct store *s)
{
	return s->schema;
}

static int apply_migration(struct store *s, const struct migration *m)
{
	char version[64];

	snprintf(version, sizeof(version), "PRAGMA user_version = %d", m->number);
	int r = store_begin(s);
	if (r >= 0)
		r = run(s, m->sql);
	if (r >= 0)
		r = run(s, version);
	if (r >= 0)
		r = store_commit(s);
	if (r < 0)
		store_rollback(s);
	else
		s->schema = m->number;
	return r;
}

/* A file of somebody else, or of a newer Sonae, is left as it is. */
static int check_version(struct store *s)
{
	int application = 0;

	int r = read_number(s, "PRAGMA application_id", &application);
	if (r >= 0)
		r = read_number(s, "PRAGMA user_version", &s->schema);
	if (r < 0)
		return r;
	bool is_new = application == 0 && s->schema == 0;
	/* Schema 0 of ours: the first start was cut off before its first migration. */
	bool is_ours = application == STORE_APPLICATION_ID && s->schema >= 0 && s->schema <= store_schema_newest();
	return is_new || is_ours ? 0 : ERR_UNSUPPORTED;
}

static int prepare_writing(struct store *s)
{
	char application[64];

	int r = run(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
	               "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 8000; "
	               "PRAGMA temp_store = MEMORY"); /* the jail has no place for temporary files */
	if (r < 0)
		return r;
	snprintf(application, sizeof(application), "PRAGMA application_id = %d", STORE_APPLICATION_ID);
	if (s->schema == 0)
		r = run(s, application);
	for (const struct migration *m = migration_table; r >= 0 && m->sql; m++) {
		if (m->number > s->schema)
			r = apply_migration(s, m);
	}
	return r;
}

static int open_handle(struct store *s, const char *path, enum store_mode mode)
{
	struct stat info;
	int flags = mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

	if (mode == STORE_READ && stat(path, &info) != 0)
		return ERR_NOT_FOUND;
	/* Counting the bytes in use takes a lock at every allocation; refused, and no matter, when a store is open. */
	(void) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int code = sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK)
		return store_error(code);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, STORE_BUSY_TIMEOUT_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	int r = check_version(s);
	if (r < 0)
		return r;
	return mode == STORE_WRITE ? prepare_writing(s) : s->schema > 0 ? 0 : ERR_NOT_FOUND;
}

int store_open(const char *path, enum store_mode mode, struct store **ret)
{
	struct store *s = calloc(1, sizeof(*s));
	CHECK(s);
	int r = open_handle(s, path, mode);
	if (r < 0)
		store_free(s);
	else
		*ret = s;
	return r;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < STATEMENT_SLOTS; i++)
		sqlite3_finalize(s->statements[i].statement);
	sqlite3_close(s->db);
	free(s);
}

/* ---- transactions ---- */

int store_begin(struct store *s)
{
	CHECK(!s->is_open_transaction);
	int r = run_kept(s, "BEGIN IMMEDIATE");
	s->is_open_transaction = r >= 0;
	return r;
}

int store_commit(struct store *s)
{
	int r = run_kept(s, "COMMIT");
	if (r >= 0)
		s->is_open_transaction = false;
	return r;
}

int store_set_durable(struct store *s, bool durable)
{
	CHECK(!s->is_open_transaction);
	return run(s, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

void store_rollback(struct store *s)
{
	if (s->is_open_transaction)
		run(s, "ROLLBACK");
	s->is_open_transaction = false;
}

bool store_is_writing(const struct store *s)
{
	return s->is_open_transaction && !sqlite3_get_autocommit(s->db);
}

int store_part_begin(struct store *s)
{
	return run_kept(s, "SAVEPOINT part");
}

int store_part_end(struct store *s)
{
	return run_kept(s, "RELEASE part");
}

void store_part_undo(struct store *s)
{
	run_kept(s, "ROLLBACK TO part");
	run_kept(s, "RELEASE part");
}
