/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/test-house.h"

#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/fd.h"
#include "keep/backup.h"
#include "keep/files.h"
#include "keep/keeper.h"
#include "store/house.h"

struct rig {
	struct house house;
	char backup[128], rule[128];
};

static void append(struct rig *g, const char *word)
{
	struct event e = event_make("check.verdict", clock_now_us());
	struct keep_actor actor = {.program = STR("web")};
	uint64_t number;
	event_add_word(&e, "word", str_of(word));
	assert_int_equal(keep_append_event(g->house.client, &actor, &e, &number), 0);
}

static uint64_t count_events(struct rig *g, const char *kind)
{
	struct keep_ledger_list_out list;
	assert_int_equal(ASK(&g->house, ledger_list, 0, &list, .kind = str_of(kind)), 0);
	return list.total;
}

static int open_rig(void **state)
{
	struct rig *g = calloc(1, sizeof(*g));
	house_open(&g->house);
	house_start(&g->house);
	snprintf(g->backup, sizeof(g->backup), "%s/run/b.sonae", g->house.folder);
	snprintf(g->rule, sizeof(g->rule), "%s/rules/lists/own.txt", g->house.folder);
	append(g, "before");
	assert_int_equal(files_make_folders(g->rule), 0);
	assert_int_equal(fd_replace_file(g->rule, STR("own rule\n"), 0600), 0);
	*state = g;
	return 0;
}

static int close_rig(void **state)
{
	struct rig *g = *state;
	house_close(&g->house);
	free(g);
	return 0;
}

static void backup_brings_everything_back(void **state)
{
	struct rig *g = *state;
	struct backup_result made;
	struct restore_result restored;
	struct buf rule = buf_make(100);

	assert_int_equal(backup_make(g->house.folder, g->backup, &made), 0); /* while the keeper runs */
	assert_true(made.files == 4 && made.bytes > 0);
	assert_int_equal(backup_make(g->house.folder, g->backup, &made), ERR_EXISTS);
	append(g, "after");
	assert_int_equal(fd_replace_file(g->rule, STR("changed\n"), 0600), 0);
	assert_int_equal(restore_make(g->house.folder, g->backup, &restored), ERR_BUSY);
	assert_int_equal(house_stop(&g->house, SIGTERM), 0);
	assert_int_equal(restore_make(g->house.folder, g->backup, &restored), 0);
	assert_true(restored.ledger.records == 3 && access(restored.point, R_OK) == 0);
	house_start(&g->house);
	assert_true(count_events(g, "check.verdict") == 1 && count_events(g, "restore.done") == 1);
	assert_int_equal(fd_read_file(g->rule, &rule), 0);
	assert_true(str_eq(buf_str(&rule), STR("own rule\n")));

	/* And back again from the restore point, into a ledger that verifies. */
	assert_int_equal(house_stop(&g->house, SIGTERM), 0);
	char point[4096];
	memcpy(point, restored.point, sizeof(point));
	assert_int_equal(restore_make(g->house.folder, point, &restored), 0);
	house_start(&g->house);
	assert_true(count_events(g, "check.verdict") == 2 && count_events(g, "restore.done") == 1);
	buf_done(&rule);
}

static void backup_through_the_keeper(void **state)
{
	struct rig *g = *state;
	struct keep_backup_now_out out;
	struct keep_status_out status;

	assert_int_equal(ASK(&g->house, backup_now, 0, &out, .path = str_of(g->backup)), 0);
	assert_true(out.files == 4 && access(g->backup, R_OK) == 0);
	assert_int_equal(ASK(&g->house, backup_now, 0, &out, .path = str_of(g->backup)), ERR_EXISTS);
	assert_int_equal(ASK(&g->house, backup_now, 0, &out, .path = STR("relative")), ERR_INVALID);
	assert_true(ASK(&g->house, status, 0, &status, 0) == 0 && status.backup_us > 0);
	assert_int_equal(count_events(g, "backup.made"), 1);
}

