/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * もしも, for this issue the steps after 押した・入力した・電話した・お金を送った: two taps from anywhere, also without
 * signing in, so it shows nothing of the company to a stranger. Each branch has steps of its own, because what is right
 * for one is wrong for another: a false warning is ended with a restart, real ransomware must keep its power. */
#include "base/err.h"
#include "web/pages/rows.h"
#include "web/ruby.h"
#include "web/template.h"

enum { STEPS_MAX = 9, PHONES_MAX = 5, EASY_MAX_BYTES = 16 * 1024 };

/* Public numbers, as the seminar booklet of the city of Yokohama prints them (2025-12-11); #9110 is the police's own
 * line for advice. Texts: catalogue "phone.<word>". */
static const struct {
	const char *word, *shown, *tel;
} phones[] = {
        {"police", "#9110", "tel:%239110"}, {"station", "", ""},
        {"emergency", "110", "tel:110"},    {"ipa", "03-5978-7509", "tel:0359787509"},
        {"consumer", "188", "tel:188"},
};

static const struct {
	const char *word;
	const char *phones[PHONES_MAX];
	bool needs_bank;
} branches[] = {
        {"pressed", {"ipa", "police"}, false},
        {"typed", {"police", "station", "ipa", "consumer"}, true},
        {"transfer", {"police", "station", "emergency", "consumer"}, true},
        {"call", {"police", "station", "consumer", "ipa"}, true},
        {"support", {"ipa", "police", "station", "consumer"}, false},
        {"ransomware", {"police", "station", "ipa"}, false},
        {"attachment", {"ipa", "police", "station"}, false},
        {"app", {"police", "ipa", "consumer"}, true},
        {"gift-card", {"police", "station", "consumer"}, false},
};

/* やさしい日本語 is there for whoever reads Japanese with effort, so it stays Japanese whatever the page's language. */
static bool is_easy(const struct page *p)
{
	return page_query(p, "easy").n > 0;
}

/* {html, text} of "easy.<word>.<part>"; null when there is none. */
static json_t *easy_json(const char *word, const char *part)
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

static void put_easy_words(struct page *p)
{
	static const char *const words[] = {"calm", "lead", "phones", "others", "title", "print", "own-person"};
	json_t *j = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		json_object_set_new(j, strcmp(words[i], "own-person") == 0 ? "own_person" : words[i],
		                    easy_json(words[i], ""));
	page_put(p, "easy", j);
}

static json_t *easy_steps_json(const char *word)
{
	json_t *list = json_array(), *step;
	char part[16];
	for (int i = 1; i <= STEPS_MAX; i++) {
		snprintf(part, sizeof(part), ".step-%d", i);
		if (!(step = easy_json(word, part)))
			break;
		json_array_append_new(list, step);
	}
	return list;
}

static json_t *branch_json(const struct page *p, const char *word)
{
	json_t *j = json_object();
	json_object_set_new(j, "word", json_string(word));
	json_object_set_new(j, "label", rows_text(p, "after.", str_of(word), ""));
	json_object_set_new(j, "hint", rows_text(p, "after.", str_of(word), ".hint"));
	if (is_easy(p))
		json_object_set_new(j, "easy_label", easy_json(word, ""));
	return j;
}

static json_t *phone_json(const struct page *p, const char *word)
{
	json_t *j = json_object();
	for (size_t i = 0; i < sizeof(phones) / sizeof(*phones); i++) {
		if (strcmp(phones[i].word, word) != 0)
			continue;
		json_object_set_new(j, "word", json_string(word));
		json_object_set_new(j, "label", rows_text(p, "phone.", str_of(word), ""));
		json_object_set_new(j, "shown", json_string(phones[i].shown));
		json_object_set_new(j, "tel", json_string(phones[i].tel));
		if (is_easy(p))
			json_object_set_new(j, "easy_label", easy_json("phone.", word));
	}
	return j;
}

static json_t *steps_json(const struct page *p, const char *word)
{
	json_t *list = json_array();
	for (int i = 1; i <= STEPS_MAX; i++) {
		char before[64];
		snprintf(before, sizeof(before), "after.%s.step-%d", word, i);
		if (!i18n_find(p->language, str_of(before)))
			break;
		json_t *j = json_object();
		json_object_set_new(j, "text", rows_text(p, before, STR(""), ""));
		json_object_set_new(j, "detail", rows_text(p, before, STR(".detail"), ""));
		json_array_append_new(list, j);
	}
	return list;
}

/* Only for those who are signed in: the company's own people and its bank. */
static int put_own_numbers(struct page *p, bool needs_bank)
{
	struct keep_contact_list_out out = {0};
	json_t *list = json_array();
	page_put(p, "ask", rows_ask(p));
	page_put(p, "own", list);
	if (!needs_bank)
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

int after_page(struct page *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++)
		json_array_append_new(list, branch_json(p, branches[i].word));
	page_put(p, "branches", list);
	if (is_easy(p)) {
		put_easy_words(p);
		page_set_template(p, "after-easy.html");
	}
	return 0;
}

int after_branch_page(struct page *p)
{
	struct str word = page_parameter(p, "branch");
	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++) {
		if (!str_eq_c(word, branches[i].word))
			continue;
		json_t *list = json_array();
		for (size_t k = 0; k < PHONES_MAX && branches[i].phones[k]; k++)
			json_array_append_new(list, phone_json(p, branches[i].phones[k]));
		page_put(p, "branch", branch_json(p, branches[i].word));
		page_put(p, "steps", steps_json(p, branches[i].word));
		page_put(p, "never", rows_text(p, "after.", word, ".never"));
		page_put(p, "phones", list);
		if (is_easy(p)) {
			put_easy_words(p);
			page_put(p, "easy_steps", easy_steps_json(branches[i].word));
			page_set_template(p, "after-branch-easy.html");
		}
		page_set_title(
		        p, str_of(json_string_value(json_object_get(json_object_get(p->model, "branch"), "label"))));
		return p->person.id ? put_own_numbers(p, branches[i].needs_bank) : 0;
	}
	return ERR_NOT_FOUND;
}
