/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests and measurements of the gateway need to be registered, asked of a running keeper:
 *   gate-setup DATA service NAME URL openai|anthropic local|contracted|other MODEL[=UPSTREAM],... [SETTING=NUMBER]...
 *   gate-setup DATA key NAME [MODELS]
 *   gate-setup DATA words WORD,...
 *   gate-setup DATA set SETTING VALUE
 * Settings: priority, connect, first, idle, total (milliseconds), retries, images, azure. */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "keep/client.h"
#include "policy/policy.h"
#include "store/ai.h"

static const struct keep_actor actor = {.program = {"cli", 3}};

static int fail(const char *what, int r)
{
	fprintf(stderr, "%s: %s\n", what, err_text(r));
	return 1;
}

static uint64_t setting(int argc, char **argv, const char *name, uint64_t value)
{
	for (int i = 0; i < argc; i++) {
		struct str text = str_of(argv[i]);
		size_t n = strlen(name);
		if (str_starts_with(text, str_of(name)) && text.n > n && text.p[n] == '=')
			(void) str_parse_u64(str_slice(text, n + 1, text.n), UINT64_MAX, &value);
	}
	return value;
}

static size_t read_models(char *list, struct keep_ai_model *ret, size_t max)
{
	struct str rest = str_of(list), one;
	size_t n = 0;
	while (n < max && str_split(&rest, ',', &one)) {
		size_t equals = str_find_char(one, '=', 0);
		struct str name = str_slice(one, 0, equals == STR_NOT_FOUND ? one.n : equals);
		struct str upstream = equals == STR_NOT_FOUND ? name : str_slice(one, equals + 1, one.n);
		ret[n++] = (struct keep_ai_model){.name = name, .upstream = upstream, .uses = AI_USES_ALL};
	}
	return n;
}

static int add_service(struct keep_client *c, struct arena *a, int argc, char **argv)
{
	struct keep_ai_model models[20];
	enum policy_destination where;
	struct keep_ai_service_save_out saved;
	struct keep_ai_service_key_out keyed;
	struct keep_ai_service_confirm_out confirmed;
	if (argc < 5 || policy_destination_from_word(str_of(argv[3]), &where) < 0)
		return 2;
	bool is_anthropic = str_eq_c(str_of(argv[2]), "anthropic"), is_azure = setting(argc, argv, "azure", 0) > 0;
	struct keep_ai_service row = {
	        .name = str_of(argv[0]),
	        .plan = STR("test"),
	        .contract = STR("test"),
	        .commercial = AI_COMMERCIAL_YES,
	        .declared = where,
	        .destination = where,
	        .base_url = str_of(argv[1]),
	        .protocol = is_anthropic ? AI_PROTOCOL_ANTHROPIC : AI_PROTOCOL_OPENAI,
	        .path_style = is_azure ? AI_PATH_AZURE : AI_PATH_PLAIN,
	        .api_version = is_azure ? STR("2024-10-21") : (struct str){"", 0},
	        .auth = is_azure       ? AI_AUTH_API_KEY
	                : is_anthropic ? AI_AUTH_X_API_KEY
	                               : AI_AUTH_BEARER,
	        .priority = setting(argc, argv, "priority", 10),
	        .connect_ms = setting(argc, argv, "connect", 2000),
	        .first_ms = setting(argc, argv, "first", 5000),
	        .idle_ms = setting(argc, argv, "idle", 5000),
	        .total_ms = setting(argc, argv, "total", 60000),
	        .retries = setting(argc, argv, "retries", 1),
	        .images = setting(argc, argv, "images", 1) > 0,
	        .active = true,
	        .recheck_months = 6,
	};
	struct keep_ai_service_save_in in = {.services = {.at = &row, .n = 1}, .models = {.at = models}};
	in.models.n = read_models(argv[4], models, ARRAY_SIZE(models));
	int r = keep_ai_service_save(c, &actor, &in, a, &saved);
	if (r < 0)
		return fail("ai_service_save", r);
	r = keep_ai_service_key(c, &actor, &(struct keep_ai_service_key_in){saved.id, STR("provider-key-of-tests")}, a,
	                        &keyed);
	if (r >= 0 && where == POLICY_CONTRACTED)
		r = keep_ai_service_confirm(
		        c, &actor, &(struct keep_ai_service_confirm_in){saved.id, STR("seen"), false}, a, &confirmed);
	if (r < 0)
		return fail("ai_service_key", r);
	printf("%llu\n", (unsigned long long) saved.id);
	return 0;
}

static int add_key(struct keep_client *c, struct arena *a, int argc, char **argv)
{
	struct keep_ai_key_new_out out;
	if (argc < 1)
		return 2;
	struct keep_ai_key_new_in in = {.name = str_of(argv[0]),
	                                .models = str_of(argc > 1 ? argv[1] : ""),
	                                .requests_per_minute = setting(argc, argv, "requests", 0),
	                                .tokens_per_minute = setting(argc, argv, "tokens", 0)};
	if (argc > 1 && str_find_char(in.models, '=', 0) != STR_NOT_FOUND)
		in.models = (struct str){"", 0};
	int r = keep_ai_key_new(c, &actor, &in, a, &out);
	if (r < 0)
		return fail("ai_key_new", r);
	printf("%.*s\n", STR_ARG(out.key));
	return 0;
}

static int add_words(struct keep_client *c, struct arena *a, int argc, char **argv)
{
	struct keep_ai_word_begin_out begun;
	struct keep_ai_word_add_out added;
	struct keep_ai_word_finish_out finished;
	CLEANUP(buf_done) struct buf b = buf_make(AI_PIECE_MAX_BYTES);
	for (int i = 0; i < argc; i++)
		buf_printf(&b, "%s,customer\n", argv[i]);
	int r = keep_ai_word_begin(c, &actor, &(struct keep_ai_word_begin_in){STR("test")}, a, &begun);
	if (r >= 0)
		r = keep_ai_word_add(c, &actor, &(struct keep_ai_word_add_in){begun.version, buf_str(&b)}, a, &added);
	if (r >= 0)
		r = keep_ai_word_finish(c, &actor, &(struct keep_ai_word_finish_in){begun.version, (uint64_t) argc}, a,
		                        &finished);
	return r < 0 ? fail("ai_word", r) : 0;
}

static int set_setting(struct keep_client *c, struct arena *a, int argc, char **argv)
{
	struct keep_setting_set_out out;
	if (argc < 2)
		return 2;
	int r = keep_setting_set(c, &actor, &(struct keep_setting_set_in){str_of(argv[0]), str_of(argv[1])}, a, &out);
	return r < 0 ? fail("setting_set", r) : 0;
}

int main(int argc, char **argv)
{
	CLEANUP(keep_client_freep) struct keep_client *c = NULL;
	CLEANUP(arena_freep) struct arena *a = arena_new(16 * 1024 * 1024);
	if (argc < 4 || keep_client_open(argv[1], &c) < 0)
		return 2;
	struct str what = str_of(argv[2]);
	if (str_eq_c(what, "service"))
		return add_service(c, a, argc - 3, argv + 3);
	if (str_eq_c(what, "key"))
		return add_key(c, a, argc - 3, argv + 3);
	if (str_eq_c(what, "set"))
		return set_setting(c, a, argc - 3, argv + 3);
	return str_eq_c(what, "words") ? add_words(c, a, argc - 3, argv + 3) : 2;
}
