/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/emergency-rows.h"

#include "base/err.h"
#include "web/facts.h"
#include "web/pages/rows.h"
#include "web/ruby.h"
#include "web/template.h"

enum { STEPS_MAX = 9, EASY_MAX_BYTES = 16 * 1024 };

bool emergency_is_easy(const struct page *p)
{
	return page_query(p, "easy").n > 0;
}

json_t *emergency_easy(const char *word, const char *part)
{
	char key[96];
	snprintf(key, sizeof(key), "easy.%s%s", word, part);
	const char *text = i18n_find(LANGUAGE_JA, str_of(key));
	if (!text)
		return NULL;
	struct buf html = buf_make(EASY_MAX_BYTES), plain = buf_make(EASY_MAX_BYTES);
	json_t *j = json_object();
	ruby_add(&html, str_of(text));
	ruby_add_plain(&plain, str_of(text));
	json_object_set_new(j, "html", template_fragment(buf_str(&html)));
	json_object_set_new(j, "text", page_json_str(buf_str(&plain)));
	buf_done(&html);
	buf_done(&plain);
	return j;
}

void emergency_put_easy_words(struct page *p)
{
	static const char *const words[] = {"calm",  "lead",  "phones",     "others",
	                                    "title", "print", "own-person", "begin"};
	json_t *j = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		json_object_set_new(j, strcmp(words[i], "own-person") == 0 ? "own_person" : words[i],
		                    emergency_easy(words[i], ""));
	page_put(p, "easy", j);
}

json_t *emergency_easy_steps(const char *word)
{
	json_t *list = json_array(), *step;
	char part[16];
	for (int i = 1; i <= STEPS_MAX; i++) {
		snprintf(part, sizeof(part), ".step-%d", i);
		if (!(step = emergency_easy(word, part)))
			break;
		json_array_append_new(list, step);
	}
	return list;
}

/* ---- numbers ---- */

/* Texts: catalogue "phone.<word>". A station's number is known on the spot only. */
static const struct {
	const char *word, *fact;
} phones[] = {
        {"police", "contact.police.advice"},
        {"station", NULL},
        {"emergency", "contact.police.emergency"},
        {"ipa", "contact.ipa.anshin"},
        {"consumer", "contact.consumer"},
        {"ipa-organisations", "contact.ipa.organisations"},
        {"fire", "contact.fire"},
};

struct str emergency_tel(const struct page *p, struct str shown)
{
	if (str_find_char(shown, '@', 0) != STR_NOT_FOUND)
		return arena_printf(p->arena, "mailto:%.*s", STR_ARG(shown));
	struct str tel = STR("tel:");
	for (size_t i = 0; i < shown.n; i++)
		if (shown.p[i] == '#')
			tel = arena_printf(p->arena, "%.*s%%23", STR_ARG(tel));
		else if (ascii_is_digit(shown.p[i]) || shown.p[i] == '+')
			tel = arena_printf(p->arena, "%.*s%c", STR_ARG(tel), shown.p[i]);
	return tel;
}

static json_t *phone_json(const struct page *p, const char *word)
{
	json_t *j = json_object();
	struct str shown = STR("");
	for (size_t i = 0; i < ARRAY_SIZE(phones); i++) {
		const struct fact *fact = strcmp(phones[i].word, word) == 0 && phones[i].fact
		                                  ? fact_find(page_facts(p), str_of(phones[i].fact))
		                                  : NULL;
		const struct fact_value *value = fact ? fact_value(fact, "phone") : NULL;
		if (fact && !value)
			value = fact_value(fact, "mail");
		if (value)
			shown = value->text;
	}
	json_object_set_new(j, "word", json_string(word));
	json_object_set_new(j, "label", rows_text(p, "phone.", str_of(word), ""));
	json_object_set_new(j, "shown", page_json_str(shown));
	json_object_set_new(j, "tel", page_json_str(shown.n ? emergency_tel(p, shown) : STR("")));
	if (emergency_is_easy(p))
		json_object_set_new(j, "easy_label", emergency_easy("phone.", word));
	return j;
}

json_t *emergency_phones(const struct page *p, const char *const *words)
{
	json_t *list = json_array();
	for (size_t i = 0; i < EMERGENCY_PHONES_MAX && words[i]; i++)
		json_array_append_new(list, phone_json(p, words[i]));
	return list;
}

int emergency_put_own(struct page *p, bool with_contacts)
{
	struct keep_contact_list_out out = {0};
	json_t *list = json_array();
	page_put(p, "own", list);
	if (p->person.id == 0)
		return 0;
	page_put(p, "ask", rows_ask(p));
	if (!with_contacts)
		return 0;
	int r = keep_contact_list(p->keep, &p->actor, &(struct keep_contact_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.contacts.n; i++) {
		if (out.contacts.at[i].phone.n == 0)
			continue;
		json_t *j = rows_contact(&out.contacts.at[i]);
		json_object_set_new(
		        j, "tel", page_json_str(arena_printf(p->arena, "tel:%.*s", STR_ARG(out.contacts.at[i].phone))));
		json_array_append_new(list, j);
	}
	return r;
}

int emergency_put_running(struct page *p)
{
	struct keep_incident_state_out now = {0};
	int r = keep_incident_state(p->keep, &p->actor, &(struct keep_incident_state_in){0}, p->arena, &now);
	if (r < 0)
		now = (struct keep_incident_state_out){0};
	page_put(p, "running", json_integer((json_int_t) now.running));
	page_put(p, "drills", json_integer((json_int_t) now.drills));
	page_put(p, "runs", json_boolean(now.running + now.drills > 0));
	page_put(p, "known", page_json_time(now.known_us));
	return r;
}
