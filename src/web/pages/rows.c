/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/rows.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "plan/calendar.h"

enum { KEY_MAX_BYTES = 160, COMPLAINT_MAX_BYTES = 1000 };

json_t *rows_text(const struct page *p, const char *before, struct str word, const char *after)
{
	char key[KEY_MAX_BYTES];
	int n = snprintf(key, sizeof(key), "%s%.*s%s", before, STR_ARG(word), after);
	const char *text = n > 0 && (size_t) n < sizeof(key) ? i18n_find(p->language, str_of(key)) : NULL;
	return json_string(text ? text : "");
}

json_t *rows_flag(struct str word)
{
	char name[KEY_MAX_BYTES];
	json_t *j = json_object();
	snprintf(name, sizeof(name), "%.*s", STR_ARG(word));
	for (char *c = name; *c; c++)
		*c = *c == '-' ? '_' : *c;
	json_object_set_new(j, name, json_true());
	return j;
}

static struct str role_of(uint64_t role)
{
	return str_of(role_word((enum person_role)(role < ROLE_COUNT ? role : ROLE_EXPERT)));
}

/* For a date field of a form. */
static json_t *day_json(int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	if (when_us == 0)
		return json_string("");
	clock_format_utc(when_us, text);
	return json_stringn(text, strlen("2026-12-31"));
}

json_t *rows_person(const struct page *p, const struct keep_person *person)
{
	json_t *j = json_object();
	struct str role = role_of(person->role);
	json_object_set_new(j, "id", json_integer((json_int_t) person->id));
	json_object_set_new(j, "name", page_json_str(person->name));
	json_object_set_new(j, "login", page_json_str(person->login));
	json_object_set_new(j, "role", page_json_str(role));
	json_object_set_new(j, "role_label", rows_text(p, "role.", role, ""));
	json_object_set_new(j, "language", page_json_str(person->language));
	json_object_set_new(j, "mail", page_json_str(person->mail));
	json_object_set_new(j, "reminds", json_boolean(person->reminds));
	json_object_set_new(j, "disabled", json_boolean(person->state == PERSON_DISABLED));
	json_object_set_new(j, "second_factor", json_boolean(person->second_factor));
	json_object_set_new(j, "has_password", json_boolean(person->has_password));
	json_object_set_new(j, "expires", page_json_time(person->expires_us));
	json_object_set_new(j, "expires_day", day_json(person->expires_us));
	json_object_set_new(j, "created", page_json_time(person->created_us));
	json_object_set_new(j, "last_login", page_json_time(person->last_login_us));
	json_object_set_new(j, "is_self", json_boolean(person->id == p->person.id));
	return j;
}

json_t *rows_case(const struct page *p, const struct keep_case *c)
{
	json_t *j = json_object();
	enum case_state state = (enum case_state)(c->state < CASE_STATE_COUNT ? c->state : CASE_CLOSED);
	struct str word = str_of(case_state_word(state));
	json_object_set_new(j, "id", json_integer((json_int_t) c->id));
	json_object_set_new(j, "person", page_json_str(c->person_name));
	json_object_set_new(j, "created", page_json_time(c->created_us));
	json_object_set_new(j, "kind", page_json_str(c->kind));
	json_object_set_new(j, "kind_label", rows_text(p, "kind.", c->kind, ""));
	json_object_set_new(j, "verdict", page_json_str(c->verdict));
	json_object_set_new(j, "verdict_label", rows_text(p, "verdict.", c->verdict, ""));
	json_object_set_new(j, "is", rows_flag(c->verdict));
	json_object_set_new(j, "score", json_real(c->score));
	json_object_set_new(j, "brand", page_json_str(c->brand));
	json_object_set_new(j, "sender_domain", page_json_str(c->sender_domain));
	json_object_set_new(j, "question", page_json_str(c->question));
	json_object_set_new(j, "steps", json_integer((json_int_t) c->steps));
	json_object_set_new(j, "state", page_json_str(word));
	json_object_set_new(j, "state_label", rows_text(p, "cases.state.", word, ""));
	json_object_set_new(j, "open", json_boolean(state == CASE_OPEN));
	json_object_set_new(j, "closed", json_boolean(state == CASE_CLOSED));
	json_object_set_new(j, "note", page_json_str(c->note));
	json_object_set_new(j, "answered_by", page_json_str(c->answered_by_name));
	json_object_set_new(j, "answered", page_json_time(c->answered_us));
	return j;
}

