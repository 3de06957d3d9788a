/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the server is: for people as a page, for monitoring as JSON. Nothing in it is secret to those who may sign in. */
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "web/pages/rows.h"

/* Written by the master, below the data folder. */
#define STATUS_FILE "run/status.json"
enum { STATUS_FILE_MAX_BYTES = 64 * 1024 };

static json_t *process_json(const struct page_process_state *state, int64_t now_us)
{
	json_t *j = json_object();
	json_object_set_new(j, "started", page_json_time(state->started_us));
	json_object_set_new(j, "running_s", json_integer((now_us - state->started_us) / CLOCK_SECOND_US));
	json_object_set_new(j, "requests", json_integer((json_int_t) state->requests));
	json_object_set_new(j, "refused", json_integer((json_int_t) state->refused));
	return j;
}

static json_t *rules_json(const struct page *p, const struct page_process_state *state)
{
	char version[20];
	json_t *j = json_object();
	snprintf(version, sizeof(version), "%016llx", (unsigned long long) state->rules_version);
	json_object_set_new(j, "version", json_string(version));
	json_object_set_new(j, "brands", json_integer((json_int_t) (p->rules ? rules_brand_count(p->rules) : 0)));
	json_t *complaint = json_null();
	if (state->rules_complaint)
		complaint = json_pack("{s:s, s:i, s:s}", "file", state->rules_complaint->file, "line",
		                      (int) state->rules_complaint->line, "text", state->rules_complaint->text);
	json_object_set_new(j, "complaint", complaint);
	return j;
}

static json_t *keeper_json(const struct keep_status_out *status)
{
	json_t *j = json_object();
	json_object_set_new(j, "started", page_json_time(status->started_us));
	json_object_set_new(j, "store_bytes", json_integer((json_int_t) status->store_bytes));
	json_object_set_new(j, "people", json_integer((json_int_t) status->people));
	json_object_set_new(j, "open_cases", json_integer((json_int_t) status->open_cases));
	json_object_set_new(j, "schema", json_integer((json_int_t) status->schema));
	json_object_set_new(j, "backup", page_json_time(status->backup_us));
	return j;
}

static json_t *ledger_json(const struct keep_status_out *status)
{
	json_t *j = json_object();
	json_object_set_new(j, "events", json_integer((json_int_t) status->events));
	json_object_set_new(j, "unsealed", json_integer((json_int_t) status->unsealed));
	json_object_set_new(j, "checkpoint", page_json_time(status->checkpoint_us));
	json_object_set_new(j, "checkpoint_size", json_integer((json_int_t) status->checkpoint_size));
	json_object_set_new(j, "key", page_json_str(status->ledger_key));
	return j;
}

static bool has_word(json_t *list, json_t *word)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_equal(one, word)) return true;
	return false;
}

/* Each mechanism with its name, and what its lack means when this machine has none. */
static json_t *mechanisms_of(const struct page *p, json_t *found)
{
	json_t *list = json_array(), *one;
	size_t i;
	json_array_foreach(found, i, one)
	{
		json_t *j = json_object(), *word = json_object_get(one, "word");
		struct str text = str_of(json_string_value(word));
		json_object_set(j, "word", word);
		json_object_set(j, "available", json_object_get(one, "available"));
		json_object_set_new(j, "name", rows_text(p, "mechanism.", text, ".name"));
		json_object_set_new(j, "missing", rows_text(p, "mechanism.", text, ".missing"));
		json_array_append_new(list, j);
	}
	return list;
}

/* Which of the mechanisms holds each process: one mark per mechanism, in their order. */
static json_t *processes_of(const struct page *p, json_t *processes, json_t *mechanisms)
{
	json_t *list = json_array(), *process, *mechanism;
	size_t i, k;
	json_array_foreach(processes, i, process)
	{
		json_t *j = json_object(), *names = json_array(), *name = json_object_get(process, "name");
		json_array_foreach(mechanisms, k, mechanism)
		{
			if (has_word(json_object_get(process, "jail"), json_object_get(mechanism, "word")))
				json_array_append(names, json_object_get(mechanism, "name"));
		}
		json_object_set(j, "name", name);
		json_object_set_new(j, "label", rows_text(p, "status.process.", str_of(json_string_value(name)), ""));
		json_object_set(j, "ready", json_object_get(process, "ready"));
		json_object_set(j, "restarts", json_object_get(process, "restarts"));
		json_object_set_new(j, "held_by", names);
		json_array_append_new(list, j);
	}
	return list;
}

/* What the master wrote of its processes; the page does without it when it is not there. */
static void put_processes(struct page *p, struct str data_folder)
{
	char path[4096];
	struct buf b = buf_make(STATUS_FILE_MAX_BYTES);
	int n = snprintf(path, sizeof(path), "%.*s/" STATUS_FILE, STR_ARG(data_folder));
	bool was_read = n > 0 && (size_t) n < sizeof(path) && fd_read_file(path, &b) >= 0;
	json_t *status = was_read ? json_loadb(b.p, b.n, 0, NULL) : NULL;
	buf_done(&b);
	if (!json_is_object(status)) {
		json_decref(status);
		return;
	}
	json_t *mechanisms = mechanisms_of(p, json_object_get(status, "mechanisms"));
	page_put(p, "processes", processes_of(p, json_object_get(status, "processes"), mechanisms));
	page_put(p, "mechanisms", mechanisms);
	page_put(p, "unguarded", json_boolean(json_is_false(json_object_get(status, "sandboxed"))));
	json_decref(status);
}

static int put_mail(struct page *p)
{
	struct keep_mail_state_out out;
	int r = keep_mail_state(p->keep, &p->actor, &(struct keep_mail_state_in){0}, p->arena, &out);
	if (r < 0)
		return r;
	json_t *j = json_object();
	json_object_set_new(j, "state", page_json_str(out.state));
	json_object_set_new(j, "label", rows_text(p, "mail.state.", out.state, ""));
	json_object_set_new(j, "waiting", json_integer((json_int_t) out.waiting));
	json_object_set_new(j, "oldest", page_json_time(out.oldest_us));
	json_object_set_new(j, "last", page_json_time(out.last_us));
	page_put(p, "mail", j);
	return 0;
}

int status_page(struct page *p)
{
	const struct page_process_state *state = page_process(p);
	struct keep_status_out status;
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r < 0)
		return r;
	page_put(p, "ok", json_boolean(state->rules_complaint == NULL));
	page_put(p, "web", process_json(state, p->now_us));
	page_put(p, "keeper", keeper_json(&status));
	page_put(p, "ledger", ledger_json(&status));
	page_put(p, "rules", rules_json(p, state));
	put_processes(p, state->data_folder);
	return put_mail(p);
}
