/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /119 もしも: what has happened, in two taps the first steps. It works from a phone in the office without signing in,
 * without scripts and without the internet, before the first run is finished too, and tells a stranger nothing of the
 * company. The steps are dated facts (facts/playbooks.yaml), each with its source; where public advice differs the page
 * says why. */
#include "base/err.h"
#include "web/facts.h"
#include "web/pages/emergency-rows.h"
#include "web/pages/rows.h"

/* easy: the word of its texts in やさしい日本語. */
static const struct {
	const char *word, *easy;
	const char *phones[EMERGENCY_PHONES_MAX];
	bool needs_bank;
} kinds[] = {
        {"ransomware", "ransomware", {"police", "station", "ipa-organisations"}, false},
        {"stolen", "stolen", {"police", "station", "ipa-organisations"}, false},
        {"credentials", "typed", {"police", "station", "ipa", "consumer"}, true},
        {"transfer", "transfer", {"police", "station", "emergency", "consumer"}, true},
        {"voice", "call", {"police", "station", "consumer", "ipa"}, true},
        {"support", "support", {"ipa", "police", "station", "consumer"}, false},
        {"lost", "lost", {"police", "station"}, false},
        {"wrong-address", "wrong-address", {"police"}, false},
        {"targeted", "attachment", {"ipa-organisations", "police", "station"}, false},
        {"disaster", "disaster", {"fire", "emergency"}, false},
};

static json_t *kind_json(const struct page *p, size_t i)
{
	json_t *j = json_object();
	struct str word = str_of(kinds[i].word);
	json_object_set_new(j, "word", page_json_str(word));
	json_object_set_new(j, "label", rows_text(p, "emergency.", word, ""));
	json_object_set_new(j, "hint", rows_text(p, "emergency.", word, ".hint"));
	if (emergency_is_easy(p))
		json_object_set_new(j, "easy_label", emergency_easy(kinds[i].easy, ""));
	return j;
}

bool emergency_is_kind(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_eq_c(word, kinds[i].word))
			return true;
	return false;
}

int emergency_page(struct page *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		json_array_append_new(list, kind_json(p, i));
	page_put(p, "kinds", list);
	(void) emergency_put_running(p); /* the steps are there all the same */
	if (emergency_is_easy(p)) {
		emergency_put_easy_words(p);
		page_set_template(p, "emergency-easy.html");
	}
	return 0;
}

/* ---- one kind ---- */

static json_t *steps_json(const struct page *p, const char *word)
{
	const struct facts *facts = page_facts(p);
	struct str group = arena_printf(p->arena, "playbook-%s", word), today = page_today(p);
	json_t *list = json_array();
	const struct fact *fact;
	for (size_t at = 0; (fact = fact_next(facts, FACT_STEP, &at));) {
		if (!str_eq(fact->group, group))
			continue;
		json_t *j = json_object();
		json_object_set_new(j, "text", page_json_str(fact->text[p->language]));
		json_object_set_new(j, "source", page_json_str(fact->source));
		json_object_set_new(j, "is_expired", json_boolean(fact_is_expired(fact, today)));
		json_object_set_new(j, "is_unverified", json_boolean(!fact->verified));
		json_array_append_new(list, j);
	}
	return list;
}

int emergency_kind_page(struct page *p)
{
	struct str word = page_parameter(p, "kind");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!str_eq_c(word, kinds[i].word))
			continue;
		page_put(p, "kind", kind_json(p, i));
		page_put(p, "steps", steps_json(p, kinds[i].word));
		page_put(p, "why", rows_text(p, "emergency.", word, ".why"));
		page_put(p, "phones", emergency_phones(p, kinds[i].phones));
		if (emergency_is_easy(p)) {
			emergency_put_easy_words(p);
			page_put(p, "easy_steps", emergency_easy_steps(kinds[i].easy));
			page_set_template(p, "emergency-kind-easy.html");
		}
		page_set_title(p,
		               str_of(i18n_text(p->language, arena_cstr(p->arena, arena_printf(p->arena, "emergency.%s",
		                                                                               kinds[i].word)))));
		return emergency_put_own(p, kinds[i].needs_bank);
	}
	return ERR_NOT_FOUND;
}
