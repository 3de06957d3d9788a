/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `sonae doctor`: what this machine lacks. Each look is one row; nothing is changed. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/beside.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "cli/ask.h"
#include "cli/rules.h"
#include "cli/table.h"
#include "doc/ask.h"
#include "jail/jail.h"
#include "keep/client.h"
#include "proc/proc.h"

enum {
	DISK_LEAST_MB = 500,
	MEMORY_LEAST_MB = 900, /* a machine sold with 1 GB shows a little less */
	READER_TIMEOUT_MS = 5000,
	READER_ARENA_BYTES = 16 * 1024 * 1024,
	DETAIL_BYTES = 320,
	KEY_MAX_BYTES = 64,
	MAIL_ASK_MS = 3000,
	STATUS_MAX_BYTES = 256 * 1024,
};
#define CLOCK_BEFORE_THE_PROGRAM_US (1767225600LL * CLOCK_SECOND_US) /* 2026-01-01 */

struct doctor {
	const struct command_call *call;
	json_t *rows;
	bool all_there;
};

static void row(struct doctor *d, const char *id, const char *name, bool ok, const char *detail)
{
	d->all_there = d->all_there && ok;
	if (d->call->json)
		json_array_append_new(d->rows, json_pack("{s:s, s:s, s:b, s:s}", "id", id, "name", name, "ok", (int) ok,
		                                         "detail", detail));
	else
		COMMAND_SAY(d->call, ok ? "doctor.ok" : "doctor.missing", {"name", str_of(name)},
		            {"detail", str_of(detail)});
}

static void look(struct doctor *d, const char *id, bool ok, const char *detail)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "doctor.%s", id);
	row(d, id, i18n_text(d->call->language, key), ok, detail);
}

static void look_mechanisms(struct doctor *d)
{
	struct jail_probe found[JAIL_MECHANISM_COUNT];
	jail_probe(found);
	for (size_t i = 0; i < JAIL_MECHANISM_COUNT; i++) {
		char key[KEY_MAX_BYTES];
		const char *word = jail_mechanism_word(found[i].mechanism);
		snprintf(key, sizeof(key), "mechanism.%s.name", word);
		row(d, word, i18n_text(d->call->language, key), found[i].available, found[i].detail);
	}
}

static void look_reader(struct doctor *d)
{
	CLEANUP(asker_freep) struct asker *asker = NULL;
	CLEANUP(arena_freep) struct arena *a = arena_new(READER_ARENA_BYTES);
	struct document document;
	int r = cli_start_reader(&asker);
	if (r >= 0)
		r = ask_document(asker, INPUT_TEXT, STR("doctor"), STR("hello"), READER_TIMEOUT_MS, a, &document);
	look(d, "reader", r >= 0, r >= 0 ? "" : err_text(r));
}

static void look_programs(struct doctor *d)
{
	static const char *const programs[] = {PROC_HOUSE_PROGRAM, PROC_READER_PROGRAM, PROC_PRESS_PROGRAM,
	                                       PROC_POST_PROGRAM};
	char path[PATH_MAX], missing[DETAIL_BYTES] = "";

	if (SONAE_ONE_PROGRAM)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (beside_sibling(programs[i], path, sizeof(path)) < 0 || access(path, X_OK) != 0)
			snprintf(missing, sizeof(missing), "%s", programs[i]);
	look(d, "programs", missing[0] == '\0', missing);
}

static void look_rules(struct doctor *d)
{
	CLEANUP(rules_freep) struct rules *rules = NULL;
	char detail[DETAIL_BYTES];
	int r = cli_load_rules(d->call, &rules);
	snprintf(detail, sizeof(detail), "%s (%zu)", d->call->rules_folder, r >= 0 ? rules_brand_count(rules) : 0);
	look(d, "rules", r >= 0, detail);
}

static void look_data(struct doctor *d)
{
	char detail[DETAIL_BYTES];
	bool there = access(d->call->data_folder, F_OK) == 0;
	bool ok = !there || access(d->call->data_folder, R_OK | W_OK | X_OK) == 0;
	snprintf(detail, sizeof(detail), "%s%s%s", d->call->data_folder, ok ? "" : ": ", ok ? "" : strerror(errno));
	look(d, "data", ok, detail);
}

static void look_disk(struct doctor *d)
{
	struct statvfs info;
	char detail[DETAIL_BYTES];
	const char *where = access(d->call->data_folder, F_OK) == 0 ? d->call->data_folder : "/";
	bool known = statvfs(where, &info) == 0;
	unsigned long long mb = known ? (unsigned long long) info.f_bavail * info.f_frsize / 1000000 : 0;
	snprintf(detail, sizeof(detail), "%llu MB", mb);
	look(d, "disk", known && mb >= DISK_LEAST_MB, detail);
}

