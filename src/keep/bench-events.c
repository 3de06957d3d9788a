/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench-events FOLDER [SECONDS]: acknowledged events per second of a real keeper on a new data folder below FOLDER,
 * with 1, 4, 16 and 64 clients that each wait for the acknowledgement; and the time one event takes. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "ipc/socket.h"
#include "keep/client.h"
#include "keep/serve.h"

enum { CLIENTS_MAX = 64, DEFAULT_SECONDS = 3 };

struct shared {
	uint64_t acknowledged[CLIENTS_MAX];
	int64_t longest_us[CLIENTS_MAX];
};

static _Noreturn void run_client(const char *folder, struct shared *shared, unsigned me, int64_t end_us)
{
	struct keep_client *client = NULL;
	struct keep_actor actor = {.program = STR("bench")};

	if (keep_client_open(folder, &client) < 0)
		_exit(1);
	for (int64_t began = clock_monotonic_us(); began < end_us;) {
		struct event e = event_make("check.verdict", clock_now_us());
		e.decision = STR("danger");
		event_add_count(&e, STR("claim-foreign-link"), 1);
		event_add_count(&e, STR("link-ip"), 2);
		event_add_word(&e, "input", STR("mail"));
		if (keep_append_event(client, &actor, &e, NULL) < 0)
			_exit(1);
		int64_t now = clock_monotonic_us();
		if (now - began > shared->longest_us[me])
			shared->longest_us[me] = now - began;
		shared->acknowledged[me]++;
		began = now;
	}
	_exit(0);
}

static void measure(const char *folder, struct shared *shared, unsigned clients, unsigned seconds)
{
	int64_t end_us = clock_monotonic_us() + seconds * CLOCK_SECOND_US, longest_us = 0;
	uint64_t sum = 0;

	*shared = (struct shared){{0}, {0}};
	for (unsigned i = 0; i < clients; i++) {
		if (fork() == 0)
			run_client(folder, shared, i, end_us);
	}
	for (unsigned i = 0; i < clients; i++)
		wait(NULL);
	for (unsigned i = 0; i < clients; i++) {
		sum += shared->acknowledged[i];
		longest_us = shared->longest_us[i] > longest_us ? shared->longest_us[i] : longest_us;
	}
	printf("%2u clients: %6.0f events/s acknowledged, mean %4.0f us, longest %6.1f ms\n", clients,
	       (double) sum / seconds, 1e6 * seconds * clients / (double) (sum ? sum : 1), (double) longest_us / 1e3);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const unsigned counts[] = {1, 4, 16, 64};
	char folder[4096], path[4200];
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t seconds = DEFAULT_SECONDS;
	int listener = -1;

	if (argc < 2 || shared == MAP_FAILED || (argc > 2 && str_parse_u64(str_of(argv[2]), 600, &seconds) < 0))
		return 1;
	snprintf(folder, sizeof(folder), "%s/bench-XXXXXX", argv[1]);
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/run", folder);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/run/keeper.sock", folder);
	if (socket_listen_local(path, 64, &listener) < 0)
		return 1;
	pid_t keeper = fork();
	if (keeper == 0) {
		struct keep_serve_options options = {.data_folder = folder, .listener = listener};
		_exit(keep_serve(&options) < 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		measure(folder, shared, counts[i], (unsigned) seconds);
	kill(keeper, SIGTERM);
	waitpid(keeper, NULL, 0);
	printf("data folder: %s\n", folder);
	return 0;
}
