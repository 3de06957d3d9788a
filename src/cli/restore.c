/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sonae restore FILE: brings back what `sonae backup` saved, while no server runs. */
#include <stdio.h>

#include "base/err.h"
#include "cli/table.h"
#include "keep/backup.h"
#include "keep/keeper.h"

enum { NUMBER_TEXT_BYTES = 24 };

static const char *complaint(int r)
{
	switch (r) {
	case ERR_BUSY:
		return "restore-cli.server-runs";
	case ERR_UNSUPPORTED:
		return "restore-cli.not-ours-or-newer";
	case ERR_CORRUPT:
		return "restore-cli.damaged";
	case ERR_CRYPTO:
		return "restore-cli.ledger-broken";
	case ERR_NOT_FOUND:
		return "cli.cannot-read";
	default:
		return "restore-cli.failed";
	}
}

/* The keeper's own start ends the restore and writes its event. */
static int record_restore(const char *data_folder)
{
	struct keeper k;
	int r = keeper_open(&k, data_folder);
	return r < 0 ? r : keeper_close(&k);
}

int command_restore(struct command_call *call)
{
	struct restore_result done;
	char records[NUMBER_TEXT_BYTES];

	if (call->operand_count != 1) {
		COMMAND_COMPLAIN(call, call->operand_count ? "cli.too-many-operands" : "cli.missing-operand", 0);
		return COMMAND_BAD_USE;
	}
	int r = restore_make(call->data_folder, call->operands[0], &done);
	if (r >= 0)
		r = record_restore(call->data_folder);
	if (r < 0) {
		COMMAND_COMPLAIN(call, complaint(r), r, {"path", str_of(call->operands[0])});
		return COMMAND_PROBLEM;
	}
	snprintf(records, sizeof(records), "%llu", (unsigned long long) done.ledger.records);
	COMMAND_SAY(call, "restore-cli.done", {"records", str_of(records)});
	if (done.point[0])
		COMMAND_SAY(call, "restore-cli.point", {"path", str_of(done.point)});
	return COMMAND_OK;
}
