/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sonae backup FILE: everything of Sonae's own in one file; the server may run. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "cli/table.h"
#include "keep/backup.h"
#include "keep/client.h"

enum { CONNECT_TIMEOUT_MS = 300, ARENA_BYTES = 64 * 1024, NUMBER_TEXT_BYTES = 24 };

/* A running server writes the event; without one the backup stands for itself. */
static int record_backup(const char *data_folder, const struct backup_result *made)
{
	CLEANUP(keep_client_freep) struct keep_client *client = NULL;
	struct keep_actor actor = {.program = STR("cli")};
	struct event e = event_make("backup.made", clock_now_us());

	int r = keep_client_open(data_folder, &client);
	if (r < 0)
		return r;
	keep_client_set_timeout(client, KEEP_CALL_TIMEOUT_MS, CONNECT_TIMEOUT_MS);
	event_add_number(&e, "bytes", (int64_t) made->bytes);
	event_add_number(&e, "files", (int64_t) made->files);
	r = keep_append_event(client, &actor, &e, NULL);
	return r == ERR_UNAVAILABLE ? 0 : r;
}

static void say_made(struct command_call *call, const struct backup_result *made)
{
	char bytes[NUMBER_TEXT_BYTES], files[NUMBER_TEXT_BYTES];

	if (call->json) {
		printf("{\"files\":%llu,\"bytes\":%llu}\n", (unsigned long long) made->files,
		       (unsigned long long) made->bytes);
		return;
	}
	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long) made->bytes);
	snprintf(files, sizeof(files), "%llu", (unsigned long long) made->files);
	COMMAND_SAY(call, "backup-cli.made", {"path", str_of(call->operands[0])}, {"bytes", str_of(bytes)},
	            {"files", str_of(files)});
}

int command_backup(struct command_call *call)
{
	struct backup_result made;

	if (call->operand_count != 1) {
		COMMAND_COMPLAIN(call, call->operand_count ? "cli.too-many-operands" : "cli.missing-operand", 0);
		return COMMAND_BAD_USE;
	}
	umask(0077);
	int r = backup_make(call->data_folder, call->operands[0], &made);
	if (r < 0) {
		const char *key = r == ERR_NOT_FOUND ? "backup-cli.nothing-there" : "cli.cannot-write";
		COMMAND_COMPLAIN(call, key, r, {"path", str_of(call->operands[0])},
		                 {"folder", str_of(call->data_folder)});
		return COMMAND_PROBLEM;
	}
	r = record_backup(call->data_folder, &made);
	if (r < 0)
		COMMAND_COMPLAIN(call, "backup-cli.not-recorded", r);
	say_made(call, &made);
	return r < 0 ? COMMAND_PROBLEM : COMMAND_OK;
}
