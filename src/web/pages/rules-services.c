/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * AIサービスの登録: what may be used at all, and who saw when that training use is switched off. */
#include "base/err.h"
#include "store/ai.h"
#include "web/pages/rules-rows.h"

enum { MODELS_TEXT_MAX_BYTES = 16 * 1024, DEFAULT_PRIORITY = 10, DEFAULT_RECHECK_MONTHS = 6 };

static const char destinations[] = "contracted|local|other", protocols[] = "openai|anthropic",
                  path_styles[] = "plain|azure", auths[] = "bearer|api-key|x-api-key|none",
                  commercials[] = "unknown|yes|no";

static struct str choice_word(const char *words, uint64_t index)
{
	struct str rest = str_of(words), word = STR("");
	for (uint64_t i = 0; i <= index && str_split(&rest, '|', &word); i++)
		;
	return word;
}

static int choice_index(const char *words, struct str word, uint64_t *ret)
{
	struct str rest = str_of(words), one;
	for (uint64_t i = 0; str_split(&rest, '|', &one); i++) {
		if (str_eq(one, word)) {
			*ret = i;
			return 0;
		}
	}
	return ERR_INVALID;
}

static json_t *models_json(const struct keep_ai_model_list *models, uint64_t service)
{
	json_t *list = json_array();
	for (size_t i = 0; i < models->n; i++) {
		if (models->at[i].service == service)
			json_array_append_new(list, page_json_str(models->at[i].name));
	}
	return list;
}

static json_t *service_json(const struct page *p, const struct keep_ai_service *s,
                            const struct keep_ai_model_list *models)
{
	json_t *j = json_object();
	struct str where = str_of(policy_destination_word((enum policy_destination) s->destination));
	bool is_contracted = s->declared == POLICY_CONTRACTED,
	     is_due = is_contracted && s->training_due_us <= p->now_us;
	json_object_set_new(j, "id", json_integer((json_int_t) s->id));
	json_object_set_new(j, "name", page_json_str(s->name));
	json_object_set_new(j, "plan", page_json_str(s->plan));
	json_object_set_new(j, "contract", page_json_str(s->contract));
	json_object_set_new(j, "destination", page_json_str(where));
	json_object_set_new(j, "destination_label", rows_text(p, "policy.destination.", where, ""));
	json_object_set_new(j, "base_url", page_json_str(s->base_url));
	json_object_set_new(j, "active", json_boolean(s->active));
	json_object_set_new(j, "has_key", json_boolean(s->has_key));
	json_object_set_new(j, "key_set", page_json_time(s->key_us));
	json_object_set_new(j, "training", page_json_time(s->training_us));
	json_object_set_new(j, "training_due", page_json_time(s->training_due_us));
	json_object_set_new(j, "training_note", page_json_str(s->training_note));
	json_object_set_new(j, "needs_training", json_boolean(is_due));
	json_object_set_new(j, "is_contracted", json_boolean(is_contracted));
	json_object_set_new(j, "training_by", json_integer((json_int_t) s->training_by));
	json_object_set_new(j, "commercial", page_json_str(choice_word(commercials, s->commercial)));
	json_object_set_new(j, "models", models_json(models, s->id));
	return j;
}

static int list_services(struct page *p, struct keep_ai_service_list_out *ret)
{
	return keep_ai_service_list(p->keep, &p->actor, &(struct keep_ai_service_list_in){0}, p->arena, ret);
}

int rules_services_page(struct page *p)
{
	struct keep_ai_service_list_out out;
	struct keep_person_list_out people;
	json_t *list = json_array();

	page_put(p, "services", list);
	rules_put_done(p);
	int r = list_services(p, &out);
	if (r >= 0)
		r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	for (size_t i = 0; r >= 0 && i < out.services.n; i++) {
		json_t *j = service_json(p, &out.services.at[i], &out.models);
		json_object_set_new(j, "training_name",
		                    page_json_str(rules_person_name(&people.people, out.services.at[i].training_by)));
		json_array_append_new(list, j);
	}
	return r;
}

int rules_services_old_page(struct page *p)
{
	return page_redirect(p, "/rules/services");
}

/* ---- one service ---- */

/* One per line: "name" or "name = name there", and behind it "(embedding)" or "(audio)" when it is for that. */
static void write_models(struct buf *b, const struct keep_ai_model_list *models, uint64_t service)
{
	for (size_t i = 0; i < models->n; i++) {
		const struct keep_ai_model *m = &models->at[i];
		if (m->service != service)
			continue;
		buf_add_str(b, m->name);
		if (!str_eq(m->name, m->upstream)) {
			buf_add_c(b, " = ");
			buf_add_str(b, m->upstream);
		}
		buf_add_c(b, m->uses == AI_USE_EMBEDDING ? " (embedding)\n"
		             : m->uses == AI_USE_AUDIO   ? " (audio)\n"
		                                         : "\n");
	}
}

