/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  starts the processes of the table, watches them, restarts what dies, ends them in order
 * TRUSTS   its arguments; nothing that comes from outside reaches it
 * HOLDS    every listening socket, so that a restarted process finds its queue again; the lock of the data folder
 * MAY      fork and exec its own program, write <data>/run/
 * PEERS    none: it tells its children only by signals
 * IF IT DIES  the children are told by the kernel (PR_SET_PDEATHSIG) and end too; the data are whole at any moment */
#include "proc/master.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/listen.h"
#include "proc/proc.h"

enum {
	RESTART_FIRST_MS = 50,
	RESTART_MOST_MS = 10000,
	STEADY_AFTER_MS = 30000, /* a process that ran this long starts over with the shortest pause */
	RESTARTS_WAITED_FOR = 3,
	WAIT_MS = 500,
	PATH_MAX_BYTES = 4096,
	NUMBER_BYTES = 16,
	REASON_BYTES = 48,
	FIXED_ARGUMENTS = 7,
	EXIT_NOT_RUN = 127,
	STOP_STEP_US = 20 * 1000,
};

struct child {
	const struct proc_entry *entry;
	unsigned index;
	int listeners[PROC_LISTENERS_MAX];
	size_t listener_count;
	pid_t pid;          /* 0: not running */
	int64_t started_us; /* wall clock, for people */
	int64_t steady_us;  /* monotonic time of the start */
	int64_t again_us;   /* monotonic time of the next start */
	int report;         /* where it says that it is ready and locked in; -1: it has, or it is gone */
	bool ready;
	jail_set in_force;
	int pause_ms;
	unsigned restarts;
	char last_exit[REASON_BYTES];
};

struct master {
	const struct master_settings *settings;
	char data[PATH_MAX_BYTES], rules[PATH_MAX_BYTES];
	int lock;
	struct jail_probe mechanisms[JAIL_MECHANISM_COUNT];
	struct child children[PROC_COUNT_MAX];
	size_t count;
	sigset_t signals;
	int signal_fd;
	bool announced;
};

/* As root for a folder of somebody else: keeper and web will be that user. */
static int give_to_owner(const struct master *m, const char *path)
{
	struct stat folder;

	if (geteuid() != 0)
		return 0;
	if (stat(m->data, &folder) != 0 || lchown(path, folder.st_uid, folder.st_gid) != 0)
		return ERR_SYSTEM;
	return 0;
}