static void look_memory(struct doctor *d)
{
	struct sysinfo info;
	char detail[DETAIL_BYTES];
	bool known = sysinfo(&info) == 0;
	unsigned long long mb = known ? (unsigned long long) info.totalram * info.mem_unit / 1000000 : 0;
	snprintf(detail, sizeof(detail), "%llu MB", mb);
	look(d, "memory", known && mb >= MEMORY_LEAST_MB, detail);
}

static void look_clock(struct doctor *d)
{
	char now[CLOCK_TEXT_BYTES];
	clock_format_local(clock_now_us(), now);
	look(d, "clock", clock_now_us() > CLOCK_BEFORE_THE_PROGRAM_US, now);
}

/* What the master of a running server wrote down; NULL: none runs on this folder. */
static json_t *read_status(const struct doctor *d)
{
	CLEANUP(buf_done) struct buf text = buf_make(STATUS_MAX_BYTES);
	char path[PATH_MAX];

	int n = snprintf(path, sizeof(path), "%s/" PROC_STATUS_FILE, d->call->data_folder);
	if (n < 0 || (size_t) n >= sizeof(path) || fd_read_file(path, &text) < 0)
		return NULL;
	json_t *status = json_loadb(text.p, text.n, 0, NULL);
	json_int_t pid = json_integer_value(json_object_get(status, "pid"));
	if (pid > 0 && (kill((pid_t) pid, 0) == 0 || errno == EPERM))
		return status;
	json_decref(status);
	return NULL;
}

/* The processes of the server that runs on this folder, if one does. */
static void look_processes(struct doctor *d)
{
	json_t *status = read_status(d), *process;
	size_t i;

	json_array_foreach(json_object_get(status, "processes"), i, process)
	{
		char id[KEY_MAX_BYTES], detail[DETAIL_BYTES] = "";
		const char *name = json_string_value(json_object_get(process, "name"));
		const char *ended = json_string_value(json_object_get(process, "last_exit"));
		int restarts = (int) json_integer_value(json_object_get(process, "restarts"));
		snprintf(id, sizeof(id), "process.%s.%d", name ? name : "",
		         (int) json_integer_value(json_object_get(process, "index")));
		if (restarts > 0)
			snprintf(detail, sizeof(detail), "%d x: %s", restarts, ended ? ended : "");
		row(d, id, id + strlen("process."), json_is_true(json_object_get(process, "ready")), detail);
	}
	json_decref(status);
}

/* Only where a server runs; without one there is no queue to look at. */
static void look_mail(struct doctor *d)
{
	CLEANUP(keep_client_freep) struct keep_client *client = NULL;
	CLEANUP(arena_freep) struct arena *a = arena_new(READER_ARENA_BYTES);
	struct keep_mail_state_out out;
	char detail[DETAIL_BYTES], oldest[CLOCK_TEXT_BYTES] = "-";
	const struct keep_actor actor = {.program = STR("cli")};

	if (keep_client_open(d->call->data_folder, &client) < 0)
		return;
	keep_client_set_timeout(client, MAIL_ASK_MS, 0);
	if (keep_mail_state(client, &actor, &(struct keep_mail_state_in){0}, a, &out) < 0)
		return;
	if (out.oldest_us)
		clock_format_local(out.oldest_us, oldest);
	bool is_late = out.oldest_us && clock_now_us() - out.oldest_us > CLOCK_DAY_US;
	bool is_well = str_eq_c(out.state, "off") || str_eq_c(out.state, "ready") || str_eq_c(out.state, "full");
	snprintf(detail, sizeof(detail), "%.*s, %llu (%s)", STR_ARG(out.state), (unsigned long long) out.waiting,
	         oldest);
	look(d, "mail", is_well && !is_late, detail);
}

int command_doctor(struct command_call *call)
{
	struct doctor d = {.call = call, .rows = json_array(), .all_there = true};

	look_mechanisms(&d);
	look_programs(&d);
	look_reader(&d);
	look_rules(&d);
	look_data(&d);
	look_disk(&d);
	look_memory(&d);
	look_clock(&d);
	look_processes(&d);
	look_mail(&d);
	if (call->json) {
		char *text = json_dumps(d.rows, JSON_COMPACT);
		puts(text ? text : "[]");
		free(text);
	}
	json_decref(d.rows);
	return d.all_there ? COMMAND_OK : COMMAND_NOT_TRUE;
}
