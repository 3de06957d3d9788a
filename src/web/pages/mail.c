/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * お知らせメール: the one server that mail goes out through, a test of it, and what is in the queue. */
#include "base/err.h"
#include "keep/settings.h"
#include "store/mail.h"
#include "web/pages/rows.h"

enum { MAIL_CSV_MAX_BYTES = 256 * 1024 };

static bool is_mail_setting(const struct setting_entry *e)
{
	return str_starts_with(str_of(e->name), STR("mail."));
}

static json_t *choices_json(const struct page *p, const struct setting_entry *e, struct str value)
{
	struct str rest = str_of(e->type == SETTING_FLAG ? "yes|no" : e->choices), choice;
	json_t *list = json_array();
	while (str_split(&rest, '|', &choice)) {
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(choice));
		json_object_set_new(j, "label",
		                    rows_text(p, e->type == SETTING_FLAG ? "choice." : "mail.tls.", choice, ""));
		json_object_set_new(j, "selected", json_boolean(str_eq(choice, value)));
		json_array_append_new(list, j);
	}
	return list;
}

/* As typed where it came back, else as it is kept. */
static json_t *field_json(struct page *p, const struct setting_entry *e, struct str value)
{
	bool is_typed = p->method == HTTP_POST && page_has_field(p, e->name);
	bool is_list = e->type == SETTING_CHOICE || e->type == SETTING_FLAG;
	struct str shown = is_typed ? str_trim(page_field(p, e->name)) : value;
	json_t *j = json_object();
	json_object_set_new(j, "name", json_string(e->name));
	json_object_set_new(j, "label", rows_text(p, "setting.", str_of(e->name), ""));
	json_object_set_new(j, "help", rows_text(p, "setting.", str_of(e->name), ".help"));
	json_object_set_new(j, "value", page_json_str(shown));
	json_object_set_new(j, "is_list", json_boolean(is_list));
	json_object_set_new(j, "is_number", json_boolean(e->type == SETTING_NUMBER));
	json_object_set_new(j, "choices", is_list ? choices_json(p, e, shown) : json_array());
	json_object_set_new(j, "wrong", json_boolean(is_typed && setting_check(e, shown) < 0));
	return j;
}

static int put_fields(struct page *p)
{
	static const char *const first[] = {"mail.host", "mail.port", "mail.tls", "mail.user", "mail.from"};
	struct keep_setting_list_out out;
	json_t *server = json_array(), *limits = json_array();
	page_put(p, "server", server);
	page_put(p, "limits", limits);
	int r = keep_setting_list(p->keep, &p->actor, &(struct keep_setting_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.settings.n; i++) {
		const struct setting_entry *e = setting_entry_find(out.settings.at[i].name);
		bool is_first = false;
		if (!e || !is_mail_setting(e))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(first); k++)
			is_first |= str_eq_c(str_of(first[k]), e->name);
		json_t *field = field_json(p, e, out.settings.at[i].value);
		if (!is_first && json_is_true(json_object_get(field, "wrong")))
			page_put(p, "limits_wrong", json_true());
		json_array_append_new(is_first ? server : limits, field);
	}
	return r;
}

static json_t *mail_json(const struct page *p, const struct keep_mail *m)
{
	static const char *const states[] = {"waiting", "sent", "given-up"};
	json_t *j = json_object();
	struct str state = str_of(states[m->state <= MAIL_GIVEN_UP ? m->state : MAIL_GIVEN_UP]);
	json_object_set_new(j, "id", json_integer((json_int_t) m->id));
	json_object_set_new(j, "kind", rows_text(p, "mail.kind.", m->kind, ""));
	json_object_set_new(j, "to", page_json_str(m->person_name));
	json_object_set_new(j, "made", page_json_time(m->made_us));
	json_object_set_new(j, "next", page_json_time(m->state == MAIL_WAITING && m->tries > 0 ? m->next_us : 0));
	json_object_set_new(j, "done", page_json_time(m->done_us));
	json_object_set_new(j, "tries", json_integer((json_int_t) m->tries));
	json_object_set_new(j, "is", rows_flag(state));
	json_object_set_new(j, "state", rows_text(p, "mail.is.", state, ""));
	json_object_set_new(j, "outcome_word", page_json_str(m->outcome));
	json_object_set_new(j, "outcome", rows_text(p, "post.outcome.", m->outcome, ""));
	json_object_set_new(j, "help", rows_text(p, "post.outcome.", m->outcome, ".help"));
	json_object_set_new(j, "answer", page_json_str(m->answer));
	return j;
}

