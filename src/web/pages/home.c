/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ホーム: how things stand, what is to do, what waits for an answer. Each statement comes from what is kept, none from
 * a wish: parts that are not there yet do not appear. */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/emergency-rows.h"
#include "web/pages/rows.h"
#include "web/pages/scs-due.h"

enum { CASES_SHOWN = 5, CASES_LOOKED_AT = 200, DAYS_OF_WEEK = 7 };

/* who: the roles that can do something about it; for others the light says who does. */
static json_t *light_json(const struct page *p, const char *name, const char *state, unsigned who, json_t *facts)
{
	json_t *j = json_object();
	bool is_good = strcmp(state, "good") == 0;
	char key[64];
	snprintf(key, sizeof(key), "home.%s", name);
	json_object_set_new(j, "title", json_string(i18n_text(p->language, key)));
	snprintf(key, sizeof(key), "home.%s.%s", name, state);
	json_object_set_new(j, "text", json_string(i18n_text(p->language, key)));
	json_object_set_new(j, "good", json_boolean(is_good));
	snprintf(key, sizeof(key), "home.%s.who", name);
	json_object_set_new(j, "who",
	                    is_good || page_may(p, who) ? json_null() : json_string(i18n_text(p->language, key)));
	json_object_set_new(j, "is", rows_flag(str_of(name)));
	json_object_set_new(j, "facts", facts);
	return j;
}

static void add_task(const struct page *p, json_t *tasks, const char *key, const char *path)
{
	json_array_append_new(tasks, json_pack("{s:s, s:s}", "text", i18n_text(p->language, key), "path", path));
}

static int put_cases(struct page *p, json_t *lights, json_t *tasks)
{
	struct keep_case_list_out open, all;
	struct keep_case_list_in in = {.state = CASE_OPEN, .limit = CASES_SHOWN};
	json_t *list = json_array(), *facts = json_object();
	json_int_t week = 0;
	page_put(p, "waiting", list);
	int r = keep_case_list(p->keep, &p->actor, &in, p->arena, &open);
	in = (struct keep_case_list_in){.state = CASE_STATE_COUNT, .limit = CASES_LOOKED_AT};
	if (r >= 0)
		r = keep_case_list(p->keep, &p->actor, &in, p->arena, &all);
	if (r < 0) {
		json_decref(facts);
		return r;
	}
	for (size_t i = 0; i < open.cases.n; i++)
		json_array_append_new(list, rows_case(p, &open.cases.at[i]));
	for (size_t i = 0; i < all.cases.n; i++)
		week += all.cases.at[i].created_us > p->now_us - DAYS_OF_WEEK * CLOCK_DAY_US;
	json_object_set_new(facts, "open", json_integer((json_int_t) open.total));
	json_object_set_new(facts, "week", json_integer(week));
	json_array_append_new(lights, light_json(p, "in", open.total ? "waiting" : "good", WHO_PATROL, facts));
	if (open.total && page_may(p, WHO_PATROL))
		add_task(p, tasks, "home.task.answer", "/cases?state=open");
	return 0;
}

static int put_ledger(struct page *p, json_t *lights, json_t *tasks)
{
	struct keep_status_out status;
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r < 0)
		return r;
	json_t *facts = json_object();
	json_object_set_new(facts, "events", json_integer((json_int_t) status.events));
	json_object_set_new(facts, "checkpoint", page_json_time(status.checkpoint_us));
	json_object_set_new(facts, "backup", page_json_time(status.backup_us));
	bool is_old = status.backup_us < p->now_us - DAYS_OF_WEEK * CLOCK_DAY_US;
	const char *state = status.backup_us == 0 ? "none" : is_old ? "old" : "good";
	json_array_append_new(lights, light_json(p, "kept", state, WHO_MANAGER, facts));
	if (is_old && page_may(p, WHO_MANAGER))
		add_task(p, tasks, "home.task.backup", "/status");
	return 0;
}

