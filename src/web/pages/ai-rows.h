/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the pages of AIを使う share: how talks, templates, findings and claims look in a model. Every json_t is a new
 * reference. */
#pragma once

#include "web/ask.h"

enum { AI_TEXT_MAX_BYTES = 200 * 1024 };
enum ai_speaker { AI_PERSON, AI_MODEL, AI_SECOND }; /* of a turn */

json_t *ai_talk(const struct page *p, const struct keep_talk *talk);
json_t *ai_turn(const struct page *p, const struct keep_turn *turn);
json_t *ai_todo(const struct page *p, const struct keep_todo *todo);
/* {id, name, purpose, department, department_label, coming, local_only, own}. */
json_t *ai_template(const struct page *p, const struct work_template *t);
/* Puts "models": [{name, service, service_name, destination, destination_label, selected}] and "has_models". */
int ai_put_models(struct page *p, struct str selected, bool only_local);
/* Whether every service that has a model of this name is in the house. */
int ai_model_is_local(struct page *p, struct str model, bool *ret);
/* Puts "talks", the newest ones. */
int ai_put_talks(struct page *p, uint64_t limit);
/* What POST /inspect of the gate says, by the destination that the model has: {worst, destination, service, tokens,
 * approval_helps, kinds: [{kind, count, action, hard}], spans}. NULL: not understood. */
json_t *ai_read_inspected(struct str body);
/* The same for the form: {worst, is: {mask: true}, kinds: [...], marked: fragment, approval_helps, hard, yen}. */
json_t *ai_findings(struct page *p, json_t *inspected, struct str text, struct str model);
/* [{kind, kind_label, text, number}] of what can be checked. */
json_t *ai_claims(struct page *p, struct str text);
/* [{word, text, number}] of a template's checks; of a plain talk the usual ones. */
json_t *ai_checks(const struct page *p, const struct work_template *t, size_t *ret_n);
/* The text of an answer in the form of OpenAI's chat; ERR_INVALID. */
int ai_read_answer(struct page *p, struct str body, struct str *ret);
/* What went wrong, as model member "trouble": {text, next}; from the status, the error of the body, or r. */
void ai_put_trouble(struct page *p, const struct ask_answer *answer);