static int prepare_folder(struct master *m)
{
	const char *data = m->settings->data_folder;

	if (mkdir(data, 0700) != 0 && errno != EEXIST)
		return ERR_SYSTEM;
	if (!realpath(data, m->data) || !realpath(m->settings->rules_folder, m->rules) || chdir(m->data) != 0)
		return ERR_SYSTEM;
	if (mkdir("run", 0700) != 0 && errno != EEXIST)
		return ERR_SYSTEM;
	int r = give_to_owner(m, "run");
	if (r < 0)
		return r;
	m->lock = open("run/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (m->lock < 0)
		return ERR_SYSTEM;
	return flock(m->lock, LOCK_EX | LOCK_NB) == 0 ? 0 : ERR_EXISTS;
}

/* Processes of one name take turns at one local socket. */
static int share_local(struct master *m, struct child *c)
{
	for (const struct child *other = m->children; other < c; other++)
		if (other->entry == c->entry)
			c->listeners[0] = fcntl(other->listeners[0], F_DUPFD_CLOEXEC, 0);
	int r = c->index > 0 ? (c->listeners[0] < 0 ? ERR_SYSTEM : 0)
	                     : listen_local(c->entry->socket, &c->listeners[0]);
	if (r < 0)
		return r;
	c->listener_count = 1;
	return give_to_owner(m, c->entry->socket);
}

static int child_listen(struct master *m, struct child *c)
{
	bool is_web = c->entry->addresses == PROC_WEB_ADDRESSES;
	const struct str *addresses = is_web ? m->settings->addresses : m->settings->gate_addresses;
	size_t count = is_web ? m->settings->address_count : m->settings->gate_address_count;
	int r = c->entry->socket ? share_local(m, c) : 0;
	if (r < 0 || c->entry->addresses == PROC_NO_ADDRESSES)
		return r;
	for (size_t i = 0; i < count; i++) {
		r = listen_network(addresses[i], c->index == 0, &c->listeners[c->listener_count]);
		if (r < 0)
			return r;
		c->listener_count++;
	}
	return 0;
}

static int make_children(struct master *m)
{
	for (const struct proc_entry *e = proc_table; e->name; e++) {
		unsigned wanted = e->addresses == PROC_WEB_ADDRESSES    ? m->settings->web_count
		                  : e->addresses == PROC_GATE_ADDRESSES ? m->settings->gate_count
		                                                        : 0;
		unsigned count = wanted && e->count ? wanted : e->count;
		for (unsigned i = 0; i < count; i++) {
			if (m->count == PROC_COUNT_MAX)
				return ERR_TOO_LARGE;
			struct child *c = &m->children[m->count++];
			*c = (struct child){.entry = e, .index = i, .pause_ms = RESTART_FIRST_MS, .report = -1};
			int r = child_listen(m, c);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Everything that a new program must have and must not have from the master: the rest is close-on-exec. */
static _Noreturn void run_child(struct master *m, struct child *c, pid_t master, int report)
{
	char index[NUMBER_BYTES], report_number[NUMBER_BYTES], numbers[PROC_LISTENERS_MAX][NUMBER_BYTES];
	char *argv[FIXED_ARGUMENTS + PROC_LISTENERS_MAX + 1] = {
	        "sonae", "run-process", (char *) c->entry->name, index, m->data, m->rules, report_number};
	char program[PATH_MAX];
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != master)
		_exit(EXIT_NOT_RUN);
	snprintf(index, sizeof(index), "%u", c->index);
	snprintf(report_number, sizeof(report_number), "%d", report);
	(void) fd_set_inherited(report, 1);
	for (size_t i = 0; i < c->listener_count; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%d", c->listeners[i]);
		argv[FIXED_ARGUMENTS + i] = numbers[i];
		(void) fd_set_inherited(c->listeners[i], 1);
	}
	if (c->entry->run)
		execv("/proc/self/exe", argv);
	else if (beside_sibling(c->entry->program, program, sizeof(program)) >= 0)
		execv(program, argv);
	_exit(EXIT_NOT_RUN);
}

static pid_t fork_child(struct master *m, struct child *c)
{
	int ends[2];
	pid_t master = getpid();

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0)
		run_child(m, c, master, ends[1]);
	fd_close(ends[1]);
	if (pid < 0) {
		fd_close(ends[0]);
		return -1;
	}
	c->report = ends[0];
	return pid;
}

static void start_child(struct master *m, struct child *c)
{
	pid_t pid = fork_child(m, c);
	c->steady_us = clock_monotonic_us();
	if (pid < 0) {
		c->again_us = c->steady_us + (int64_t) c->pause_ms * 1000;
		log_event(LOG_LEVEL_ERROR, "process.not-started", LOG_TEXT("name", c->entry->name),
		          LOG_TEXT("why", strerror(errno)));
		return;
	}
	c->pid = pid;
	c->started_us = clock_now_us();
	log_event(LOG_LEVEL_INFO, "process.started", LOG_TEXT("name", c->entry->name), LOG_NUMBER("pid", pid));
}

/* Four bytes, written at once: whole or not at all. */
static void take_report(struct child *c)
{
	jail_set in_force;

	if (read(c->report, &in_force, sizeof(in_force)) == sizeof(in_force)) {
		c->in_force = in_force;
		c->ready = true;
	}
	fd_close(c->report);
	c->report = -1;
}

static json_t *jail_json(const struct child *c)
{
	json_t *list = json_array();
	for (int i = 0; i < JAIL_MECHANISM_COUNT; i++)
		if (jail_has(c->in_force, (enum jail_mechanism) i))
			json_array_append_new(list, json_string(jail_mechanism_word((enum jail_mechanism) i)));
	return list;
}

static json_t *child_json(const struct child *c)
{
	char started[CLOCK_TEXT_BYTES] = "";
	if (c->started_us)
		clock_format_utc(c->started_us, started);
	return json_pack("{s:s, s:i, s:i, s:b, s:s, s:i, s:s, s:s, s:o}", "name", c->entry->name, "index",
	                 (int) c->index, "pid", (int) c->pid, "ready", (int) c->ready, "started", started, "restarts",
	                 (int) c->restarts, "last_exit", c->last_exit, "level", jail_level_word(c->entry->jail), "jail",
	                 jail_json(c));
}

static json_t *mechanisms_json(const struct jail_probe *found)
{
	json_t *j = json_array();
	for (size_t i = 0; i < JAIL_MECHANISM_COUNT; i++)
		json_array_append_new(j, json_pack("{s:s, s:b, s:s}", "word", jail_mechanism_word(found[i].mechanism),
		                                   "available", (int) found[i].available, "detail", found[i].detail));
	return j;
}

/* For the status page and doctor; replaced whole, so that a reader never sees half of it. */
static void write_status(struct master *m)
{
	json_t *status = json_object(), *list = json_array();

	for (size_t i = 0; i < m->count; i++)
		json_array_append_new(list, child_json(&m->children[i]));
	json_object_set_new(status, "pid", json_integer(getpid()));
	json_object_set_new(status, "processes", list);
	json_object_set_new(status, "mechanisms", mechanisms_json(m->mechanisms));
	json_object_set_new(status, "sandboxed", json_boolean(!SONAE_SANITIZED));
	char *text = json_dumps(status, JSON_COMPACT);
	if (!text || fd_replace_file(PROC_STATUS_FILE, str_of(text), 0600) < 0 ||
	    give_to_owner(m, PROC_STATUS_FILE) < 0)
		log_event(LOG_LEVEL_WARNING, "status.not-written");
	free(text);
	json_decref(status);
}

static void note_exit(struct child *c, int status)
{
	if (WIFSIGNALED(status))
		snprintf(c->last_exit, sizeof(c->last_exit), "signal %d (%s)", WTERMSIG(status),
		         strsignal(WTERMSIG(status)));
	else
		snprintf(c->last_exit, sizeof(c->last_exit), "status %d", WEXITSTATUS(status));
	bool as_asked = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	log_event(as_asked ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "process.ended", LOG_TEXT("name", c->entry->name),
	          LOG_NUMBER("pid", c->pid), LOG_TEXT("how", c->last_exit));
	int64_t now = clock_monotonic_us();
	if (now - c->steady_us > (int64_t) STEADY_AFTER_MS * 1000)
		c->pause_ms = RESTART_FIRST_MS;
	c->again_us = now + (int64_t) c->pause_ms * 1000;
	c->pause_ms = c->pause_ms * 2 < RESTART_MOST_MS ? c->pause_ms * 2 : RESTART_MOST_MS;
	c->pid = 0;
	c->ready = false;
	c->in_force = 0;
	c->restarts++;
}

/* True when a process of the table was among the dead. */
static bool reap(struct master *m)
{
	bool changed = false;
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		for (size_t i = 0; i < m->count; i++) {
			if (m->children[i].pid == pid) {
				note_exit(&m->children[i], status);
				changed = true;
			}
		}
	}
	return changed;
}

static bool start_due(struct master *m)
{
	bool changed = false;
	int64_t now = clock_monotonic_us();
	for (size_t i = 0; i < m->count; i++) {
		if (!m->children[i].pid && now >= m->children[i].again_us) {
			start_child(m, &m->children[i]);
			changed = true;
		}
	}
	return changed;
}

/* How long to sleep: until the next restart is due, at most WAIT_MS. */
static int64_t pause_us(const struct master *m)
{
	int64_t now = clock_monotonic_us(), least = (int64_t) WAIT_MS * 1000;
	for (size_t i = 0; i < m->count; i++) {
		int64_t left = m->children[i].again_us - now;
		if (!m->children[i].pid && left < least)
			least = left > 0 ? left : 0;
	}
	return least;
}

/* A signal, a report, or the time; the number of the signal, 0 for anything else. */
static int wait_for_news(struct master *m, int64_t us)
{
	struct pollfd wait[1 + PROC_COUNT_MAX] = {{.fd = m->signal_fd, .events = POLLIN}};
	struct signalfd_siginfo info;

	for (size_t i = 0; i < m->count; i++)
		wait[1 + i] = (struct pollfd){.fd = m->children[i].report, .events = POLLIN};
	if (poll(wait, 1 + m->count, (int) ((us + 999) / 1000)) <= 0)
		return 0;
	for (size_t i = 0; i < m->count; i++)
		if (wait[1 + i].revents)
			take_report(&m->children[i]);
	return wait[0].revents && read(m->signal_fd, &info, sizeof(info)) == sizeof(info) ? (int) info.ssi_signo : 0;
}

static bool group_is_running(const struct master *m, const struct proc_entry *e)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->children[i].entry == e && m->children[i].pid)
			return true;
	return false;
}

