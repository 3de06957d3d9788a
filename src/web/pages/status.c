/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the server is: for people as a page, for monitoring as JSON. Nothing in it is secret to those who may sign in. */
#include "base/clock.h"
#include "base/err.h"
#include "web/page.h"

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
	return 0;
}
