/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The real master, with processes of this program: each answers a connection with its pid and how often it was told to
 * reload, from within its real jail. */
#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "ipc/socket.h"
#include "proc/master.h"
#include "proc/proc.h"

enum { WAIT_MS = 8000, STEP_US = 10 * 1000, STATUS_MAX_BYTES = 64 * 1024, WEB_COUNT = 2, ANSWER_MAX_BYTES = 64 };

static volatile sig_atomic_t stopped, reloads;

static void on_signal(int number)
{
	if (number == SIGTERM)
		stopped = 1;
	else
		reloads = reloads + 1;
}

static void answer(int listener)
{
	char text[ANSWER_MAX_BYTES];
	int fd;

	if (socket_accept(listener, &fd) < 0)
		return;
	int n = snprintf(text, sizeof(text), "%d %d", (int) getpid(), (int) reloads);
	(void) fd_write_all(fd, text, (size_t) n);
	fd_close(fd);
}

static int answering_main(const struct proc_context *context)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	int r = proc_enter_jail(context);
	while (r >= 0 && !stopped) {
		struct pollfd wait = {.fd = context->listeners[0], .events = POLLIN};
		if (poll(&wait, 1, WAIT_MS) > 0)
			answer(context->listeners[0]);
	}
	return r;
}

/* The reader's level ends what would make a socket or look at files; waiting is enough here. */
static int waiting_main(const struct proc_context *context)
{
	signal(SIGTERM, on_signal);
	int r = proc_enter_jail(context);
	while (r >= 0 && !stopped)
		poll(NULL, 0, 50);
	return r;
}

const struct proc_entry proc_table[] = {
        {"keeper", answering_main, JAIL_KEEPER, PROC_KEEPER_SOCKET, 1},
        {"reader", waiting_main, JAIL_ZYGOTE, PROC_READER_SOCKET, 1},
        {"web", answering_main, JAIL_WEB, NULL, 1, PROC_WEB_ADDRESSES},
        {NULL, NULL, JAIL_WEB, NULL, 0},
};

struct fixture {
	char folder[64], status_path[96], keeper_path[96], ready_path[96], address[32];
	uint16_t port;
	pid_t master;
};

static void note_ready(void *context)
{
	const struct fixture *f = context;
	(void) fd_replace_file(f->ready_path, STR("ready"), 0600);
}

static int run_master(struct fixture *f)
{
	struct master_settings settings = {
	        .data_folder = f->folder,
	        .rules_folder = "/usr/share",
	        .addresses = {str_of(f->address)},
	        .address_count = 1,
	        .web_count = WEB_COUNT,
	        .on_ready = note_ready,
	        .context = f,
	};
	return master_run(&settings);
}

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(address);
	CLEANUP_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *) &address, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &n), 0);
	return ntohs(address.sin_port);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "/tmp/sonae-master-XXXXXX");
	if (!mkdtemp(f->folder))
		return -1;
	snprintf(f->status_path, sizeof(f->status_path), "%s/%s", f->folder, PROC_STATUS_FILE);
	snprintf(f->keeper_path, sizeof(f->keeper_path), "%s/%s", f->folder, PROC_KEEPER_SOCKET);
	snprintf(f->ready_path, sizeof(f->ready_path), "%s/ready", f->folder);
	f->port = free_port();
	snprintf(f->address, sizeof(f->address), "127.0.0.1:%u", (unsigned) f->port);
	f->master = fork();
	if (f->master == 0)
		_exit(run_master(f) < 0 ? 2 : 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = {"ready", "run/lock", "run/status.json", "run/keeper.sock",
	                                    "run/reader.sock"};

	if (f->master > 0) {
		kill(f->master, SIGKILL);
		waitpid(f->master, NULL, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
		unlink(path);
	}
	char run[96];
	snprintf(run, sizeof(run), "%s/run", f->folder);
	rmdir(run);
	rmdir(f->folder);
	free(f);
	return 0;
}

struct seen {
	int pid, restarts;
	bool ready;
	char last_exit[64];
	size_t mechanisms;
};

/* What status.json says of the nth process of a name. */
static bool look(const struct fixture *f, const char *name, int index, struct seen *ret)
{
	struct buf b = buf_make(STATUS_MAX_BYTES);
	json_t *status = fd_read_file(f->status_path, &b) >= 0 ? json_loadb(b.p, b.n, 0, NULL) : NULL, *one;
	bool found = false;
	size_t i;

	buf_done(&b);
	json_array_foreach(json_object_get(status, "processes"), i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "name")), name) != 0 ||
		    json_integer_value(json_object_get(one, "index")) != index)
			continue;
		*ret = (struct seen){.pid = (int) json_integer_value(json_object_get(one, "pid")),
		                     .restarts = (int) json_integer_value(json_object_get(one, "restarts")),
		                     .ready = json_is_true(json_object_get(one, "ready")),
		                     .mechanisms = json_array_size(json_object_get(one, "jail"))};
		snprintf(ret->last_exit, sizeof(ret->last_exit), "%s",
		         json_string_value(json_object_get(one, "last_exit")));
		found = true;
	}
	json_decref(status);
	return found;
}

