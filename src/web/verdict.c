/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/verdict.h"

#include "base/clock.h"
#include "base/err.h"
#include "web/site-inside.h"

struct str verdict_sender(const struct document *d)
{
	for (size_t i = 0; i < d->mailboxes.n; i++)
		if (d->mailboxes.at[i].role == MAILBOX_FROM && d->mailboxes.at[i].address.n > 0)
			return d->mailboxes.at[i].address;
	return (struct str){NULL, 0};
}

/* The company with what is known of this one sender; no history when nothing was ever noted. */
static int know_sender(struct page *p, struct str *sender, struct company *company)
{
	struct keep_sender_find_out out = {0};
	if (sender->n == 0)
		return 0;
	int r = keep_sender_find(p->keep, &p->actor, &(struct keep_sender_find_in){.address = *sender}, p->arena, &out);
	if (r < 0)
		return r == ERR_INVALID ? 0 : r;
	company->has_history = out.total > 0;
	if (out.known) {
		company->known_senders = sender;
		company->known_sender_count = 1;
	}
	return 0;
}

static int record(struct page *p, const struct verdict *v, struct str sender)
{
	struct event e = event_make("check.verdict", p->now_us);
	struct keep_sender_note_out noted;
	event_add_word(&e, "kind", str_of(input_kind_word(p->document->kind)));
	event_add_number(&e, "score", (int64_t) (v->score * 10000));
	e.decision = str_of(verdict_word(v->kind));
	for (size_t i = 0; i < v->findings.n; i++)
		event_add_count(&e, str_of(v->findings.at[i].id), 1);
	int r = keep_append_event(p->keep, &p->actor, &e, NULL);
	if (r < 0 || sender.n == 0)
		return r;
	r = keep_sender_note(p->keep, &p->actor, &(struct keep_sender_note_in){.address = sender}, p->arena, &noted);
	return r == ERR_INVALID ? 0 : r;
}

int verdict_make(struct page *p, struct verdict *ret)
{
	int r = company_lay_over(p);
	struct company company = *p->company;
	struct str *sender = ARENA_NEW(p->arena, struct str);
	struct verdict v = {0};
	if (!sender)
		return ERR_TOO_LARGE;
	*sender = verdict_sender(p->document);
	if (r >= 0)
		r = know_sender(p, sender, &company);
	if (r >= 0)
		r = judge_document(p->document, p->rules, &company, p->arena, &v);
	if (r >= 0)
		r = record(p, &v, *sender);
	if (r >= 0)
		*ret = v;
	return r;
}

static enum unchecked unchecked_of_error(int r)
{
	switch (r) {
	case ERR_TIMEOUT:
		return UNCHECKED_TIMEOUT;
	case ERR_TOO_LARGE:
		return UNCHECKED_TOO_LARGE;
	case ERR_INVALID:
	case ERR_UNSUPPORTED:
		return UNCHECKED_BROKEN;
	default:
		return UNCHECKED_CRASHED;
	}
}

json_t *verdict_report(struct page *p, const struct report_options *options, struct verdict *ret_verdict,
                       int *ret_error)
{
	struct report_options filled = *options;
	int r = p->document ? verdict_make(p, ret_verdict) : 0;
	if (r < 0) {
		*ret_error = r;
		return NULL;
	}
	filled.elapsed_us = clock_monotonic_us() - p->started_us;
	if (p->document)
		return report_json(p->document, ret_verdict, &filled);
	return report_failure_json(p->input_kind, unchecked_of_error(p->read_error), &filled);
}
