/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests: a data folder in a temporary place and a real keeper on it. The test holds the listening socket, as the
 * master does, so that a keeper can be killed and started again. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "ipc/socket.h"
#include "keep/client.h"
#include "keep/serve.h"

struct house {
	char folder[64], path[128];
	int listener;
	pid_t keeper;
	struct keep_client *client;
	struct arena *arena;
};

/* The test itself may ask what only the gate and the post may. */
static bool house_is_gate(void *context, int pid)
{
	(void) context;
	return pid == (int) getppid();
}

static void house_start(struct house *h)
{
	h->keeper = fork();
	assert_true(h->keeper >= 0);
	if (h->keeper == 0) {
		struct keep_serve_options options = {.data_folder = h->folder,
		                                     .listener = h->listener,
		                                     .is_gate = house_is_gate,
		                                     .is_post = house_is_gate};
		int r = keep_serve(&options);
		if (r < 0)
			print_error("keeper: %s\n", err_text(r));
		_exit(r < 0 ? 1 : 0);
	}
}

/* The keeper's exit status; 128 and the signal when one ended it. */
static int house_stop(struct house *h, int signal_number)
{
	int status = 0;
	kill(h->keeper, signal_number);
	assert_int_equal(waitpid(h->keeper, &status, 0), h->keeper);
	h->keeper = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void house_open(struct house *h)
{
	snprintf(h->folder, sizeof(h->folder), "/tmp/sonae-keep-XXXXXX");
	assert_non_null(mkdtemp(h->folder));
	snprintf(h->path, sizeof(h->path), "%s/run", h->folder);
	assert_int_equal(mkdir(h->path, 0700), 0);
	snprintf(h->path, sizeof(h->path), "%s/run/keeper.sock", h->folder);
	assert_int_equal(socket_listen_local(h->path, 64, &h->listener), 0);
	assert_int_equal(keep_client_open(h->folder, &h->client), 0);
	h->arena = arena_new(16 * 1024 * 1024);
}

static void house_close(struct house *h)
{
	char command[128];
	if (h->keeper)
		assert_int_equal(house_stop(h, SIGTERM), 0);
	keep_client_free(h->client);
	arena_free(h->arena);
	close(h->listener);
	snprintf(command, sizeof(command), "rm -rf %s", h->folder);
	assert_int_equal(system(command), 0);
}

/* Asks as a person (0: the command line); out is a variable of the answer's type. */
#define ASK(house, call, person_id, out, ...)                                                                          \
	keep_##call((house)->client,                                                                                   \
	            &(struct keep_actor){.person = (person_id), .program = STR("cli"), .remote = STR("192.0.2.1")},    \
	            &(struct keep_##call##_in){__VA_ARGS__}, (house)->arena, (out))