static void signal_group(const struct master *m, const struct proc_entry *e, int number)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->children[i].entry == e && m->children[i].pid)
			kill(m->children[i].pid, number);
}

/* Doors first, the keeper last, so that what was asked of it is still done. */
static void stop_all(struct master *m)
{
	const struct proc_entry *e = proc_table;
	while (e->name)
		e++;
	while (e-- != proc_table) {
		int64_t until = clock_monotonic_us() + (int64_t) MASTER_STOP_TIMEOUT_MS * 1000;
		signal_group(m, e, SIGTERM);
		while (group_is_running(m, e)) {
			if (clock_monotonic_us() > until)
				signal_group(m, e, SIGKILL);
			(void) wait_for_news(m, STOP_STEP_US);
			reap(m);
		}
	}
}

static void run_ready(struct master *m)
{
	if (!m->settings->on_ready)
		return;
	fflush(NULL);
	pid_t pid = fork();
	if (pid != 0)
		return;
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	m->settings->on_ready(m->settings->context);
	fflush(NULL);
	_exit(0);
}

/* Another than the web that keeps failing is told of by log and status page; it must not keep the address and the setup
 * code from the person. */
static bool may_greet(const struct master *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct child *c = &m->children[i];
		bool gave_up = c->entry->addresses != PROC_WEB_ADDRESSES && c->restarts >= RESTARTS_WAITED_FOR;
		if (!c->ready && !gave_up)
			return false;
	}
	return true;
}

