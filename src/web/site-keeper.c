/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keeper as the site asks it. */
#include "base/err.h"
#include "web/site.h"

static int take_person(const struct keep_person *at, size_t n, struct page_person *ret_person, struct str *ret_language)
{
	if (n != 1 || at[0].id == 0 || at[0].role >= ROLE_COUNT)
		return ERR_NOT_FOUND;
	*ret_person = (struct page_person){.id = at[0].id, .name = at[0].name, .role = (enum person_role) at[0].role};
	*ret_language = at[0].language;
	return 0;
}

static int find_session(void *context, const struct keep_actor *actor, struct str token, struct arena *a,
                        struct page_person *ret_person, struct str *ret_language, struct str *ret_csrf)
{
	struct keep_session_find_out out;
	int r = keep_session_find(context, actor, &(struct keep_session_find_in){.token = token}, a, &out);
	if (r >= 0)
		r = take_person(out.people.at, out.people.n, ret_person, ret_language);
	if (r < 0)
		return r;
	ret_person->needs_second_factor = out.needs_second_factor;
	*ret_csrf = out.csrf;
	return r;
}

static int find_token(void *context, const struct keep_actor *actor, struct str token, struct arena *a,
                      struct page_person *ret_person, struct str *ret_language, uint64_t *ret_scopes)
{
	struct keep_token_find_out out;
	int r = keep_token_find(context, actor, &(struct keep_token_find_in){.token = token}, a, &out);
	if (r >= 0)
		r = take_person(out.people.at, out.people.n, ret_person, ret_language);
	if (r >= 0)
		*ret_scopes = out.scopes;
	return r;
}

static const struct keep_actor web_itself = {.program = {"web", 3}};

enum { ANSWER_ARENA_MAX_BYTES = 64 * 1024 };

static int is_set_up(void *context, bool *ret)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ANSWER_ARENA_MAX_BYTES);
	struct keep_setup_state_out out;
	int r = keep_setup_state(context, &web_itself, &(struct keep_setup_state_in){0}, a, &out);
	if (r >= 0)
		*ret = out.finished;
	return r;
}

static int setting(void *context, const char *name, struct arena *a, struct str *ret_value)
{
	struct keep_setting_get_out out;
	int r = keep_setting_get(context, &web_itself, &(struct keep_setting_get_in){.name = str_of(name)}, a, &out);
	if (r >= 0)
		*ret_value = out.value;
	return r;
}

struct site_keeper site_keeper_of(struct keep_client *client)
{
	return (struct site_keeper){client, find_session, find_token, is_set_up, setting};
}