json_t *rows_contact(const struct keep_contact *contact)
{
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) contact->id));
	json_object_set_new(j, "brand", page_json_str(contact->brand));
	json_object_set_new(j, "name", page_json_str(contact->name));
	json_object_set_new(j, "url", page_json_str(contact->url));
	json_object_set_new(j, "phone", page_json_str(contact->phone));
	json_object_set_new(j, "checked", page_json_time(contact->checked_us));
	return j;
}

json_t *rows_roles(const struct page *p, struct str selected)
{
	json_t *list = json_array();
	for (int i = 0; i < ROLE_COUNT; i++) {
		struct str word = str_of(role_word((enum person_role) i));
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", rows_text(p, "role.", word, ""));
		json_object_set_new(j, "may", rows_text(p, "role.", word, ".may"));
		json_object_set_new(j, "selected", json_boolean(str_eq(word, selected)));
		json_array_append_new(list, j);
	}
	return list;
}

struct str rows_setting(struct page *p, const char *name)
{
	struct keep_setting_get_out out;
	struct keep_setting_get_in in = {.name = str_of(name)};
	return keep_setting_get(p->keep, &p->actor, &in, p->arena, &out) < 0 ? STR("") : out.value;
}

json_t *rows_ask(struct page *p)
{
	struct str name = rows_setting(p, "company.ask-name"), phone = rows_setting(p, "company.ask-phone");
	json_t *j = json_object();
	if (name.n == 0 && phone.n == 0) {
		json_decref(j);
		return json_null();
	}
	json_object_set_new(j, "name", page_json_str(name));
	json_object_set_new(j, "phone", page_json_str(phone));
	json_object_set_new(j, "tel", page_json_str(arena_printf(p->arena, "tel:%.*s", STR_ARG(phone))));
	return j;
}

int rows_day(struct page *p, struct str day, int64_t *ret_us)
{
	struct tm end = {.tm_hour = 23, .tm_min = 59, .tm_sec = 59, .tm_isdst = -1};
	int32_t number;
	*ret_us = 0;
	day = str_trim(day);
	if (day.n == 0)
		return 0;
	if (calendar_parse(day, &number) < 0 || !strptime(arena_cstr(p->arena, day), "%Y-%m-%d", &end))
		return ERR_INVALID;
	*ret_us = (int64_t) mktime(&end) * CLOCK_SECOND_US;
	return 0;
}

void rows_keep_fields(struct page *p, const char *const *names)
{
	json_t *form = json_object();
	for (; *names; names++)
		json_object_set_new(form, *names, page_json_str(page_field(p, *names)));
	page_put(p, "form", form);
}

struct str rows_day_text(const struct page *p, struct str day)
{
	char text[I18N_DAY_BYTES];
	return arena_dup(p->arena, i18n_day(p->language, day, text));
}

struct str rows_complaint(const struct page *p, const struct rules_complaint *complaint)
{
	struct buf b = buf_make(COMPLAINT_MAX_BYTES);
	char key[KEY_MAX_BYTES];
	struct str what = str_of(complaint->id ? complaint->what : complaint->text);
	snprintf(key, sizeof(key), "complaint.%s", complaint->id ? complaint->id : "other");
	const struct i18n_fact facts[] = {{"what", what}};
	int r = i18n_format(&b, p->language, str_of(key), facts, ARRAY_SIZE(facts));
	struct str text = arena_dup(p->arena, r < 0 ? str_of(complaint->text) : buf_str(&b));
	buf_done(&b);
	return text;
}

/* What Excel, Calc and their kin take for the beginning of a formula (OWASP, "CSV Injection"), also in full width. */
static bool begins_formula(struct str s)
{
	static const char *const beginnings[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
	for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (str_starts_with(s, str_of(beginnings[i])))
			return true;
	return false;
}

struct str rows_csv_value(struct str cell)
{
	struct str rest = str_slice(cell, 1, cell.n);
	return cell.n > 0 && cell.p[0] == '\'' && begins_formula(rest) ? rest : cell;
}

void rows_csv_cell(struct buf *b, struct str value, bool last)
{
	buf_add_c(b, "\"");
	if (begins_formula(value))
		buf_add_char(b, '\'');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			buf_add_char(b, '"');
		buf_add_char(b, value.p[i]);
	}
	buf_add_c(b, last ? "\"\r\n" : "\",");
}
