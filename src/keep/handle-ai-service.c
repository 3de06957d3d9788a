/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The register of AI services: the only places that a request can go to. A service counts as contracted while somebody
 * has seen that training use is switched off, and not longer ago than the company asks for. */
#include "base/err.h"
#include "keep/ai.h"

enum {
	PRIORITY_MAX = 1000,
	TIME_MAX_MS = 3600 * 1000,
	RETRIES_MAX = 5,
	RECHECK_MAX_MONTHS = 36,
	MODEL_USES_LEAST = 1,
};

void ai_service_complete(struct keep_ai_service *row, int64_t now_us)
{
	row->training_due_us = row->training_us ? ai_add_months(row->training_us, row->recheck_months) : 0;
	row->destination = row->declared;
	if (row->declared == POLICY_CONTRACTED && row->training_due_us <= now_us)
		row->destination = POLICY_OTHER;
}

int ai_services(struct keeper *k, struct keep_ai_service_list *ret)
{
	int r = ai_service_list_all(k->store, k->arena, ret);
	for (size_t i = 0; r >= 0 && i < ret->n; i++)
		ai_service_complete(&ret->at[i], k->now_us);
	return r;
}

struct str ai_key_label(struct keeper *k, uint64_t service)
{
	return arena_printf(k->arena, "ai provider key %llu", (unsigned long long) service);
}

int handle_ai_service_list(struct keeper *k, const struct keep_ai_service_list_in *in,
                           struct keep_ai_service_list_out *out)
{
	(void) in;
	int r = ai_services(k, &out->services);
	return r < 0 ? r : ai_model_list_all(k->store, k->arena, &out->models);
}

/* ---- saving ---- */

static bool is_time(uint64_t ms)
{
	return ms > 0 && ms <= TIME_MAX_MS;
}

static int check_model(const struct keep_ai_model *m)
{
	if (check_line(m->name, 1, AI_MODEL_NAME_MAX_BYTES) < 0 ||
	    check_line(m->upstream, 1, AI_MODEL_NAME_MAX_BYTES) < 0)
		return ERR_INVALID;
	if (str_find_char(m->name, ',', 0) != STR_NOT_FOUND || str_find_char(m->name, ' ', 0) != STR_NOT_FOUND)
		return ERR_INVALID;
	return m->uses >= MODEL_USES_LEAST && m->uses <= AI_USES_ALL ? 0 : ERR_INVALID;
}

static int check_numbers(const struct keep_ai_service *s)
{
	if (s->commercial >= AI_COMMERCIAL_COUNT || s->declared >= POLICY_DESTINATION_COUNT ||
	    s->protocol >= AI_PROTOCOL_COUNT || s->path_style >= AI_PATH_COUNT || s->auth >= AI_AUTH_COUNT)
		return ERR_INVALID;
	if (s->priority > PRIORITY_MAX || s->retries > RETRIES_MAX || s->recheck_months == 0 ||
	    s->recheck_months > RECHECK_MAX_MONTHS)
		return ERR_INVALID;
	return is_time(s->connect_ms) && is_time(s->first_ms) && is_time(s->idle_ms) && is_time(s->total_ms)
	               ? 0
	               : ERR_INVALID;
}

