/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A zygote with real jailed children whose reading does what a reader that was taken over, or has a fault, might do.
 * The faults live in this program only: it is its own zygote. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "doc/ask.h"
#include "doc/ask-wire.h"
#include "ipc/socket.h"
#include "jail/jail.h"
#include "proc/zygote.h"

enum {
	LIMIT_MS = 2000,           /* of a document; far more than one needs on a busy machine */
	END_MAX_MS = 5 * LIMIT_MS, /* what does not end by itself would take longer */
	TIMEOUT_MS = 10000,
	ARGUMENT_LISTENER = 7,
	BATCH = 3,
	SPEED_DOCUMENTS = 200,
};
#define ARENA_BYTES ((size_t) 32 * 1024 * 1024)

static volatile int *nowhere;

static int tell_pid(struct arena *a, struct document *ret)
{
	*ret = document_make(INPUT_TEXT);
	return document_add_part(ret, a, PART_BODY, STR("body"), arena_printf(a, "%d", (int) getpid()));
}

static int eat_memory(void)
{
	for (;;) {
		size_t n = (size_t) 1024 * 1024;
		char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK(p != MAP_FAILED);
		memset(p, 1, n);
	}
}

static int say_whether_refused(bool worked)
{
	return worked ? ERR_EXISTS : ERR_DENIED;
}

static int fill(struct arena *a, struct document *ret)
{
	char *url = arena_alloc(a, 8000);

	*ret = document_make(INPUT_TEXT);
	memset(url, 'u', 8000);
	document_add_part(ret, a, PART_BODY, STR("body"), STR("x"));
	for (int i = 0; i < DOCUMENT_LINKS_MAX; i++)
		*document_add_link(ret, a) = (struct link){.url = {url, 8000}};
	return 0;
}

static int echo(struct str name, struct str bytes, struct arena *a, struct document *ret)
{
	*ret = document_make(INPUT_TEXT);
	if (document_add_part(ret, a, PART_BODY, STR("body"), arena_dup(a, bytes)) < 0)
		return ERR_TOO_LARGE;
	return document_add_part(ret, a, PART_SUBJECT, STR("subject"), arena_dup(a, name));
}

