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

#include "base/err.h"
#include "keep/serve.h"

static int lock_in(void *context)
{
	return proc_enter_jail(context);
}

int keeper_main(const struct proc_context *context)
{
	struct proc_context mine = *context;

	if (context->listener_count != 1)
		return ERR_INVALID;
	struct keep_serve_options options = {.data_folder = context->data_folder,
	                                     .listener = context->listeners[0],
	                                     .ready = lock_in,
	                                     .context = &mine};
	return keep_serve(&options);
}
