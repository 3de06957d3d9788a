/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sonae ledger verify, export, checkpoint. All work while the server runs and while it does not. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "cli/table.h"
#include "keep/backup.h"
#include "keep/client.h"
#include "keep/keeper.h"
#include "ledger/export.h"
#include "store/records.h"

enum {
	PATH_MAX_BYTES = 4096,
	PIECE_BYTES = 64 * 1024,
	EXPORT_BUFFER_MAX_BYTES = 1024 * 1024,
	ARENA_BYTES = 1024 * 1024,
	CONNECT_TIMEOUT_MS = 300,
	NUMBER_TEXT_BYTES = 24,
};

static bool join(char ret[static PATH_MAX_BYTES], const char *folder, const char *name)
{
	int n = snprintf(ret, PATH_MAX_BYTES, "%s/%s", folder, name);
	return n > 0 && n < PATH_MAX_BYTES;
}

/* ---- checkpoint ---- */

/* Without a server: the keeper's own steps, which seal at the end. */
static int seal_alone(const char *data_folder)
{
	struct keeper k;
	int r = keeper_open(&k, data_folder);
	return r < 0 ? r : keeper_close(&k);
}

static int read_last_note(const char *data_folder, struct arena *a, struct keep_ledger_checkpoint_out *ret)
{
	CLEANUP(store_freep) struct store *s = NULL;
	char path[PATH_MAX_BYTES];

	if (!join(path, data_folder, STORE_FILE_NAME))
		return ERR_TOO_LARGE;
	int r = store_open(path, STORE_READ, &s);
	return r < 0 ? r : records_last_note(s, a, &ret->note, &ret->size);
}

/* A checkpoint over everything up to now: from the server, or by itself when none runs. */
static int get_checkpoint(const char *data_folder, struct arena *a, struct keep_ledger_checkpoint_out *ret)
{
	CLEANUP(keep_client_freep) struct keep_client *client = NULL;
	struct keep_actor actor = {.program = STR("cli")};
	char path[PATH_MAX_BYTES];
	struct stat info;

	if (!join(path, data_folder, STORE_FILE_NAME) || stat(path, &info) != 0)
		return ERR_NOT_FOUND;
	int r = keep_client_open(data_folder, &client);
	if (r < 0)
		return r;
	keep_client_set_timeout(client, KEEP_CALL_TIMEOUT_MS, CONNECT_TIMEOUT_MS);
	r = keep_ledger_checkpoint(client, &actor, &(struct keep_ledger_checkpoint_in){0}, a, ret);
	if (r != ERR_UNAVAILABLE)
		return r;
	r = seal_alone(data_folder);
	return r < 0 ? r : read_last_note(data_folder, a, ret);
}

int command_ledger_checkpoint(struct command_call *call)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct keep_ledger_checkpoint_out out;

	int r = get_checkpoint(call->data_folder, a, &out);
	if (r < 0) {
		COMMAND_COMPLAIN(call, "ledger-cli.no-checkpoint", r, {"folder", str_of(call->data_folder)});
		return COMMAND_PROBLEM;
	}
	fwrite(out.note.p, 1, out.note.n, stdout);
	return fflush(stdout) == 0 ? COMMAND_OK : COMMAND_PROBLEM;
}

/* ---- export ---- */

struct exporter {
	int fd;
	struct buf out;
	uint64_t limit; /* records: those under the checkpoint that was just signed */
	uint64_t records, checkpoints;
};

static int flush_some(struct exporter *x, size_t at_least)
{
	if (buf_failed(&x->out))
		return ERR_TOO_LARGE;
	if (x->out.n < at_least)
		return 0;
	int r = fd_write_all(x->fd, x->out.p, x->out.n);
	buf_clear(&x->out);
	return r;
}

