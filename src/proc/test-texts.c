/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every kind of event, every setting and every answer of the verifier has its words in the catalogue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "i18n/i18n.h"
#include "keep/evidence.h"
#include "keep/settings.h"
#include "ledger/event.h"
#include "ledger/verify.h"
#include "rules/schema.h"

static void must_have_text(const char *prefix, const char *word, const char *suffix)
{
	struct buf key = buf_make(256);
	buf_printf(&key, "%s%s%s", prefix, word, suffix);
	for (int language = 0; language < LANGUAGE_COUNT; language++) {
		if (!i18n_find((enum language) language, buf_str(&key)))
			fail_msg("no text: %s", buf_cstr(&key));
	}
	buf_done(&key);
}

static void kinds_of_events_have_words(void **state)
{
	(void) state;
#define KIND(word)                                                                                                     \
	assert_true(event_is_word(STR(word)));                                                                         \
	must_have_text("event.", word, "");
#include "ledger/kinds.def"
#undef KIND
}

static bool is_kind(struct str kind)
{
#define KIND(word)                                                                                                     \
	if (str_eq_c(kind, word))                                                                                      \
		return true;
#include "ledger/kinds.def"
#undef KIND
	return false;
}

static void evidence_has_words_and_is_of_kinds_that_exist(void **state)
{
	(void) state;
	for (size_t i = 0; i < evidence_table_count; i++) {
		struct str rest = str_of(evidence_table[i].kinds), kind;
		must_have_text("evidence.", evidence_table[i].id, "");
		while (str_split(&rest, ' ', &kind))
			if (kind.n > 0 && evidence_table[i].what == EVIDENCE_EVENTS &&
			    !is_kind(str_slice(kind, 0, str_find_char(kind, ':', 0))))
				fail_msg("%s: no event %.*s", evidence_table[i].id, STR_ARG(kind));
	}
}

static void complaints_about_files_have_words(void **state)
{
	(void) state;
	for (size_t i = 0; rules_complaint_id(i); i++)
		must_have_text("complaint.", rules_complaint_id(i), "");
	must_have_text("complaint.", "other", "");
}

static void settings_have_words(void **state)
{
	(void) state;
	for (const struct setting_entry *entry = setting_table; entry->name; entry++) {
		must_have_text("setting.", entry->name, "");
		must_have_text("setting.", entry->name, ".help");
	}
}

static void answers_of_the_verifier_have_words(void **state)
{
	(void) state;
#define X(code, word) must_have_text("ledger-cli.fault.", word, "");
	VERIFY_FAULT_LIST(X)
#undef X
#define X(code, word) must_have_text("ledger-cli.completeness.", word, "");
	VERIFY_COMPLETENESS_LIST(X)
#undef X
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(kinds_of_events_have_words),
	        cmocka_unit_test(evidence_has_words_and_is_of_kinds_that_exist),
	        cmocka_unit_test(complaints_about_files_have_words),
	        cmocka_unit_test(settings_have_words),
	        cmocka_unit_test(answers_of_the_verifier_have_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