static bool cut_ending(struct str *line, struct str ending)
{
	if (!str_ends_with(*line, ending))
		return false;
	*line = str_trim(str_slice(*line, 0, line->n - ending.n));
	return true;
}

static int read_models(struct page *p, struct keep_ai_model_list *ret)
{
	struct str rest = page_field(p, "models"), line;

	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		uint64_t uses = cut_ending(&line, STR("(embedding)")) ? AI_USE_EMBEDDING
		                : cut_ending(&line, STR("(audio)"))   ? AI_USE_AUDIO
		                                                      : AI_USE_CHAT;
		size_t equals = str_find_char(line, '=', 0);
		struct str name = str_trim(str_slice(line, 0, equals == STR_NOT_FOUND ? line.n : equals));
		struct keep_ai_model *m = ARENA_PUSH(p->arena, ret);
		if (!m || ret->n > AI_MODELS_MAX)
			return ERR_TOO_LARGE;
		*m = (struct keep_ai_model){.name = name, .upstream = name, .uses = uses};
		if (equals != STR_NOT_FOUND)
			m->upstream = str_trim(str_slice(line, equals + 1, line.n));
	}
	return 0;
}

static int read_seconds(const struct page *p, const char *name, uint64_t *ret_ms)
{
	uint64_t seconds;
	int r = rules_parse_number(page_field(p, name), 3600, &seconds);
	if (r >= 0)
		*ret_ms = seconds * 1000;
	return r;
}

static int read_service(struct page *p, struct keep_ai_service *ret)
{
	struct keep_ai_service s = {.id = ret->id,
	                            .name = str_trim(page_field(p, "name")),
	                            .plan = str_trim(page_field(p, "plan")),
	                            .contract = str_trim(page_field(p, "contract")),
	                            .base_url = str_trim(page_field(p, "base_url")),
	                            .api_version = str_trim(page_field(p, "api_version")),
	                            .images = page_has_field(p, "images"),
	                            .active = page_has_field(p, "active")};
	enum policy_destination declared;

	while (str_ends_with(s.base_url, STR("/")))
		s.base_url.n--;
	int r = policy_destination_from_word(page_field(p, "declared"), &declared);
	s.declared = r < 0 ? 0 : declared;
	if (r >= 0)
		r = choice_index(commercials, page_field(p, "commercial"), &s.commercial);
	if (r >= 0)
		r = choice_index(protocols, page_field(p, "protocol"), &s.protocol);
	if (r >= 0)
		r = choice_index(path_styles, page_field(p, "path_style"), &s.path_style);
	if (r >= 0)
		r = choice_index(auths, page_field(p, "auth"), &s.auth);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "priority"), 1000, &s.priority);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "retries"), 5, &s.retries);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "recheck_months"), 36, &s.recheck_months);
	if (r >= 0)
		r = read_seconds(p, "connect", &s.connect_ms);
	if (r >= 0)
		r = read_seconds(p, "first", &s.first_ms);
	if (r >= 0)
		r = read_seconds(p, "idle", &s.idle_ms);
	if (r >= 0)
		r = read_seconds(p, "total", &s.total_ms);
	if (r < 0)
		return ERR_INVALID;
	*ret = s;
	return 0;
}

static void put_form(struct page *p, const struct keep_ai_service *s, struct str models)
{
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) s->id));
	json_object_set_new(j, "name", page_json_str(s->name));
	json_object_set_new(j, "plan", page_json_str(s->plan));
	json_object_set_new(j, "contract", page_json_str(s->contract));
	json_object_set_new(j, "base_url", page_json_str(s->base_url));
	json_object_set_new(j, "api_version", page_json_str(s->api_version));
	json_object_set_new(j, "images", json_boolean(s->images));
	json_object_set_new(j, "active", json_boolean(s->active));
	json_object_set_new(j, "priority", json_integer((json_int_t) s->priority));
	json_object_set_new(j, "retries", json_integer((json_int_t) s->retries));
	json_object_set_new(j, "recheck_months", json_integer((json_int_t) s->recheck_months));
	json_object_set_new(j, "connect", json_integer((json_int_t) s->connect_ms / 1000));
	json_object_set_new(j, "first", json_integer((json_int_t) s->first_ms / 1000));
	json_object_set_new(j, "idle", json_integer((json_int_t) s->idle_ms / 1000));
	json_object_set_new(j, "total", json_integer((json_int_t) s->total_ms / 1000));
	json_object_set_new(j, "models", page_json_str(models));
	struct str declared = str_of(policy_destination_word((enum policy_destination) s->declared));
	json_object_set_new(j, "destinations", rules_choices(p, "rules.service.destination.", destinations, declared));
	json_object_set_new(
	        j, "commercials",
	        rules_choices(p, "rules.service.commercial.", commercials, choice_word(commercials, s->commercial)));
	json_object_set_new(
	        j, "protocols",
	        rules_choices(p, "rules.service.protocol.", protocols, choice_word(protocols, s->protocol)));
	json_object_set_new(
	        j, "path_styles",
	        rules_choices(p, "rules.service.path.", path_styles, choice_word(path_styles, s->path_style)));
	json_object_set_new(j, "auths", rules_choices(p, "rules.service.auth.", auths, choice_word(auths, s->auth)));
	page_put(p, "form", j);
}

