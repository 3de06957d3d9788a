/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE     the only writer: store, ledger, clock jobs. Questions of the other processes come in over
 * run/keeper.sock; keep/messages.def lists them all. TRUSTS      nobody's bytes: every question is decoded strictly and
 * checked; processes of the same user (or root) only. HOLDS       the database, the ledger's signing key, hashes of
 * passwords and tokens, secrets of second factors. MAY         read and write below the data folder; no network. Its
 * two workers (password hashes, archives) are forked before the key and the store are opened. PEERS       web processes
 * and commands, which connect; the master, which holds the listening socket. IF IT DIES  the master starts it again;
 * every answer that was given is on disk; callers without one see ERR_CLOSED. */
#include "proc/proc.h"

#include <jansson.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "keep/serve.h"

enum { STATUS_MAX_BYTES = 1024 * 1024 };

static int lock_in(void *context)
{
	return proc_enter_jail(context);
}

static bool is_listed(const json_t *processes, const char *name, int pid)
{
	const json_t *child;
	size_t i;

	json_array_foreach(processes, i, child)
	{
		const char *word = json_string_value(json_object_get(child, "name"));
		if (word && strcmp(word, name) == 0 && json_integer_value(json_object_get(child, "pid")) == pid)
			return true;
	}
	return false;
}

/* The master's list of its processes; only the master can write it: web and gate are locked out of writing there. */
static bool is_process(const char *name, int pid)
{
	CLEANUP(buf_done) struct buf text = buf_make(STATUS_MAX_BYTES);

	if (pid <= 0 || fd_read_file(PROC_STATUS_FILE, &text) < 0)
		return false;
	json_t *status = json_loadb(text.p, text.n, 0, NULL);
	bool found = is_listed(json_object_get(status, "processes"), name, pid);
	json_decref(status);
	return found;
}

static bool is_gate(void *context, int pid)
{
	(void) context;
	return is_process("gate", pid);
}

static bool is_post(void *context, int pid)
{
	(void) context;
	return is_process("post", pid);
}

int keeper_main(const struct proc_context *context)
{
	struct proc_context mine = *context;

	if (context->listener_count != 1)
		return ERR_INVALID;
	struct keep_serve_options options = {.data_folder = context->data_folder,
	                                     .listener = context->listeners[0],
	                                     .ready = lock_in,
	                                     .is_gate = is_gate,
	                                     .is_post = is_post,
	                                     .context = &mine};
	return keep_serve(&options);
}