static int put_ways(struct page *p, json_t *lights, json_t *tasks)
{
	struct keep_contact_list_out out;
	json_t *ask = rows_ask(p), *facts = json_object();
	bool is_named = !json_is_null(ask);
	int r = keep_contact_list(p->keep, &p->actor, &(struct keep_contact_list_in){0}, p->arena, &out);
	json_object_set_new(facts, "ask", ask);
	if (r < 0) {
		json_decref(facts);
		return r;
	}
	json_object_set_new(facts, "contacts", json_integer((json_int_t) out.contacts.n));
	json_array_append_new(lights, light_json(p, "ways",
	                                         !is_named        ? "nobody"
	                                         : out.contacts.n ? "good"
	                                                          : "empty",
	                                         is_named ? WHO_PATROL : WHO_MANAGER, facts));
	if (!is_named && page_may(p, WHO_MANAGER))
		add_task(p, tasks, "home.task.ask", "/setup/ask");
	if (out.contacts.n == 0 && page_may(p, WHO_PATROL))
		add_task(p, tasks, "home.task.contacts", "/contacts");
	return 0;
}

static int put_self(struct page *p, json_t *tasks)
{
	struct keep_person_get_out out;
	int r = keep_person_get(p->keep, &p->actor, &(struct keep_person_get_in){.id = p->person.id}, p->arena, &out);
	if (r >= 0 && out.people.n > 0 && !out.people.at[0].second_factor)
		add_task(p, tasks, "home.task.second-factor", "/me/second-factor");
	if (r >= 0 && rows_setting(p, "company.own-domains").n == 0 && page_may(p, WHO_MANAGER))
		add_task(p, tasks, "home.task.domains", "/settings");
	return r;
}

/* Reminders that nobody gets help nobody. */
static int put_mail(struct page *p, json_t *tasks)
{
	struct keep_mail_state_out out;
	if (!page_may(p, WHO_MANAGER))
		return 0;
	int r = keep_mail_state(p->keep, &p->actor, &(struct keep_mail_state_in){0}, p->arena, &out);
	if (r >= 0 && out.oldest_us && p->now_us - out.oldest_us > CLOCK_DAY_US)
		add_task(p, tasks, "home.task.mail", "/settings/mail");
	return r;
}

static int put_due(struct page *p, json_t *tasks)
{
	struct keep_item_due_out out;
	char until[CLOCK_TEXT_BYTES];
	if (!page_may(p, WHO_PATROL))
		return 0;
	clock_format_local(p->now_us + DAYS_OF_WEEK * CLOCK_DAY_US, until);
	until[strlen("2026-01-31")] = '\0';
	int r = keep_item_due(p->keep, &p->actor, &(struct keep_item_due_in){.until = str_of(until)}, p->arena, &out);
	json_t *scs = json_array();
	json_int_t late = 0;
	if (r >= 0)
		r = scs_add_due(p, str_of(until), str_of(until), scs, &late);
	if (r >= 0 && (out.items.n > 0 || json_array_size(scs) > 0))
		add_task(p, tasks, "home.task.due", "/prepare/due");
	json_decref(scs);
	return r;
}

int home_page(struct page *p)
{
	json_t *lights = json_array(), *tasks = json_array();
	page_put(p, "lights", lights);
	page_put(p, "tasks", tasks);
	page_put(p, "may_check", json_boolean(page_may(p, WHO_MEMBER)));
	int r = emergency_put_running(p);
	if (r >= 0 && page_may(p, WHO_MEMBER))
		r = put_cases(p, lights, tasks);
	if (r >= 0)
		r = put_due(p, tasks);
	if (r >= 0)
		r = put_ways(p, lights, tasks);
	if (r >= 0)
		r = put_ledger(p, lights, tasks);
	if (r >= 0)
		r = put_mail(p, tasks);
	return r < 0 ? r : put_self(p, tasks);
}