static void reload(struct master *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->children[i].ready && m->children[i].entry->addresses == PROC_WEB_ADDRESSES)
			kill(m->children[i].pid, SIGHUP);
}

static unsigned count_ready(const struct master *m)
{
	unsigned n = 0;
	for (size_t i = 0; i < m->count; i++)
		n += m->children[i].ready;
	return n;
}

static void loop(struct master *m)
{
	start_due(m);
	write_status(m);
	for (;;) {
		unsigned ready = count_ready(m);
		int number = wait_for_news(m, pause_us(m));
		if (number == SIGTERM || number == SIGINT)
			return;
		if (number == SIGHUP)
			reload(m);
		bool changed = reap(m);
		changed = start_due(m) || changed;
		if (changed || count_ready(m) != ready)
			write_status(m);
		if (!m->announced && may_greet(m)) {
			m->announced = true;
			run_ready(m);
		}
	}
}

static void close_listeners(struct master *m)
{
	for (size_t i = 0; i < m->count; i++)
		for (size_t k = 0; k < m->children[i].listener_count; k++)
			fd_close(m->children[i].listeners[k]);
}

int master_run(const struct master_settings *settings)
{
	struct master m = {.settings = settings, .lock = -1, .signal_fd = -1};
	jail_set in_force;

	log_set_process("master");
	sigemptyset(&m.signals);
	static const int handled[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
	for (size_t i = 0; i < ARRAY_SIZE(handled); i++)
		sigaddset(&m.signals, handled[i]);
	sigprocmask(SIG_BLOCK, &m.signals, NULL);
	m.signal_fd = signalfd(-1, &m.signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (m.signal_fd < 0)
		return ERR_SYSTEM;
	jail_probe(m.mechanisms);

	int r = prepare_folder(&m);
	if (r >= 0)
		r = jail_enter(JAIL_MASTER, NULL, NULL, &in_force);
	if (r >= 0)
		r = make_children(&m);
	if (r >= 0) {
		loop(&m);
		stop_all(&m);
		(void) unlink(PROC_STATUS_FILE);
	}
	close_listeners(&m);
	fd_close(m.lock);
	fd_close(m.signal_fd);
	return r;
}