static int read_badly(enum input_kind kind, struct str name, struct str bytes, struct arena *a, struct document *ret)
{
	if (str_eq(bytes, STR("crash")))
		return *nowhere;
	if (str_eq(bytes, STR("loop")))
		for (;;)
			*(volatile size_t *) &bytes.n = bytes.n;
	if (str_eq(bytes, STR("sleep")))
		poll(NULL, 0, -1);
	if (str_eq(bytes, STR("leave")))
		_exit(0);
	if (str_eq(bytes, STR("eat")))
		return eat_memory();
	if (str_eq(bytes, STR("open")))
		return say_whether_refused(open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0);
	if (str_eq(bytes, STR("socket")))
		return say_whether_refused(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
	if (str_eq(bytes, STR("program")))
		return say_whether_refused(execl("/bin/true", "true", NULL) == 0);
	if (str_eq(bytes, STR("pid")))
		return tell_pid(a, ret);
	if (str_eq(bytes, STR("much")))
		return fill(a, ret);
	if (str_eq(bytes, STR("broken"))) {
		*ret = document_make(INPUT_KIND_COUNT);
		return 0;
	}
	return echo(name, bytes, a, ret);
}

static int zygote(int listener, int control)
{
	struct zygote_settings settings = {
	        .listener = listener,
	        .control = control,
	        .children_max = 2,
	        .documents_max = listener >= 0 ? 1 : BATCH,
	        .document_limit_ms = LIMIT_MS,
	        .idle_limit_ms = listener >= 0 ? LIMIT_MS : 0,
	        .arena_bytes = ARENA_BYTES,
	        .read = read_badly,
	};
	jail_set in_force;

	/* The test library catches it to go on with the next test: not in a reader. */
	signal(SIGSEGV, SIG_DFL);
	if (zygote_prepare() < 0 || jail_separate(JAIL_ZYGOTE, 65534, 65534, &in_force) < 0)
		return 2;
	/* It must not outlive a test that fails. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The new list of processes begins with this one, as in the product. */
	pid_t pid = fork();
	if (pid > 0) {
		fd_close(control);
		fd_close(listener);
		int status;
		waitpid(pid, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (jail_enter(JAIL_ZYGOTE, NULL, NULL, &in_force) < 0)
		_exit(3);
	_exit(zygote_run(&settings) < 0);
}

struct fixture {
	struct asker *asker;
	struct arena *arena;
	struct document document;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	f->arena = arena_new(ARENA_BYTES);
	*state = f;
	return asker_new_private(NULL, NULL, &f->asker);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	asker_free(f->asker);
	arena_free(f->arena);
	free(f);
	return 0;
}

static int ask(struct fixture *f, struct str bytes, int timeout_ms)
{
	arena_reset(f->arena);
	return ask_document(f->asker, INPUT_TEXT, STR("名前.txt"), bytes, timeout_ms, f->arena, &f->document);
}

static void assert_fine(struct fixture *f)
{
	assert_int_equal(ask(f, STR("備え"), TIMEOUT_MS), 0);
	assert_true(str_eq(f->document.parts.at[0].text, STR("備え")));
	assert_true(str_eq(f->document.parts.at[1].text, STR("名前.txt")));
}

static void a_batch_is_read_by_several_readers(void **state)
{
	struct fixture *f = *state;
	char first[32] = "";
	int changes = 0;

	for (int i = 0; i < 2 * BATCH; i++) {
		char pid[32];
		assert_int_equal(ask(f, STR("pid"), TIMEOUT_MS), 0);
		snprintf(pid, sizeof(pid), "%.*s", STR_ARG(f->document.parts.at[0].text));
		changes += strcmp(pid, first) != 0;
		snprintf(first, sizeof(first), "%s", pid);
	}
	assert_int_equal(changes, 2);
	assert_fine(f);
}

static void a_fault_costs_one_answer(void **state)
{
	static const struct {
		const char *input;
		int want;
	} cases[] = {{"crash", ERR_CRASHED}, {"leave", ERR_CRASHED}, {"broken", ERR_INVALID}, {"eat", ERR_CRASHED}};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (SONAE_SANITIZED && strcmp(cases[i].input, "eat") == 0)
			continue;
		assert_fine(f);
		assert_int_equal(ask(f, str_of(cases[i].input), TIMEOUT_MS), cases[i].want);
		assert_fine(f);
	}
}

static void what_is_forbidden_fails(void **state)
{
	static const char *const things[] = {"open", "socket", "program"};
	struct fixture *f = *state;

	if (SONAE_SANITIZED)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(things); i++) {
		int r = ask(f, str_of(things[i]), TIMEOUT_MS);
		if (r != ERR_DENIED && r != ERR_CRASHED)
			fail_msg("%s: %d", things[i], r);
		assert_fine(f);
	}
}

static void check_late(struct fixture *f, struct str input, int timeout_ms, int want)
{
	int64_t start_us = clock_monotonic_us();
	assert_int_equal(ask(f, input, timeout_ms), want);
	assert_in_range((uintmax_t) (clock_monotonic_us() - start_us) / 1000, 0, END_MAX_MS);
	start_us = clock_monotonic_us();
	assert_fine(f);
	assert_in_range((uintmax_t) (clock_monotonic_us() - start_us) / 1000, 0, END_MAX_MS);
}

static void a_hang_ends_in_time(void **state)
{
	struct fixture *f = *state;

	check_late(f, STR("loop"), 100, ERR_TIMEOUT);
	check_late(f, STR("sleep"), 100, ERR_TIMEOUT);
	/* The zygote's own limit, for an asker that would wait for ever. */
	check_late(f, STR("loop"), -1, ERR_CRASHED);
	check_late(f, STR("sleep"), -1, ERR_CRASHED);
}

static void a_killed_zygote_is_started_again(void **state)
{
	struct fixture *f = *state;
	char command[64];

	assert_fine(f);
	/* The zygote is this process's only child. */
	snprintf(command, sizeof(command), "/proc/self/task/%d/children", (int) getpid());
	struct buf b = buf_make(1000);
	uint64_t pid;
	assert_int_equal(fd_read_file(command, &b), 0);
	assert_int_equal(str_parse_u64(str_trim(buf_str(&b)), INT32_MAX, &pid), 0);
	buf_done(&b);
	kill((pid_t) pid, SIGKILL);
	waitpid((pid_t) pid, NULL, WNOWAIT);
	usleep(100 * 1000);
	int r = ask(f, STR("x"), TIMEOUT_MS);
	assert_true(r == 0 || r == ERR_CRASHED);
	assert_fine(f);
}

static void sizes_have_limits(void **state)
{
	struct fixture *f = *state;
	size_t n = (size_t) ASK_INPUT_MAX_BYTES + 1;
	char *large = calloc(1, n);

	assert_int_equal(ask(f, (struct str){large, n}, TIMEOUT_MS), ERR_TOO_LARGE);
	/* All of it arrives; that this echo has no room for it is not the question. */
	assert_int_equal(ask(f, (struct str){large, n - 1}, TIMEOUT_MS), 0);
	assert_int_equal(ask(f, (struct str){large, DOCUMENT_TEXT_MAX_BYTES - 100}, TIMEOUT_MS), 0);
	assert_int_equal(f->document.parts.at[0].text.n, DOCUMENT_TEXT_MAX_BYTES - 100);
	assert_int_equal(ask(f, (struct str){NULL, 0}, TIMEOUT_MS), 0);
	assert_int_equal(f->document.parts.at[0].text.n, 0);
	assert_int_equal(ask(f, STR("much"), TIMEOUT_MS), 0);
	assert_true(document_is_unchecked(&f->document, UNCHECKED_TOO_MANY));
	free(large);
}

static void names_of_any_bytes_go_over(void **state)
{
	struct fixture *f = *state;
	char name[5000];

	memset(name, 'n', sizeof(name));
	memcpy(name + sizeof(name) - 4, ".eml", 4);
	assert_int_equal(
	        ask_document(f->asker, INPUT_AUTO, STR("\x82\xA0.eml"), STR("x"), TIMEOUT_MS, f->arena, &f->document),
	        0);
	assert_true(str_eq(f->document.parts.at[1].text, STR("??.eml")));
	assert_int_equal(ask_document(f->asker, INPUT_AUTO, (struct str){name, sizeof(name)}, STR("x"), TIMEOUT_MS,
	                              f->arena, &f->document),
	                 0);
	assert_int_equal(f->document.parts.at[1].text.n, ASK_NAME_MAX_BYTES);
	assert_true(str_ends_with(f->document.parts.at[1].text, STR("n.eml")));
}

static int answer_of(struct ask *question, int fd, struct arena *a, struct document *ret)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	int r;

	do
		if (poll(&wait, 1, TIMEOUT_MS) <= 0)
			return ERR_TIMEOUT;
	while ((r = ask_continue(question, a, ret)) == ERR_AGAIN);
	return r;
}

