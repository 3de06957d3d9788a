/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Setting up the second step of signing in: a code to photograph, six digits to prove it, recovery codes shown once. */
#include "base/err.h"
#include "web/pages/code-picture.h"
#include "web/pages/rows.h"

static int begin(struct page *p)
{
	struct keep_totp_begin_out out;
	int r = keep_totp_begin(p->keep, &p->actor, &(struct keep_totp_begin_in){0}, p->arena, &out);
	if (r < 0)
		return r;
	page_put_str(p, "secret", out.secret);
	page_put_str(p, "uri", out.uri);
	page_put(p, "picture", code_picture(out.uri, i18n_text(p->language, "second-factor.picture")));
	return 0;
}

static int show_codes(struct page *p, const struct keep_text_list *codes)
{
	json_t *list = json_array();
	for (size_t i = 0; i < codes->n; i++)
		json_array_append_new(list, page_json_str(codes->at[i].text));
	page_put(p, "has_codes", json_true());
	page_put(p, "codes", list);
	return 0;
}

/* The secret comes back with the form, so that a wrong code does not mean photographing once more. */
static int show_again(struct page *p)
{
	struct str uri = page_field(p, "uri");
	page_problem(p, "second-factor.problem.code", "code");
	if (!str_starts_with(uri, STR("otpauth://")))
		return begin(p);
	page_put_str(p, "uri", uri);
	page_put_str(p, "secret", page_field(p, "secret"));
	page_put(p, "picture", code_picture(uri, i18n_text(p->language, "second-factor.picture")));
	return 0;
}

int second_factor_page(struct page *p)
{
	struct keep_totp_confirm_out out;
	bool is_setup = page_query(p, "setup").n > 0 || page_has_field(p, "setup");
	page_put(p, "is_setup", json_boolean(is_setup));
	if (p->method == HTTP_GET)
		return begin(p);
	struct keep_totp_confirm_in in = {.code = str_trim(page_field(p, "code"))};
	int r = keep_totp_confirm(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_DENIED || r == ERR_INVALID)
		return show_again(p);
	if (r == ERR_NOT_FOUND || r == ERR_CONFLICT)
		return begin(p);
	return r < 0 ? r : show_codes(p, &out.codes);
}

int recovery_page(struct page *p)
{
	struct keep_recovery_new_out out;
	int r = keep_recovery_new(p->keep, &p->actor, &(struct keep_recovery_new_in){0}, p->arena, &out);
	return r < 0 ? r : show_codes(p, &out.codes);
}
