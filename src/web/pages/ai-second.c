/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A second opinion: the last question of a talk to another model, or to the same one again, and both answers side by
 * side with what differs marked. Where they disagree about a number, a date, a name, a law or a link, that comes first:
 * at least one of them is wrong. */
#include "base/err.h"
#include "web/pages/ai-ask.h"
#include "web/pages/rows.h"
#include "work/compare.h"

struct opinions {
	struct keep_talk_get_out talk;
	struct work_templates templates;
	const struct work_template *work;               /* NULL: a plain talk */
	const struct keep_turn *asked, *first, *second; /* of the last question; second NULL: not asked yet */
};

/* ERR_NOT_FOUND: no such talk of this person, or no answer in it yet. */
static int read_opinions(struct page *p, struct opinions *ret)
{
	uint64_t id;
	*ret = (struct opinions){0};
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = keep_talk_get(p->keep, &p->actor, &(struct keep_talk_get_in){.id = id}, p->arena, &ret->talk);
	if (r >= 0)
		r = page_work(p, &ret->templates);
	for (size_t i = 0; r >= 0 && i < ret->talk.turns.n; i++) {
		const struct keep_turn *turn = &ret->talk.turns.at[i];
		if (turn->speaker == AI_SECOND) {
			ret->second = turn;
			continue;
		}
		*(turn->speaker == AI_MODEL ? &ret->first : &ret->asked) = turn;
		if (turn->speaker == AI_PERSON)
			ret->first = ret->second = NULL;
	}
	if (r < 0)
		return r;
	ret->work = work_find(&ret->templates, ret->talk.talks.at[0].template_id);
	return ret->asked && ret->first ? 0 : ERR_NOT_FOUND;
}

static json_t *runs_json(const struct compare_runs *runs)
{
	json_t *list = json_array();
	for (size_t i = 0; i < runs->n; i++)
		json_array_append_new(list, json_pack("{s:o, s:b}", "text", page_json_str(runs->at[i].text), "differs",
		                                      (int) runs->at[i].differs));
	return list;
}

static bool has_claim(json_t *claims, const char *text)
{
	json_t *claim;
	size_t i;
	json_array_foreach(claims, i, claim)
	{
		if (strcmp(json_string_value(json_object_get(claim, "text")), text) == 0)
			return true;
	}
	return false;
}

static void add_missing(json_t *list, json_t *claims, json_t *others, bool in_first)
{
	json_t *claim;
	size_t i;
	json_array_foreach(claims, i, claim)
	{
		if (has_claim(others, json_string_value(json_object_get(claim, "text"))))
			continue;
		json_object_set_new(claim, "in_first", json_boolean(in_first));
		json_array_append(list, claim);
	}
}

/* What can be checked and stands in one of them alone. */
static json_t *claims_json(struct page *p, const struct opinions *o)
{
	json_t *list = json_array(), *first = ai_claims(p, o->first->text), *second = ai_claims(p, o->second->text);
	add_missing(list, first, second, true);
	add_missing(list, second, first, false);
	json_decref(first);
	json_decref(second);
	return list;
}

static int put_second(struct page *p, const struct opinions *o)
{
	struct compare_runs first, second;
	int r = compare_texts(o->first->text, o->second->text, p->arena, &first, &second);
	if (r < 0)
		return r;
	json_t *j = ai_turn(p, o->second);
	json_object_set_new(j, "same", json_boolean(str_eq(o->first->text, o->second->text)));
	json_object_set_new(j, "first_runs", runs_json(&first));
	json_object_set_new(j, "second_runs", runs_json(&second));
	json_object_set_new(j, "claims", claims_json(p, o));
	page_put(p, "second", j);
	return 0;
}

static int show(struct page *p)
{
	struct opinions o;
	int r = read_opinions(p, &o);
	if (r < 0)
		return r;
	page_put(p, "talk", json_integer((json_int_t) o.talk.talks.at[0].id));
	page_put_str(p, "asked", o.asked->text);
	page_put(p, "first", ai_turn(p, o.first));
	if (o.second)
		r = put_second(p, &o);
	struct str model = p->method == HTTP_POST ? page_field(p, "model") : o.talk.talks.at[0].model;
	return r < 0 ? r : ai_put_models(p, model, o.work && o.work->local_only);
}

int ai_second_page(struct page *p)
{
	struct opinions o;
	if (p->method == HTTP_GET)
		return show(p);
	int r = read_opinions(p, &o);
	return r < 0 ? r : ai_ask_again(p, o.work, o.talk.talks.at[0].id, o.asked->text, page_field(p, "model"), show);
}