static int put_state(struct page *p)
{
	struct keep_mail_state_out out;
	json_t *list = json_array();
	page_put(p, "mails", list);
	int r = keep_mail_state(p->keep, &p->actor, &(struct keep_mail_state_in){.with_mails = true}, p->arena, &out);
	if (r < 0)
		return r;
	page_put_str(p, "state", out.state);
	page_put(p, "state_label", rows_text(p, "mail.state.", out.state, ""));
	page_put(p, "state_help", rows_text(p, "mail.state.", out.state, ".help"));
	page_put(p, "is_ready", json_boolean(str_eq_c(out.state, "ready")));
	page_put(p, "has_password", json_boolean(out.has_password));
	page_put(p, "waiting", json_integer((json_int_t) out.waiting));
	page_put(p, "oldest", page_json_time(out.oldest_us));
	page_put(p, "sent_today", json_integer((json_int_t) out.sent_today));
	page_put(p, "last", page_json_time(out.last_us));
	for (size_t i = 0; i < out.mails.n; i++)
		json_array_append_new(list, mail_json(p, &out.mails.at[i]));
	return 0;
}

/* What became of the test message that the page was sent here with. */
static int put_test(struct page *p)
{
	struct keep_mail_find_in in = {0};
	struct keep_mail_find_out out;
	if (str_parse_u64(page_query(p, "test"), INT64_MAX, &in.id) < 0 || !page_may(p, WHO_MANAGER))
		return 0;
	int r = keep_mail_find(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0 && out.mails.n == 1)
		page_put(p, "test", mail_json(p, &out.mails.at[0]));
	return r == ERR_NOT_FOUND ? 0 : r;
}

static int put_self(struct page *p)
{
	struct keep_person_get_out out;
	int r = keep_person_get(p->keep, &p->actor, &(struct keep_person_get_in){.id = p->person.id}, p->arena, &out);
	if (r >= 0 && out.people.n > 0)
		page_put_str(p, "own_address", out.people.at[0].mail);
	return r;
}

static int show(struct page *p)
{
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
	page_put(p, "has_page_address", json_boolean(rows_setting(p, "company.address").n > 0));
	int r = put_fields(p);
	if (r >= 0)
		r = put_state(p);
	if (r >= 0)
		r = put_self(p);
	return r < 0 ? r : put_test(p);
}

static int check_all(struct page *p)
{
	for (const struct setting_entry *e = setting_table; e->name; e++)
		if (is_mail_setting(e) && page_has_field(p, e->name) &&
		    setting_check(e, str_trim(page_field(p, e->name))) < 0)
			return ERR_INVALID;
	return 0;
}

static int save_all(struct page *p)
{
	struct keep_setting_set_out out;
	int r = check_all(p);
	for (const struct setting_entry *e = setting_table; r >= 0 && e->name; e++) {
		struct keep_setting_set_in in = {.name = str_of(e->name), .value = str_trim(page_field(p, e->name))};
		if (is_mail_setting(e) && page_has_field(p, e->name))
			r = keep_setting_set(p->keep, &p->actor, &in, p->arena, &out);
	}
	return r;
}

/* Behind the server's name: another name drops the password, the one that was typed now stays. */
static int save_password(struct page *p)
{
	struct keep_mail_password_in in = {.password = page_field(p, "password")};
	struct keep_mail_password_out out;
	if (in.password.n == 0 && !page_has_field(p, "forget_password"))
		return 0;
	if (page_has_field(p, "forget_password"))
		in.password = STR("");
	return keep_mail_password(p->keep, &p->actor, &in, p->arena, &out);
}

int mail_page(struct page *p)
{
	if (p->method == HTTP_GET)
		return show(p);
	int r = save_all(p);
	if (r >= 0)
		r = save_password(p);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, "mail.problem.field", "");
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/settings/mail?done=1");
}

int mail_test_page(struct page *p)
{
	struct keep_mail_test_out out;
	int r = keep_mail_test(p->keep, &p->actor, &(struct keep_mail_test_in){0}, p->arena, &out);
	if (r == ERR_NOT_FOUND || r == ERR_CONFLICT) {
		page_problem(p, r == ERR_CONFLICT ? "mail.problem.not-ready" : "mail.problem.no-address", "");
		return show(p);
	}
	return r < 0 ? r
	             : page_redirect_str(
	                       p, arena_printf(p->arena, "/settings/mail?test=%llu#test", (unsigned long long) out.id));
}

int mail_csv_page(struct page *p)
{
	static const char *const columns[] = {"mail.when",  "mail.kind",    "mail.to",
	                                      "mail.state", "mail.outcome", "mail.tries"};
	struct keep_mail_state_out out;
	struct buf b = buf_make(MAIL_CSV_MAX_BYTES);
	int r = keep_mail_state(p->keep, &p->actor, &(struct keep_mail_state_in){.with_mails = true}, p->arena, &out);
	if (r < 0)
		return r;
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, columns[i])), i + 1 == ARRAY_SIZE(columns));
	for (size_t i = 0; i < out.mails.n; i++) {
		json_t *row = mail_json(p, &out.mails.at[i]);
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(json_object_get(row, "made"), "local"))),
		              false);
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(row, "kind"))), false);
		rows_csv_cell(&b, out.mails.at[i].person_name, false);
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(row, "state"))), false);
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(row, "outcome"))), false);
		rows_csv_cell(&b, arena_printf(p->arena, "%llu", (unsigned long long) out.mails.at[i].tries), true);
		json_decref(row);
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "mail.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