static struct seen wait_ready(const struct fixture *f, const char *name, int index, int restarts)
{
	struct seen seen = {0};
	int64_t until_us = socket_deadline_us(WAIT_MS);

	while (!look(f, name, index, &seen) || !seen.ready || seen.restarts < restarts) {
		if (clock_monotonic_us() > until_us)
			fail_msg("%s %d is not ready", name, index);
		usleep(STEP_US);
	}
	return seen;
}

static void read_answer(int fd, int *ret_pid, int *ret_reloads)
{
	struct buf b = buf_make(ANSWER_MAX_BYTES);
	assert_int_equal(fd_read_to_end(fd, &b), 0);
	assert_int_equal(sscanf(buf_cstr(&b), "%d %d", ret_pid, ret_reloads), 2);
	buf_done(&b);
	fd_close(fd);
}

static int connect_web(const struct fixture *f)
{
	struct sockaddr_in address = {
	        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(f->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *) &address, sizeof(address)), 0);
	return fd;
}

static void all_are_started_and_locked_in(void **state)
{
	const struct fixture *f = *state;
	int pid, count;
	struct stat info;

	struct seen keeper = wait_ready(f, "keeper", 0, 0), reader = wait_ready(f, "reader", 0, 0);
	(void) wait_ready(f, "web", 0, 0);
	struct seen web = wait_ready(f, "web", 1, 0);
	if (!SONAE_SANITIZED) {
		assert_true(keeper.mechanisms >= 4);
		assert_true(reader.mechanisms >= 4);
		assert_true(web.mechanisms >= 4);
	}
	int fd;
	assert_int_equal(socket_connect_local(f->keeper_path, WAIT_MS, &fd), 0);
	read_answer(fd, &pid, &count);
	assert_int_equal(pid, keeper.pid);
	read_answer(connect_web(f), &pid, &count);
	assert_true(pid > 0);
	assert_int_equal(stat(f->keeper_path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	int64_t until_us = socket_deadline_us(WAIT_MS);
	while (access(f->ready_path, F_OK) != 0 && clock_monotonic_us() < until_us)
		usleep(STEP_US);
	assert_int_equal(access(f->ready_path, F_OK), 0);
}

static void a_killed_process_comes_back(void **state)
{
	static const struct {
		const char *name;
		int index;
	} all[] = {{"keeper", 0}, {"reader", 0}, {"web", 0}, {"web", 1}};
	const struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct seen before = wait_ready(f, all[i].name, all[i].index, 0);
		kill(before.pid, SIGKILL);
		struct seen after = wait_ready(f, all[i].name, all[i].index, 1);
		assert_int_not_equal(after.pid, before.pid);
		assert_string_equal(after.last_exit, "signal 9 (Killed)");
	}
}

static void who_connects_meanwhile_is_served_by_the_next(void **state)
{
	const struct fixture *f = *state;
	int fd, pid, count;

	struct seen before = wait_ready(f, "keeper", 0, 0);
	kill(before.pid, SIGSTOP);
	assert_int_equal(socket_connect_local(f->keeper_path, WAIT_MS, &fd), 0);
	kill(before.pid, SIGKILL);
	read_answer(fd, &pid, &count);
	assert_int_not_equal(pid, before.pid);
	assert_int_equal(pid, wait_ready(f, "keeper", 0, 1).pid);
}

static void reload_reaches_the_web_processes_only(void **state)
{
	const struct fixture *f = *state;
	int pid, count = 0, fd;

	(void) wait_ready(f, "keeper", 0, 0);
	(void) wait_ready(f, "web", 0, 0);
	(void) wait_ready(f, "web", 1, 0);
	kill(f->master, SIGHUP);
	for (int64_t until_us = socket_deadline_us(WAIT_MS); count == 0 && clock_monotonic_us() < until_us;)
		read_answer(connect_web(f), &pid, &count);
	assert_int_equal(count, 1);
	assert_int_equal(socket_connect_local(f->keeper_path, WAIT_MS, &fd), 0);
	read_answer(fd, &pid, &count);
	assert_int_equal(count, 0);
}

static bool is_gone(int pid)
{
	for (int64_t until_us = socket_deadline_us(WAIT_MS); kill(pid, 0) == 0; usleep(STEP_US))
		if (clock_monotonic_us() > until_us)
			return false;
	return true;
}

static void sigterm_ends_all(void **state)
{
	struct fixture *f = *state;
	int pids[] = {wait_ready(f, "keeper", 0, 0).pid, wait_ready(f, "reader", 0, 0).pid,
	              wait_ready(f, "web", 0, 0).pid, wait_ready(f, "web", 1, 0).pid};
	int status;

	kill(f->master, SIGTERM);
	assert_int_equal(waitpid(f->master, &status, 0), f->master);
	f->master = 0;
	assert_int_equal(status, 0);
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++)
		assert_int_not_equal(kill(pids[i], 0), 0);
	assert_int_not_equal(access(f->status_path, F_OK), 0);
}