static void check_many_at_once(struct asker *asker, struct arena *a)
{
	static const char *const inputs[] = {"one", "crash", "loop", "four", "five", "sleep", "seven", "eight"};
	static const int want[] = {0, ERR_CRASHED, ERR_CRASHED, 0, 0, ERR_CRASHED, 0, 0};
	struct ask *questions[ARRAY_SIZE(inputs)];
	int fds[ARRAY_SIZE(inputs)];

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++)
		assert_int_equal(ask_begin(asker, INPUT_TEXT, STR(""), str_of(inputs[i]), &questions[i], &fds[i]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		struct document d;
		assert_int_equal(answer_of(questions[i], fds[i], a, &d), want[i]);
		if (want[i] == 0)
			assert_true(str_eq_c(d.parts.at[0].text, inputs[i]));
		ask_free(questions[i]);
	}
}

/* As web does: by path, one reader for each document, more questions than readers may run. */
static void questions_by_path_wait_their_turn(void **state)
{
	char folder[] = "/tmp/sonae-test-XXXXXX", path[64];
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct asker *asker;
	struct document d;
	int listener, status;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/reader.sock", folder);
	assert_int_equal(asker_new(path, &asker), 0);
	assert_int_equal(ask_document(asker, INPUT_TEXT, STR(""), STR("x"), 100, a, &d), ERR_UNAVAILABLE);
	assert_int_equal(socket_listen_local(path, 16, &listener), 0);
	pid_t pid = fork();
	if (pid == 0)
		_exit(zygote(listener, -1));
	fd_close(listener);
	assert_int_equal(ask_document(asker, INPUT_TEXT, STR(""), STR("x"), TIMEOUT_MS, a, &d), 0);
	check_many_at_once(asker, a);
	asker_free(asker);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	unlink(path);
	rmdir(folder);
}

static void speed_is_told(void **state)
{
	struct fixture *f = *state;
	int64_t start_us = clock_monotonic_us();

	for (int i = 0; i < SPEED_DOCUMENTS; i++)
		assert_int_equal(ask(f, STR("x"), TIMEOUT_MS), 0);
	print_message("%d us a document, a fork for each %d\n",
	              (int) ((clock_monotonic_us() - start_us) / SPEED_DOCUMENTS), BATCH);
}

#define WITH_ZYGOTE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        WITH_ZYGOTE(a_batch_is_read_by_several_readers),
	        WITH_ZYGOTE(a_fault_costs_one_answer),
	        WITH_ZYGOTE(what_is_forbidden_fails),
	        WITH_ZYGOTE(a_hang_ends_in_time),
	        WITH_ZYGOTE(a_killed_zygote_is_started_again),
	        WITH_ZYGOTE(sizes_have_limits),
	        WITH_ZYGOTE(names_of_any_bytes_go_over),
	        cmocka_unit_test(questions_by_path_wait_their_turn),
	        WITH_ZYGOTE(speed_is_told),
	};
	signal(SIGPIPE, SIG_IGN);
	if (argc > ARGUMENT_LISTENER && strcmp(argv[1], "run-process") == 0)
		return zygote(-1, (int) strtol(argv[ARGUMENT_LISTENER], NULL, 10));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