static int export_record(void *context, uint64_t number, const struct ledger_hash *leaf, struct str bytes)
{
	struct exporter *x = context;
	if (number >= x->limit)
		return ERR_CLOSED; /* what came in meanwhile is for the next export */
	export_add_record(&x->out, number, leaf, bytes);
	x->records++;
	return flush_some(x, PIECE_BYTES);
}

static int export_checkpoint(void *context, struct str note)
{
	struct exporter *x = context;
	export_add_checkpoint(&x->out, note);
	x->checkpoints++;
	return flush_some(x, PIECE_BYTES);
}

static int load_key(const char *data_folder, struct ledger_key *ret)
{
	CLEANUP(buf_wipe_done) struct buf text = buf_make(PATH_MAX_BYTES);
	struct ledger_signer signer;
	char path[PATH_MAX_BYTES];

	if (!join(path, data_folder, "keys/ledger.key"))
		return ERR_TOO_LARGE;
	int r = fd_read_file(path, &text);
	if (r >= 0)
		r = ledger_signer_read(buf_str(&text), &signer);
	if (r < 0)
		return r;
	*ret = signer.key;
	ledger_signer_wipe(&signer);
	return 0;
}

static int write_export(const char *data_folder, struct exporter *x)
{
	CLEANUP(store_freep) struct store *s = NULL;
	struct ledger_key key;
	char path[PATH_MAX_BYTES];

	if (!join(path, data_folder, STORE_FILE_NAME))
		return ERR_TOO_LARGE;
	int r = load_key(data_folder, &key);
	if (r >= 0)
		r = store_open(path, STORE_READ, &s);
	if (r < 0)
		return r;
	export_add_head(&x->out, &key);
	r = records_walk(s, &(struct records_visitor){export_record, export_checkpoint, x});
	if (r < 0 && r != ERR_CLOSED)
		return r;
	export_add_end(&x->out, x->records, x->checkpoints);
	r = flush_some(x, 0);
	return r < 0 || x->fd == STDOUT_FILENO ? r : fsync(x->fd) == 0 ? 0 : ERR_SYSTEM;
}

static int export_to(const char *data_folder, const char *path, uint64_t limit, struct exporter *x)
{
	bool to_stdout = strcmp(path, "-") == 0;

	*x = (struct exporter){.limit = limit, .out = buf_make(EXPORT_BUFFER_MAX_BYTES)};
	x->fd = to_stdout ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (x->fd < 0)
		return errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM;
	int r = write_export(data_folder, x);
	buf_done(&x->out);
	if (to_stdout)
		return r;
	fd_close(x->fd);
	if (r < 0)
		unlink(path);
	return r;
}

int command_ledger_export(struct command_call *call)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct keep_ledger_checkpoint_out checkpoint;
	struct exporter x;
	char records[NUMBER_TEXT_BYTES];

	if (call->operand_count != 1) {
		COMMAND_COMPLAIN(call, call->operand_count ? "cli.too-many-operands" : "cli.missing-operand", 0);
		return COMMAND_BAD_USE;
	}
	int r = get_checkpoint(call->data_folder, a, &checkpoint);
	if (r < 0) {
		COMMAND_COMPLAIN(call, "ledger-cli.no-checkpoint", r, {"folder", str_of(call->data_folder)});
		return COMMAND_PROBLEM;
	}
	r = export_to(call->data_folder, call->operands[0], checkpoint.size, &x);
	if (r < 0) {
		COMMAND_COMPLAIN(call, "cli.cannot-write", r, {"path", str_of(call->operands[0])});
		return COMMAND_PROBLEM;
	}
	if (strcmp(call->operands[0], "-") == 0)
		return COMMAND_OK;
	snprintf(records, sizeof(records), "%llu", (unsigned long long) x.records);
	COMMAND_SAY(call, "ledger-cli.exported", {"records", str_of(records)}, {"path", str_of(call->operands[0])});
	return COMMAND_OK;
}

/* ---- verify ---- */