static void no_process_outlives_a_killed_master(void **state)
{
	struct fixture *f = *state;
	int pids[] = {wait_ready(f, "keeper", 0, 0).pid, wait_ready(f, "reader", 0, 0).pid,
	              wait_ready(f, "web", 0, 0).pid};

	kill(f->master, SIGKILL);
	waitpid(f->master, NULL, 0);
	f->master = 0;
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++)
		assert_true(is_gone(pids[i]));
}

static void a_folder_has_one_master(void **state)
{
	struct fixture *f = *state;
	int status;

	(void) wait_ready(f, "keeper", 0, 0);
	pid_t second = fork();
	if (second == 0)
		_exit(run_master(f) == ERR_EXISTS ? 0 : 1);
	waitpid(second, &status, 0);
	assert_int_equal(status, 0);
	(void) wait_ready(f, "keeper", 0, 0);
}

#define WITH_MASTER(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        WITH_MASTER(all_are_started_and_locked_in),
	        WITH_MASTER(a_killed_process_comes_back),
	        WITH_MASTER(who_connects_meanwhile_is_served_by_the_next),
	        WITH_MASTER(reload_reaches_the_web_processes_only),
	        WITH_MASTER(sigterm_ends_all),
	        WITH_MASTER(no_process_outlives_a_killed_master),
	        WITH_MASTER(a_folder_has_one_master),
	};
	if (argc > 1 && strcmp(argv[1], "run-process") == 0)
		return proc_run(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
