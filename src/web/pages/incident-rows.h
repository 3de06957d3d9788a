/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An incident as its pages see it: what the keeper has, and what follows from the entries. The last entry of a kind and
 * name counts; earlier ones stay on the timeline. */
#pragma once

#include "plan/deadline.h"
#include "web/page.h"

struct incident_view {
	struct keep_incident incident;
	struct keep_incident_entry_list entries;
	struct keep_item_list items; /* businesses and partners; of a drill those of the sample company */
	struct keep_ledger_record_list records;
	struct leak_case leak;
};

/* Kinds of entries. */
#define INCIDENT_NOTE "note"
#define INCIDENT_STEP "step"     /* name: id of the fact */
#define INCIDENT_ROLE "role"     /* name: incident_roles[], text: who */
#define INCIDENT_ANSWER "answer" /* name: incident_questions[], value: enum plan_answer */
#define INCIDENT_DETAIL "detail" /* name: incident_details[], text */
#define INCIDENT_TASK "task"     /* text; done by an entry "task-done" whose value is its number */
#define INCIDENT_TASK_DONE "task-done"
#define INCIDENT_DECISION "decision" /* name: incident_decisions[], text */
#define INCIDENT_EVIDENCE "evidence" /* name: what, text: where it is kept, digest, value: bytes */
#define INCIDENT_BUSINESS "business" /* name: id of the item, value: enum incident_business, text: its name */
#define INCIDENT_SENT "sent"         /* name: deadline_word() */
#define INCIDENT_LESSON "lesson"

enum incident_business { BUSINESS_RUNS, BUSINESS_STOPPED, BUSINESS_BY_HAND, BUSINESS_BACK, BUSINESS_STATE_COUNT };

extern const char *const incident_roles[]; /* each ends with NULL */
extern const char *const incident_questions[];
extern const char *const incident_details[]; /* the nine items of the report to the commission */
extern const char *const incident_decisions[];

/* ERR_DENIED: neither of the company nor with a pass; ERR_NOT_FOUND. */
int incident_load(struct page *p, uint64_t id, struct incident_view *ret);
/* NULL: none. name NULL: of any name. */
const struct keep_incident_entry *incident_last(const struct incident_view *v, const char *kind, struct str name);
/* A first step of what happened. */
bool incident_is_step(const struct fact *fact, const struct incident_view *v);
/* The end of what is shown as running time: now, or when it was closed. */
int64_t incident_now(const struct page *p, const struct incident_view *v);
/* {id, kind, label, is_drill, known, started, closed, minutes, title}. */
json_t *incident_head(const struct page *p, const struct keep_incident *incident);
/* Deadlines with what is left. */
json_t *incident_deadlines(struct page *p, const struct incident_view *v);
json_t *incident_businesses(struct page *p, const struct incident_view *v);
/* Entries and records of the ledger, oldest first: {at, by, text, is_ledger, kind}. */
json_t *incident_timeline(struct page *p, const struct incident_view *v);
/* One sentence about an entry. */
struct str incident_entry_text(const struct page *p, const struct keep_incident_entry *e);
/* Text of a detail; what is not known reads 「確認中」. */
struct str incident_detail(const struct page *p, const struct incident_view *v, const char *name);
/* The name of the company's way of saying a number of minutes: "3時間12分". */
struct str incident_span(const struct page *p, int64_t minutes);
