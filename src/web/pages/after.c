/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps after 押した・入力した・電話した・お金を送った: two taps from anywhere, also without
 * signing in, so it shows nothing of the company to a stranger. Each branch has steps of its own, because what is right
 * for one is wrong for another: a false warning is ended with a restart, real ransomware must keep its power. */
#include "base/err.h"
#include "web/pages/emergency-rows.h"
#include "web/pages/rows.h"

enum { STEPS_MAX = 9 };

static const struct {
	const char *word;
	const char *phones[EMERGENCY_PHONES_MAX];
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

static json_t *branch_json(const struct page *p, const char *word)
{
	json_t *j = json_object();
	json_object_set_new(j, "word", json_string(word));
	json_object_set_new(j, "label", rows_text(p, "after.", str_of(word), ""));
	json_object_set_new(j, "hint", rows_text(p, "after.", str_of(word), ".hint"));
	if (emergency_is_easy(p))
		json_object_set_new(j, "easy_label", emergency_easy(word, ""));
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

int after_page(struct page *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++)
		json_array_append_new(list, branch_json(p, branches[i].word));
	page_put(p, "branches", list);
	if (emergency_is_easy(p)) {
		emergency_put_easy_words(p);
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
		page_put(p, "branch", branch_json(p, branches[i].word));
		page_put(p, "steps", steps_json(p, branches[i].word));
		page_put(p, "never", rows_text(p, "after.", word, ".never"));
		page_put(p, "phones", emergency_phones(p, branches[i].phones));
		if (emergency_is_easy(p)) {
			emergency_put_easy_words(p);
			page_put(p, "easy_steps", emergency_easy_steps(branches[i].word));
			page_set_template(p, "after-branch-easy.html");
		}
		page_set_title(
		        p, str_of(json_string_value(json_object_get(json_object_get(p->model, "branch"), "label"))));
		return emergency_put_own(p, branches[i].needs_bank);
	}
	return ERR_NOT_FOUND;
}