static int check_service(const struct keep_ai_service *s, const struct keep_ai_model_list *models)
{
	if (check_line(s->name, 1, AI_NAME_MAX_BYTES) < 0 || check_line(s->plan, 0, AI_NAME_MAX_BYTES) < 0 ||
	    check_line(s->contract, 0, AI_NAME_MAX_BYTES) < 0 || check_line(s->api_version, 0, AI_NAME_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = check_numbers(s);
	if (r >= 0)
		r = ai_check_url(s->base_url, s->declared == POLICY_LOCAL);
	if (r >= 0 && s->path_style == AI_PATH_AZURE && s->api_version.n == 0)
		r = ERR_INVALID;
	if (r >= 0 && s->protocol == AI_PROTOCOL_ANTHROPIC && s->path_style != AI_PATH_PLAIN)
		r = ERR_INVALID;
	for (size_t i = 0; r >= 0 && i < models->n; i++)
		r = check_model(&models->at[i]);
	return r;
}

static int check_room(struct keeper *k, const struct keep_ai_service *row, const struct keep_ai_model_list *models)
{
	struct keep_ai_service_list services = {0};
	struct keep_ai_model_list all = {0};
	size_t others = 0;

	int r = ai_service_list_all(k->store, k->arena, &services);
	if (r >= 0)
		r = ai_model_list_all(k->store, k->arena, &all);
	if (r < 0)
		return r;
	for (size_t i = 0; i < all.n; i++)
		others += all.at[i].service != row->id;
	if ((row->id == 0 && services.n >= AI_SERVICES_MAX) || others + models->n > AI_MODELS_MAX)
		return ERR_TOO_LARGE;
	return 0;
}

/* Another address or another kind of destination is another service: what was seen of the old one does not count. */
static int drop_training(struct keeper *k, const struct keep_ai_service *before, const struct keep_ai_service *row)
{
	struct keep_ai_service none = {.id = row->id};
	if (before->training_us == 0 || (str_eq(before->base_url, row->base_url) && before->declared == row->declared &&
	                                 str_eq(before->plan, row->plan)))
		return 0;
	return ai_service_set_training(k->store, &none);
}

static int change_service(struct keeper *k, const struct keep_ai_service *row)
{
	struct keep_ai_service before;

	int r = ai_service_find(k->store, row->id, k->arena, &before);
	if (r >= 0)
		r = ai_service_update(k->store, row);
	/* A key is for the place that it was given for. */
	if (r >= 0 && !str_eq(before.base_url, row->base_url))
		r = ai_service_set_key(k->store, row->id, STR(""), 0);
	return r < 0 ? r : drop_training(k, &before, row);
}

int handle_ai_service_save(struct keeper *k, const struct keep_ai_service_save_in *in,
                           struct keep_ai_service_save_out *out)
{
	struct event e;

	if (in->services.n != 1)
		return ERR_INVALID;
	struct keep_ai_service row = in->services.at[0];
	row.changed_us = k->now_us;
	int r = check_service(&row, &in->models);
	if (r >= 0)
		r = check_room(k, &row, &in->models);
	if (r < 0)
		return r;
	bool is_new = row.id == 0;
	if (is_new) {
		row.created_us = k->now_us;
		r = ai_service_insert(k->store, &row, k->person.id, &row.id);
	} else {
		r = change_service(k, &row);
	}
	if (r >= 0)
		r = ai_model_replace(k->store, row.id, &in->models);
	if (r < 0)
		return r;
	e = event_make(is_new ? "ai.service-added" : "ai.service-changed", k->now_us);
	event_set_name(&e, row.name);
	event_add_number(&e, "service", (int64_t) row.id);
	event_add_word(&e, "destination", str_of(policy_destination_word((enum policy_destination) row.declared)));
	event_add_word(&e, "active", row.active ? STR("yes") : STR("no"));
	out->id = row.id;
	r = keeper_record(k, &e);
	return r < 0 ? r : ai_changed(k);
}

int handle_ai_service_delete(struct keeper *k, const struct keep_ai_service_delete_in *in,
                             struct keep_ai_service_delete_out *out)
{
	struct keep_ai_service row;

	int r = ai_service_find(k->store, in->id, k->arena, &row);
	if (r >= 0)
		r = ai_service_delete(k->store, in->id);
	if (r >= 0)
		r = ai_record(k, "ai.service-removed", row.name, "service", in->id);
	out->done = r >= 0;
	return r < 0 ? r : ai_changed(k);
}

/* ---- training, key ---- */

int handle_ai_service_confirm(struct keeper *k, const struct keep_ai_service_confirm_in *in,
                              struct keep_ai_service_confirm_out *out)
{
	struct keep_ai_service row;

	if (check_line(in->note, 0, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = ai_service_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	row.training_us = in->withdraw ? 0 : k->now_us;
	row.training_by = in->withdraw ? 0 : k->person.id;
	row.training_note = in->note;
	r = ai_service_set_training(k->store, &row);
	if (r < 0)
		return r;
	ai_service_complete(&row, k->now_us);
	out->due_us = row.training_due_us;
	r = ai_record(k, in->withdraw ? "ai.training-withdrawn" : "ai.training-confirmed", row.name, "service", in->id);
	return r < 0 ? r : ai_changed(k);
}

static int check_provider_key(struct str key)
{
	if (key.n > AI_PROVIDER_KEY_MAX_BYTES)
		return ERR_TOO_LARGE;
	/* It becomes part of a header. */
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] <= ' ' || key.p[i] == 0x7F || (unsigned char) key.p[i] >= 0x80)
			return ERR_INVALID;
	}
	return 0;
}

int handle_ai_service_key(struct keeper *k, const struct keep_ai_service_key_in *in,
                          struct keep_ai_service_key_out *out)
{
	struct keep_ai_service row;
	struct str sealed = STR("");

	int r = check_provider_key(in->key);
	if (r >= 0)
		r = ai_service_find(k->store, in->id, k->arena, &row);
	if (r >= 0 && in->key.n > 0)
		r = seal_bytes(&k->seal_key, ai_key_label(k, in->id), in->key, k->arena, &sealed);
	if (r >= 0)
		r = ai_service_set_key(k->store, in->id, sealed, in->key.n > 0 ? k->now_us : 0);
	if (r >= 0)
		r = ai_record(k, in->key.n > 0 ? "ai.provider-key-set" : "ai.provider-key-removed", row.name, "service",
		              in->id);
	out->done = r >= 0;
	return r < 0 ? r : ai_changed(k);
}