static const struct keep_ai_service *find_service(const struct keep_ai_service_list *list, uint64_t id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i].id == id)
			return &list->at[i];
	}
	return NULL;
}

static int show_one(struct page *p, uint64_t id, const struct keep_ai_service *typed)
{
	struct keep_ai_service fresh = {.declared = POLICY_CONTRACTED,
	                                .priority = DEFAULT_PRIORITY,
	                                .connect_ms = 5000,
	                                .first_ms = 120000,
	                                .idle_ms = 120000,
	                                .total_ms = 600000,
	                                .retries = 2,
	                                .active = true,
	                                .recheck_months = DEFAULT_RECHECK_MONTHS};
	struct keep_ai_service_list_out out;
	struct buf models = buf_make(MODELS_TEXT_MAX_BYTES);

	int r = list_services(p, &out);
	const struct keep_ai_service *kept = r < 0 || id == 0 ? NULL : find_service(&out.services, id);
	if (r >= 0 && id > 0 && !kept)
		r = ERR_NOT_FOUND;
	if (r >= 0) {
		if (kept)
			page_put(p, "service", service_json(p, kept, &out.models));
		write_models(&models, &out.models, id);
		struct str text = p->method == HTTP_POST && page_has_field(p, "models")
		                          ? page_field(p, "models")
		                          : arena_dup(p->arena, buf_str(&models));
		put_form(p, typed ? typed : kept ? kept : &fresh, text);
		rules_put_done(p);
	}
	buf_done(&models);
	return r;
}

/* What was typed comes back as far as it could be read. */
static int refuse(struct page *p, uint64_t id, int r)
{
	struct keep_ai_service typed = {.id = id, .recheck_months = DEFAULT_RECHECK_MONTHS};
	(void) read_service(p, &typed);
	typed.id = id;
	typed.name = str_trim(page_field(p, "name"));
	typed.plan = str_trim(page_field(p, "plan"));
	typed.contract = str_trim(page_field(p, "contract"));
	typed.base_url = str_trim(page_field(p, "base_url"));
	int known = rules_problem(p, r, r == ERR_EXISTS ? "rules.service.problem.exists" : "rules.service.problem",
	                          "base_url");
	return known < 0 ? known : show_one(p, id, &typed);
}

static int save(struct page *p, uint64_t id)
{
	struct keep_ai_service row = {.id = id};
	struct keep_ai_model_list models = {0};
	struct keep_ai_service_save_out out;

	int r = read_service(p, &row);
	if (r >= 0)
		r = read_models(p, &models);
	row.id = id;
	struct keep_ai_service_save_in in = {.services = {.at = &row, .n = 1}, .models = models};
	if (r >= 0)
		r = keep_ai_service_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return refuse(p, id, r);
	return page_redirect_str(p, arena_printf(p->arena, "/rules/services/%llu?done=1", (unsigned long long) out.id));
}

int rules_service_page(struct page *p)
{
	uint64_t id = 0;
	if (!str_eq_c(page_parameter(p, "id"), "new")) {
		int r = page_parameter_u64(p, "id", &id);
		if (r < 0)
			return r;
	}
	return p->method == HTTP_POST ? save(p, id) : show_one(p, id, NULL);
}

static int back(struct page *p, uint64_t id, int r)
{
	return r < 0 ? r
	             : page_redirect_str(
	                       p, arena_printf(p->arena, "/rules/services/%llu?done=1", (unsigned long long) id));
}

int rules_service_confirm_page(struct page *p)
{
	struct keep_ai_service_confirm_in in = {.note = str_trim(page_field(p, "note")),
	                                        .withdraw = page_has_field(p, "withdraw")};
	struct keep_ai_service_confirm_out out;

	int r = page_parameter_u64(p, "id", &in.id);
	if (r < 0)
		return r;
	if (!in.withdraw && !page_has_field(p, "seen")) {
		page_problem(p, "rules.service.problem.seen", "seen");
		return show_one(p, in.id, NULL);
	}
	return back(p, in.id, keep_ai_service_confirm(p->keep, &p->actor, &in, p->arena, &out));
}

int rules_service_key_page(struct page *p)
{
	struct keep_ai_service_key_in in = {.key = str_trim(page_field(p, "key"))};
	struct keep_ai_service_key_out out;

	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0 && in.key.n == 0 && !page_has_field(p, "remove"))
		r = ERR_INVALID;
	if (r >= 0)
		r = keep_ai_service_key(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, "rules.service.problem.key", "key");
		return show_one(p, in.id, NULL);
	}
	return back(p, in.id, r);
}

int rules_service_delete_page(struct page *p)
{
	struct keep_ai_service_delete_in in = {0};
	struct keep_ai_service_delete_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_ai_service_delete(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/rules/services?done=1");
}