/* Every 97th byte changed, and every shorter file: refused, and the house is as it was. */
static void damaged_backups_change_nothing(void **state)
{
	struct rig *g = *state;
	struct backup_result made;
	struct restore_result restored;
	struct buf bytes = buf_make(1 << 22), before = buf_make(1 << 22), after = buf_make(1 << 22);
	char damaged[128], store_path[128];

	assert_int_equal(backup_make(g->house.folder, g->backup, &made), 0);
	assert_int_equal(house_stop(&g->house, SIGTERM), 0);
	snprintf(damaged, sizeof(damaged), "%s/run/damaged.sonae", g->house.folder);
	snprintf(store_path, sizeof(store_path), "%s/" STORE_FILE_NAME, g->house.folder);
	assert_int_equal(fd_read_file(g->backup, &bytes), 0);
	assert_int_equal(fd_read_file(store_path, &before), 0);
	for (size_t i = 0; i < bytes.n; i += 97) {
		bytes.p[i] ^= 0x10;
		assert_int_equal(fd_replace_file(damaged, buf_str(&bytes), 0600), 0);
		bytes.p[i] ^= 0x10;
		assert_true(restore_make(g->house.folder, damaged, &restored) < 0);
	}
	for (size_t n = 0; n < bytes.n; n += 211) {
		assert_int_equal(fd_replace_file(damaged, str_make(bytes.p, n), 0600), 0);
		assert_true(restore_make(g->house.folder, damaged, &restored) < 0);
	}
	assert_int_equal(restore_make(g->house.folder, "/nowhere/b.sonae", &restored), ERR_NOT_FOUND);
	assert_int_equal(fd_read_file(store_path, &after), 0);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	house_start(&g->house);
	assert_int_equal(count_events(g, "restore.done"), 0);
	buf_done(&bytes);
	buf_done(&before);
	buf_done(&after);
}

/* A backup whose files are whole but whose ledger was changed is not trusted. */
static void changed_ledger_inside_is_refused(void **state)
{
	struct rig *g = *state;
	struct restore_result restored;
	struct backup_result made;
	struct store *s = NULL;
	char staging[128], path[160];

	snprintf(staging, sizeof(staging), "%s/run/staging", g->house.folder);
	snprintf(path, sizeof(path), "%s/" STORE_FILE_NAME, staging);
	assert_int_equal(backup_stage(g->house.folder, staging), 0);
	assert_int_equal(house_stop(&g->house, SIGTERM), 0);
	assert_int_equal(store_open(path, STORE_WRITE, &s), 0);
	/* The table of the ledger is not writable through the store's functions: a foreign key file does the same. */
	store_free(s);
	snprintf(path, sizeof(path), "%s/keys/ledger.key", staging);
	struct ledger_signer signer;
	struct buf text = buf_make(1024);
	ledger_signer_make(&signer);
	ledger_signer_write(&signer, &text);
	assert_int_equal(fd_replace_file(path, buf_str(&text), 0600), 0);
	buf_done(&text);
	assert_int_equal(backup_pack(staging, g->backup, &made), 0);
	assert_int_equal(restore_make(g->house.folder, g->backup, &restored), ERR_CRYPTO);
	assert_int_equal(restored.ledger.fault, VERIFY_CHECKPOINT_SIGNATURE);
	house_start(&g->house);
	append(g, "still-there");
}

/* The power fails after the swap was promised: the next start ends it. */
static void interrupted_swap_goes_on_at_the_next_start(void **state)
{
	struct rig *g = *state;
	struct backup_result made;
	struct restore_result restored;
	struct keeper k;
	char from[160], to[160];

	assert_int_equal(backup_make(g->house.folder, g->backup, &made), 0);
	append(g, "after");
	assert_int_equal(house_stop(&g->house, SIGTERM), 0);
	assert_int_equal(restore_make(g->house.folder, g->backup, &restored), 0);
	/* Undo the last step of the swap by hand: the new store lies in the work folder again, none is in its place. */
	struct buf pending = buf_make(4096);
	snprintf(from, sizeof(from), "%s/" BACKUP_PENDING_FILE, g->house.folder);
	assert_int_equal(fd_read_file(from, &pending), 0);
	struct str rest = buf_str(&pending), work;
	assert_true(str_next_line(&rest, &work));
	snprintf(from, sizeof(from), "%s/" STORE_FILE_NAME, g->house.folder);
	snprintf(to, sizeof(to), "%s/%.*s/new/" STORE_FILE_NAME, g->house.folder, STR_ARG(work));
	assert_int_equal(rename(from, to), 0);
	buf_done(&pending);

	assert_int_equal(keeper_open(&k, g->house.folder), 0);
	assert_int_equal(keeper_close(&k), 0);
	assert_int_not_equal(access(to, F_OK), 0);
	house_start(&g->house);
	assert_true(count_events(g, "check.verdict") == 1 && count_events(g, "restore.done") == 1);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        WITH_RIG(backup_brings_everything_back),
	        WITH_RIG(backup_through_the_keeper),
	        WITH_RIG(damaged_backups_change_nothing),
	        WITH_RIG(changed_ledger_inside_is_refused),
	        WITH_RIG(interrupted_swap_goes_on_at_the_next_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