static int verify_export(const char *path, struct str kept, struct verify_result *ret)
{
	char piece[PIECE_BYTES];
	struct export_reader reader;
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	export_reader_init(&reader, kept);
	while ((n = read(fd, piece, sizeof(piece))) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0 && export_reader_feed(&reader, str_make(piece, (size_t) n)) < 0)
			break;
	}
	*ret = export_reader_finish(&reader);
	if (!is_stdin)
		fd_close(fd);
	return n < 0 ? ERR_SYSTEM : 0;
}

static int verify_path(const char *path, struct str kept, struct verify_result *ret)
{
	char store_path[PATH_MAX_BYTES], key_path[PATH_MAX_BYTES];
	struct stat info;

	if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISDIR(info.st_mode)))
		return verify_export(path, kept, ret);
	if (!join(store_path, path, STORE_FILE_NAME) || !join(key_path, path, "keys/ledger.key"))
		return ERR_TOO_LARGE;
	return backup_verify_ledger(store_path, key_path, kept, ret);
}

static void say_result(struct command_call *call, const struct verify_result *result)
{
	CLEANUP(buf_done) struct buf key = buf_make(128);
	char records[NUMBER_TEXT_BYTES], bad[NUMBER_TEXT_BYTES], open[NUMBER_TEXT_BYTES];
	char checkpoints[NUMBER_TEXT_BYTES];

	snprintf(records, sizeof(records), "%llu", (unsigned long long) result->records);
	snprintf(checkpoints, sizeof(checkpoints), "%llu", (unsigned long long) result->checkpoints);
	snprintf(bad, sizeof(bad), "%llu", (unsigned long long) result->bad_record);
	snprintf(open, sizeof(open), "%llu", (unsigned long long) (result->records - result->sealed));
	const struct i18n_fact facts[] = {{"records", str_of(records)},
	                                  {"checkpoints", str_of(checkpoints)},
	                                  {"bad", str_of(bad)},
	                                  {"open", str_of(open)}};
	buf_printf(&key, "ledger-cli.fault.%s", verify_fault_word(result->fault));
	command_say(call, buf_cstr(&key), facts, ARRAY_SIZE(facts));
	buf_clear(&key);
	buf_printf(&key, "ledger-cli.completeness.%s", completeness_word(result->completeness));
	command_say(call, buf_cstr(&key), facts, ARRAY_SIZE(facts));
}

static int print_result(struct command_call *call, const struct verify_result *result)
{
	CLEANUP(buf_done) struct buf line = buf_make(1024);

	if (call->json) {
		verify_result_write(result, &line);
		printf("%.*s\n", STR_ARG(buf_str(&line)));
	} else {
		say_result(call, result);
	}
	return verify_is_good(result) ? COMMAND_OK : COMMAND_NOT_TRUE;
}

int command_ledger_verify(struct command_call *call)
{
	CLEANUP(buf_done) struct buf kept = buf_make(CHECKPOINT_MAX_BYTES);
	const char *path = call->operand_count ? call->operands[0] : call->data_folder;
	const char *kept_path = command_value(call, "checkpoint");
	struct verify_result result;

	if (call->operand_count > 1) {
		COMMAND_COMPLAIN(call, "cli.too-many-operands", 0);
		return COMMAND_BAD_USE;
	}
	int r = kept_path ? fd_read_file(kept_path, &kept) : 0;
	if (r < 0 || (kept_path && kept.n == 0)) {
		COMMAND_COMPLAIN(call, "cli.cannot-read", r < 0 ? r : ERR_INVALID, {"path", str_of(kept_path)});
		return COMMAND_BAD_USE;
	}
	r = verify_path(path, buf_str(&kept), &result);
	if (r < 0) {
		COMMAND_COMPLAIN(call, "cli.cannot-read", r, {"path", str_of(path)});
		return COMMAND_PROBLEM;
	}
	return print_result(call, &result);
}
